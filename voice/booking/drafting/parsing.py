"""What a tier's answer comes to."""

from __future__ import annotations

from voice.booking.drafting import grammar
from voice.booking.drafting.borrowed import borrowed
from voice.booking.drafting.unsaid import without_unsaid_answer
from voice.cascade.words import Action, Reading


def parse(text: str, reading: Reading) -> tuple[Action, ...]:
    """Turn a tier's answer into actions, without what nobody said and with what it left out of a change.

    Raises:
        ValueError: it can't be read, or is not of the vocabulary.
    """
    return borrowed(without_unsaid_answer(grammar.parse(text, reading), reading), reading)
