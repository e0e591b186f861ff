"""A tiny OpenAI-compatible endpoint that misbehaves on request."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Endpoint:
    """Where it answers, what it was asked, and whether a client went away before the end."""

    base_url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left_early: asyncio.Event = field(default_factory=asyncio.Event)


Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


def event(text: str = "", *, finish: str | None = None, logprob: float | None = None, **delta: Any) -> bytes:
    """One server-sent chunk of a chat completion."""
    choice: dict[str, Any] = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": finish}
    if logprob is not None:
        choice["logprobs"] = {"content": [{"token": text, "logprob": logprob, "top_logprobs": []}]}
    return _sse({"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]})


def usage(prompt: int, output: int) -> bytes:
    """The last chunk, which carries the bill."""
    bill = {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}
    body = {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [],
        "usage": bill,
    }
    return _sse(body) + b"data: [DONE]\n\n"


def _sse(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


def status(code: int) -> bytes:
    """A whole answer that is an error."""
    body = json.dumps({"error": {"message": "no", "type": "t", "code": None}}).encode()
    return (
        f"HTTP/1.1 {code} No\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
    )


@contextlib.asynccontextmanager
async def endpoint(*pieces: bytes | float | Script) -> AsyncIterator[Endpoint]:
    """Answer every request with ``pieces``: bytes are sent, numbers are seconds of silence."""
    made = Endpoint()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        made.requests.append(json.loads(await reader.readexactly(length)))
        made.asked.set()
        gone = asyncio.create_task(reader.read())
        try:
            for piece in pieces:
                if isinstance(piece, bytes):
                    writer.write(piece)
                    await writer.drain()
                elif callable(piece):
                    await piece(writer)
                else:
                    await asyncio.wait([gone], timeout=piece)
                if gone.done():
                    made.left_early.set()
                    return
        except ConnectionError:
            made.left_early.set()
        finally:
            gone.cancel()
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    made.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield made
    finally:
        server.close()
