"""When a provider is left alone, when one call may try it, and which calls have no say in that."""

from __future__ import annotations

import pytest

from voice.llm.breaker import Breaker, Ticket


def admitted(breaker: Breaker, at: float) -> Ticket:
    ticket = breaker.admit(at)
    assert ticket
    return ticket


def tried(at: float = 12.0) -> tuple[Breaker, Ticket, Ticket]:
    """Give a breaker that opened at 2 s for 10 s and is being tried, with an old call and the one that tries."""
    breaker = Breaker(failures=1, cool_seconds=10.0)
    old, broken = admitted(breaker, 0.0), admitted(breaker, 0.0)
    breaker.failed(broken, 2.0)
    return breaker, old, admitted(breaker, at)


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_call_try() -> None:
    breaker = Breaker(failures=2, cool_seconds=10.0)
    breaker.failed(admitted(breaker, 0.0), 0.0)
    breaker.succeeded(admitted(breaker, 0.0))
    breaker.failed(admitted(breaker, 1.0), 1.0)
    assert breaker.state(1.0) == "closed"
    breaker.failed(admitted(breaker, 2.0), 2.0)
    assert [breaker.state(at) for at in (2.0, 11.9, 12.0)] == ["open", "open", "half_open"]
    assert not breaker.admit(5.0)
    trial = admitted(breaker, 12.0)
    assert not breaker.admit(12.1)
    breaker.failed(trial, 12.5)
    assert not breaker.admit(20.0)
    breaker.withdrawn(admitted(breaker, 22.5))
    breaker.succeeded(admitted(breaker, 22.6))
    assert breaker.state(22.7) == "closed"


def test_a_rest_that_was_asked_for_is_kept_when_a_call_from_before_goes_well() -> None:
    breaker = Breaker(failures=5, cool_seconds=10.0)
    limited, other = admitted(breaker, 0.0), admitted(breaker, 0.0)
    breaker.failed(limited, 0.1, rest_seconds=60.0)
    breaker.succeeded(other)
    assert (breaker.state(1.0), breaker.seconds_left(1.0)) == ("open", pytest.approx(59.1))


def test_an_old_call_that_ends_lets_no_second_one_try() -> None:
    for end in (Breaker.withdrawn, Breaker.succeeded):
        breaker, old, trial = tried()
        end(breaker, old)
        assert not breaker.admit(12.1)
        breaker.succeeded(trial)
        assert breaker.state(12.2) == "closed"


def test_an_old_call_that_fails_is_not_taken_for_the_one_that_tries() -> None:
    breaker, old, trial = tried()
    breaker.failed(old, 12.1)
    assert breaker.state(12.1) == "half_open"
    assert not breaker.admit(12.1)
    breaker.withdrawn(trial)
    assert breaker.admit(12.2)


def test_a_rest_that_an_old_call_is_asked_for_holds_and_outlasts_the_trial() -> None:
    breaker, old, trial = tried()
    breaker.failed(old, 12.1, rest_seconds=30.0)
    breaker.succeeded(trial)
    assert not breaker.admit(42.0)
    second = admitted(breaker, 42.2)
    breaker.withdrawn(trial)
    assert not breaker.admit(42.3)
    breaker.succeeded(second)
    assert breaker.state(42.4) == "closed"


def test_calls_that_fail_after_the_one_that_was_too_many_make_the_pause_no_longer() -> None:
    breaker = Breaker(failures=1, cool_seconds=10.0)
    first, second = admitted(breaker, 0.0), admitted(breaker, 0.0)
    breaker.failed(first, 1.0)
    breaker.failed(second, 5.0)
    assert breaker.state(11.0) == "half_open"


def test_without_a_limit_it_never_opens() -> None:
    breaker = Breaker(failures=0, cool_seconds=10.0)
    for _ in range(9):
        breaker.failed(admitted(breaker, 0.0), 0.0, rest_seconds=60.0)
    assert breaker.state(0.0) == "closed"


@pytest.mark.parametrize(("failures", "cool_seconds"), [(-1, 10.0), (5, -0.1)])
def test_its_numbers_are_not_negative(failures: int, cool_seconds: float) -> None:
    with pytest.raises(ValueError, match="must be at least 0, got"):
        Breaker(failures, cool_seconds)
