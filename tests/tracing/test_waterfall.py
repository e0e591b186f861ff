"""Where the time of a turn goes, on traces whose stages are known. The caller's last word ends at 10 s."""

from __future__ import annotations

from typing import Any

import pytest

from voice.tracing.stages import Stage
from voice.tracing.waterfall import Waterfall, waterfalls
from voice.tracing.where import overhead, waits

Line = dict[str, Any]


def line(at: float, kind: str, turn: int = 1, **data: Any) -> Line:
    return {"at": 10.0 + at, "call": "c1", "turn": turn, "kind": kind, **data}


def ears(noticed: float = 0.1, transcribed: float = 0.4) -> list[Line]:
    return [line(noticed, "quiet", 0), line(0.0, "voice_off", 0), line(transcribed, "transcript", 0, text="…")]


def committed(at: float, turn: int = 1) -> Line:
    return line(at, "turn", turn, text="…", silence_seconds=at)


def draft(tier: str, start: float, end: float, **data: Any) -> list[Line]:
    return [line(start, "draft_started", tier=tier), line(end, "drafted", tier=tier, error=None, **data)]


def checked(at: float, tier: str, verdict: str = "accept", *, early: bool = False) -> Line:
    return line(at, "checked", tier=tier, verdict=verdict, early=early)


def performed(start: float, end: float) -> list[Line]:
    return [line(start, "perform"), line(end, "performed", outcome="answer", stale=False)]


def answered(at: float, source: str, sound: float, turn: int = 1, *, escalated: bool = False) -> list[Line]:
    told = {"speech": "answer", "utterance": 9, "text": "…"}
    return [line(at, "answer", turn, source=source, escalated=escalated), line(sound, "sound", turn, **told)]


def filler(start: float, end: float, utterance: int = 1) -> list[Line]:
    told = {"speech": "filler", "utterance": utterance, "text": "Okay."}
    return [line(start, "sound", **told), line(end, "sound_over", utterance=utterance)]


def route(at: float, turn: int = 1, way: str = "draft") -> Line:
    return line(at, "route", turn, route=way, reason="")


def one(*parts: Line | list[Line]) -> Waterfall:
    """Give the waterfall of the first turn; its path is whole."""
    lines = [each for part in parts for each in (part if isinstance(part, list) else [part])]
    found = waterfalls(lines)[0]
    at = 0.0
    for piece in found.path:
        assert piece.start == at
        at = piece.end
    assert found.wait is None or at == pytest.approx(found.wait, abs=1e-3)
    assert found.floor is None or found.floor <= (found.wait or 0.0) + 1e-3
    return found


def near(**seconds: float) -> Any:
    return pytest.approx({name.replace("_", " "): value for name, value in seconds.items()}, abs=1e-3)


def test_what_code_does_while_it_is_waited_for_more_words_costs_nothing() -> None:
    found = one(ears(), route(0.41), performed(0.42, 0.5), committed(0.7), answered(0.7, "code", 0.8))
    assert found.seconds() == near(noticing=0.1, transcribing=0.3, end_of_turn=0.3, voice=0.1)
    assert found.floor == pytest.approx(0.1 + 0.3 + 0.01 + 0.08 + 0.1, abs=1e-3)


def test_a_draft_that_outlasts_the_patience_hides_it() -> None:
    found = one(
        [*ears(), route(0.41), line(0.42, "draft_started", tier="fast"), committed(0.6)],
        [line(1.2, "agreed", tier="fast"), checked(1.21, "fast", early=True), *performed(1.22, 1.3)],
        [line(1.25, "drafted", tier="fast", error="cancelled"), *answered(1.3, "fast", 1.5)],
    )
    assert found.seconds() == near(
        noticing=0.1, transcribing=0.3, deciding=0.01, draft_fast=0.79, checking=0.01, performing=0.09, voice=0.2
    )
    assert Stage("end of turn", 0.4, 0.6) in found.stages
    assert Stage("draft", 0.42, 1.2, "fast") in found.stages


def test_a_refused_draft_is_waited_for_but_is_no_part_of_the_floor() -> None:
    found = one(
        [*ears(), route(0.4), committed(0.5), *draft("fast", 0.5, 1.5), checked(1.5, "fast", "escalate")],
        [line(1.5, "escalate", to="strong"), *draft("strong", 1.5, 4.5), checked(4.5, "strong")],
        [*performed(4.5, 4.6), *answered(4.6, "strong", 4.8, escalated=True)],
    )
    assert found.seconds() == near(
        noticing=0.1, transcribing=0.3, end_of_turn=0.1, draft_fast=1.0, draft_strong=3.0, performing=0.1, voice=0.2
    )
    assert found.floor == pytest.approx(0.4 + 3.0 + 0.1 + 0.2, abs=1e-3)


def test_of_two_drafts_at_once_only_the_one_that_was_used_is_waited_for() -> None:
    found = one(
        [*ears(), route(0.4, way="both"), committed(0.4)],
        [line(0.4, "draft_started", tier="strong"), line(0.4, "draft_started", tier="fast")],
        [line(1.0, "drafted", tier="fast", error=None), checked(1.0, "fast", "escalate")],
        [line(3.0, "drafted", tier="strong", error=None), checked(3.0, "strong"), *performed(3.0, 3.1)],
        answered(3.1, "strong", 3.2, escalated=True),
    )
    assert found.seconds() == near(noticing=0.1, transcribing=0.3, draft_strong=2.6, performing=0.1, voice=0.1)


