import pytest

pytest.importorskip("pipecat")

from voice.bench.turn_ends import Pause, summary


def pause(turn: str, *, silence: float | None, wait: float, complexity: str = "complex") -> Pause:
    return Pause(turn, complexity, "to Denver", None, silence, wait, "a rule")


def test_a_wait_shorter_than_the_pause_cuts_the_caller_off() -> None:
    assert pause("a/1", silence=1.2, wait=0.7).cut
    assert not pause("a/1", silence=1.2, wait=1.75).cut
    assert not pause("a/1", silence=None, wait=0.2).cut


def test_a_wait_just_as_long_as_the_pause_cuts_because_resumed_speech_is_noticed_late() -> None:
    assert pause("a/1", silence=1.0, wait=1.0).cut


def test_a_turn_that_is_cut_twice_counts_once_and_waits_count_at_ends_only() -> None:
    pauses = [
        pause("a/1", silence=1.0, wait=0.2),
        pause("a/1", silence=1.0, wait=0.2),
        pause("a/1", silence=None, wait=2.0),
        pause("b/1", silence=None, wait=0.35, complexity="simple"),
    ]
    result = summary(pauses)
    assert (result["complex"]["turns"], result["complex"]["cut"]) == (1, 1)
    assert result["simple"] == {
        "turns": 1,
        "cut": 0,
        "delay_seconds": {"mean": 0.35, "p50": 0.35, "p90": 0.35},
    }
    assert result["all"]["turns"] == 2
