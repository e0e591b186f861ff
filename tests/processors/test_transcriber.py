"""Ears in a pipeline: what is decoded when, and what goes out, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection

from voice.ports import Samples, Transcript, Word
from voice.processors.frames import HearSoFarFrame, MurmurFrame, OverheardFrame, UnheardFrame, VoiceFrame
from voice.processors.transcriber import TranscriberSTTService
from voice.testing import in_virtual_time

RATE = 16_000


class Hears:
    """Hears a word for every second of audio, and takes a tenth of it for that."""

    def __init__(self, words: Sequence[str] = ("one", "two", "three", "four", "five"), *, breaks: bool = False) -> None:
        self.words = words
        self.breaks = breaks
        self.lengths: list[float] = []
        self.names: list[Sequence[str]] = []

    async def transcribe(self, audio: Samples, *, context: str = "", names: Sequence[str] = ()) -> Transcript:
        seconds = len(audio) / RATE
        self.lengths.append(round(seconds, 1))
        self.names.append(names)
        await asyncio.sleep(seconds / 10)
        if self.breaks:
            raise RuntimeError("no ears")
        said = tuple(Word(word, 0.0, 0.0, 0.9) for word in self.words[: int(seconds)])
        return Transcript(" ".join(word.text for word in said), said)


class Ears(TranscriberSTTService):
    """The service without a pipeline around it; keeps what it sends, as words."""

    def __init__(self, transcriber: Hears, **settings: Any) -> None:
        super().__init__(transcriber, **settings)
        self.sent: list[str] = []

    def create_task(
        self, coroutine: Coroutine[Any, Any, Any], name: str | None = None, context: object = None
    ) -> asyncio.Task[Any]:
        return asyncio.ensure_future(coroutine)

    async def cancel_task(self, task: asyncio.Task[Any], timeout: float | None = None) -> None:  # noqa: ASYNC109
        task.cancel()

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        match frame:
            case InterimTranscriptionFrame():
                self.sent.append(f"so far: {frame.text}")
            case TranscriptionFrame():
                self.sent.append(f"final: {frame.text}")
            case OverheardFrame():
                self.sent.append(f"overheard: {frame.text}")
            case UnheardFrame():
                self.sent.append("unheard")
            case _:
                pass

    async def push_error(self, error_msg: str, *_: object, **__: object) -> None:
        self.sent.append(f"error: {error_msg}")

    async def takes(self, *frames: Frame) -> None:
        for frame in frames:
            await self.process_frame(frame, FrameDirection.DOWNSTREAM)

    async def speech(self, seconds: float) -> None:
        """Hear so much audio, as it comes."""
        for _ in range(round(seconds * 10)):
            await self.process_audio_frame(
                InputAudioRawFrame(b"\1\0" * (RATE // 10), RATE, 1), FrameDirection.DOWNSTREAM
            )
            await asyncio.sleep(0.1)


async def ears(hears: Hears, **settings: Any) -> Ears:
    service = Ears(hears, **settings)
    await service.takes(VADUserStartedSpeakingFrame(), UserStartedSpeakingFrame())
    return service


@in_virtual_time
async def test_the_first_sign_of_silence_has_the_turn_decoded_and_its_end_gives_it_as_final() -> None:
    service = await ears(Hears())
    await service.speech(2.1)
    await service.takes(VoiceFrame(on=False))
    await asyncio.sleep(0.5)
    assert service.sent == ["so far: one two"]
    await service.takes(VADUserStoppedSpeakingFrame(), UserStoppedSpeakingFrame())
    assert service.sent[1:] == ["final: one two"]


@in_virtual_time
async def test_the_same_names_are_listened_for_in_every_decode() -> None:
    names, hears = ("Oslo", "Rome"), Hears()
    service = await ears(hears, names=names, stream_seconds=1.0)
    await service.speech(3.1)
    await service.takes(VADUserStoppedSpeakingFrame(), UserStoppedSpeakingFrame())
    await asyncio.sleep(1)
    assert len(hears.names) > 2
    assert all(each is names for each in hears.names)


@in_virtual_time
async def test_a_caller_who_goes_on_overtakes_the_decode_and_is_heard_whole() -> None:
    hears = Hears()
    service = await ears(hears)
    await service.speech(2.1)
    await service.takes(VoiceFrame(on=False), VoiceFrame(on=True))
    await service.speech(1.0)
    await service.takes(VoiceFrame(on=False), VADUserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent == ["so far: one two three"]


@in_virtual_time
async def test_a_turn_that_ends_while_it_is_decoded_waits_for_its_words() -> None:
    service = await ears(Hears())
    await service.speech(2.1)
    await service.takes(VADUserStoppedSpeakingFrame(), UserStoppedSpeakingFrame())
    assert service.sent == []
    await asyncio.sleep(0.5)
    assert service.sent == ["so far: one two", "final: one two"]


@in_virtual_time
async def test_who_speaks_on_while_slow_ears_still_make_out_the_words_before_is_heard_whole() -> None:
    service = await ears(Hears())
    await service.speech(2.1)
    await service.takes(VADUserStoppedSpeakingFrame(), UserStoppedSpeakingFrame())
    await service.takes(VADUserStartedSpeakingFrame(), UserStartedSpeakingFrame())
    await service.speech(1.0)
    await service.takes(VADUserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent[-1] == "so far: one two three"


@in_virtual_time
async def test_what_is_heard_outside_of_a_turn_is_overheard_and_a_murmur_forgets_it() -> None:
    service = Ears(Hears())
    await service.takes(VADUserStartedSpeakingFrame())
    await service.speech(1.1)
    await service.takes(VADUserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent == ["overheard: one"]
    await service.takes(MurmurFrame(), UserStartedSpeakingFrame(), UserStoppedSpeakingFrame())
    assert service.sent == ["overheard: one"]


@in_virtual_time
async def test_who_speaks_on_outside_of_a_turn_is_overheard_in_the_midst_of_it_when_that_is_asked_for() -> None:
    service = Ears(Hears())
    await service.takes(VADUserStartedSpeakingFrame())
    await service.speech(1.1)
    await service.takes(HearSoFarFrame())
    await service.speech(1.0)
    assert service.sent == ["overheard: one"]
    await service.takes(UserStartedSpeakingFrame(), VoiceFrame(on=False), HearSoFarFrame())
    await asyncio.sleep(0.5)
    assert service.sent == ["overheard: one", "so far: one two"]


@in_virtual_time
async def test_asked_in_a_pause_they_hear_what_the_detector_took_for_silence() -> None:
    service = await ears(Hears())
    await service.speech(1.1)
    await service.takes(VADUserStoppedSpeakingFrame())
    await service.speech(1.0)
    await service.takes(HearSoFarFrame())
    await asyncio.sleep(0.5)
    assert service.sent == ["so far: one", "so far: one two"]
    await service.takes(UserStoppedSpeakingFrame())
    assert service.sent[2:] == ["final: one two"]


@in_virtual_time
async def test_a_turn_that_ends_while_its_pause_is_heard_again_is_what_was_heard_before() -> None:
    service = await ears(Hears())
    await service.speech(1.1)
    await service.takes(VADUserStoppedSpeakingFrame())
    await service.speech(1.0)
    await service.takes(HearSoFarFrame(), UserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent == ["so far: one", "final: one"]


@in_virtual_time
async def test_a_caller_who_goes_on_while_a_pause_is_heard_again_is_heard_whole() -> None:
    service = await ears(Hears())
    await service.speech(1.1)
    await service.takes(VADUserStoppedSpeakingFrame())
    await service.speech(1.0)
    await service.takes(HearSoFarFrame(), VADUserStartedSpeakingFrame(), VoiceFrame(on=True))
    await service.speech(1.0)
    await service.takes(VoiceFrame(on=False), VADUserStoppedSpeakingFrame(), UserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent[-1] == "final: one two three"


@in_virtual_time
async def test_ears_that_fail_say_so_and_the_next_turn_is_heard() -> None:
    hears = Hears(breaks=True)
    service = await ears(hears)
    await service.speech(1.1)
    await service.takes(VADUserStoppedSpeakingFrame(), UserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent == ["error: speech could not be transcribed: no ears", "so far: ", "unheard"]
    hears.breaks = False
    await service.takes(VADUserStartedSpeakingFrame(), UserStartedSpeakingFrame())
    await service.speech(1.1)
    await service.takes(VADUserStoppedSpeakingFrame(), UserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent[-1].startswith("final: one")


@in_virtual_time
async def test_ears_that_fail_while_the_agent_speaks_take_nobody_for_a_mere_listener() -> None:
    service = Ears(Hears(breaks=True))
    await service.takes(VADUserStartedSpeakingFrame())
    await service.speech(1.1)
    await service.takes(VADUserStoppedSpeakingFrame())
    await asyncio.sleep(0.5)
    assert service.sent == ["error: speech could not be transcribed: no ears"]


@in_virtual_time
async def test_what_two_decodes_of_growing_speech_agree_on_goes_out_while_the_caller_speaks_on() -> None:
    service = await ears(Hears(), stream_seconds=1.0)
    await service.speech(4.5)
    assert service.sent[0] == "so far: one"
    assert service.sent[-1] == "so far: one two three"
