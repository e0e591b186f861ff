"""Twilio's Media Streams over a WebSocket: 8 kHz mu-law in JSON, both ways, from Twilio's side of the line.

The protocol: https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import io
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import numpy as np
import soundfile
from websockets.asyncio.client import ClientConnection

from voice.bench.wire.line import Clear, LineError, Sound, connect, transmit

SAMPLE_RATE = 8_000


class TwilioLine:
    """A line to an agent that answers calls from Twilio.

    As Twilio does, it plays the agent's sound in the order of its arrival, at the pace of speech, and answers each
    ``mark`` when what came before it was played, or taken back by a ``clear``.
    """

    sample_rate = SAMPLE_RATE

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._stream = f"MZ{uuid.uuid4().hex}"
        self._sequence = 0
        self._chunks = 0
        self._sent = 0
        self._played_until = 0.0
        self._cleared = asyncio.Event()
        self._marks: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, url: str, *, timeout_seconds: float = 10.0) -> TwilioLine:
        """Connect, and say whose stream this is.

        Raises:
            LineError: nobody answers at ``url``, or it hangs up at once.
        """
        line = cls(await connect(url, timeout_seconds))
        await transmit(line._connection, json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        about = {
            "streamSid": line._stream,
            "accountSid": f"AC{'0' * 32}",
            "callSid": f"CA{uuid.uuid4().hex}",
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": SAMPLE_RATE, "channels": 1},
            "customParameters": {},
        }
        await line._say("start", start=about)
        return line

    async def send(self, pcm: bytes) -> None:
        """Send 8 kHz PCM."""
        self._chunks += 1
        media = {
            "track": "inbound",
            "chunk": str(self._chunks),
            "timestamp": str(self._sent * 1000 // SAMPLE_RATE),
            "payload": base64.b64encode(to_mulaw(pcm)).decode(),
        }
        self._sent += len(pcm) // 2
        await self._say("media", media=media)

    async def receive(self) -> AsyncIterator[Sound | Clear]:
        """Give what the agent sends; marks are answered here."""
        clock = asyncio.get_running_loop().time
        async for message in self._connection:
            event, data = _understood(message)
            match event:
                case "media":
                    pcm = from_mulaw(_payload(data))
                    self._played_until = max(self._played_until, clock()) + len(pcm) / 2 / SAMPLE_RATE
                    yield Sound(pcm, SAMPLE_RATE)
                case "clear":
                    self._played_until = clock()
                    self._cleared.set()
                    self._cleared = asyncio.Event()
                    yield Clear()
                case "mark":
                    task = asyncio.create_task(self._answer(data, self._played_until - clock(), self._cleared))
                    self._marks.add(task)
                    task.add_done_callback(self._marks.discard)
                case _:
                    pass

    async def close(self) -> None:
        """Say that the call is over, and hang up."""
        for task in self._marks:
            task.cancel()
        with contextlib.suppress(LineError):
            await self._say("stop", stop={"accountSid": f"AC{'0' * 32}", "callSid": f"CA{'0' * 32}"})
        await self._connection.close()

    async def _answer(self, mark: Any, seconds: float, cleared: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(cleared.wait(), max(0.0, seconds))
        with contextlib.suppress(LineError):
            await self._say("mark", mark=mark.get("mark", {}))

    async def _say(self, event: str, **content: object) -> None:
        self._sequence += 1
        message = {"event": event, "sequenceNumber": str(self._sequence), **content, "streamSid": self._stream}
        await transmit(self._connection, json.dumps(message))


def to_mulaw(pcm: bytes) -> bytes:
    """Encode 16-bit PCM, a byte a sample."""
    encoded = io.BytesIO()
    samples = np.frombuffer(pcm, dtype=np.int16)
    soundfile.write(encoded, samples, SAMPLE_RATE, format="RAW", subtype="ULAW")
    return encoded.getvalue()


def from_mulaw(encoded: bytes) -> bytes:
    """Decode to 16-bit PCM."""
    samples, _ = soundfile.read(
        io.BytesIO(encoded), dtype="int16", samplerate=SAMPLE_RATE, channels=1, format="RAW", subtype="ULAW"
    )
    return samples.tobytes()


def _understood(message: str | bytes) -> tuple[str, dict[str, Any]]:
    try:
        data = json.loads(message)
        return data["event"], cast("dict[str, Any]", data)
    except (ValueError, TypeError, KeyError):
        raise LineError("the agent sends what is no Media Streams message; is it another --protocol?") from None


def _payload(data: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(data["media"]["payload"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise LineError(f"the agent sends media without sound: {error}") from None
