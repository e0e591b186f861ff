"""What waits consist of: the mean of each part, stacked, for every agent that tells of its stages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from voice.bench.report_page.left import Left
from voice.bench.report_page.stages import PARTS, parts

_COLOURS = dict(zip(PARTS, ("caller", "tier-2", "desk", "answer"), strict=True))


def waits(calls: Sequence[Left]) -> str:
    """Give the bars as HTML; empty where no agent leaves a trace."""
    measured = [
        (left.agent, turn.complexity, found)
        for left in calls
        if left.timeline
        for turn in left.result.turns
        if turn.kind == "turn" and (found := parts(left.timeline, turn))
    ]
    rows = [
        (agent, complexity, [found for one, label, found in measured if (one, label) == (agent, complexity)])
        for agent in dict.fromkeys(agent for agent, _, _ in measured)
        for complexity in ("simple", "complex", None)
    ]
    means = [
        (
            agent,
            complexity or "unlabelled",
            [sum(values) / len(found) for values in zip(*found, strict=True)],
            len(found),
        )
        for agent, complexity, found in rows
        if found
    ]
    if not means:
        return ""
    longest = max(sum(mean) for _, _, mean, _ in means) or 1.0
    bars = "".join(_bar(*mean, longest) for mean in means)
    names = "".join(f'<span><i style="background:var(--{_COLOURS[name]})"></i>{name}</span>' for name in PARTS)
    return (
        "<section><h2>Where the wait goes</h2><p>From the end of the caller’s speech to the first sound of the answer, "
        "whose first fact may come later; mean of the turns whose answer the agent’s trace explains. Work done ahead, "
        "while the caller still spoke, counts for nothing."
        f'</p><p class="legend">{names}</p><div class="waits">{bars}</div></section>'
    )


def _bar(agent: str, complexity: str, mean: Sequence[float], turns: int, longest: float) -> str:
    pieces = "".join(
        f'<i style="width:{100 * value / longest:.2f}%;background:var(--{_COLOURS[name]})" '
        f'title="{name}: {value:.2f} s">{f"{value:.2f}" if value / longest > 0.06 else ""}</i>'
        for name, value in zip(PARTS, mean, strict=True)
    )
    return (
        f'<b data-agent="{escape(agent)}">{escape(agent)}</b><span>{complexity}</span><div>{pieces}'
        f"<em>{sum(mean):.2f} s</em></div><small>{turns} turn{'' if turns == 1 else 's'}</small>"
    )
