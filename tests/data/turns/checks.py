"""What must hold of the labelled turns: labels that say what the text says, and splits that share nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol

from rapidfuzz import fuzz

from tests.data.turns.notation import DIGITS, SLOT

ARGUMENTS = {
    "search": {"legs", "pax", "cabin", "max_price", "nonstop", "fallback"},
    "book": {"offer"},
    "lookup": {"code"},
    "change": {"code", "leg", "date", "time", "from", "to", "cabin"},
    "cancel": {"code"},
    "bags": {"code", "count"},
    "policy": {"topic"},
    "confirm": {"answer"},
    "clarify": {"missing"},
    "repeat": set(),
    "chat": set(),
    "handoff": set(),
}
TOPICS = {
    *("baggage", "cancellation", "changes", "refunds", "check_in", "pets", "children", "seats"),
    *("meals", "delays", "documents", "wifi", "payment", "other"),
}
MISSING = {"from", "to", "date", "time", "code", "count", "offer", "topic", "leg"}
NONSTOP = ("nonstop", "non-stop", "direct", "no layovers", "stop on the way", "straight", "change the plane", "connect")
SHARED_KEYS = {"topic", "answer", "missing", "pax", "count", "cabin", "offer", "leg", "fallback"}
"""Arguments whose values come from closed sets, or are made of other arguments' values."""
LISTS = ("city", "airport", "weekday", "month", "price", "code", "kin", "name", "ask", "fix")
LEAST = {"train": 240, "dev": 160, "test": 240}
_VALUE = "xx"
_LEAST_WORDS = 4
"""A masked text of fewer words besides its values ("from xx to xx on xx") is the language's, not a pattern of ours."""

MOST_ALIKE = 80
"""Similarity (0…100) of two masked texts from which one counts as a re-wording of the other."""

NETWORK = Path(__file__).resolve().parents[3] / "voice" / "booking" / "places" / "network.toml"


class Made(Protocol):
    """A turn with what it was made from."""

    data: dict[str, Any]
    pattern: str
    withdrawn: tuple[str, ...]


Splits = Mapping[str, Sequence[Made]]


def problems(splits: Splits, vocabulary: Mapping[str, Any]) -> list[str]:
    """Say everything that is wrong, a line each."""
    return [
        *(line for turns in splits.values() for turn in turns for line in _label(turn)),
        *_sizes(splits),
        *_places(vocabulary),
        *_words(splits, vocabulary),
        *_values(splits, set(map(plain, vocabulary["closed"]))),
        *_patterns(splits),
    ]


def plain(text: str) -> str:
    """Give a text's words alone, in lower case."""
    return " ".join(re.findall(r"[\w$]+(?:[:.,'-]\w+)*", text.replace("’", "'").casefold()))


def has(text: str, words: str) -> bool:
    """Say whether the words stand in the text, side by side."""
    return f" {plain(words)} " in f" {plain(text)} "


