"""Writes ``timeline.html``: one file that draws a call and plays it, and asks nothing of any network."""

from __future__ import annotations

import base64
import html
import io
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from voice.bench.recordings.activity import SAMPLE_RATE, envelope
from voice.bench.timeline.build import Tracks
from voice.bench.timeline.layout import lay_out
from voice.bench.timeline.model import Timeline
from voice.bench.timeline.palette import DARK, LIGHT, properties
from voice.trace import jsonable

ENVELOPE_PER_SECOND = 200
"""How finely waveforms are drawn: one piece in 5 ms."""

_SCRIPTS = ("format.js", "view.js", "picture.js", "player.js", "panel.js", "turns.js", "main.js")


def write_page(path: Path, timeline: Timeline, tracks: Tracks | None = None) -> None:
    """Write the page. About 30 KB a second of speech: the sound is embedded as FLAC.

    Args:
        path: The file; it is replaced.
        timeline: What to draw.
        tracks: The call's recording, or None to draw without waveforms and sound.

    Raises:
        OSError: the file can't be written.
    """
    path.write_text(render(timeline, tracks), encoding="utf-8")


def render(timeline: Timeline, tracks: Tracks | None = None) -> str:
    """Give the page as text; see `write_page`."""
    data: dict[str, Any] = {"timeline": timeline.as_dict(), "layout": lay_out(timeline).as_dict(), "waves": None}
    if tracks is not None:
        data["waves"] = {
            "per_second": ENVELOPE_PER_SECOND,
            "caller": _wave(tracks[:, 0]),
            "agent": _wave(tracks[:, 1]),
        }
    parts = {
        "title": html.escape(timeline.call or "call"),
        "style": _part("page.css").replace("/* light */", properties(LIGHT)).replace("/* dark */", properties(DARK)),
        "data": json.dumps(data, ensure_ascii=False, default=jsonable, separators=(",", ":")).replace("<", "\\u003c"),
        "sound": _flac(tracks) if tracks is not None and len(tracks) else "",
        "script": "\n".join(_part(name) for name in _SCRIPTS),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _part("page.html"))


def _part(name: str) -> str:
    return files("voice.bench.timeline").joinpath("web", name).read_text(encoding="utf-8")


def _wave(track: NDArray[np.int16]) -> dict[str, str]:
    peak, rms = envelope(track, ENVELOPE_PER_SECOND)
    return {"peak": _base64(peak.tobytes()), "rms": _base64(rms.tobytes())}


def _flac(tracks: Tracks) -> str:
    """Give the recording losslessly: no codec delay moves the sound against the axis."""
    sound = io.BytesIO()
    soundfile.write(sound, tracks, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return _base64(sound.getvalue())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
