"""A yes or a no that nobody said: models write one before a wish that follows an offer ("And after 3 PM, please.")."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.talk.answers import has_answer
from voice.cascade.words import Action, Reading


def without_unsaid_answer(actions: Sequence[Action], reading: Reading) -> tuple[Action, ...]:
    """Leave out a confirmation beside something else where no word of the turn agrees or declines.

    Where nothing was proposed there is nothing to agree to: "Okay then, with a stop" is a wish alone.
    """
    wishes = tuple(action for action in actions if action.name != "confirm")
    read = any(action.name == "confirm" for action in reading.actions or ())
    unsaid = not reading.approves or (not read and not has_answer(reading.text))
    return wishes if wishes and unsaid else tuple(actions)
