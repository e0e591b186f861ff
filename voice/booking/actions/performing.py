"""Performs the actions of a turn, in order, with one combined outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.afterwards import ANYTHING_ELSE
from voice.booking.actions.besides import with_question
from voice.booking.actions.choosing import picked
from voice.booking.actions.combining import asks, combined
from voice.booking.actions.confirming import settled_guess
from voice.booking.actions.declining import without_old_offer
from voice.booking.actions.flights import preferred
from voice.booking.actions.freeing import freed_search
from voice.booking.actions.handlers import ASIDES, HANDLERS, PROPOSING
from voice.booking.actions.meaning import answered, code_mended, done_at_once, meant
from voice.booking.actions.of_booking import of_booking
from voice.booking.actions.queueing import once
from voice.booking.actions.quoted import taken_up, with_quoted
from voice.booking.actions.revising import Stance, approved, stance
from voice.booking.actions.several import announcing
from voice.booking.actions.spelling import spelled
from voice.booking.actions.taking_back import off_the_table, priced_bags
from voice.booking.actions.talk import clarify
from voice.booking.actions.telling import told_only
from voice.booking.actions.telling import waiting as waiting_for_code
from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.store import StoreError
from voice.booking.dialogue import BookingDialogue
from voice.booking.offers.doubts import in_doubt
from voice.cascade.words import Action, Outcome, OutcomeKind

_FAILURES = {
    "database_locked": "I'm sorry, our booking system is busy right now.",
    "disk_full": "I'm sorry, our booking system can't take changes right now.",
    "database_readonly": "I'm sorry, our booking system can't take changes right now.",
    "database_missing": "I'm sorry, I can't reach our booking system right now.",
    "database_error": "I'm sorry, something went wrong in our booking system.",
}


def perform_all(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Outcome:
    """Perform actions in order.

    Only one question can be asked at a time: actions that would ask a second one wait until the first is settled.
    Trouble of the database is an outcome, with what was written before it.
    """
    actions = priced_bags(turn, dialogue, off_the_table(turn, dialogue, told_only(turn, dialogue, actions)))
    if outcome := with_question(turn, dialogue, actions, _perform):
        return outcome
    return _perform(turn, dialogue, actions)


def _perform(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Outcome:
    return with_quoted(_performed_all(turn, dialogue, taken_up(dialogue, actions)))


def _performed_all(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Outcome:
    doubted = in_doubt(turn.reading, dialogue.unsure, waits=dialogue.asked is not None)
    dialogue = replace(dialogue, unsure=replace(dialogue.unsure, waiting=doubted))
    turn = replace(turn, reading=replace(turn.reading, doubted=doubted))
    mending = code_mended(turn, dialogue)
    if isinstance(mending, Step):
        return combined(dialogue, mending.dialogue, [(Action("clarify"), mending)])
    actions = [mending] if mending else spelled(turn, dialogue, picked(turn, dialogue, actions))
    actions = meant(turn, dialogue, freed_search(turn, dialogue, actions))
    actions = done_at_once(turn, dialogue, actions)
    if answer := answered(turn, dialogue, actions):
        return combined(dialogue, answer.dialogue, [(Action("repeat"), answer)])
    actions = of_booking(turn, dialogue, actions)
    dialogue = replace(without_old_offer(dialogue, actions), topic="")
    steps: list[tuple[Action, Step]] = []
    waiting: list[Action] = []
    dialogue, actions = settled_guess(dialogue, actions)
    before, queue = dialogue, approved(turn, dialogue, _ordered(_without_idle_answer(dialogue, actions)))
    stances = [stance(turn, dialogue, action) for action in queue]
    if not _stays(dialogue, queue, stances):
        dialogue = replace(dialogue, later=())  # the caller went on to something else
    dialogue, queue = once(dialogue, queue)
    while True:
        while queue:
            action = queue.pop(0)
            if action.name in PROPOSING:
                brief = action in actions and action.name in ("search", "book")
                steps = [(done, _without_offer_of_more(step, brief=brief)) for done, step in steps]
            if action.name == "book" and steps and steps[-1][0].name == "search":
                found = preferred(turn, steps[-1][1], action)
                steps[-1], dialogue = (steps[-1][0], found), found.dialogue
                continue
            if any(step.ask for _, step in steps) and action.name not in ASIDES and action.name != "handoff":
                waiting += [action] if action.name in PROPOSING - {"book"} else []  # it picks of what is told now
                continue
            step = _performed(turn, dialogue, action)
            steps.append((action, step))
            if action.name != "confirm" or Stance.OTHER not in stances:
                dialogue = step.dialogue  # what a no asks for instead counts from what was read back
            if step.kind is OutcomeKind.FAILED:
                return combined(before, dialogue, steps)
        if not dialogue.later or asks([step for _, step in steps]) or dialogue.pending or dialogue.asked:
            break
        queue, dialogue = list(dialogue.later), replace(dialogue, later=())
    steps = [(action, announcing(action, step, waiting)) for action, step in _without_offer_behind_answers(steps)]
    return combined(before, replace(dialogue, later=(*dialogue.later, *waiting)), steps)


def _without_offer_of_more(step: Step, *, brief: bool) -> Step:
    """Leave out the "What would you like instead?" after a no when the caller has said it already.

    Where the next sentence is another flight no more than "Okay." is said before it.
    """
    if step.data.get("answer") != "no":
        return step
    return replace(step, ask="", say=("Okay.",) if brief else step.say)


def _without_offer_behind_answers(steps: Sequence[tuple[Action, Step]]) -> list[tuple[Action, Step]]:
    """Ask for nothing in the place of what a no refused where the caller asked something else, which is answered."""
    if not any(action.name in ASIDES and step.say and step.data.get("answer") != "no" for action, step in steps):
        return list(steps)
    return [(one, replace(step, ask=ANYTHING_ELSE) if step.data.get("answer") == "no" else step) for one, step in steps]


def _ordered(actions: Sequence[Action]) -> list[Action]:
    """Put the yes or no first: it answers the question of the turn before, never one that this turn is about to ask."""
    answers = {str(action.args.get("answer")): action for action in actions if action.name == "confirm"}
    rest = [action for action in actions if action.name != "confirm"]
    if any(action.name == "search" for action in rest):  # the bags are for the trip that is sought
        rest.sort(key=lambda action: action.name == "bags" and "code" not in action.args)
    if len(answers) > 1:
        return [Action("clarify", {"missing": "answer"}), *(action for action in rest if action.name in ASIDES)]
    return [*answers.values(), *rest] or [Action("clarify", {"missing": "request"})]


def _without_idle_answer(dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Leave out a yes or no beside a wish where nothing was asked: "No thanks. Move it to the eighth."."""
    wishes = [action for action in actions if action.name != "confirm"]
    return wishes if wishes and dialogue.pending is None and dialogue.asked is None else actions


def _performed(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    try:
        return waiting_for_code(turn, HANDLERS.get(action.name, clarify)(turn, dialogue, action))
    except StoreError as error:
        failed = "Nothing was changed." if action.name == "confirm" else ""
        say = tuple(part for part in (_FAILURES.get(error.code, _FAILURES["database_error"]), failed) if part)
        question = "Shall I try it again?" if action.name == "confirm" and dialogue.pending else ""
        return Step(dialogue, say, question, kind=OutcomeKind.FAILED, error=error.code)


def _stays(dialogue: BookingDialogue, actions: Sequence[Action], stances: Sequence[Stance]) -> bool:
    """Whether a turn stays with the question that was asked, or settles it, so that what waits for it still does."""
    asked = dialogue.asked
    if any(action.name == "confirm" or (asked and action.name in (asked.action.name, "lookup")) for action in actions):
        return True
    if any(action.args.get("missing") == "confirmation" for action in actions):
        return True
    return all(
        action.name in ASIDES or action.name == "book" or its is not Stance.APART
        for action, its in zip(actions, stances, strict=True)
    )
