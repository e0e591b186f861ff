"""One outcome of the steps of a turn: what is said, the question at its end, and what a yes would approve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.handlers import ASIDES
from voice.booking.actions.turn import Step, open_question
from voice.booking.dialogue import UNDERSTOOD, BookingDialogue
from voice.cascade.words import Action, Outcome, OutcomeKind


def asks(steps: Sequence[Step]) -> bool:
    """Whether a question is to be answered before the next thing; what is wanted instead may be what waits."""
    return any(step.ask and step.data.get("answer") != "no" for step in steps)


def combined(before: BookingDialogue, dialogue: BookingDialogue, steps: Sequence[tuple[Action, Step]]) -> Outcome:
    """Give what comes of a turn's steps; ``before`` is the dialogue in which it was said."""
    say = [sentence for _, step in steps for sentence in step.say]
    question = next((step.ask for _, step in steps if step.ask), "")
    repeats = any(step.data.get("read_back") for _, step in steps)
    waits = any(step.data.get("waits") for _, step in steps)  # a caller who asked for a moment is not asked again
    if not question and all(action.name in ASIDES for action, _ in steps):
        question = open_question(dialogue) if not (repeats or waits) else ""
    elif not question:
        dialogue = replace(dialogue, pending=None)  # a yes must never reach back past another answer
    if question:
        say.append(question)
    facts = tuple(dict.fromkeys(fact for _, step in steps for fact in step.facts))
    wrote = tuple(dict.fromkeys(locator for _, step in steps for locator in step.wrote))
    unheard = _still_unheard(before, dialogue, steps)
    # What answers nothing is not worth repeating: what came before it is.
    aside = all(step.data.get("aside") for _, step in steps)
    if not (waits or unheard or aside):
        dialogue = replace(dialogue, said=tuple(say), facts=facts)
        if say and not all(step.data.get("empty") for _, step in steps):
            dialogue = replace(dialogue, content=tuple(say), content_facts=facts)
    dialogue = replace(dialogue, heard=not unheard)
    return Outcome(
        kind=_kind([step for _, step in steps], wrote),
        say=tuple(say),
        dialogue=dialogue,
        facts=facts,
        data=tuple({"action": action.name, **step.data} for action, step in steps),
        wrote=wrote,
        error=next((step.error for _, step in steps if step.error), None),
        problems=tuple(problem for _, step in steps for problem in step.problems),
        unheard=replace(dialogue, heard=False) if dialogue.pending or _said_back(dialogue) else None,
    )


def _said_back(dialogue: BookingDialogue) -> bool:
    return dialogue.asked is not None and dialogue.asked.guess == UNDERSTOOD


def _still_unheard(before: BookingDialogue, after: BookingDialogue, steps: Sequence[tuple[Action, Step]]) -> bool:
    """Whether a proposal that the caller broke into is still open and was not said again: no yes approves it yet."""
    said_again = any(step.data.get("read_back") for _, step in steps)
    same = after.pending == before.pending and (after.pending is not None or (_said_back(after) and _said_back(before)))
    return same and not before.heard and not said_again


def _kind(steps: Sequence[Step], wrote: Sequence[str]) -> OutcomeKind:
    kinds = {step.kind for step in steps}
    if OutcomeKind.FAILED in kinds and not wrote:
        return OutcomeKind.FAILED
    if OutcomeKind.HANDOFF in kinds:
        return OutcomeKind.HANDOFF
    told = bool(wrote) or any(step.say and step.kind is OutcomeKind.ANSWER for step in steps)
    return OutcomeKind.CLARIFY if OutcomeKind.CLARIFY in kinds and not told else OutcomeKind.ANSWER
