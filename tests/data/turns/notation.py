"""The notation that turns are written in: labels, slots, and codes as a transcriber writes them.

A label is actions joined by ``" + "``. An action is its name and then, after semicolons, ``key=value`` or a flag:
``search; leg=Boston > Denver @ next Friday ~ in the morning ^ my wife; nonstop; max_price=$400``. A leg of a search is
``from > to @ date ~ time ^ who``, of which any part may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

SLOT = re.compile(r"\{([a-z]+)(\d*)(?::([a-z]+))?\}")
WITHDRAWN = re.compile(r"~([^~]+)~")

_FLAGS = ("nonstop", "open")
_LEG = re.compile(r"([^>@~^]*)>([^@~^]*)(?:@([^~^]*))?(?:~([^^]*))?(?:\^(.*))?")
_LEG_KEYS = ("from", "to", "date", "time", "who")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NATO = {
    word[0].upper(): word
    for word in (
        *("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliet", "Kilo", "Lima"),
        *("Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey"),
        *("X-ray", "Yankee", "Zulu"),
    )
}
STYLES: Mapping[str, Callable[[str], str]] = {
    "joined": str,
    "hyphens": "-".join,
    "spaces": " ".join,
    "commas": ", ".join,
    "pairs": lambda code: " ".join(code[index : index + 2] for index in range(0, len(code), 2)),
    "nato": lambda code: " ".join(NATO.get(sign, sign) for sign in code),
    "spoken": lambda code: " ".join(DIGITS[int(sign)] if sign.isdigit() else sign for sign in code),
}
"""Ways in which a transcriber writes a code that was spelled out."""


def label(text: str) -> list[dict[str, Any]]:
    """Read a label.

    Raises:
        ValueError: it is none; the message quotes the part that is wrong.
    """
    return [_action(part) for part in text.split(" + ")]


def _action(text: str) -> dict[str, Any]:
    name, *fields = (field.strip() for field in text.split(";"))
    action: dict[str, Any] = {"action": name}
    legs: list[dict[str, str]] = []
    for field in fields:
        key, given, value = field.partition("=")
        if not given and key in _FLAGS:
            action[key] = True
        elif key == "leg" and name == "search":
            legs.append(_leg(value))
        elif given and value:
            action[key] = value
        else:
            raise ValueError(f"no field of a label: {field!r} in {text!r}")
    return {**action, "legs": legs} if legs else action


def _leg(text: str) -> dict[str, str]:
    found = _LEG.fullmatch(text)
    if found is None:
        raise ValueError(f"no leg: {text!r}")
    return {key: value.strip() for key, value in zip(_LEG_KEYS, found.groups(), strict=True) if value and value.strip()}


def fill(pattern: str, words: Mapping[str, Any], random: Random) -> dict[str, str]:
    """Choose words for the slots of a pattern, by slot; two slots of a list get different words, dates in their order.

    Raises:
        ValueError: there is no such list, or it is too short.
    """
    slots: dict[str, set[str]] = {}
    for name, number, _ in SLOT.findall(pattern):
        slots.setdefault(name, set()).add(number)
    chosen: dict[str, str] = {}
    for name, numbers in slots.items():
        if len(words.get(name, ())) < len(numbers):
            raise ValueError(f"{pattern!r} needs {len(numbers)} of the list {name!r}")
        picks = random.sample(range(len(words[name])), len(numbers))
        for number, index in zip(sorted(numbers), sorted(picks) if name == "date" else picks, strict=True):
            chosen[name + number] = words[name][index]
    return chosen


def put(pattern: str, chosen: Mapping[str, str]) -> str:
    """Write the chosen words into a pattern, codes in the slot's style."""
    return SLOT.sub(lambda slot: STYLES[slot[3] or "joined"](chosen[slot[1] + slot[2]]), pattern)
