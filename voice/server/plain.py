"""What a request lacks, said in one plain line instead of a validator's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from fastapi.responses import JSONResponse

from voice.server.door import REFUSED, refuse

_SHOULD: Mapping[str, str] = {
    "missing": "is missing",
    "bool": "must be true or false",
    "string": "must be text",
    "int": "must be a whole number",
    "list": "must be a list",
    "dict": "must be an object",
    "dataclass": "must be an object",
    "model": "must be an object",
}
"""What a part of a request should be, by how the kind of error begins."""


def answer_plainly(app: FastAPI) -> None:
    """Have an application tell in plain words what is wrong with a request."""

    async def request(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return JSONResponse({"detail": reason(error.errors()[0])}, 422)

    async def websocket(socket: WebSocket, error: Exception) -> None:
        assert isinstance(error, WebSocketRequestValidationError)
        await refuse(socket, REFUSED, reason(error.errors()[0]))

    app.exception_handler(RequestValidationError)(request)
    app.exception_handler(WebSocketRequestValidationError)(websocket)


def reason(error: Mapping[str, Any]) -> str:
    """Say what is wrong with which part of a request. Nothing of what was sent is repeated."""
    kind, (part, *inside) = str(error["type"]), error["loc"]
    if kind == "json_invalid":
        return "the request's body is no JSON"
    should = next((said for begins, said in _SHOULD.items() if kind.startswith(begins)), "makes no sense")
    where = ".".join(map(str, inside))
    return f"{where} {should} in the request's {part}" if where else f"the request's {part} {should}"
