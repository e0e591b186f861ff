"""The protocols in which a recorded caller talks to an agent."""

from __future__ import annotations

from typing import Literal

from voice.bench.wire.line import Clear, Line, LineError, Sound
from voice.bench.wire.protobuf import ProtobufLine
from voice.bench.wire.twilio import TwilioLine

__all__ = ["PROTOCOLS", "Clear", "Line", "LineError", "ProtobufLine", "Protocol", "Sound", "TwilioLine", "open_line"]

Protocol = Literal["protobuf", "twilio"]
PROTOCOLS: tuple[Protocol, ...] = ("protobuf", "twilio")


async def open_line(protocol: Protocol, url: str) -> Line:
    """Call the agent at ``url``.

    Raises:
        LineError: nobody answers there.
    """
    return await (ProtobufLine if protocol == "protobuf" else TwilioLine).open(url)
