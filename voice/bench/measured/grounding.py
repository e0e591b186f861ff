"""Finds fares, times, dates, flight numbers and locators that an agent spoke and that no tool result holds.

A listener mishears, so the search is shy: a fact counts only if it is written in a form of its own (``$214``, ``9:15
AM``, ``December 4``, ``flight 412``, six spelled symbols), and not if anything like it was in a result of this call or
in what the caller said. So it finds inventions, not every one of them, and hardly ever anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from voice.bench.measured.spoken import MONTHS, Atom, atoms, find
from voice.booking.codes.locators import is_code

_FARE = re.compile(r"\$\s?(\d[\d,]*(?:\.\d\d)?)|\b(\d[\d,]*) (?:dollars|bucks)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(1[0-2]|0?[1-9])[:.]?([0-5]\d)?\s?([ap])\.?\s?m\b", re.IGNORECASE)
_FLIGHT = re.compile(r"\bflight (?:number )?(?:[A-Z]{2}[\s-]?|[A-Z][,.\s-]+[A-Z][,.\s-]+)?(\d{2,4})\b", re.IGNORECASE)
_LOCATOR = re.compile(r"\b[A-Z0-9](?:[\s,.-]+[A-Z0-9]){5}\b(?![\s,.-]+[A-Z0-9]\b)|\b(?=\w*\d)(?=\w*[A-Z])[A-Z0-9]{6}\b")
_MISHEARD_SYMBOLS = 3
"""Of the six of a locator: what a listener may take for others."""


def claims(reply: str) -> list[str]:
    """Give the facts of these kinds that a transcript states, as it writes them, in order."""
    found: list[tuple[int, str]] = []
    for pattern in (_FARE, _TIME, _FLIGHT, _LOCATOR):
        found += [(match.start(), match.group().strip(" ,.")) for match in pattern.finditer(reply)]
    found += [(reply.casefold().find(month), text) for month, text in _dates(atoms(reply.split()))]
    return [text for _, text in sorted(found, key=lambda claim: claim[0])]


def ungrounded(reply: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give the claims of a reply that nothing known holds.

    Args:
        reply: A transcript.
        known: Sentences and facts of the call's tool results so far, and what the caller said.
    """
    texts = [text for text in known if text]
    said = [atom for text in texts for atom in atoms(text.split())]
    joined = " ".join(texts)
    return tuple(dict.fromkeys(claim for claim in claims(reply) if not _held(claim, said, joined)))


def _held(claim: str, said: Sequence[Atom], joined: str) -> bool:
    if _FARE.fullmatch(claim):
        digits = _digits(claim)
        amounts = [_digits(match.group()) for match in _FARE.finditer(joined)]
        # "is $35" may be heard as $1.35, "twelve fourteen" as $214.
        near = (one.endswith(other) for amount in amounts for one, other in ((digits, amount), (amount, digits)))
        return find(claim, said) is not None or any(near) or any(digits in _apart(amount) for amount in amounts)
    if _LOCATOR.fullmatch(claim):
        code = re.sub(r"[^A-Z0-9]", "", claim)
        return not is_code(code) or any(
            Levenshtein.distance(code, other) <= _MISHEARD_SYMBOLS for other in _codes(joined)
        )
    if flight := _FLIGHT.fullmatch(claim):
        return find(flight[1], said) is not None
    return find(claim, said) is not None


def _digits(text: str) -> str:
    return re.sub(r"\D|[.:]00$", "", text)


def _apart(amount: str) -> set[str]:
    """Give how a listener may write whole dollars whose words it does not join: "one fifty, three" is 1503 for 153."""
    number = int(amount or 0)
    below = number % 100
    parts = [number // 1000 * 1000, number % 1000 // 100 * 100]
    parts += [below] if below < 20 else [below // 10 * 10, below % 10]
    first, *rest = [part for part in parts if part] or [0]
    ways = [[first]]
    for part in rest:
        ways = [way for *before, last in ways for way in ([*before, last + part], [*before, last, part])]
    return {"".join(map(str, way)) for way in ways}


def _codes(text: str) -> Iterator[str]:
    for match in _LOCATOR.finditer(text.upper()):
        yield re.sub(r"[^A-Z0-9]", "", match.group())


def _dates(said: Sequence[Atom]) -> Iterator[tuple[str, str]]:
    for month, day in pairwise(said):
        if month.text in MONTHS and day.text.isdecimal() and 1 <= int(day.text) <= 31:
            yield month.text, f"{month.text.capitalize()} {day.text}"