def test_an_answer_that_is_ready_while_a_filler_is_spoken_waits_for_its_end() -> None:
    found = one(
        [*ears(), route(0.4), committed(0.4), *draft("fast", 0.4, 1.0), checked(1.0, "fast"), *performed(1.0, 1.1)],
        [*filler(0.6, 1.5), *answered(1.1, "fast", 1.6)],
    )
    assert found.seconds()["filler"] == pytest.approx(0.4)
    assert found.seconds()["voice"] == pytest.approx(0.1)
    assert found.floor == pytest.approx(1.1 + 0.1)


def test_work_for_words_that_were_overtaken_overlaps_and_is_not_waited_for() -> None:
    found = one(
        [line(-3.0, "transcript", 0), route(-3.0), line(-3.0, "draft_started", tier="fast")],
        [*ears(), route(0.4, way="code"), line(0.41, "drafted", 0, tier="fast", error="cancelled")],
        [committed(0.45), *performed(0.4, 0.5), *answered(0.5, "code", 0.6)],
    )
    assert found.seconds() == near(noticing=0.1, transcribing=0.3, performing=0.1, voice=0.1)
    assert Stage("draft", -3.0, 0.41, "fast", "overtaken") in found.stages


def test_what_was_ready_before_the_caller_had_finished_counts_for_nothing() -> None:
    found = one(
        [line(-2.0, "transcript", 0), route(-2.0), *draft("fast", -2.0, -1.0), checked(-1.0, "fast")],
        [*performed(-1.0, -0.9), committed(0.6), *answered(0.6, "fast", 0.7)],
    )
    assert found.seconds() == near(end_of_turn=0.6, voice=0.1)
    assert found.floor == pytest.approx(0.1)


def test_when_the_deadline_passes_the_draft_was_waited_for_until_then() -> None:
    found = one(
        [*ears(), route(0.4), committed(0.4), line(0.4, "draft_started", tier="strong")],
        [line(8.0, "narrow", to="rules"), checked(8.0, "rules", "ask"), line(8.0, "fall_back")],
        [*performed(8.0, 8.0), *answered(8.0, "fallback", 8.2), line(8.1, "drafted", tier="strong", error="cancelled")],
    )
    assert found.seconds() == near(noticing=0.1, transcribing=0.3, draft_strong=7.6, voice=0.2)


def test_an_answer_that_the_caller_spoke_over_before_it_sounded_has_no_wait() -> None:
    cut = [*ears(), route(0.4), *performed(0.4, 0.5), committed(0.5), *answered(0.5, "code", 0.9)]
    found = one(cut, line(0.7, "barge_in", during="answer"))
    assert (found.fate, found.wait, found.path) == ("cut off", None, ())
    assert waits([found]) == {}


def test_a_turn_that_goes_on_is_two_and_each_counts_from_its_own_end() -> None:
    lines = [
        *[*ears(), route(0.4), committed(0.4), line(0.4, "draft_started", tier="fast")],
        *[line(2.5, "quiet"), line(2.9, "transcript"), route(2.9, 2), line(2.9, "turn", 2, silence_seconds=0.5)],
        *[line(2.9, "drafted", tier="fast", error="cancelled"), line(2.9, "perform", 2), line(3.0, "performed", 2)],
        *answered(3.0, "code", 3.2, 2),
    ]
    first, second = waterfalls(lines)
    assert (first.fate, first.source) == ("unanswered", "")
    assert second.seconds() == near(noticing=0.1, transcribing=0.4, performing=0.1, voice=0.2)


def test_the_end_of_speech_may_be_known_better_than_the_agent_knows_it() -> None:
    lines = [*ears(), route(0.4), *performed(0.4, 0.5), committed(0.5), *answered(0.5, "code", 0.6)]
    found = waterfalls(lines, {1: 9.8})[0]
    assert (found.wait, found.seconds()["noticing"]) == (pytest.approx(0.8), pytest.approx(0.3))


def test_means_of_stages_add_up_to_the_mean_wait() -> None:
    quick = one(ears(), route(0.4), performed(0.4, 0.5), committed(0.5), answered(0.5, "code", 0.6))
    slow = one(
        [*ears(), route(0.4), committed(0.4), *draft("fast", 0.4, 1.4), checked(1.4, "fast"), *performed(1.4, 1.5)],
        answered(1.5, "fast", 1.6),
    )
    found = waits([quick, slow])
    assert list(found) == ["all", "code", "fast"]
    stages = found["all"]["stages"]
    assert sum(stage["mean"] for stage in stages.values()) == pytest.approx(found["all"]["wait"]["mean"])
    assert (stages["draft fast"]["n"], stages["draft fast"]["p50"]) == (1, 0.5)


def test_checks_are_counted_by_the_draft() -> None:
    parts = {"router": 2.0, "checks": 3.0, "trace": 1.0}
    lines = [line(0.5, "overhead", parts=parts, all=6.0, longest=2.0, ahead=4.0, drafts=2)]
    found = overhead(lines)
    assert found is not None
    assert (found["router"]["p95"], found["checks"]["p95"], found["all"]["p95"]) == (2.0, 1.5, 6.0)
    assert overhead(ears()) is None
