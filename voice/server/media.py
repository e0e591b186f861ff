"""The messages of a phone provider's media stream: sound at the pipeline's rate, keys, and what makes no sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pipecat.frames.frames import (
    AudioRawFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
)
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.serializers.base_serializer import FrameSerializer

from voice.processors.frames import HANDED_OFF
from voice.server.lines import SAMPLE_RATE
from voice.server.resampling import AsItIs, Doubler, Halver
from voice.server.tolerance import Senseless

LINE_RATE = SAMPLE_RATE // 2
"""Of the sound on a provider's line, unless it is the pipeline's own: 8 kHz."""

_KEYS = frozenset("0123456789*#")
_OF_NO_CONCERN = frozenset({"connected", "mark", "stop", "clear", "playedStream", "clearedAudio"})


class AtLineRate(FrameSerializer):
    """A provider's protocol whose sound is 8 kHz or 16 kHz, for a pipeline whose sound is 16 kHz.

    Sound goes on without a seam over gaps between packets; only what is cut off is not gone on from. After a hand-off
    the stream alone is closed: hanging up would end what the provider's own flow goes on with.

    Args:
        protocol: The provider's.
        rate: Of its sound, `LINE_RATE` or `SAMPLE_RATE`.
        handed_off: Called then, before the stream is closed.
    """

    def __init__(self, protocol: FrameSerializer, rate: int, handed_off: Callable[[], None]) -> None:
        super().__init__()
        self._protocol = protocol
        self._rate = rate
        self._handed_off = handed_off
        self._heard, self._said = (Doubler(), Halver()) if rate == LINE_RATE else (AsItIs(), AsItIs())

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Get ready for a pipeline."""
        await self._protocol.setup(setup)

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Give the provider's message for a frame, if it has any."""
        if isinstance(frame, EndFrame) and frame.reason == HANDED_OFF:
            self._handed_off()
            return None
        if isinstance(frame, InterruptionFrame):
            self._said.clear()
        elif isinstance(frame, AudioRawFrame):
            frame = OutputAudioRawFrame(self._said(frame.audio), self._rate, 1)
        return await self._protocol.serialize(frame)

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Give the frame that a provider's message stands for, if any.

        Raises:
            Senseless: it is no message of a call that has begun.
        """
        look_at(data)
        try:
            frame = await self._protocol.deserialize(data)
        except ValueError as error:
            raise Senseless("its sound is no base64") from error
        if not isinstance(frame, InputAudioRawFrame):
            return frame
        if len(frame.audio) % 2:
            raise Senseless("its sound ends in half a sample")
        return InputAudioRawFrame(self._heard(frame.audio), SAMPLE_RATE, 1)


def look_at(data: str | bytes) -> None:
    """See that a message of a call that has begun is one that a provider may send.

    Raises:
        Senseless: it is not.
    """
    message = parsed(data)
    match message.get("event"):
        case "media":
            media = message.get("media")
            if not isinstance(media, dict) or not isinstance(media.get("payload"), str):
                raise Senseless("a media message has no sound")
            if media.get("track") == "outbound":
                raise Senseless("it is what the agent says: the stream must have the inbound track alone")
        case "dtmf":
            pressed = message.get("dtmf")
            key = pressed.get("digit") if isinstance(pressed, dict) else None
            if not isinstance(key, str) or key not in _KEYS:
                raise Senseless("a dtmf message has no key of a phone")
        case "start":
            raise Senseless("a start message in a call that has begun")
        case "error":
            raise Senseless(f"the provider says {json.dumps(message)[:300]}")
        case str() as event:
            if event not in _OF_NO_CONCERN:
                raise Senseless(f"there is no event {event[:40]!r}")
        case _:
            raise Senseless("a message names no event")


def parsed(data: str | bytes) -> dict[str, Any]:
    """Give a provider's message.

    Raises:
        Senseless: it is no JSON object.
    """
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Senseless("a message is no JSON") from error
    if not isinstance(message, dict):
        raise Senseless("a message is no JSON object")
    return message
