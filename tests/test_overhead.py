"""What a call's own work takes, by a clock that ticks a millisecond each time it is read."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.test_runtime import Model, Stage
from voice.overhead import PARTS, Overhead
from voice.testing import in_virtual_time


def ticking() -> Overhead:
    ticks = count()
    return Overhead(lambda: next(ticks) / 1000)


def test_work_within_other_work_counts_once() -> None:
    overhead = ticking()
    with overhead.part("commands"), overhead.part("trace"):
        pass
    account = overhead.settle()
    assert account["parts"] == {**dict.fromkeys(PARTS, 0.0), "commands": 2.0, "trace": 1.0}
    assert (account["all"], account["longest"]) == (3.0, 3.0)


def test_work_for_what_was_overtaken_kept_nobody_waiting() -> None:
    overhead = ticking()
    with overhead.part("router"):
        pass
    with overhead.part("core"):
        overhead.overtaken()
    account = overhead.settle()
    assert (account["ahead"], account["all"], account["parts"]["router"]) == (1.0, 1.0, 0.0)
    assert overhead.settle()["ahead"] == 0.0


def test_work_that_fails_counts_too() -> None:
    overhead = ticking()
    with pytest.raises(RuntimeError), overhead.part("router"):
        raise RuntimeError
    assert overhead.settle()["parts"]["router"] == 1.0


@in_virtual_time
async def test_every_answered_turn_leaves_what_its_own_work_took() -> None:
    ticks = count()
    stage = Stage(fast=Model("fast"), clock=lambda: next(ticks) / 1000)
    await stage.turn("bags")
    await stage.turn("fly me")
    accounts: list[dict[str, Any]] = [line for line in stage.lines if line["kind"] == "overhead"]
    assert [(line["turn"], line["drafts"]) for line in accounts] == [(1, 0), (2, 1)]
    code, drafted = accounts
    # Reading and routing; each draft is asked for, read back, examined and judged.
    assert (code["parts"]["router"], code["parts"]["checks"], code["parts"]["prompt"]) == (2.0, 0.0, 0.0)
    assert (drafted["parts"]["router"], drafted["parts"]["checks"], drafted["parts"]["prompt"]) == (2.0, 2.0, 2.0)
    assert code["all"] == sum(code["parts"].values())
