"""The short notation of taught tiers: what the JSON of `voice.booking.drafting.wire` says in under half its tokens.

A line an action: its name, its main argument, then the others, each behind a slash and its key; two slashes begin the
next leg: ``search/from Boston/to Denver/date Monday//to Austin/date Friday/pax two``, ``cancel AB12CD/leg return``. A
key with its slash is mostly one token of a model's vocabulary, where JSON needs three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

LEG_KEYS = ("from", "to", "date", "time", "who")
"""What a leg may have, in the order in which it is written."""

WORDS = r"[^/ \n](?:[^/\n]|/[0-9])*"
"""A value: a slash stands in it before a digit only, as in "12/24"."""

_FIELD = re.compile(rf"(?P<mark>//?)(?P<key>[a-z_]+)(?: (?P<value>{WORDS}))?")
_LINE = re.compile(rf"(?P<name>[a-z]+)(?: (?P<main>{WORDS}))?(?P<fields>(?://?[a-z_]+(?: {WORDS})?)*)")
_NO_VALUE = re.compile(r"/(?![0-9])|\s+")


def written(items: Iterable[Mapping[str, Any]]) -> str:
    """Write actions, each given as its object in JSON."""
    return "\n".join(map(_written, items))


def items_in(text: str) -> list[dict[str, Any]]:
    """Give actions, each as its object in JSON.

    Raises:
        ValueError: it is no such notation.
    """
    return [_item(line) for line in text.strip("\n").split("\n")]


def _written(item: Mapping[str, Any]) -> str:
    (name, main), *others = item.items()
    legs = main if isinstance(main, list) else []
    told = "//".join("/".join(_field(*part) for part in leg.items()) for leg in legs if leg)
    return "/".join([_field(name, main), *([told] if told else []), *(_field(*other) for other in others)])


def _field(key: str, value: Any) -> str:
    words = _NO_VALUE.sub(" ", value).strip() if isinstance(value, str) else ""
    return f"{key} {words}".rstrip()


def _item(line: str) -> dict[str, Any]:
    if not (found := _LINE.fullmatch(line)):
        raise ValueError(f"no action of the notation: {line[:80]!r}")
    name, main = found["name"], found["main"]
    item: dict[str, Any] = {name: [] if name == "search" else main or ""}
    for field in _FIELD.finditer(found["fields"]):
        key, value = field["key"], field["value"] or True
        if value is True and key != "nonstop":
            raise ValueError(f"{key!r} has no value in {line[:80]!r}")
        if name == "search" and key in LEG_KEYS:
            if field["mark"] == "//" or not item[name]:
                item[name].append({})
            item[name][-1][key] = value
        else:
            item[key] = value
    return item