def values(expect: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Give every argument that is text, as ``(key, alternatives)``."""
    for action in expect:
        for part in (action, *action.get("legs", ())):
            yield from ((k, v) for k, v in part.items() if isinstance(v, str) and k != "action")


# ---- each label


def _label(turn: Made) -> Iterator[str]:
    name, text = turn.data["id"], turn.data["text"]
    if "{" in text or "~" in text:
        yield f"{name}: a slot or a mark was left in {text!r}"
    for action in turn.data["expect"]:
        known = ARGUMENTS.get(action["action"])
        if known is None or not set(action) - {"action", "open"} <= known:
            yield f"{name}: no action with these arguments: {action}"
        if action.get("nonstop") and not any(cue in text.casefold() for cue in NONSTOP):
            yield f"{name}: nothing in the text says nonstop"
    for key, value in values(turn.data["expect"]):
        options = value.split("|")
        if key in ("topic", "answer", "missing"):
            allowed = {"topic": TOPICS, "answer": {"yes", "no"}, "missing": MISSING}[key]
            if not set(options) <= allowed:
                yield f"{name}: {key} can't be {value!r}"
        elif key == "code":
            if not _spells(text, value):
                yield f"{name}: the text does not spell {value}"
        elif not any(has(text, option) for option in options):
            yield f"{name}: {key} {value!r} is not in the text {text!r}"
        yield from (
            f"{name}: {old!r} was taken back, but {key} is {value!r}"
            for old in turn.withdrawn
            if any(has(option, old) for option in options)
        )
    if turn.data["kind"] == "correction" and not turn.withdrawn:
        yield f"{name}: a correction that takes nothing back"


def _spells(text: str, code: str) -> bool:
    """Say whether a code's signs come in the text in order, as letters, digits, or words that stand for them."""
    text = re.sub(r"\bdouble u\b", "w", re.sub(r"\bzed\b", "z", text.casefold()))
    for digit, word in enumerate(DIGITS):
        text = re.sub(rf"\b{word}\b", str(digit), text)
    signs = iter(re.sub(r"[^a-z0-9]", "", text))
    return all(sign in signs for sign in code.casefold())


# ---- between splits


def _sizes(splits: Splits) -> Iterator[str]:
    names = [turn.data["id"] for turns in splits.values() for turn in turns]
    if len(set(names)) != len(names):
        yield "two turns have the same id"
    if len({(turn.data["text"], turn.data["context"]["agent"]) for turns in splits.values() for turn in turns}) != len(
        names
    ):
        yield "two turns say the same in answer to the same"
    for split, turns in splits.items():
        hard = sum(turn.data["complexity"] == "complex" for turn in turns)
        if len(turns) < LEAST[split] or abs(2 * hard - len(turns)) > 0.1 * len(turns):
            yield f"{split}: {len(turns)} turns, {hard} complex, not {LEAST[split]} or more, half of them complex"
    if sum(not SLOT.search(turn.pattern) for turn in splits["test"]) < 60:
        yield "test: fewer than 60 turns without a pattern"


def _places(vocabulary: Mapping[str, Any]) -> Iterator[str]:
    network = tomllib.loads(NETWORK.read_text(encoding="utf-8"))
    known = {
        name for city, data in network["cities"].items() for name in (city, *data["airports"], *data.get("also", ()))
    }
    known |= {name for data in network["airports"].values() for name in (data["name"], *data["also"])}
    for split in LEAST:
        for place in (*vocabulary[split]["city"], *vocabulary[split]["airport"]):
            if place not in known:
                yield f"{split}: nobody flies to {place}"


def _words(splits: Splits, vocabulary: Mapping[str, Any]) -> Iterator[str]:
    """A word of one split's lists is in no turn of another."""
    for owner in splits:
        for kind in LISTS:
            for word in vocabulary[owner][kind]:
                cased = re.compile(
                    rf"(?<![\w-]){re.escape(word)}(?![\w-])", 0 if kind in ("month", "city") else re.IGNORECASE
                )
                for split, turns in splits.items():
                    for turn in turns if split != owner else ():
                        if cased.search(turn.data["text"]):
                            yield f"{turn.data['id']}: {word!r} is a {kind} of {owner}: {turn.data['text']!r}"


def _values(splits: Splits, closed: set[str]) -> Iterator[str]:
    """No city, date, time, price, code or person is labelled in two splits."""
    seen: dict[str, set[tuple[str, str]]] = {}
    for split, turns in splits.items():
        pairs = {
            ("place" if key in ("from", "to") else key, plain(option))
            for turn in turns
            for key, value in values(turn.data["expect"])
            if key not in SHARED_KEYS
            for option in value.split("|")
        }
        seen[split] = {pair for pair in pairs if pair[1] not in closed}
    for one, other in combinations(seen, 2):
        yield from (f"{key} {value!r} is in {one} and {other}" for key, value in sorted(seen[one] & seen[other]))


def _patterns(splits: Splits) -> Iterator[str]:
    """No turn is a re-wording of one in another split, once its values are masked."""
    masked = {
        split: {
            text: turn.data["id"]
            for turn in turns
            if len((text := _mask(turn)).replace(_VALUE, "").split()) >= _LEAST_WORDS
        }
        for split, turns in splits.items()
    }
    for one, other in combinations(masked, 2):
        for left, first in masked[one].items():
            for right, second in masked[other].items():
                if fuzz.ratio(left, right, score_cutoff=MOST_ALIKE):
                    yield f"{first} and {second} are alike: {left!r}, {right!r}"


def _mask(turn: Made) -> str:
    text = plain(SLOT.sub(_VALUE, turn.pattern))
    options = {plain(option) for _, value in values(turn.data["expect"]) for option in value.split("|")}
    for option in sorted(filter(None, options), key=len, reverse=True):
        text = re.sub(rf"(?<!\S){re.escape(option)}(?!\S)", _VALUE, text)
    return " ".join(text.split())
