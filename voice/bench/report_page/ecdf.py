"""How long callers waited, as the share of turns that were served within a time (ECDF), as SVG.

The share is of all turns: an agent that leaves turns unanswered never reaches 100%.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from voice.bench.measured.results import TurnResult
from voice.bench.numbers.statistics import percentile
from voice.bench.reports.figures import Agents, turns_of
from voice.bench.timeline.shapes import line, write

_WIDTH, _HEIGHT = 520, 250
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 12, 14, 30
_STEPS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0)

COLOURS = ("answer", "tier-2", "filler", "desk", "tier-3", "caller")
"""Of the agents, in order; there are no more after the sixth."""


def colour_of(agent: str, agents: Sequence[str]) -> str:
    """Give an agent's colour."""
    return COLOURS[list(agents).index(agent) % len(COLOURS)]


def ecdf(agents: Agents, key: str, group: str) -> str | None:
    """Draw a latency's distribution for each agent; None where no turn has it.

    Args:
        agents: The calls of each.
        key: The latency, in ms, as `TurnResult` names it.
        group: ``simple``, ``complex`` or ``all``.
    """
    served: dict[str, list[float]] = {}
    asked: dict[str, int] = {}
    for name, calls in agents.items():
        turns = [turn for turn in turns_of(calls) if turn.kind == "turn" and group in ("all", turn.complexity)]
        asked[name] = sum(_can_have(turn, key) for turn in turns)
        served[name] = sorted(value / 1000 for turn in turns if (value := getattr(turn, key)) is not None)
    longest = [percentile(values, 95) or 0.0 for values in served.values() if values]
    if not longest:
        return None
    end = _rounded_up(1.1 * max(longest))
    parts = [
        f'<svg class="ecdf" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(f"share of {group} turns by {key}")}">',
        *_frame(end),
        *(
            _curve(name, values, asked[name], end, colour_of(name, list(agents)))
            for name, values in served.items()
            if values
        ),
        "</svg>",
    ]
    return "".join(parts)


def legend(agents: Mapping[str, object]) -> str:
    """Name the colours, as HTML."""
    names = [
        f'<span><i style="background:var(--{colour_of(name, list(agents))})"></i>{escape(name)}</span>'
        for name in agents
    ]
    return f'<p class="legend">{"".join(names)}</p>'


def _can_have(turn: TurnResult, key: str) -> bool:
    """Say whether a turn counts: one whose facts nobody knows has no first answer."""
    return key != "first_answer_ms" or turn.right is not None


def _x(seconds: float, end: float) -> float:
    return _LEFT + min(1.0, max(0.0, seconds / end)) * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _frame(end: float) -> Iterator[str]:
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent / 100)
        yield line(_LEFT, y, _WIDTH - _RIGHT, y, "hair" if percent else "faint")
        yield write(f"{percent}%", _LEFT - 6, y, "muted", size=10, anchor="end")
    step = next((step for step in _STEPS if end / step <= 8), _STEPS[-1])
    for index in range(int(end / step + 1e-6) + 1):
        x = _x(index * step, end)
        yield line(x, _y(0), x, _y(0) + 4, "faint")
        yield write(f"{index * step:g}", x, _HEIGHT - _BOTTOM + 13, "muted", size=10, anchor="middle")
    yield write("seconds", _WIDTH - _RIGHT, _HEIGHT - 5, "muted", size=10, anchor="end")


def _curve(name: str, values: Sequence[float], asked: int, end: float, colour: str) -> str:
    path = f"M{_x(0, end):.1f} {_y(0):.1f}"
    for index, value in enumerate(values, start=1):
        if value > end:
            break
        path += f"H{_x(value, end):.1f}V{_y(index / asked):.1f}"
    median = percentile(values, 50) or 0.0
    told = f"{name}: {len(values)} of {asked} turns, median {median:.2f} s"
    path += f"H{_x(end, end):.1f}"
    return (
        f'<path data-agent="{escape(name)}" class="s-{colour}" fill="none" stroke-width="2" stroke-linejoin="round" '
        f'd="{path}"><title>{escape(told)}</title></path>'
    )


def _rounded_up(seconds: float) -> float:
    step = next((step for step in _STEPS if seconds / step <= 8), _STEPS[-1])
    return step * max(1, -(-seconds // step))
