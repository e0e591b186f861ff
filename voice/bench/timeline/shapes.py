"""Pieces of SVG. Colours are names of the palette: ``f-ink`` fills with it, ``s-ink`` draws with it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from voice.bench.timeline.palette import DARK, LIGHT

FONT = "Inter, system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"

_CHARACTER = 0.56
"""About how wide a character is, in parts of the font's size."""


def styles() -> str:
    """Give the rules that a picture of its own needs, by day and by night."""

    def rules(colours: dict[str, str]) -> Iterable[str]:
        yield f".paper{{fill:{colours['paper']}}}"
        for name, colour in colours.items():
            yield f".f-{name}{{fill:{colour}}}.s-{name}{{stroke:{colour}}}"

    return f"{''.join(rules(LIGHT))}@media(prefers-color-scheme:dark){{{''.join(rules(DARK))}}}"


def page_styles() -> str:
    """Give the rules for pictures within a page that sets the palette's custom properties."""
    return "".join(f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in LIGHT)


def write(
    text: str, x: float, y: float, colour: str, *, size: float = 11, weight: int = 400, anchor: str = "start"
) -> str:
    """Write text whose middle stands at the height ``y``."""
    extra = f' font-size="{size:g}"' if size != 11 else ""
    extra += f' font-weight="{weight}"' if weight != 400 else ""
    extra += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="f-{colour}" x="{x:.1f}" y="{y + 0.36 * size:.1f}"{extra}>{escape(text)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashes: str = "") -> str:
    """Draw a sharp line."""
    x1, y1, x2, y2 = (round(value) + 0.5 for value in (x1, y1, x2, y2))
    extra = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line class="s-{colour}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"{extra}/>'


def rect(x: float, y: float, width: float, height: float, colour: str, *, radius: float = 3, opacity: float = 1) -> str:
    """Draw a filled rectangle."""
    extra = f' opacity="{opacity:g}"' if opacity != 1 else ""
    size = f'width="{width:.1f}" height="{height:g}" rx="{radius:g}"'
    return f'<rect class="f-{colour}" x="{x:.1f}" y="{y:g}" {size}{extra}/>'


def verdict_sign(name: str, x: float, y: float) -> str:
    """Draw a tick (``good``) or a cross (``bad``)."""
    path = "m-3.2 .2 2.3 2.4 4.3-5.4" if name == "good" else "m-2.6-2.6 5.2 5.2m0-5.2-5.2 5.2"
    return f'<path class="s-{name}" fill="none" stroke-width="1.6" d="M{x:.1f} {y:g}{path}"/>'


def text_width(text: str, size: float = 11) -> float:
    """Give about how wide text is."""
    return len(text) * size * _CHARACTER


def fitted(text: str, room: float) -> str:
    """Cut text to the room it has; nothing of it where there is room for none."""
    if text_width(text) <= room:
        return text
    fits = int(room / (11 * _CHARACTER)) - 1
    return f"{text[:fits].rstrip()}…" if fits > 1 else ""


def clock(time: float, step: float) -> str:
    """Give minutes and seconds, with tenths where an axis has steps below a second."""
    minutes = int(time // 60)
    rest = time - 60 * minutes
    return f"{minutes}:{rest:04.1f}" if step < 1 else f"{minutes}:{rest:02.0f}"
