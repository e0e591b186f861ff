"""A tier on a model server of this machine, which it watches over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import openai

from voice.llm.configuring import TierConfig
from voice.llm.embedded import EmbeddedServer, ServerError
from voice.llm.tier import OpenAITier
from voice.llm.warmup import Warmth, prefix_key, warm_slots
from voice.ports import Message

_WITH_ADAPTER = {"lora": [{"id": 0, "scale": 1.0}]}
"""Asks the server for the model with its adapter."""

_LOOK_SECONDS = 0.5
"""How often a tier looks whether its server lives."""

_PAUSE_SECONDS = (1.0, 60.0)
"""Between two starts of a server that does not stay alive: at first, and at most. Each is twice as long as the last."""

_ASK_SECONDS = 10.0
"""How often a server that lives is asked whether it works."""

_ANSWER_SECONDS = 15.0
"""How long its answer may take."""

_BUSY_SECONDS = 300.0
"""How long the thread that runs the model may work on without looking up. It answers between two batches, each of up to
2048 tokens, which take a large model on a slow and busy machine minutes."""

_READ_SECONDS = 60.0
"""How long a prompt may take to be read."""

_log = logging.getLogger(__name__)


class EmbeddedTier(OpenAITier):
    """A tier on an `EmbeddedServer`: its prompt prefix is prefilled once and kept on disk for the next start.

    Within ``async with`` it watches over the server, and starts one that has died or hangs again.
    """

    def __init__(self, server: EmbeddedServer, config: TierConfig | None = None) -> None:
        """Serve drafts from ``server``, which must be running; ``config`` gives prices and deadlines."""
        name = server.config.name
        base = config or TierConfig(name=name, base_url="", model=name)
        address = server.base_url
        extra = {**base.extra, **_WITH_ADAPTER} if server.config.adapter else base.extra
        super().__init__(
            replace(base, base_url=address, model=name, dialect="llguidance", keep_alive=False, extra=extra)
        )
        self._server = server
        self._watching: asyncio.Task[None] | None = None
        self._worked = 0.0  # when it was last known to
        self.warmth: Warmth | None = None

    @property
    def trouble(self) -> str | None:
        """Why it gives no answers; None while it does."""
        return super().trouble if self.alive else "its model server does not run"

    @property
    def alive(self) -> bool:
        """Whether its server runs."""
        return self._server.alive

    async def __aenter__(self) -> Self:
        self._watching = asyncio.create_task(self._watch(), name=f"watch over the {self.name} model server")
        return await super().__aenter__()

    async def close(self) -> None:
        """Let go of the server, which may just be starting again, and close idle connections."""
        if self._watching:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        await super().close()

    async def warm(self, messages: Sequence[Message]) -> None:
        """Put the constant prefix into every slot: from disk if a former start left it there, else by prefilling it.

        What is kept was read without an adapter. A model that has one needs so little prefix that it is read each time.
        """
        self._prefix = messages
        config = self._server.config
        if config.adapter:
            await super().warm(messages)
            return
        key = await asyncio.to_thread(prefix_key, config.model, messages)
        self.warmth = await warm_slots(
            self._server.base_url, messages, key=key, folder=config.state, slots=config.slots
        )

    async def prefill(self, messages: Sequence[Message]) -> None:
        """Read the beginning of a prompt into the slot that knows most of it."""
        await self._cache(self._request(messages, None), _READ_SECONDS)

    async def probe(self, messages: Sequence[Message] = ()) -> Exception | None:
        """Have the messages read, and give the reason if they were not."""
        return await self._cache(self._request([*messages, Message("user", "-")], None), _READ_SECONDS)

    def _advice(self, failure: Exception) -> str:
        del failure
        return "this machine is busy with something else, or too slow for its model"

    async def _watch(self) -> None:
        """Start the server again when it died or hangs. One that dies at once is left alone for longer each time."""
        first, longest = _PAUSE_SECONDS
        pause = _LOOK_SECONDS
        self._worked = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(pause)
            if self._server.alive and await self._works():
                pause = _LOOK_SECONDS
                continue
            pause = min(max(first, 2 * pause), longest)
            ill = "answers nothing any more" if self._server.alive else "has died"
            _log.error("the %s model server %s, and is started again%s", self.name, ill, self._server.tail())
            try:
                await asyncio.to_thread(self._server.restart)
                self._worked = asyncio.get_running_loop().time()
                if self._prefix:
                    await self.warm(self._prefix)
                _log.warning("the %s model server answers again", self.name)
            except (ServerError, OSError, openai.OpenAIError) as error:
                _log.error("the %s model server is looked at again in %g s: %s", self.name, pause, error)

    async def _works(self) -> bool:
        """Ask the thread that runs the model, now and then. While it reads a long prompt, others answer for it."""
        now = asyncio.get_running_loop().time()
        if now - self._worked < _ASK_SECONDS:
            return True
        if await self._answers("/slots"):
            self._worked = asyncio.get_running_loop().time()
            return True
        return now - self._worked < _BUSY_SECONDS and await self._answers("/health")

    async def _answers(self, path: str) -> bool:
        """Whether anything comes back from the server in time."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self._client.get(self.config.base_url.removesuffix("/v1") + path, cast_to=object)
        except (TimeoutError, openai.APIConnectionError):
            return False
        except (openai.APIError, ValueError):
            return True  # an answer is one, whatever it says
        return True
