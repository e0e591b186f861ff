"""A question about known flights that is asked beside something else: both are answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from voice.booking.actions.inquiring import inquired
from voice.booking.actions.quoted import refund_time
from voice.booking.actions.turn import Turn
from voice.booking.airline.store import StoreError
from voice.booking.dialogue import BookingDialogue, CancelBooking
from voice.booking.talk.beside import question_beside
from voice.booking.wishes import cues
from voice.cascade.words import Action, Outcome, OutcomeKind

_ASKS = frozenset({"repeat", "lookup", "chat"})
Perform = Callable[[Turn, BookingDialogue, Sequence[Action]], Outcome]


def with_question(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action], perform: Perform) -> Outcome | None:
    """Perform what a turn says beside a question, and answer that too; None where it asks none beside anything.

    What is asked beside a yes is about what the yes brings about, so it is told after that.
    """
    asked = question_beside(turn.reading.text)
    if asked is None:
        return None
    rest = replace(turn, reading=replace(turn.reading, text=turn.reading.text[asked.start : asked.end]))
    wishes = [_without_nonstop(action, rest) for action in actions if action.name not in _ASKS]
    if not wishes or any(action.name in ("clarify", "handoff") for action in wishes):
        return None
    if any(action.name == "confirm" for action in wishes):  # the rule that a question on sums is read as beside a yes
        wishes = [action for action in wishes if action.name != "policy"]
    question = replace(turn, reading=replace(turn.reading, text=asked.question))
    yes = any(action.name == "confirm" and action.args.get("answer") == "yes" for action in wishes)
    before = None if yes else _told(question, dialogue)
    outcome = perform(rest, dialogue, wishes)
    if outcome.kind is OutcomeKind.FAILED or not isinstance(outcome.dialogue, BookingDialogue):
        return outcome
    if before:
        return _joined(outcome, (*before[0], *outcome.say), before[1])
    after = _told(question, outcome.dialogue) if yes and not isinstance(outcome.dialogue.done, CancelBooking) else None
    if after is None:
        return outcome
    *said, last = outcome.say or ("",)
    ends = [last] if last.endswith("?") else []
    told = said if ends else [*said, last]
    return _joined(outcome, tuple(filter(None, (*told, *after[0], *ends))), after[1])


def _told(question: Turn, dialogue: BookingDialogue) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    asks = [Action("repeat")]
    try:
        step = refund_time(question, dialogue, asks) or inquired(question, dialogue, asks)
    except StoreError:
        return None
    return (step.say, step.facts) if step and step.say else None


def _joined(outcome: Outcome, say: tuple[str, ...], facts: tuple[str, ...]) -> Outcome:
    every = tuple(dict.fromkeys((*outcome.facts, *facts)))
    dialogue = outcome.dialogue
    assert isinstance(dialogue, BookingDialogue)
    told = replace(dialogue, said=say, facts=every)
    unheard = replace(told, heard=False) if outcome.unheard is not None else None
    return replace(outcome, say=say, facts=every, dialogue=told, unheard=unheard)


def _without_nonstop(action: Action, rest: Turn) -> Action:
    """Leave out the "nonstop" that was only asked about."""
    if action.name != "search" or not action.args.get("nonstop") or cues.wants_nonstop(rest.reading.text):
        return action
    return Action("search", {key: value for key, value in action.args.items() if key != "nonstop"})
