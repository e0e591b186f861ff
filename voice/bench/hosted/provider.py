"""A stand-in for hosted providers: as much of OpenAI's HTTP interface as our clients use, with realistic waits.

    python -m voice.bench.hosted.provider audio_fixtures

A load generator, not a product: its model answers as the desk's rules read the prompt, its ears know the recordings
that callers play, and its voice says no words. It runs in a process of its own, says on standard output where it
listens, and lives until standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import soundfile
from aiohttp import web

from voice.bench.hosted.answers import LOGPROB, answer, tokens
from voice.bench.hosted.latency import Speeds
from voice.bench.hosted.overhearing import Overhearing
from voice.bench.hosted.sound import SAMPLE_RATE, Murmur
from voice.bench.recordings.manifest import load

_PIECE_SECONDS = 0.2
_MOST_BYTES = 8_000_000

Hear = Callable[[Any], str]
"""Gives the text of 16 kHz mono int16 audio, shape ``(n,)``."""


class Provider:
    """Answers ``/v1/chat/completions`` (streamed), ``/v1/audio/speech`` (PCM) and ``/v1/audio/transcriptions`` (WAV).

    Args:
        hear: Transcribes.
        speeds: How long everything takes.
        seed: Makes the draws of waits; which request gets which is the requests' order.
    """

    def __init__(self, hear: Hear, speeds: Speeds, seed: int = 1) -> None:
        self._hear = hear
        self._speeds = speeds
        self._rng = random.Random(seed)
        self._murmur = Murmur()

    def app(self) -> web.Application:
        """Give the web application."""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/audio/speech", self._speech)
        app.router.add_post("/v1/audio/transcriptions", self._transcription)
        return app

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        model = self._speeds.models.get(asked.get("model", ""))
        if model is None or not asked.get("stream"):
            return _refused(f"use stream=true and one of {', '.join(self._speeds.models)}")
        wait = model.first_token.draw(self._rng)
        messages: list[dict[str, Any]] = asked["messages"]
        pieces = tokens(answer(messages))
        pieces, cut = pieces[: asked.get("max_tokens", len(pieces))], len(pieces) > asked.get("max_tokens", len(pieces))
        response = await _streaming(request, "text/event-stream")
        now = asyncio.get_running_loop().time
        due = now() + wait
        for piece in pieces:
            await asyncio.sleep(max(0.0, due - now()))
            due += 1 / model.tokens_per_second
            await response.write(_chunk(_choice(piece, logprob=bool(asked.get("logprobs")))))
        await response.write(_chunk({"index": 0, "delta": {}, "finish_reason": "length" if cut else "stop"}))
        read = sum(len(str(message.get("content"))) // 4 + 4 for message in messages)
        usage = {"prompt_tokens": read, "completion_tokens": len(pieces), "total_tokens": read + len(pieces)}
        await response.write(_chunk(None, usage) + b"data: [DONE]\n\n")
        return response

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if asked.get("response_format") != "pcm":
            return _refused("use response_format=pcm")
        wait = self._speeds.speech.draw(self._rng)
        sound = self._murmur.speak(str(asked["input"]))
        await asyncio.sleep(wait)
        response = await _streaming(request, "audio/pcm")
        piece = 2 * round(_PIECE_SECONDS * SAMPLE_RATE)
        for start in range(0, len(sound), piece):
            await response.write(sound[start : start + piece])
            await asyncio.sleep(_PIECE_SECONDS / self._speeds.speech_pace)
        return response

    async def _transcription(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            return _refused("there is no file")
        wait = self._speeds.transcript.draw(self._rng)
        began = asyncio.get_running_loop().time()
        samples, _ = soundfile.read(io.BytesIO(file.file.read()), dtype="int16")
        text = self._hear(samples)
        await asyncio.sleep(max(0.0, wait - (asyncio.get_running_loop().time() - began)))
        return web.json_response({"text": text})


async def _streaming(request: web.Request, kind: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": kind})
    await response.prepare(request)
    return response


def _refused(why: str) -> web.Response:
    return web.json_response({"error": {"message": why, "type": "invalid_request_error", "code": None}}, status=400)


def _choice(text: str, *, logprob: bool) -> dict[str, Any]:
    told = {"content": [{"token": text, "logprob": LOGPROB, "bytes": None, "top_logprobs": []}]} if logprob else None
    return {"index": 0, "delta": {"content": text}, "logprobs": told, "finish_reason": None}


def _chunk(choice: dict[str, Any] | None, usage: dict[str, int] | None = None) -> bytes:
    body = {
        "id": "simulated",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "simulated",
        "choices": [] if choice is None else [choice],
        "usage": usage,
    }
    return f"data: {json.dumps(body)}\n\n".encode()


@asynccontextmanager
async def serving(provider: Provider) -> AsyncGenerator[int]:
    """Serve on a free port of 127.0.0.1 while it lasts; gives the port."""
    runner = web.AppRunner(provider.app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _serve(fixtures: Sequence[Path], seed: int) -> None:
    turns = [turn for folder in fixtures for call in load(folder) for turn in call.turns]
    async with serving(Provider(Overhearing(turns).text, Speeds(), seed)) as port:
        sys.stdout.write(json.dumps({"ready": True, "port": port}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.buffer.read)


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(prog="python -m voice.bench.hosted.provider", description=__doc__)
    parser.add_argument("fixtures", nargs="+", type=Path, help="recorded calls that will be heard")
    parser.add_argument("--seed", type=int, default=1, help="makes the draws of waits (default: %(default)s)")
    options = parser.parse_args()
    asyncio.run(_serve(options.fixtures, options.seed))


if __name__ == "__main__":
    main()
