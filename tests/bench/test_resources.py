"""What an agent's processes take of the machine is read from outside."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from voice.bench.measured import resources
from voice.bench.measured.resources import metered
from voice.testing import in_virtual_time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(resources, "PROC", tmp_path)
    return tmp_path


def process(proc: Path, pid: int, parent: int, seconds: float, megabytes: float) -> None:
    folder = proc / str(pid)
    folder.mkdir(exist_ok=True)
    ticks = round(seconds * TICKS)
    zeros = " 0" * 9
    (folder / "stat").write_text(f"{pid} (my (odd) name) S {parent}{zeros} {ticks // 2} {ticks - ticks // 2} 0 0\n")
    (folder / "statm").write_text(f"9999 {round(megabytes * 1e6 / PAGE)} 0 0 0 0 0\n")


@in_virtual_time
async def test_a_process_and_all_below_it_are_metered_and_nobody_else(proc: Path):
    process(proc, 10, 1, 5.0, 100)
    process(proc, 11, 10, 1.0, 200)
    process(proc, 12, 11, 0.0, 50)
    process(proc, 13, 1, 9.0, 999)
    async with metered(10) as meter:
        await asyncio.sleep(1)
        process(proc, 11, 10, 3.5, 300)
        await asyncio.sleep(1)
        process(proc, 10, 1, 5.5, 100)
        process(proc, 11, 10, 3.5, 20)
        process(proc, 13, 1, 20.0, 999)
        await asyncio.sleep(1)
    assert meter.cpu_seconds == pytest.approx(3.0, abs=0.05)
    assert meter.peak_memory_mb == pytest.approx(450, abs=1)


@in_virtual_time
async def test_what_runs_elsewhere_or_is_not_there_is_not_metered(proc: Path):
    for pid in (None, 10):
        async with metered(pid) as meter:
            await asyncio.sleep(1)
        assert (meter.cpu_seconds, meter.peak_memory_mb) == (None, None)
