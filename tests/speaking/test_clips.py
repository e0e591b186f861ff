from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from voice.ports import SpeechError
from voice.speaking.clips import ClippedSpeaker


class CountingSpeaker:
    sample_rate = 16_000

    def __init__(self) -> None:
        self.spoken: list[str] = []

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        self.spoken.append(text)
        if text == "broken":
            raise SpeechError("the voice is gone")
        yield text.encode()
        yield b"!!"


async def said(speaker: ClippedSpeaker, text: str) -> bytes:
    return b"".join([part async for part in speaker.speak(text)])


async def test_a_clip_rendered_ahead_is_not_made_again() -> None:
    inner = CountingSpeaker()
    speaker = ClippedSpeaker(inner)
    await speaker.render(["Okay.", "Sure.", "Okay."])
    assert await said(speaker, "Okay.") == b"Okay.!!"
    assert inner.spoken == ["Okay.", "Sure."]


async def test_long_texts_are_not_kept() -> None:
    inner = CountingSpeaker()
    speaker = ClippedSpeaker(inner, longest=5)
    await said(speaker, "longer than five")
    await said(speaker, "longer than five")
    assert len(inner.spoken) == 2


async def test_the_least_recently_used_clip_goes_first_when_the_room_is_used_up() -> None:
    inner = CountingSpeaker()
    speaker = ClippedSpeaker(inner, most_bytes=8)
    for text in ("aa", "bb", "aa", "cc", "aa", "bb"):
        await said(speaker, text)
    assert inner.spoken == ["aa", "bb", "cc", "bb"]


async def test_a_voice_that_fails_leaves_no_half_clip() -> None:
    inner = CountingSpeaker()
    speaker = ClippedSpeaker(inner)
    for _ in range(2):
        with pytest.raises(SpeechError):
            await said(speaker, "broken")
    assert inner.spoken == ["broken", "broken"]


class EndlessSpeaker:
    sample_rate = 16_000

    def __init__(self) -> None:
        self.closed: list[str] = []

    async def speak(self, text: str) -> AsyncGenerator[bytes]:
        try:
            while True:
                await asyncio.sleep(0)
                yield text.encode()
        finally:
            self.closed.append(text)


async def test_a_long_text_is_made_no_further_once_nobody_listens() -> None:
    inner = EndlessSpeaker()
    speaker = ClippedSpeaker(inner, longest=5)
    first, second = (speaker.speak("longer than five") for _ in range(2))
    for listener in (first, second):
        assert await anext(listener) == b"longer than five"
    await first.aclose()
    await anext(second)
    assert inner.closed == []
    await second.aclose()
    for _ in range(3):
        await asyncio.sleep(0)
    assert inner.closed == ["longer than five"]


class PacedSpeaker(CountingSpeaker):
    async def speak_at(self, text: str, rate: float) -> AsyncIterator[bytes]:
        self.spoken.append(f"{text} at {rate}")
        yield text.encode()


async def test_a_clip_at_another_rate_is_another_clip() -> None:
    inner = PacedSpeaker()
    speaker = ClippedSpeaker(inner)
    for rate in (1.0, 0.8, 0.8, 1.0):
        assert [part async for part in speaker.speak_at("Okay.", rate)]
    assert inner.spoken == ["Okay.", "Okay. at 0.8"]
