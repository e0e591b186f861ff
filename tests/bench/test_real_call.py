"""The main job, whole: the recorded demo call on the real models, its decisions, its booking and what was said."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voice.cli import main

ATTEMPTS = 2
"""On a busy machine a model may miss its deadline; the agent then asks, and a recorded caller can not answer."""

KINDS = {"rules alone", "small tier", "escalated", "question", "read-back", "write"}
"""What the demo call shows, each at least once."""


def booked(folder: Path) -> tuple[int, list[tuple[str, str]]] | None:
    """Give what the call's booking cost and its legs, from the audit row of the write; None if nothing was booked."""
    database = sqlite3.connect(folder / "desk.db")
    try:
        rows = database.execute("select after from audit where action = 'book'").fetchall()
        paid = dict(database.execute("select locator, paid from bookings").fetchall())
    finally:
        database.close()
    if not rows:
        return None
    after = json.loads(rows[-1][0])
    return paid[after["locator"]], [(leg["from"], leg["to"]) for leg in after["legs"]]


def spoken(folder: Path) -> str:
    """Transcribe the agent's channel."""
    from faster_whisper import WhisperModel

    from voice import models

    tracks, _ = soundfile.read(folder / "call.wav", dtype="float32")
    whisper = WhisperModel(str(models.path("whisper-base")), device="cpu", compute_type="int8")
    segments, _ = whisper.transcribe(np.ascontiguousarray(tracks[:, 1]), language="en")
    return " ".join(segment.text for segment in segments)


def turns_of(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "timeline.json").read_text())["turns"]


def shown(turns: list[dict[str, Any]]) -> set[str]:
    """Name the kinds of decision in the turns of a timeline.

    An escalation is one only if the larger tier's answer was used and words covered the wait for it; a read-back is
    one only if the write followed the yes to it.
    """
    kinds = set[str]()
    asked_to_book = False
    for turn in turns:
        refused = {check["tier"] for check in turn["checks"] if check["verdict"] != "accept"}
        if turn["source"] == "code" and not turn["checks"]:
            kinds.add("rules alone")
        if turn["source"] == "fast" and not turn["escalated"]:
            kinds.add("small tier")
        if turn["source"] == "strong" and turn["escalated"] and "fast" in refused and turn["fillers"]:
            kinds.add("escalated")
        if turn["outcome"] == "clarify" and turn["answer"][-1].startswith("Where are you flying from"):
            kinds.add("question")
        if turn["wrote"]:
            kinds |= {"write", "read-back"} if asked_to_book else {"write"}
        asked_to_book = turn["answer"][-1:] == ["Shall I book it?"]
    return kinds


@pytest.mark.real
def test_the_demo_call_ends_with_the_itinerary_in_the_database_at_the_fare_that_was_spoken(tmp_path: Path) -> None:
    for attempt in range(ATTEMPTS):
        folder = tmp_path / f"run-{attempt}"
        assert main(["call", "demo", "--out", str(folder)]) == 0
        if (result := booked(folder)) and len(result[1]) == 3:
            break
    for name in ("call.wav", "trace.jsonl", "timeline.json", "timeline.html"):
        assert (folder / name).stat().st_size > 0
    assert result is not None, "nothing was booked"
    paid, legs = result
    assert legs == [("ORD", "SEA"), ("SEA", "SFO"), ("SFO", "ORD")]
    assert str(paid) in spoken(folder).replace(",", "")
    itinerary = next(turn for turn in turns_of(folder) if "Seattle" in turn["heard"])
    assert "Chicago" in itinerary["heard"]
    assert "San Francisco" in itinerary["heard"]
    assert itinerary["tier"] is None or itinerary["fillers"]  # a model is waited for with words
    assert shown(turns_of(folder)) == KINDS


def test_a_call_of_nothing_but_certain_turns_shows_no_model_no_question_and_no_write() -> None:
    turn = {"source": "code", "escalated": False, "outcome": "answer", "answer": ["Thanks."], "wrote": []}

    assert shown([]) == set()
    assert shown([{**turn, "checks": [], "fillers": []}]) == {"rules alone"}


def test_an_escalation_counts_only_where_the_larger_tiers_answer_was_used_and_waited_for_with_words() -> None:
    turn = {"source": "strong", "escalated": True, "outcome": "answer", "answer": ["Two flights."], "wrote": []}
    checks = [{"tier": "fast", "verdict": "escalate"}, {"tier": "strong", "verdict": "accept"}]
    filler = {"text": "Just a moment."}

    assert shown([{**turn, "checks": checks, "fillers": [filler]}]) == {"escalated"}
    assert shown([{**turn, "checks": checks, "fillers": []}]) == set()
    assert shown([{**turn, "source": "fallback", "checks": checks, "fillers": [filler]}]) == set()


def test_a_write_counts_as_read_back_only_where_the_turn_before_asked_for_the_yes() -> None:
    turn = {"source": "code", "escalated": False, "outcome": "answer", "checks": [], "fillers": [], "wrote": []}
    offered = {**turn, "answer": ["Shall I book it?"]}
    booked = {**turn, "answer": ["You're booked."], "wrote": ["QS27WX"]}

    assert shown([offered, booked]) == {"rules alone", "read-back", "write"}
    assert shown([offered, {**turn, "answer": ["$35."]}, booked]) == {"rules alone", "write"}
