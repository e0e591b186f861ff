"""A test that hangs fails, in its body or while it is cleared away, and the others still run; how long one takes
otherwise is no matter, since machines are busy."""

from __future__ import annotations

import signal
from collections.abc import Generator
from types import FrameType

import pytest
from hypothesis import settings

HANGING_SECONDS = 600
"""For one phase of one test; none comes near it on two busy cores."""


settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def _fail(signum: int, frame: FrameType | None) -> None:
    pytest.fail(f"it hung for {HANGING_SECONDS} s")


@pytest.hookimpl(wrapper=True)
def _within_limits(item: pytest.Item) -> Generator[None, object, object]:
    before = signal.signal(signal.SIGALRM, _fail)
    signal.setitimer(signal.ITIMER_REAL, HANGING_SECONDS)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


pytest_runtest_setup = pytest_runtest_call = pytest_runtest_teardown = _within_limits
