"""Starting says what it waits for and what does not answer, and a provider that hangs does not hold it up for long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.llm.fake_endpoint import HEAD, endpoint, event, status, usage
from voice import stack
from voice.config import load
from voice.stack import open_tiers

pytestmark = pytest.mark.real

PROFILE = """
name = "mine"
[[tiers]]
name = "fast"
model = "m"
base_url = "{url}"
first_token_timeout_seconds = 0.5
"""


async def start(folder: Path, *answer: bytes | float) -> list[str]:
    told: list[str] = []
    async with endpoint(*answer) as at:
        profile = folder / "mine.toml"
        profile.write_text(PROFILE.replace("{url}", at.base_url))
        async with asyncio.timeout(5), open_tiers(load(profile, {}), progress=told.append):
            pass
    return [line.replace(at.base_url, "URL") for line in told]


async def test_a_tier_that_answers_is_ready(tmp_path: Path):
    assert await start(tmp_path, HEAD, event("x", finish="length"), usage(1, 1)) == ["fast tier: m"]


async def test_a_tier_that_refuses_is_told_with_what_it_said(tmp_path: Path):
    assert await start(tmp_path, status(401)) == ["fast tier: m does not answer: refused (401)"]


async def test_what_is_waited_for_is_told_and_no_longer_than_a_first_token_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stack, "_TELL_SECONDS", 0.1)
    assert await start(tmp_path, 20.0) == ["fast tier: waiting for URL", "fast tier: m does not answer: slow"]
