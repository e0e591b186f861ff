"""Whether two readings of a turn mean the same, though one says "the return" and the other "return flight"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from voice.booking.dates.times import resolve_time_window
from voice.booking.text.amounts import resolve_count, resolve_price
from voice.cascade.words import Action

_IDLE: Mapping[str, re.Pattern[str]] = {
    "leg": re.compile(r"\b(?:the|my|our|this|that|flight|leg|part|trip|one)\b"),
    "offer": re.compile(r"\b(?:the|a|an|my|one|option|flight|departure|please)\b"),
    "date": re.compile(r"\b(?:the|on)\b"),
}
"""Words of a value that choose nothing."""


def same(some: Sequence[Action], others: Sequence[Action]) -> bool:
    """Say whether actions ask for the same, in any order."""
    return _sense(some) == _sense(others)


def _sense(actions: Sequence[Action]) -> list[str]:
    return sorted(repr(_frozen("", action.as_dict())) for action in actions)


def _frozen(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((name, _frozen(name, part)) for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return [_frozen(key, part) for part in value]
    return _meant(key, value) if isinstance(value, str) else value


@lru_cache(maxsize=512)
def _meant(key: str, said: str) -> str:
    """Give the value that words come to, or else the words that choose it."""
    plain = " ".join(said.casefold().replace("-", " ").split())
    if key in _RESOLVED and (value := _RESOLVED[key](said)) is not None:
        return repr(value)
    chosen = " ".join(_IDLE[key].sub(" ", plain).split()) if key in _IDLE else ""
    return chosen or plain


_RESOLVED: Mapping[str, Callable[[str], Any]] = {
    "pax": resolve_count,
    "count": resolve_count,
    "max_price": resolve_price,
    "time": resolve_time_window,
}
