"""Speech at another rate."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from voice.speaking.pacing import PAUSE_SECONDS, spoken

TEXT = "I found one at nine: it is nonstop and quick, and it costs ninety dollars."


class Plain:
    """A voice of one rate, that says what it says as text."""

    sample_rate = 100

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        yield text.encode()


class Pacing(Plain):
    async def speak_at(self, text: str, rate: float) -> AsyncIterator[bytes]:
        yield f"{rate}: {text}".encode()


async def said(speaker: Plain, rate: float) -> list[bytes]:
    return [part async for part in spoken(speaker, TEXT, rate)]


async def test_a_voice_that_can_speak_slower_does() -> None:
    assert await said(Pacing(), 0.8) == [f"0.8: {TEXT}".encode()]
    assert await said(Pacing(), 1.0) == [TEXT.encode()]


async def test_a_voice_that_cannot_pauses_between_phrases() -> None:
    parts = await said(Plain(), 0.8)
    silence = bytes(2 * round(PAUSE_SECONDS * 100))
    assert parts[1::2] == [silence, silence]
    assert b" ".join(parts[::2]) == TEXT.encode()


@pytest.mark.parametrize("rate", [1.0, 1.25])
async def test_a_voice_that_cannot_speak_faster_speaks_as_it_does(rate: float) -> None:
    assert await said(Plain(), rate) == [TEXT.encode()]
