import json
from pathlib import Path

import pytest

pytest.importorskip("pipecat")

from dataclasses import asdict, replace

from voice.bench.recordings.fit_ends import fit
from voice.bench.recordings.pauses import Pause
from voice.bench.turn_ends import Judged, half_of, judge, main, summary
from voice.hearing.end_of_turn import UNFINISHED, Asked, Wait
from voice.hearing.likelihood import COEFFICIENTS
from voice.processors.patience import AGAIN_SECONDS


def pause(turn: str, *, silence: float | None, complexity: str = "complex", heard: str = "to Denver") -> Pause:
    resumed = None if silence is None else 2.0 + silence
    return Pause(turn, complexity, Asked.OPEN, heard, None, 0, 1, 2.0, resumed, 1.9)


def judged(turn: str, *, silence: float | None, wait: float, complexity: str = "complex") -> Judged:
    return Judged(pause(turn, silence=silence, complexity=complexity), Wait(wait, "a rule"))


def test_a_wait_that_is_over_before_the_caller_goes_on_cuts_the_caller_off() -> None:
    assert judged("a/1", silence=1.2, wait=0.7).cut
    assert not judged("a/1", silence=1.2, wait=1.75).cut
    assert not judged("a/1", silence=None, wait=0.3).cut


def test_a_turn_that_is_cut_twice_counts_once_and_waits_count_at_ends_of_whole_turns() -> None:
    result = summary(
        [
            judged("a/1", silence=1.0, wait=0.4),
            judged("a/1", silence=1.0, wait=0.4),
            judged("a/1", silence=None, wait=2.0),
            judged("b/1", silence=1.0, wait=1.5),
            judged("b/1", silence=None, wait=0.9),
            judged("c/1", silence=None, wait=0.4, complexity="simple"),
        ]
    )
    assert (result["complex"]["turns"], result["complex"]["cut"]) == (2, 1)
    assert result["complex"]["delay_seconds"]["p50"] == pytest.approx(1.0)
    assert result["simple"]["delay_seconds"] == {"mean": 0.5, "p50": 0.5, "p90": 0.5, "p95": 0.5}


def test_the_halves_share_no_call_and_together_are_all() -> None:
    pauses = [pause(f"{name}/{turn}", silence=None) for name in "abcdefgh" for turn in (1, 2)]
    even, odd = half_of(pauses, "even"), half_of(pauses, "odd")
    assert {p.turn[0] for p in even}.isdisjoint(p.turn[0] for p in odd)
    assert len(even) + len(odd) == len(half_of(pauses, "all")) == len(pauses)


def test_callers_who_were_cut_are_given_more_time_for_the_rest_of_their_call_alone() -> None:
    yes = replace(pause("a/1", silence=0.6, heard="Yes."), asked=Asked.YES_NO)
    pauses = [yes, replace(yes, turn="a/2"), replace(yes, turn="b/1")]
    assert [one.cut for one in judge(pauses)] == [True, False, True]
    assert [one.cut for one in judge(pauses, learn=False)] == [True, True, True]
    assert not any(one.cut for one in judge(pauses, least_seconds=0.7))


def test_what_the_ears_hear_once_more_before_a_wait_runs_out_counts() -> None:
    half = pause("a/1", silence=2.0, heard="Find my booking, the code is F7D5.")
    whole = replace(half, again="Find my booking, the code is F7D5LS, and", resumed=4.0)
    assert [one.cut for one in judge([half, whole])] == [True, False]
    assert judge([whole])[0].wait.seconds == pytest.approx(UNFINISHED - AGAIN_SECONDS + UNFINISHED)
    assert judge([replace(half, again="Find my booking.")])[0].wait.seconds == UNFINISHED


def test_the_fit_names_what_the_rules_use_and_finds_what_parts_ends_from_pauses() -> None:
    found = fit(
        [pause("a/1", silence=None, heard="What does it cost to bring a dog?")] * 20
        + [pause("a/1", silence=0.8, heard="I would like to bring a dog.")] * 20
    )
    assert found.keys() == COEFFICIENTS.keys()
    assert found["a question"] > 1


def test_what_was_heard_can_be_judged_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard = tmp_path / "heard.json"
    heard.write_text(json.dumps({"judged": [{"pause": asdict(pause("a/1", silence=None, heard="What's that?"))}]}))
    assert main(["--heard", str(heard), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["summary"]["all"]["turns"] == 1
    assert main(["--heard", str(tmp_path / "none.json")]) == 2
