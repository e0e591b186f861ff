"""The embedded voice's ways with windows, on a voice of three convolutions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import aclosing, closing
from pathlib import Path

import numpy as np
import pytest

from voice.ports import Samples

pytest.importorskip("onnx")
pytest.importorskip("piper")

from tests.speaking import tiny_voice
from voice.speaking.graph import Indivisible
from voice.speaking.piper import PiperSpeaker
from voice.speaking.vits import FIRST_SECONDS, Manner, StreamedVoice, WholeVoice

TEXT = "a nonstop from boston to denver on friday, december the eleventh, at half past three."
MANNER = Manner(0.667, 1.0, 0.8)


class Counted:
    """A voice that notes each piece it makes."""

    def __init__(self, voice: StreamedVoice) -> None:
        self.voice, self.made = voice, list[int]()

    def samples(self, ids: Sequence[int], rate: float = 1.0) -> Iterator[Samples]:
        for samples in self.voice.samples(ids, rate):
            self.made.append(len(ids))
            yield samples


def counted(speaker: PiperSpeaker) -> Counted:
    assert isinstance(speaker.voice, StreamedVoice)
    speaker.voice = counted = Counted(speaker.voice)
    return counted


@pytest.mark.parametrize("speakers", [1, 3])
def test_a_voice_in_windows_sounds_as_in_one_run(tmp_path: Path, speakers: int) -> None:
    path = tiny_voice.save(tmp_path, speakers=speakers)
    manner = Manner(0.667, 1.0, 0.8, speaker=2 if speakers > 1 else None)
    ids = [3 + tiny_voice.LETTERS.index(letter) for letter in TEXT]
    voice = StreamedVoice(path, manner, tiny_voice.RATE, ids)
    pieces = [*voice.samples(ids)]
    assert len(pieces) > 2
    (whole,) = WholeVoice(path, manner).samples(ids)
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-6)
    assert voice.sizes.first == round(FIRST_SECONDS * tiny_voice.RATE / tiny_voice.HOP)


@pytest.mark.parametrize("names", [{"flow": "/normalizing/"}, {"decoder": "/vocoder/"}])
async def test_a_voice_of_another_build_is_heard_whole_and_the_log_says_why(
    tmp_path: Path, names: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    path = tiny_voice.save(tmp_path, **names)
    with pytest.raises(Indivisible, match="no nodes /flow/"):
        StreamedVoice(path, MANNER, tiny_voice.RATE, [3, 4, 5])
    with caplog.at_level(logging.WARNING), closing(PiperSpeaker(tmp_path)) as speaker:
        assert len([piece async for piece in speaker.speak(TEXT)]) == 1
    assert "tiny.onnx is heard a sentence at a time" in caplog.text


def test_a_slower_voice_is_stretched_and_its_manner_stays() -> None:
    slow, usual = (Manner(0.6, 1.1, 0.8).inputs([3, 4], rate)["scales"] for rate in (0.8, 1.0))
    np.testing.assert_allclose(slow, [0.6, 1.375, 0.8], rtol=1e-6)
    np.testing.assert_allclose(usual, [0.6, 1.1, 0.8], rtol=1e-6)


async def test_calls_take_turns_window_by_window(tmp_path: Path) -> None:
    tiny_voice.save(tmp_path)
    with closing(PiperSpeaker(tmp_path)) as speaker:
        voice = counted(speaker)

        async def speak(text: str) -> None:
            async for _ in speaker.speak(text):
                pass

        await asyncio.gather(speak(TEXT), speak(TEXT + TEXT))
    first, second = voice.made[:2]
    assert first < second
    assert voice.made[:6] == [first, second] * 3


async def test_nothing_is_made_for_who_has_stopped_listening(tmp_path: Path) -> None:
    tiny_voice.save(tmp_path)
    with closing(PiperSpeaker(tmp_path)) as speaker:
        voice = counted(speaker)
        async with aclosing(speaker.speak(TEXT)) as windows:
            async for _ in windows:
                break
        assert [piece async for piece in speaker.speak("")] == []
        assert len(voice.made) == 1
