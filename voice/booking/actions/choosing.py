"""A question between two names, "Did you say Oakland, or Auckland?": what decides it, and what leaves it open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import QUESTIONS, Step, Turn
from voice.booking.dialogue import Asked, BookingDialogue
from voice.booking.offers.resolving import UnclearError
from voice.booking.text.wording import Wording
from voice.cascade.words import Action, OutcomeKind

_LEAD = r"\W*(?:(?:no|yes|yeah|oh|it's|it is|it was|i (?:said|meant?)|that's|sorry)\b\W*)*"
_FIRST = Wording(rf"{_LEAD}(?:the )?(?:first|former)(?: (?:one|city|name))?(?:,? please)?\W*")
_SECOND = Wording(rf"{_LEAD}(?:the )?(?:second|latter|last|other)(?: (?:one|city|name))?(?:,? please)?\W*")


def picked(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give what "the second one" fills in, where two names were asked about.

    Of other actions a yes or a no is left out where more is said: between two names neither says anything.
    """
    asked, said = dialogue.asked, turn.reading.text
    if asked is None or len(asked.choices) < 2:
        return actions
    index = 0 if _FIRST.fullmatch(said) else 1 if _SECOND.fullmatch(said) else None
    if index is None:
        more = [action for action in actions if action.name == asked.action.name]
        return [action for action in actions if action.name != "confirm"] if more else actions
    filled = {asked.argument: asked.choices[index]}
    return [Action(asked.action.name, {"legs": [filled]} if asked.action.name == "search" else filled)]


def settle_choice(asked: Asked | None, action: Action) -> None:
    """Look whether an action that says more leaves open which of the names was meant.

    Raises:
        UnclearError: it names neither of them: the same is asked again.
    """
    if asked is None or not asked.choices or asked.action.name != action.name:
        return
    said = legs_said(action) if action.name == "search" else [action.args]
    if any(asked.argument in leg for leg in said):
        return
    question = f"Which one is it, {' or '.join(asked.choices)}?"
    raise UnclearError(asked.argument, (question,), leg=asked.leg, choices=asked.choices)


def neither(dialogue: BookingDialogue, asked: Asked) -> Step:
    """Ask openly for what two names were guessed for, after a no to both."""
    plain = replace(dialogue, asked=replace(asked, choices=(), guess=""))
    return Step(plain, (), QUESTIONS[asked.argument], kind=OutcomeKind.CLARIFY)
