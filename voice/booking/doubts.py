"""Asks about words that were heard with little confidence, before a trip is searched or changed with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.places import resolve_place, rival_of
from voice.booking.resolving import UnclearError, heard_as


def settle_doubts(legs: Sequence[Mapping[str, Any]], doubted: Sequence[str]) -> None:
    """Look whether a leg uses words in doubt.

    Raises:
        UnclearError: the first that does: whether it is this city or the one that sounds like it, or whether it is this
            day.
    """
    for index, leg in enumerate(legs):
        for argument in ("from", "to", "date"):
            said = str(leg.get(argument) or "")
            if said and any(said.casefold() == words.casefold() for words in doubted):
                raise _question(argument, said, index)


def _question(argument: str, said: str, leg: int) -> UnclearError:
    if argument == "date":
        return UnclearError(argument, (f"Did you say {said}?",), leg=leg, guess=said)
    place, (rival, _) = resolve_place(said), rival_of(said)
    return heard_as(argument, place.name if place else said, rival, leg)
