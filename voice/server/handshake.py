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

from voice.server.media import LINE_RATE, parsed
from voice.server.providers import UnknownStream
from voice.server.tolerance import Senseless

HANDSHAKE_SECONDS = 5.0
"""How long a provider may take to say which call its stream belongs to."""

MOST_BEFORE_START = 100
"""How many messages may come before the one that says so: 2 s of sound, if it comes first."""

_LISTENABLE = {
    "twilio": ("mu-law", "mulaw"),
    "telnyx": ("PCMU or PCMA", "pcm[ua]"),
    "plivo": ("mu-law", "mulaw"),
    "exotel": ("16-bit PCM", "^(?!.*law)"),
}
"""The sound of each provider that can be listened to, and what is found in the name of its encoding."""


async def meet(websocket: WebSocket) -> tuple[str, CallData]:
    """Read a stream's first messages; gives the provider's name and what it says about the call.

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
    _listenable(provider, message["start"])
    return provider, call


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


def _listenable(provider: str, start: Mapping[str, Any]) -> None:
    """See that a stream's sound, as it is announced, can be listened to. What is not announced is as it always is."""
    announced = start.get("media_format") or start.get("mediaFormat")
    if provider not in _LISTENABLE or not isinstance(announced, dict):
        return
    wanted, pattern = _LISTENABLE[provider]
    encoding = str(announced.get("encoding") or "")
    rate = announced.get("sample_rate") or announced.get("sampleRate") or LINE_RATE
    if str(rate) != str(LINE_RATE) or (encoding and not re.search(pattern, encoding, re.IGNORECASE)):
        raise UnknownStream(
            f"the stream has {encoding[:30] or 'sound'} at {str(rate)[:9]} Hz, and must have {wanted} at {LINE_RATE} Hz"
        )
