"""Speech that pauses while somebody seems to speak, on virtual time."""

from __future__ import annotations

import asyncio

from pipecat.frames.frames import Frame, InterruptionFrame, TTSAudioRawFrame, VADUserStartedSpeakingFrame
from pipecat.processors.frame_processor import FrameDirection

from tests.virtual_time import in_virtual_time
from voice.processors.breath import LEAD_SECONDS, LONGEST_SECONDS, BreathProcessor
from voice.processors.frames import MurmurFrame, VoiceFrame

RATE = 16_000


class Ears(BreathProcessor):
    """Keeps what leaves it, and when, without a pipeline."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[float] = []

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        if isinstance(frame, TTSAudioRawFrame):
            self.sent.append(asyncio.get_running_loop().time())

    def say(self, seconds: float) -> None:
        self._frames.put_nowait(TTSAudioRawFrame(bytes(2 * int(seconds * RATE)), RATE, 1))

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
