"""Small drawings for a report: lines and bars over 0…1, as inline SVG that follows the page's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#0b7285", "#c2255c", "#5f3dc4", "#2b8a3e", "#d9480f", "#1864ab", "#846358", "#495057", "#a61e4d", "#087f5b")
_W, _H, _M = 380, 260, 44

Points = tuple[Sequence[float], Sequence[float]]


def lines(named: Mapping[str, Points], *, x: str, y: str, dashed: Sequence[str] = ()) -> str:
    """Draw lines over x in 0…1; y runs over what they hold."""
    values = [value for _, ys in named.values() for value in ys]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    pad = max(0.02, (high - low) * 0.08)
    low, high = max(0.0, low - pad), min(1.0, high + pad)
    parts = [_axes(x, y, low, high)]
    for index, (name, (xs, ys)) in enumerate(named.items()):
        path = " ".join(f"{_x(a):.1f},{_y(b, low, high):.1f}" for a, b in zip(xs, ys, strict=True))
        dash = ' stroke-dasharray="5 4"' if name in dashed else ""
        colour = COLOURS[index % len(COLOURS)]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}>')
        parts.append(f"<title>{escape(name)}</title></polyline>")
    return _framed(parts) + _legend(list(named))


def reliability(bins: Sequence[Sequence[float]], title: str) -> str:
    """Draw what was said against what came true; the area of a dot is the number of turns."""
    n = sum(each[0] for each in bins) or 1
    parts = [_axes("said", "came true", 0.0, 1.0)]
    parts.append(f'<line x1="{_x(0)}" y1="{_y(0, 0, 1)}" x2="{_x(1)}" y2="{_y(1, 0, 1)}" class="faint"/>')
    for count, said, was in bins:
        radius = 3 + 14 * (count / n) ** 0.5
        parts.append(
            f'<circle cx="{_x(said):.1f}" cy="{_y(was, 0, 1):.1f}" r="{radius:.1f}" fill="{COLOURS[0]}" '
            f'fill-opacity="0.55"><title>{int(count)} turns: said {said:.2f}, was {was:.2f}</title></circle>'
        )
    return f"<figure>{_framed(parts)}<figcaption>{escape(title)}</figcaption></figure>"


def _axes(x: str, y: str, low: float, high: float) -> str:
    ticks = [
        f'<text x="{_x(at):.0f}" y="{_H - _M + 16}" text-anchor="middle">{at:g}</text>'
        for at in (0, 0.25, 0.5, 0.75, 1)
    ]
    for step in range(5):
        value = low + (high - low) * step / 4
        ticks.append(f'<text x="{_M - 6}" y="{_y(value, low, high) + 4:.0f}" text-anchor="end">{value:.2f}</text>')
        level = f"{_y(value, low, high):.1f}"
        ticks.append(f'<line x1="{_M}" x2="{_W - 8}" y1="{level}" y2="{level}" class="grid"/>')
    middle = (_M + _W - 8) / 2
    names = f'<text x="{middle}" y="{_H - 8}" text-anchor="middle">{escape(x)}</text>'
    names += f'<text x="4" y="14">{escape(y)}</text>'
    return "".join(ticks) + names


def _framed(parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {_W} {_H}" role="img">{"".join(parts)}</svg>'


def _legend(names: Sequence[str]) -> str:
    items = "".join(
        f'<li><i style="background:{COLOURS[index % len(COLOURS)]}"></i>{escape(name)}</li>'
        for index, name in enumerate(names)
    )
    return f'<ul class="legend">{items}</ul>'


def _x(value: float) -> float:
    return _M + value * (_W - 8 - _M)


def _y(value: float, low: float, high: float) -> float:
    return (_H - _M) - (value - low) / max(1e-9, high - low) * (_H - _M - 22)
