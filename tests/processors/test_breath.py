"""Speech that pauses while somebody seems to speak, on virtual time."""

from __future__ import annotations

import asyncio

import numpy as np
from pipecat.frames.frames import (
    Frame,
    InterruptionFrame,
    TTSAudioRawFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection

from voice.processors.breath import BREATH_SECONDS, ENDED_SECONDS, LEAD_SECONDS, LONGEST_SECONDS, BreathProcessor
from voice.processors.frames import MurmurFrame, VoiceFrame
from voice.testing import in_virtual_time

RATE = 16_000


class Ears(BreathProcessor):
    """Keeps what leaves it, and when, without a pipeline."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[float] = []

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        if isinstance(frame, TTSAudioRawFrame):
            self.sent.append(asyncio.get_running_loop().time())

    def say(self, seconds: float, *, loudness: int = 3000) -> None:
        samples = np.full(round(seconds * RATE), loudness, np.int16)
        self._frames.put_nowait(TTSAudioRawFrame(samples.tobytes(), RATE, 1))

    async def hears_voice(self, seconds: float) -> None:
        """Hear somebody from the first sign of a voice to the first sign of silence, and be sure of it in between."""
        await self.see(VoiceFrame(on=True))
        await asyncio.sleep(0.14)
        await self.see(VADUserStartedSpeakingFrame())
        await asyncio.sleep(seconds - 0.14)
        await self.see(VoiceFrame(on=False))

    async def see(self, frame: Frame) -> None:
        self.follow(frame)

    def gaps(self, least: float = 0.05) -> list[float]:
        return [round(b - a, 2) for a, b in zip(self.sent, self.sent[1:], strict=False) if b - a > least]


async def speaking(seconds: float = 1.0) -> tuple[Ears, asyncio.Task[None]]:
    ears = Ears()
    ears.say(seconds)
    sending = asyncio.create_task(ears.send())
    await asyncio.sleep(0.3)
    return ears, sending


@in_virtual_time
async def test_speech_is_sent_no_further_ahead_than_can_be_held_back() -> None:
    ears, sending = await speaking()
    assert len(ears.sent) * 0.02 <= 0.3 + LEAD_SECONDS + 0.02
    await asyncio.sleep(1)
    assert len(ears.sent) == 50
    sending.cancel()


@in_virtual_time
async def test_a_click_and_a_murmur_pause_the_speech_and_none_of_it_is_lost() -> None:
    ears, sending = await speaking()
    await ears.see(VoiceFrame(on=True))
    await asyncio.sleep(0.2)
    await ears.see(VoiceFrame(on=False))
    await asyncio.sleep(0.1)
    await ears.see(VoiceFrame(on=True))
    await ears.see(VADUserStartedSpeakingFrame())
    await asyncio.sleep(0.5)
    await ears.see(VoiceFrame(on=False))
    await asyncio.sleep(0.3)
    await ears.see(MurmurFrame())
    await asyncio.sleep(1)
    assert len(ears.sent) == 50
    assert len(ears.gaps()) == 2
    sending.cancel()


@in_virtual_time
async def test_an_interruption_drops_the_rest_and_what_is_said_next_is_heard() -> None:
    ears, sending = await speaking()
    await ears.see(VoiceFrame(on=True))
    before = len(ears.sent)
    await ears.see(InterruptionFrame())
    await asyncio.sleep(1)
    assert len(ears.sent) == before
    ears.say(0.2)
    await asyncio.sleep(1)
    assert len(ears.sent) == before + 10
    sending.cancel()


@in_virtual_time
async def test_nobody_holds_the_agents_breath_for_ever() -> None:
    ears, sending = await speaking()
    await ears.see(VoiceFrame(on=True))
    await ears.see(VADUserStartedSpeakingFrame())
    await asyncio.sleep(LONGEST_SECONDS + 1)
    assert len(ears.sent) == 50
    sending.cancel()


@in_virtual_time
async def test_a_voice_that_ends_within_a_breath_pauses_the_speech_for_no_longer_whatever_the_ears_take() -> None:
    for seconds in (0.3, 0.5, BREATH_SECONDS, ENDED_SECONDS):
        ears, sending = await speaking()
        await ears.hears_voice(seconds)
        await asyncio.sleep(0.08)
        await ears.see(VADUserStoppedSpeakingFrame())
        await asyncio.sleep(2)
        assert len(ears.sent) == 50
        (gap,) = ears.gaps()
        assert gap - LEAD_SECONDS - 0.02 <= max(BREATH_SECONDS, seconds) - LEAD_SECONDS  # what was ahead is still heard
        sending.cancel()


@in_virtual_time
async def test_words_that_are_heard_within_a_breath_are_not_talked_over() -> None:
    ears, sending = await speaking()
    await ears.hears_voice(0.4)  # "stop"
    before = len(ears.sent)
    await asyncio.sleep(0.15)
    await ears.see(InterruptionFrame())
    await asyncio.sleep(1)
    assert len(ears.sent) == before
    sending.cancel()


@in_virtual_time
async def test_words_that_are_heard_later_stop_the_speech_when_they_are() -> None:
    ears, sending = await speaking(2.0)
    await ears.hears_voice(0.4)
    before = len(ears.sent)
    await asyncio.sleep(0.4)  # of which 0.2 s after the breath
    await ears.see(InterruptionFrame())
    await asyncio.sleep(1)
    assert before < len(ears.sent) <= before + (0.2 + LEAD_SECONDS) / 0.02 + 1
    sending.cancel()


@in_virtual_time
async def test_whoever_speaks_for_longer_than_a_listener_is_waited_for_until_their_words_are_known() -> None:
    ears, sending = await speaking()
    await ears.hears_voice(ENDED_SECONDS + 0.05)  # "no, wait"
    before = len(ears.sent)
    await asyncio.sleep(1)
    assert len(ears.sent) == before
    sending.cancel()


@in_virtual_time
async def test_a_voice_that_goes_on_after_a_gap_is_one_and_holds_the_speech_for_as_long() -> None:
    ears, sending = await speaking()
    await ears.hears_voice(0.4)
    before = len(ears.sent)
    await asyncio.sleep(0.1)
    await ears.see(VoiceFrame(on=True))
    await asyncio.sleep(0.3)
    await ears.see(VoiceFrame(on=False))
    await asyncio.sleep(1)
    assert len(ears.sent) == before
    sending.cancel()


@in_virtual_time
async def test_who_is_heard_again_after_the_breath_before_the_detector_is_sure_of_the_silence_is_still_a_voice() -> (
    None
):
    ears, sending = await speaking(2.0)
    await ears.hears_voice(ENDED_SECONDS)
    await asyncio.sleep(0.05)
    await ears.see(VoiceFrame(on=True))
    before = len(ears.sent)
    await asyncio.sleep(0.7)
    await ears.see(VoiceFrame(on=False))
    await asyncio.sleep(1)
    assert len(ears.sent) == before
    sending.cancel()


@in_virtual_time
async def test_silence_that_was_heard_already_is_not_heard_again_and_no_word_is_left_out() -> None:
    ears = Ears()
    ears.say(0.5)
    ears.say(0.3, loudness=0)
    ears.say(0.5)
    sending = asyncio.create_task(ears.send())
    await asyncio.sleep(0.46)
    await ears.see(VoiceFrame(on=True))
    await asyncio.sleep(0.2)
    await ears.see(VoiceFrame(on=False))
    await asyncio.sleep(2)
    assert 50 <= len(ears.sent) <= 55
    sending.cancel()


@in_virtual_time
async def test_an_answer_after_an_interruption_is_spoken_whole() -> None:
    ears, sending = await speaking()
    await ears.see(VoiceFrame(on=True))
    await asyncio.sleep(0.5)
    await ears.see(InterruptionFrame())
    before = len(ears.sent)
    ears.say(0.2, loudness=0)
    await asyncio.sleep(1)
    assert len(ears.sent) == before + 10
    sending.cancel()


@in_virtual_time
async def test_how_long_a_voice_was_is_told_by_its_audio_and_not_by_when_a_busy_machine_heard_of_it() -> None:
    for since, goes_on in ((0.5, True), (0.8, False)):
        ears, sending = await speaking()
        await ears.see(VoiceFrame(on=True))
        await ears.see(VADUserStartedSpeakingFrame())
        before = len(ears.sent)
        await asyncio.sleep(0.9)
        await ears.see(VoiceFrame(on=False, since=since))
        await asyncio.sleep(0.1)
        assert (len(ears.sent) > before) is goes_on
        sending.cancel()
