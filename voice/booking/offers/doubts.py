"""Asks about words that were heard with little confidence, before a trip is searched or changed with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voice.booking.codes.locators import is_code, spell
from voice.booking.offers.resolving import BACK, UnclearError, heard_as, resolve_city
from voice.booking.places.areas import area_of
from voice.booking.places.meanings import resolve_place, rival_of
from voice.booking.unsure import Unsure
from voice.cascade.words import Action, Reading


class UnsureError(UnclearError):
    """Something that may have been misheard is asked about; the call remembers that it was.

    Attributes:
        words: The words in doubt, or ``""``.
        symbol: The code that comes near the one that was heard, and the number of the symbol in question.
        unfound: The code that no booking has, or ``""``.
    """

    def __init__(
        self,
        argument: str,
        say: Sequence[str],
        *,
        leg: int = 0,
        guess: str = "",
        choices: Sequence[str] = (),
        facts: Sequence[str] = (),
        words: str = "",
        symbol: tuple[str, int] | None = None,
        unfound: str = "",
    ) -> None:
        super().__init__(argument, say, leg=leg, guess=guess, choices=choices, facts=facts)
        self.words, self.symbol, self.unfound = words, symbol, unfound

    def noted(self, unsure: Unsure) -> Unsure:
        """Give what the call remembers after this question.

        A code stays in doubt until it is approved: whoever denied it must not be told its booking.
        """
        settled = "" if self.argument == "code" else self.words.casefold()
        return replace(
            unsure,
            asked=_with(unsure.asked, settled),
            waiting=tuple(words for words in unsure.waiting if words.casefold() != settled),
            symbols=(*unsure.symbols, self.symbol) if self.symbol else unsure.symbols,
            unfound=_with(unsure.unfound, self.unfound),
        )


def _with(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return (*known, one) if one and one not in known else known


_WAITS = frozenset({"search", "book", "change", "cancel", "bags"})
"""Actions that are put off while a question is open."""
_NEAR = 0.75
"""A place whose nearest other name is less alike is not asked about beside it."""


def in_doubt(reading: Reading, unsure: Unsure, *, waits: bool) -> tuple[str, ...]:
    """Give the words in doubt that were not asked about in this call, and codes that were not approved.

    Args:
        reading: The turn.
        unsure: What the call remembers.
        waits: Whether a question is open; words that were in doubt beside what it asks about still are, unless the turn
            says them again.
    """
    said = {entity.text.casefold() for entity in reading.entities}
    waiting = [words for words in unsure.waiting if waits and words.casefold() not in said]
    found = dict.fromkeys((*reading.doubted, *waiting))
    return tuple(words for words in found if words.casefold() not in unsure.asked)


def asked_instead(actions: Sequence[Action], doubted: Sequence[str]) -> str:
    """Give the question about words that were misheard which is all that becomes of a turn's actions for now.

    Misheard are words in doubt, and places that are like no name. It is ``""`` where something is carried out beside
    the question, or nothing is asked about. A greeting is no more than polite.
    """
    doing = [action for action in actions if action.name != "chat"]
    if not doing or any(action.name not in _WAITS for action in doing[1:]) or doing[0].name not in _WAITS | {"lookup"}:
        return ""
    first = doing[0]
    legs = {"search": first.args.get("legs") or (), "change": (first.args,)}.get(first.name, ())
    legs = [leg for leg in legs if isinstance(leg, Mapping)]
    try:
        settle_doubts(legs, doubted)
        settle_code(str(first.args.get("code") or ""), doubted)
        _settle_places(legs)
    except UnclearError as unclear:
        return " ".join(unclear.say)
    return ""


def settle_doubts(legs: Sequence[Mapping[str, Any]], doubted: Sequence[str]) -> None:
    """Look whether a leg uses words in doubt.

    Raises:
        UnsureError: the first that does: whether it is this city, or the one that sounds like it; or whether it is this
            day.
    """
    for index, leg in enumerate(legs):
        for argument in ("from", "to", "date"):
            said = str(leg.get(argument) or "")
            if said and any(said.casefold() == words.casefold() for words in doubted):
                raise _question(argument, said, index)


def settle_code(code: str, doubted: Sequence[str], *, heard: str = "") -> None:
    """Look whether a code was heard with doubt: what a booking holds is told to nobody who may have said another one.

    Args:
        code: The code.
        doubted: Words in doubt.
        heard: Its likeliest form as heard, if that is another one.

    Raises:
        UnsureError: it was; it is read back.
    """
    if is_code(code) and {code.casefold(), heard.casefold()} & {words.casefold() for words in doubted}:
        spelled = spell(code)
        raise UnsureError("code", (f"Is the code {spelled}?",), guess=code, facts=(spelled,), words=code)


def _settle_places(legs: Sequence[Mapping[str, Any]]) -> None:
    """Look whether a leg has a place that is like no name, or not like enough; raises an `UnclearError`."""
    for index, leg in enumerate(legs):
        for argument in ("from", "to"):
            said = str(leg.get(argument) or "")
            place = resolve_place(said)
            if not said or BACK.match(said) or area_of(said) or (place and not place.served):
                continue
            resolve_city(said, argument, index)


def _question(argument: str, said: str, leg: int) -> UnsureError:
    if argument == "date":
        return UnsureError(argument, (f"Did you say {said}?",), leg=leg, guess=said, words=said)
    place, (rival, alike) = resolve_place(said), rival_of(said)
    asked = heard_as(argument, place.name if place else said, rival if alike >= _NEAR else "", leg)
    return UnsureError(argument, asked.say, leg=leg, guess=asked.guess, choices=asked.choices, words=said)
