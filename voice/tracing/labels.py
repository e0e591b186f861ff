"""Reviewers' labels of turns of real calls, and the worksheet that they are written into.

One JSON object a line; what a reviewer adds is ``expect``, in the form of a labelled turn:

    {"call": "3f…", "turn": 4, "text": "…", "agent": "…", "expect": [{"action": "lookup", "code": "QT44LZ"}]}

``null`` means that nobody looked yet; other keys are for the reviewer alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voice.bench.turns.numbered import numbered_lines
from voice.bench.turns.yardstick import Yardstick
from voice.redaction import redacted

Key = tuple[str, int]
"""A call's id and a turn's number in it."""


class BadLabels(ValueError):
    """A file of labels is not as it should be; the message names the line."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A turn for the worksheet.

    Attributes:
        call: The call's id.
        turn: The turn's number.
        text: What the caller said, as it was heard.
        agent: What the agent had said before.
        did: The actions that were carried out.
        said: What the agent answered.
        read: What rules (``code``) and each tier made of it.
        why: Why somebody should look.
        doubt: The higher the sooner.
        expect: To be filled in.
    """

    call: str
    turn: int
    text: str
    agent: str
    did: Sequence[Mapping[str, Any]]
    said: str
    read: Mapping[str, Sequence[Mapping[str, Any]]]
    why: str
    doubt: float
    expect: None = None


def load_labels(path: Path, yardstick: Yardstick) -> dict[Key, tuple[Mapping[str, Any], ...]]:
    """Read labels, by call and turn; lines that nobody filled in are left out.

    Raises:
        BadLabels: the file can't be read, a line is no label, or a turn has two that differ.
    """
    try:
        texts = numbered_lines(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadLabels(f"cannot read {path}: {error}") from None
    found: dict[Key, tuple[Mapping[str, Any], ...]] = {}
    for number, text in texts:
        where = f"{path}:{number}"
        key, expect = _label(text, where, yardstick)
        if expect is None:
            continue
        if found.setdefault(key, expect) != expect:
            raise BadLabels(f"{where}: turn {key[1]} of call {key[0]} has another label above")
    return found


def worksheet(doubts: Iterable[Doubt], most: int) -> str:
    """Write the turns that somebody should look at, the most doubtful first."""
    chosen = sorted(doubts, key=lambda one: (-one.doubt, one.call, one.turn))[:most]
    return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in chosen)


def _label(text: str, where: str, yardstick: Yardstick) -> tuple[Key, tuple[Mapping[str, Any], ...] | None]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BadLabels(f"{where}: no JSON: {error}") from None
    told: dict[str, Any] = data if isinstance(data, dict) else {}
    call, turn, expect = told.get("call"), told.get("turn"), told.get("expect")
    if not isinstance(call, str) or not isinstance(turn, int):
        raise BadLabels(f"{where}: a label names its 'call' and 'turn'; see what --worksheet writes")
    if expect is None:
        return (call, turn), None
    if problem := yardstick.problem_of(expect):
        raise BadLabels(f"{where}: {problem}" + ("" if isinstance(expect, list) else "; null if nobody looked"))
    return (call, turn), tuple(redacted(expect))
