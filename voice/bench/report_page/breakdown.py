"""First answer and right turns by voice and by condition, as HTML tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from voice.bench.measured.results import CallResult, TurnResult
from voice.bench.numbers.statistics import percentile
from voice.bench.reports.figures import Agents, turns_of


def breakdown(agents: Agents) -> str:
    """Give a table for voices and one for conditions; empty where calls have only one of either."""
    tables = [
        _table("voice", agents, lambda call: call.voice),
        _table("condition", agents, lambda call: call.condition),
    ]
    found = "".join(tables)
    if not found:
        return ""
    return (
        "<section><details><summary><h2>By voice and by condition</h2></summary><p>Median first answer, and how many "
        f"turns had every fact said. Few turns each: look for what stands out, not for the second digit.</p>{found}"
        "</details></section>"
    )


def _table(title: str, agents: Agents, of: Callable[[CallResult], str]) -> str:
    names = sorted({of(call) for calls in agents.values() for call in calls})
    if len(names) < 2:
        return ""
    head = "".join(f'<th scope="col">{escape(agent)}</th>' for agent in agents)
    rows = "".join(
        f'<tr><th scope="row">{escape(name) or "unknown"}</th>'
        + "".join(_cell(turns_of(call for call in calls if of(call) == name)) for calls in agents.values())
        + "</tr>"
        for name in names
    )
    return (
        f'<div class="wide"><table class="summary"><thead><tr><th scope="row">{title}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(turns: Sequence[TurnResult]) -> str:
    asked = [turn for turn in turns if turn.right is not None]
    if not asked:
        return '<td class="none">–</td>'
    middle = percentile([ms for turn in asked if (ms := turn.first_answer_ms) is not None], 50)
    shown = "–" if middle is None else f"{middle / 1000:.2f} s"
    return f"<td>{shown}<em>{sum(turn.right is True for turn in asked)} of {len(asked)}</em></td>"
