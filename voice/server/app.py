"""The server: a web page to talk to the agent, phone lines, and the WebSocket that recorded callers use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, WebSocket
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport

from voice.server.lines import Lines


def make_app(lines: Lines) -> FastAPI:
    """Give the web application that answers on these lines."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await lines.hang_up()

    app = FastAPI(title="voice", lifespan=lifespan)

    @app.get("/health")
    async def health() -> dict[str, object]:
        return {"ready": True, "calls": len(lines.active), "profile": lines.stack.config.name}

    @app.websocket("/ws")
    async def websocket(websocket: WebSocket, call: str | None = None) -> None:
        """Pipecat's protobuf frames, 16 kHz both ways."""
        await websocket.accept()
        transport = FastAPIWebsocketTransport(
            websocket,
            FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=ProtobufFrameSerializer()),
        )
        await lines.answer(transport, call)

    return app
