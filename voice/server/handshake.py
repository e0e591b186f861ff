"""The first messages of a phone provider's media stream: whose it is, which call it belongs to, and how it sounds."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fastapi import WebSocket
from pipecat.runner.types import CallData
from pipecat.runner.utils import parse_telephony_websocket

from voice.server.lines import SAMPLE_RATE
from voice.server.media import LINE_RATE, parsed
from voice.server.providers import UnknownStream
from voice.server.tolerance import Senseless

HANDSHAKE_SECONDS = 5.0
"""How long a provider may take to say which call its stream belongs to."""

MOST_BEFORE_START = 100
"""How many messages may come before the one that says so: 2 s of sound, if it comes first."""

_LISTENABLE = {
    "twilio": ("mu-law", "mulaw", (LINE_RATE,)),
    "telnyx": ("PCMU or PCMA", "pcm[ua]", (LINE_RATE,)),
    "plivo": ("mu-law", "mulaw", (LINE_RATE,)),
    "exotel": ("16-bit PCM", "^(?!.*law)", (LINE_RATE, SAMPLE_RATE)),
}
"""The sound of each provider that can be listened to, what is found in the name of its encoding, and its rates.

Of Exotel's 24 kHz, pipecat's resampler would hold back the last 38 ms of every sentence, and nothing more is heard.
"""


async def meet(websocket: WebSocket) -> tuple[str, CallData, int]:
    """Read a stream's first messages; gives the provider's name, what it says about the call, and its sound's rate.

    What comes before the start message is passed over, whatever it is.

    Raises:
        UnknownStream: no start message came, it makes no sense, or its sound can't be listened to.
    """
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            message = await _start_of(websocket)
    except TimeoutError:
        raise UnknownStream(f"no start message came within {HANDSHAKE_SECONDS:g} s") from None
    try:
        provider, call = await parse_telephony_websocket(cast(WebSocket, _Said(json.dumps(message))))
    except Exception as error:  # whatever the start message makes of the parser
        raise UnknownStream("the start message makes no sense") from error
    return provider, call, _rate_of(provider, message["start"])


@dataclass
class _Said:
    """Stands for a connection that said a start message and no more: pipecat reads two, which may be one too many."""

    start: str

    async def iter_text(self) -> AsyncGenerator[str]:
        yield self.start
        yield "{}"


async def _start_of(websocket: WebSocket) -> dict[str, Any]:
    for _ in range(MOST_BEFORE_START):
        received = await websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise UnknownStream("the connection was closed before a start message came")
        try:
            message = parsed(received.get("text") or received.get("bytes") or "")
        except Senseless:
            continue
        if isinstance(start := message.get("start"), dict):
            said = {key: value for key, value in start.items() if value is not None}
            return {**message, "start": said}
    raise UnknownStream(
        f"no start message of Twilio, Telnyx, Plivo or Exotel is among the first {MOST_BEFORE_START} messages"
    )


def _rate_of(provider: str, start: Mapping[str, Any]) -> int:
    """Give the rate of a stream's sound, as it is announced. What is not announced is as it always is.

    Raises:
        UnknownStream: it can't be listened to.
    """
    announced = start.get("media_format") or start.get("mediaFormat")
    if provider not in _LISTENABLE or not isinstance(announced, dict):
        return LINE_RATE
    wanted, pattern, rates = _LISTENABLE[provider]
    encoding = str(announced.get("encoding") or "")
    told = str(announced.get("sample_rate") or announced.get("sampleRate") or LINE_RATE)
    rate = next((rate for rate in rates if told == str(rate)), None)
    if rate is None or (encoding and not re.search(pattern, encoding, re.IGNORECASE)):
        hertz = " or ".join(map(str, rates))
        raise UnknownStream(
            f"the stream has {encoding[:30] or 'sound'} at {told[:9]} Hz, and must have {wanted} at {hertz} Hz"
        )
    return rate
