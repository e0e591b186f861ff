"""How the terminal writes what a call is made of: actions in a line, and a table of its turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from voice.bench.timeline.model import TurnAccount
from voice.trace import Line

AHEAD = frozenset({"route", "drafted", "checked", "escalate", "fall_back", "budget", "performed"})
"""What can be told of a turn before the caller has finished it."""

_SCORES = {"completeness": "complete", "correctness": "correct", "confidence": "confident", "support": "support"}

NARROW = 60
"""Below this width labels and texts stand under one another."""


def actions_told(actions: Sequence[Mapping[str, Any]]) -> str:
    """Write actions as the trace has them: each with the values of its arguments."""
    return ", ".join(
        " ".join([str(action.get("action")), *(_plain(value) for key, value in action.items() if key != "action")])
        for action in actions
    )


def scores_told(scores: Mapping[str, Any]) -> str:
    """Write the scores of a draft, those that there are."""
    there = {name: scores[key] for key, name in _SCORES.items() if isinstance(scores.get(key), int | float)}
    return ", ".join(f"{name} {value:.2f}" for name, value in there.items())


def drafted_told(line: Line) -> Text:
    """Write what became of a draft."""
    took = f"{line['seconds']:.2f} s" if line.get("seconds") is not None else ""
    if line.get("early"):
        return Text.assemble(f"{took}  {line.get('text', '')}", ("  used before it was whole", "dim"))
    if line.get("error") == "cancelled" or line.get("stale"):
        return Text(f"cancelled after {took}" if took else "cancelled", style="dim")
    if error := line.get("error"):
        return Text.assemble(f"{took}  ", (f"failed: {error}", "red"))
    return Text(f"{took}  {actions_told(line.get('actions') or ())}")


def _plain(value: Any) -> str:
    match value:
        case {"from": _, "to": _}:
            rest = [str(entry) for key, entry in value.items() if key not in ("from", "to")]
            return ", ".join([f"{value['from']} → {value['to']}", *rest])
        case dict():
            return " ".join(_plain(entry) for entry in value.values())
        case list() | tuple():
            return "; ".join(_plain(entry) for entry in value)
        case _:
            return str(value)


def turn_table(turns: Sequence[TurnAccount], width: int) -> Table:
    """Give a table of so many columns with what the recording says of each turn."""
    narrow = width < NARROW
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("\n", min_width=2)
    table.add_column("\nby", min_width=8, no_wrap=True)
    for name in ("first\nsound", "first\nanswer", "longest\nsilence"):
        table.add_column(name, justify="right", min_width=7, no_wrap=True)
    if not narrow:
        table.add_column("\nheard", no_wrap=True, overflow="ellipsis", max_width=max(10, width - 48))
    for turn in turns:
        cells = [
            str(turn.turn or turn.recorded or "?"),
            "rules" if turn.source == "code" else turn.source or "–",
            _seconds(turn.first_audio_seconds),
            _seconds(turn.first_answer_sentence_seconds),
            _seconds(turn.unmasked_silence_seconds),
        ]
        table.add_row(
            *(Text(cell) for cell in cells), *([] if narrow else [Text(turn.heard or turn.text, style="dim")])
        )
    return table


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"
