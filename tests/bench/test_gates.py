"""What counts as worse than an earlier run, and what is chance or another machine."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from voice.bench.measured.results import CallResult, TurnResult
from voice.bench.reports.gates import Comparison, compare
from voice.bench.reports.junit import junit


def run(
    factor: float = 1.0, calls: int = 20, *, wrong: int = 0, noise: float = 0.05, seed: int = 1
) -> list[CallResult]:
    """Calls of three turns, some slow and some quick by themselves; latencies of about a second, times the factor."""
    chance, itself = np.random.default_rng(seed), np.random.default_rng(0)
    made: list[CallResult] = []
    for number in range(calls):
        slow = itself.normal(1000, 200)
        turns = tuple(
            TurnResult(
                f"c{number}",
                1,
                turn,
                "simple",
                first_audio_ms=(ms := round(factor * slow * chance.normal(1, noise))),
                first_answer_ms=2 * ms,
                unmasked_silence_ms=ms,
                answered=True,
                right=number >= wrong,
            )
            for turn in (1, 2, 3)
        )
        made.append(CallResult(f"c{number}", 1, 30.0, 0, None, turns))
    return made


def worse(compared: list[Comparison]) -> set[str]:
    return {one.figure for one in compared if one.regressed and one.gated}


def test_a_run_is_no_worse_than_itself_or_than_a_repetition():
    assert worse(compare({"a": run()}, {"a": run()}, 0.1)) == set()
    assert worse(compare({"a": run(seed=1)}, {"a": run(seed=2)}, 0.1)) == set()


def test_what_is_slower_by_more_than_the_limit_is_named():
    compared = compare({"a": run()}, {"a": run(1.3)}, 0.1)
    assert worse(compared) >= {"first audio, simple, P50", "first answer, simple, P50", "unmasked silence, simple, P50"}
    assert worse(compare({"a": run()}, {"a": run(1.3)}, 0.5)) == set()
    assert worse(compare({"a": run(1.3)}, {"a": run()}, 0.1)) == set()


def test_a_change_that_hangs_on_few_calls_is_chance():
    before = run(noise=0.0)
    now = [replace(call, turns=tuple(replace(turn, first_audio_ms=9000) for turn in call.turns)) for call in before[:1]]
    compared = compare({"a": before}, {"a": [*now, *before[1:]]}, 0.1)
    p95 = next(one for one in compared if one.figure == "first audio, simple, P95")
    assert p95.worse is not None
    assert not p95.regressed


def test_fewer_right_turns_are_worse_and_so_are_unresolved_calls():
    assert worse(compare({"a": run()}, {"a": run(wrong=8)}, 0.1)) == {"all facts said", "calls resolved"}


def test_agents_that_hang_up_are_not_better_for_it():
    def crashed(call: CallResult) -> CallResult:
        lost = replace(call.turns[2], spoken=False, answered=False, right=False)
        cut = replace(call.turns[1], answered=False, right=False)
        nothing = {"first_audio_ms": None, "first_answer_ms": None, "unmasked_silence_ms": None}
        turns = (call.turns[0], replace(cut, **nothing), replace(lost, **nothing))
        return replace(call, broken="the agent hung up", turns=turns)

    before = run()
    compared = compare({"a": before}, {"a": [crashed(call) for call in before]}, 0.1)
    assert worse(compared) == {"answered", "all facts said", "calls resolved"}
    assert not any(one.worse is not None and one.worse < -0.1 for one in compared)


def test_turns_without_a_label_are_compared_too():
    half = [
        replace(call, turns=(call.turns[0], *(replace(turn, complexity=None) for turn in call.turns[1:])))
        for call in run()
    ]
    figures = {one.figure for one in compare({"a": half}, {"a": half}, 0.1)}
    assert {"first audio, simple, P50", "first audio, all, P50"} <= figures


def test_a_slower_machine_cancels_against_a_reference_agent():
    before = {"a": run(seed=1), "stock": run(2.0, seed=2)}
    slower = {"a": run(1.5, seed=3), "stock": run(3.0, seed=4)}
    assert worse(compare(before, slower, 0.1))
    assert worse(compare(before, slower, 0.1, "stock")) == set()
    really = {"a": run(2.0, seed=3), "stock": run(3.0, seed=4)}
    found = [one for one in compare(before, really, 0.1, "stock") if one.regressed and one.gated]
    assert {(one.agent, one.unit) for one in found} == {("a", "times")}


def test_a_latency_that_no_turn_has_any_more_is_worse():
    silent = [
        replace(call, turns=tuple(replace(turn, first_answer_ms=None, answered=False) for turn in call.turns))
        for call in run()
    ]
    assert {"first answer, simple, P50", "answered"} <= worse(compare({"a": run()}, {"a": silent}, 0.1))


def test_only_calls_that_both_runs_made_are_compared():
    assert worse(compare({"a": run(calls=20)}, {"a": run(calls=10)}, 0.1)) == set()
    with pytest.raises(ValueError, match="none of the calls"):
        compare({"a": run()}, {"a": [replace(call, call="other") for call in run()]}, 0.1)


def test_a_build_server_sees_each_turn_and_why_it_failed():
    good, bad = run(calls=1)[0], run(calls=1)[0]
    bad = replace(
        bad,
        call="bad\x00call",
        broken="the agent hung up",
        turns=(
            replace(bad.turns[0], facts_ms={"$214": None, "9 AM": 700}),
            replace(bad.turns[1], answered=False, first_answer_ms=None),
            TurnResult("bad", 1, 3, "simple", kind="noise", false_interruption=True),
            TurnResult("bad", 1, 4, "simple", spoken=False),
        ),
    )
    suite = ElementTree.fromstring(junit({"a": [good, bad]}))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("9", "5")
    messages = [failure.get("message") for failure in suite.iter("failure")]
    assert messages == [
        "it broke off: the agent hung up",
        "not said: $214",
        "not answered",
        "the noise made the agent stop, or reply",
        "the call broke off before this turn",
    ]
