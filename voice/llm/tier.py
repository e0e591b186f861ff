"""A tier behind any OpenAI-compatible endpoint: embedded, self-hosted or hosted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import openai

from voice.cascade.words import Draft
from voice.llm import failures
from voice.llm.answer import Answer
from voice.llm.configuring import TierConfig, TokenLimit
from voice.llm.dialects import constrained, is_bare
from voice.ports import Message, Watch
from voice.tokens import estimate_tokens

PROBE: Mapping[str, Any] = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}, "why": {"type": "string"}},
    "required": ["ok"],
    "additionalProperties": False,
}
"""A schema that some providers refuse in the wrong dialect: not all of its properties are required."""

_PROBE_TOKENS: Mapping[TokenLimit, int] = {"max_tokens": 1, "max_completion_tokens": 16}
"""How long the answer to a first request may be. Models that think first refuse a limit without room for an answer."""

_REFUSES_ALL = frozenset({401, 403, 404})
"""Statuses that say nothing of the one request: the key, the address or the model is wrong."""

_REFUSALS = 3
"""So many others in a row say it too."""

_AGAIN_SECONDS = 30.0
"""How often a tier that is in trouble is asked whether it is over."""

_log = logging.getLogger(__name__)


class OpenAITier:
    """A `voice.ports.LanguageModel` on an OpenAI-compatible endpoint. Safe for concurrent calls.

    A draft's ``text`` is the JSON as the model wrote it and its ``actions`` are left empty: only the desk that made the
    schema can read them. ``error`` is one of:

    - ``down``: nobody answers, the connection broke, the server failed (5xx), or what came is no chat completion;
    - ``slow``: the first token or the whole answer missed its deadline;
    - ``broken_json``: the answer is no JSON object where one was asked for, or was cut off;
    - ``refused``: the provider rejected the request (4xx);
    - ``declined``: the model would not answer it, or a filter cut the answer off;
    - ``rate_limited``: 429.

    What the provider said of it, or why nobody answers, is the draft's note. A request that was answered with an HTTP
    error, or that found nobody to connect to, has no tokens: nobody bills it.

    Nothing is retried here: whether a second try is worth its time is the cascade's decision.

    Within ``async with``, a tier whose first request failed, or that refuses, is asked now and then whether it answers
    again.

    """

    def __init__(self, config: TierConfig) -> None:
        self.config = config
        self.name = config.name
        self._trouble: str | None = None
        self._refusals = 0  # in a row
        self._prefix: Sequence[Message] = ()
        self._mending: asyncio.Task[None] | None = None
        self._entered = False
        self._client = openai.AsyncOpenAI(
            api_key=config.api_key,
            base_url=config.base_url,
            max_retries=0,
            default_headers=None if config.keep_alive else {"Connection": "close"},
            timeout=openai.Timeout(config.timeout_seconds, connect=config.first_token_timeout_seconds),
        )

    @property
    def trouble(self) -> str | None:
        """Why it gives no answers, such as ``refused (401)``; None while it does, as far as is known."""
        return self._trouble

    async def __aenter__(self) -> Self:
        self._entered = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close idle connections."""
        self._entered = False
        if self._mending:
            self._mending.cancel()
            await asyncio.wait([self._mending])
        await self._client.close()

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        """Ask for one reply. Errors come back in ``Draft.error``; cancelling the task closes the request."""
        answer = Answer(estimate_tokens(messages), bare=is_bare(schema))
        try:
            async with asyncio.timeout(self.config.timeout_seconds):
                await self._read(answer, self._request(messages, schema), watch=watch)
            draft = answer.whole(self.name)
        except (TimeoutError, openai.APIError, ValueError) as failure:
            return self._failed(answer, failure)
        self._trouble, self._refusals = None, 0
        return draft

    def _failed(self, answer: Answer, failure: Exception) -> Draft:
        error = failures.error_of(failure)
        if failures.is_unsent(failure):
            answer.prompt_tokens = 0
        if isinstance(failure, openai.APIStatusError):
            answer.prompt_tokens = 0
            self._refusals += error == "refused"
            if failure.status_code in _REFUSES_ALL or self._refusals >= _REFUSALS:
                self._in_trouble(failure)
        draft = answer.so_far(self.name, error)
        if isinstance(failure, TimeoutError) or error == "broken_json":
            return draft
        return replace(draft, notes=(self._reason(failure),), rest_seconds=failures.rest_seconds(failure))

    async def warm(self, messages: Sequence[Message]) -> None:
        """Have the prefix cached by asking for one token. Trouble is logged and no error: it may be over soon."""
        self._prefix = messages
        if failure := await self.probe(messages):
            _log.warning(
                "the tier %s failed its first request; %s: %s", self.name, self._advice(failure), self._reason(failure)
            )
            self._in_trouble(failure)

    async def probe(self, messages: Sequence[Message] = ()) -> Exception | None:
        """Ask for as little as can be, in the form of a draft, and give what went wrong."""
        request = self._request([*messages, Message("user", "-")], PROBE)
        return await self._cache(request, self.config.first_token_timeout_seconds)

    async def _cache(self, request: dict[str, Any], seconds: float) -> Exception | None:
        """Have the server read a request's messages, and give the reason if it did not."""
        limit = self.config.token_limit
        answer = Answer()
        try:
            async with asyncio.timeout(seconds):
                await self._read(answer, {**request, limit: _PROBE_TOKENS[limit]}, in_time=False)
            answer.need_something()
        except TimeoutError:
            did = "it still wrote, though it was asked for a token," if answer.pieces else "there was no answer"
            return TimeoutError(f"{did} after {seconds:g} s")
        except (openai.OpenAIError, ValueError) as failure:
            return failure
        return None

    def _in_trouble(self, failure: Exception) -> None:
        self._trouble = failures.brief(failure)
        if self._entered and (self._mending is None or self._mending.done()):
            self._mending = asyncio.create_task(self._mend(), name=f"ask the tier {self.name} again")

    async def _mend(self) -> None:
        """Ask again until it answers, so that a tier whose trouble is over is known to be there without a call."""
        while self._trouble:
            await asyncio.sleep(_AGAIN_SECONDS)
            failure = await self.probe(self._prefix)
            self._trouble = failures.brief(failure) if failure else None
        _log.warning("the tier %s answers again", self.name)

    def _advice(self, failure: Exception) -> str:
        return failures.advice(failure)

    def _reason(self, failure: Exception) -> str:
        return failures.reason(failure, self.config.api_key)

    def _request(self, messages: Sequence[Message], schema: Mapping[str, Any] | None) -> dict[str, Any]:
        config = self.config
        request: dict[str, Any] = {
            "model": config.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            config.token_limit: config.max_output_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if config.temperature is not None:
            request["temperature"] = config.temperature
        if schema is not None:
            request |= constrained(schema, config.dialect)
        if config.logprobs:
            request["logprobs"] = True
        if config.seed is not None:
            request["seed"] = config.seed
        if config.extra:
            request["extra_body"] = {**request.get("extra_body", {}), **config.extra}
        return request

    async def _read(
        self, answer: Answer, request: Mapping[str, Any], *, in_time: bool = True, watch: Watch | None = None
    ) -> None:
        limit = self.config.first_token_timeout_seconds if in_time else None
        async with asyncio.timeout(limit) as first_token:
            stream = await self._client.chat.completions.create(**request)
            answer.content_type = stream.response.headers.get("content-type", "none").partition(";")[0]
            try:
                async for chunk in stream:
                    if answer.add(chunk):
                        first_token.reschedule(None)
                        if watch:
                            watch(answer.so_far(self.name))
            finally:
                await stream.close()
