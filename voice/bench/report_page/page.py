"""Writes ``report.html``: one file that shows a run, plays its calls, and asks nothing of any network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from voice.bench.report_page.breakdown import breakdown
from voice.bench.report_page.ecdf import ecdf, legend
from voice.bench.report_page.left import Left, left_by
from voice.bench.report_page.sound import FORMAT, embedded
from voice.bench.report_page.strip import axis_of, strip
from voice.bench.report_page.summary import summary_table
from voice.bench.report_page.turns import by_turn, turn_list
from voice.bench.report_page.waits import waits
from voice.bench.reports.figures import Agents, groups_of, turns_of
from voice.bench.reports.report import remarks
from voice.bench.timeline.palette import DARK, LIGHT, properties
from voice.bench.timeline.shapes import page_styles

PAGE = "report.html"


def write_report_page(
    run: Path,
    agents: Agents,
    about: Mapping[str, Any],
    *,
    audio: bool = True,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Path:
    """Write the page into a run's folder, and give its path. Without sound about 10 KB for each turn of an agent.

    Args:
        run: Holds a folder for each agent, and in it one for each call.
        agents: The calls of each agent.
        about: The run's settings.
        audio: Whether the page plays the calls: about 3 KB more for each second of them.
        progress: Told how many calls are drawn, and how many there are.

    Raises:
        OSError: the file can't be written.
    """
    path = run / PAGE
    left = [left_by(run, name, call) for name, calls in agents.items() for call in calls]
    path.write_text(render(left, agents, about, audio=audio, progress=progress), encoding="utf-8")
    return path


def render(
    left: Sequence[Left],
    agents: Agents,
    about: Mapping[str, Any],
    *,
    audio: bool = True,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> str:
    """Give the page as text; see `write_report_page`."""
    style = _part("report.css").replace("/* light */", properties(LIGHT)).replace("/* dark */", properties(DARK))
    pictures, sounds = _drawn(left, audio, progress)
    parts = {
        "style": style + page_styles(),
        "about": _about(agents, about),
        "remarks": "".join(f'<p class="remark">{escape(remark)}</p>' for remark in remarks(agents)),
        "summary": summary_table(agents),
        "legend": legend(agents),
        "curves": _curves(agents),
        "waits": waits(left),
        "breakdown": breakdown(agents),
        "filters": _filters(list(agents)),
        "columns": str(len(agents)),
        "turns": turn_list(left, list(agents), pictures, sound=audio),
        "sounds": "".join(sounds),
        "script": _part("report.js"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _part("report.html"))


def _drawn(
    left: Sequence[Left], audio: bool, progress: Callable[[int, int], None]
) -> tuple[dict[tuple[str, int], str], list[str]]:
    """Draw and encode call by call, so that only one recording is held at a time."""
    axes = {(one.key, turn.turn): axis_of(shown) for shown in by_turn(left) for one, turn in shown}
    pictures: dict[tuple[str, int], str] = {}
    sounds: list[str] = []
    for done, one in enumerate(left, start=1):
        tracks = one.tracks()
        for turn in one.result.turns:
            pictures[one.key, turn.turn] = strip(one, turn, axes[one.key, turn.turn], tracks)
        if audio and tracks is not None and len(tracks):
            about = f'data-sound="{escape(one.key)}" data-format="{FORMAT}"'
            sounds.append(f'<script type="text/plain" {about}>{embedded(tracks)}</script>')
        progress(done, len(left))
    return pictures, sounds


def _about(agents: Agents, about: Mapping[str, Any]) -> str:
    calls = {call.call for made in agents.values() for call in made}
    turns = {(turn.call, turn.turn) for made in agents.values() for turn in turns_of(made)}
    told = [
        _count(len(agents), "agent"),
        f"{_count(len(calls), 'call')}, {_count(len(turns), 'turn')}",
        f"each made {about['repeat']} times" if about.get("repeat", 1) != 1 else "",
        str(about.get("fixtures", "")),
        f"profile {about['profile']}" if about.get("profile") else "",
    ]
    return escape(" · ".join(part for part in told if part))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _curves(agents: Agents) -> str:
    figures: list[str] = []
    for key, title in (("first_audio_ms", "First audio"), ("first_answer_ms", "First answer")):
        for group in groups_of(agents):
            if picture := ecdf(agents, key, group):
                figures.append(f"<figure><figcaption>{title}, {group} turns</figcaption>{picture}</figure>")
    return "".join(figures) or "<p>No agent was heard to reply to any turn.</p>"


def _filters(agents: Sequence[str]) -> str:
    return "".join(
        f'<label><input type="checkbox" name="agent" value="{escape(name)}" checked>{escape(name)}</label>'
        for name in agents
    )


def _part(name: str) -> str:
    return files("voice.bench.report_page").joinpath("web", name).read_text(encoding="utf-8")
