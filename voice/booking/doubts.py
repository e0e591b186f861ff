"""Asks about words that were heard with little confidence, before a trip is searched or changed with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.places import resolve_place, rival_of
from voice.booking.resolving import UnclearError, heard_as
from voice.cascade.words import Action

_WAITS = frozenset({"search", "book", "change", "cancel", "bags"})
"""Actions that are put off while a question is open."""


def asked_instead(actions: Sequence[Action], doubted: Sequence[str]) -> str:
    """Give the question about words in doubt that is all that becomes of a turn's actions for now.

    It is ``""`` where something is carried out beside it, or nothing is asked about. A greeting is no more than polite.
    """
    doing = [action for action in actions if action.name != "chat"]
    if not doubted or not doing or any(action.name not in _WAITS for action in doing):
        return ""
    try:
        match doing[0]:
            case Action("search", args):
                settle_doubts([leg for leg in args.get("legs") or () if isinstance(leg, Mapping)], doubted)
            case Action("change", args):
                settle_doubts((args,), doubted)
            case _:
                pass
    except UnclearError as unclear:
        return " ".join(unclear.say)
    return ""


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
