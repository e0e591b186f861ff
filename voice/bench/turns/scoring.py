"""Whether a turn was understood as labelled, at a desk that does not say so itself (`voice.ports.Compares`).

Values are compared as texts: case, spaces and punctuation do not count, and small numbers in words equal digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")


def is_exact(expected: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> bool:
    """Compare actions in their flat form (``{"action": …, **arguments}``) with the label of their turn.

    Every expected action must be there with every argument right, in any order, and nothing else. A question
    (``clarify``) is right if it is for what the label says is missing; where it does not say, for anything.
    """
    if len(expected) != len(actions):
        return False
    return _paired(list(expected), list(actions))


def _paired(expected: list[Mapping[str, Any]], actions: list[Mapping[str, Any]]) -> bool:
    """Say whether each label has an action of its own: with alternatives, the first that fits may be another's."""
    if not expected:
        return True
    first, *rest = expected
    return any(
        _same(first, action) and _paired(rest, actions[:index] + actions[index + 1 :])
        for index, action in enumerate(actions)
    )


def _same(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    if wanted["action"] != got["action"]:
        return False
    if wanted["action"] == "clarify":
        return "missing" not in wanted or _equal(wanted["missing"], got.get("missing"))
    left, right = ({key: value for key, value in one.items() if key not in ("action", "open")} for one in (wanted, got))
    if not wanted.get("open") and left.keys() != right.keys():
        return False
    return all(key in right and _equal(value, right[key]) for key, value in left.items())


def _equal(wanted: object, got: object) -> bool:
    if isinstance(wanted, Mapping):
        if not isinstance(got, Mapping) or wanted.keys() != got.keys():
            return False
        return all(_equal(value, got[key]) for key, value in wanted.items())
    if isinstance(wanted, list | tuple):
        if not isinstance(got, list | tuple) or len(wanted) != len(got):
            return False
        return all(_equal(one, other) for one, other in zip(wanted, got, strict=True))
    if isinstance(wanted, str):
        return normal(got) in {normal(part) for part in wanted.split("|")}
    return normal(wanted) == normal(got)


def normal(value: object) -> str:
    """Give a value's form for comparison."""
    said = " ".join(_without_punctuation(str(value).casefold()).split())
    return _NUMBER.sub(lambda match: str(_NUMBERS.index(match[0])), said)


def _without_punctuation(text: str) -> str:
    """Put a space where there is punctuation; what stands in or before a number belongs to it."""
    return "".join(
        " " if _is_punctuation(sign) and not _of_a_number(before, sign, after) else sign
        for before, sign, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
    )


def _is_punctuation(sign: str) -> bool:
    return sign != "%" and unicodedata.category(sign).startswith("P")


def _of_a_number(before: str, sign: str, after: str) -> bool:
    return after.isdigit() and (before.isdigit() or (sign == "-" and not before.isalnum()))
