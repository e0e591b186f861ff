"""How far a run is can be read in a log too."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from voice.bench.calls.progress import progress
from voice.bench.calls.schedule import jobs
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn


def shown(*, terminal: bool) -> str:
    work = jobs([RecordedCall("alpha", (RecordedTurn(Path("none.wav")),)), RecordedCall("[beta]", ())], 1)
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120)
    with progress(console, 2) as told:
        told.show("starting cascade")
        told.watch.warming("mine")
        for job in work:
            told.watch.began("mine", job)
            told.watch.turn("mine", job, 1)
            told.watch.ended("mine", job)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_log_has_a_line_for_each_agent_that_starts_and_each_call_that_begins():
    assert shown(terminal=False).splitlines() == [
        "starting cascade",
        "mine: warming up",
        "mine: alpha, call 1 of 2",
        "mine: [beta], call 2 of 2",
    ]


def test_a_terminal_has_a_bar():
    assert "2/2" in shown(terminal=True)
