"""Pipecat's frames in protobuf, as the web page and recorded callers send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InputTransportMessageFrame,
    OutputTransportMessageUrgentFrame,
)
from pipecat.frames.protobufs import frames_pb2
from pipecat.processors.frameworks.rtvi.models import MESSAGE_LABEL, Message
from pipecat.serializers.protobuf import ProtobufFrameSerializer

from voice.server.lines import SAMPLE_RATE
from voice.server.media import parsed
from voice.server.tolerance import NoCall, Senseless

_LEFT = {"type": "signalling", "message": {"type": "peerLeft"}}
"""What pipecat's WebRTC lines send when the agent hangs up."""


class QuietProtobuf(ProtobufFrameSerializer):
    """Pipecat's frames, without a warning for each one that has no such form or makes no sense.

    Args:
        rtvi: Whether the client's messages are pipecat's RTVI messages; others are then dropped.
            If not, it is sent none.
    """

    def __init__(self, *, rtvi: bool = False) -> None:
        super().__init__()
        self._params.ignore_rtvi_messages = not rtvi
        self._rtvi = rtvi
        self._understood = False

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Give what a caller may send: sound and messages. A text would be spoken, unchecked.

        Raises:
            Senseless: it is neither, or sound of another kind than the pipeline's.
            NoCall: so was all that came before.
        """
        frame = await self._read(data)
        self._understood = True
        return frame

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Give a frame's bytes, if it has any. A web client is told when the agent hangs up."""
        if isinstance(frame, EndFrame) and self._rtvi:
            frame = OutputTransportMessageUrgentFrame(message=_LEFT)
        return None if isinstance(frame, EndFrame | CancelFrame) else await super().serialize(frame)

    async def _read(self, data: str | bytes) -> Frame | None:
        if isinstance(data, str):
            raise self._other("this takes pipecat's frames in protobuf, not text: phone providers connect to /phone")
        try:
            proto: Any = frames_pb2.Frame.FromString(data)  # type: ignore[attr-defined]
        except Exception as error:  # the parser's own kind depends on how protobuf was built
            raise Senseless("it is no frame in protobuf") from error
        match proto.WhichOneof("frame"):
            case "audio":
                self._hear(proto.audio)
            case "message":
                self._look_at(proto.message.data)
            case kind:
                raise Senseless(f"a caller sends sound and messages, not {kind or 'an empty frame'}")
        frame = await super().deserialize(data)
        return frame if isinstance(frame, InputAudioRawFrame | InputTransportMessageFrame) else None

    def _hear(self, sound: Any) -> None:
        if (sound.sample_rate, sound.num_channels) != (SAMPLE_RATE, 1):
            raise self._other(
                f"sound must be 16-bit mono at {SAMPLE_RATE} Hz; "
                f"this has {sound.num_channels} channels at {sound.sample_rate} Hz"
            )
        if len(sound.audio) % 2:
            raise Senseless("its sound ends in half a sample")

    def _look_at(self, text: str) -> None:
        message = parsed(text)
        if self._rtvi:
            look_at_rtvi(message)

    def _other(self, why: str) -> ValueError:
        return Senseless(why) if self._understood else NoCall(why)


def look_at_rtvi(message: Mapping[str, Any]) -> None:
    """See that a web client's message is one of RTVI.

    Raises:
        Senseless: it is not.
    """
    try:
        Message.model_validate(message)
    except (ValueError, RecursionError) as error:
        raise Senseless("a message is no RTVI message") from error
    if message.get("label") != MESSAGE_LABEL:
        raise Senseless("a message is no RTVI message")
