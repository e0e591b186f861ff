"""A tier behind any OpenAI-compatible endpoint: embedded, self-hosted or hosted."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

import openai

from voice.cascade.words import Draft
from voice.llm.dialects import Dialect, constrained, is_bare
from voice.ports import Message, Watch
from voice.redaction import KEY, redact

REASON_LETTERS = 300
"""How much is kept of what a provider says when it refuses."""

_READ_LETTERS = 2000
"""How much of it is looked at: some answer with a whole web page."""

_KEY_LETTERS = 8
"""An API key of fewer is no secret: servers without one take any text."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TierConfig:
    """A model, where it answers, what it costs and how long it may take.

    Attributes:
        name: The tier's name, such as ``fast``.
        base_url: The endpoint, up to and including ``/v1``.
        model: The model's name there.
        api_key: The secret itself; servers without one take any text.
        input_price_per_million: Price of a million tokens read, in the currency that budgets are kept in.
        output_price_per_million: Price of a million tokens written.
        timeout_seconds: How long a whole answer may take.
        first_token_timeout_seconds: How long the first token may take.
        max_output_tokens: Where an answer is cut off. A cut answer is broken.
        logprobs: Whether to ask for log-probabilities. Turn it off for providers that refuse the request.
        dialect: How this provider wants its JSON schema.
        keep_alive: Whether connections are used again. Saves a handshake on a distant provider; a server that closes
            idle ones on its own can make the next call fail.
        seed: Passed on for providers that sample even at temperature 0, or None.
        extra: What every request says besides, to servers that know more than OpenAI's interface.
    """

    name: str
    base_url: str
    model: str
    api_key: str = "none"
    input_price_per_million: float = 0.0
    output_price_per_million: float = 0.0
    timeout_seconds: float = 8.0
    first_token_timeout_seconds: float = 4.0
    max_output_tokens: int = 320
    logprobs: bool = True
    dialect: Dialect = "plain"
    keep_alive: bool = True
    seed: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        for name in ("timeout_seconds", "first_token_timeout_seconds", "max_output_tokens"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} of tier {self.name!r} must be positive, not {getattr(self, name)!r}")
        for name in ("input_price_per_million", "output_price_per_million"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} of tier {self.name!r} must not be negative: {getattr(self, name)!r}")

    def cost(self, prompt_tokens: int, output_tokens: int) -> float:
        """Give the price of a call."""
        read, wrote = (
            prompt_tokens * self.input_price_per_million,
            output_tokens * self.output_price_per_million,
        )
        return (read + wrote) / 1e6


def estimate_tokens(messages: Sequence[Message]) -> int:
    """Guess how many tokens a prompt has, on the high side: the bill of a call that ended before it told."""
    return sum(len(message.content) // 3 + 8 for message in messages)


class OpenAITier:
    """A `voice.ports.LanguageModel` on an OpenAI-compatible endpoint. Safe for concurrent calls.

    A draft's ``text`` is the JSON as the model wrote it and its ``actions`` are left empty: only the desk that made the
    schema can read them. ``error`` is one of:

    - ``down``: nobody answers, the connection broke, or the server failed (5xx);
    - ``slow``: the first token or the whole answer missed its deadline;
    - ``broken_json``: the answer is no JSON object where one was asked for, or was cut off;
    - ``refused``: the provider rejected the request (4xx) or the model declined;
    - ``rate_limited``: 429.

    What the provider said of it, or why nobody answers, is the draft's note.

    Nothing is retried here: whether a second try is worth its time is the cascade's decision.

    Attributes:
        advice: What to look at when even the first request fails.
    """

    advice = "check its base_url, its model and its API key"

    def __init__(self, config: TierConfig) -> None:
        self.config = config
        self.name = config.name
        self._client = openai.AsyncOpenAI(
            api_key=config.api_key,
            base_url=config.base_url,
            max_retries=0,
            default_headers=None if config.keep_alive else {"Connection": "close"},
            timeout=openai.Timeout(config.timeout_seconds, connect=config.first_token_timeout_seconds),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        """Ask for one reply. Errors come back in ``Draft.error``; cancelling the task closes the request."""
        answer = _Answer(prompt_tokens=estimate_tokens(messages), bare=is_bare(schema))
        error: str | None = None
        notes: tuple[str, ...] = ()
        try:
            async with asyncio.timeout(self.config.timeout_seconds):
                await self._read(answer, self._request(messages, schema), watch=watch)
        except (TimeoutError, openai.APITimeoutError):
            error = "slow"
        except openai.APIError as failure:
            error, notes = _error(failure), (self._reason(failure),)
        except ValueError:
            error = "broken_json"
        return replace(answer.draft(self.name, error), notes=notes)

    async def warm(self, messages: Sequence[Message]) -> None:
        """Have the prefix cached by asking for one token. Trouble is logged and no error: it may be over soon."""
        if reason := await self._cache([*messages, Message("user", "-")]):
            _log.warning("the tier %s failed its first request, %s: %s", self.name, self.advice, reason)

    async def _cache(self, messages: Sequence[Message]) -> str | None:
        """Have the server read the messages, and give the reason if it did not."""
        request = {**self._request(messages, None), "max_tokens": 1}
        try:
            async with asyncio.timeout(max(60.0, self.config.timeout_seconds)):
                await self._read(_Answer(), request, in_time=False)
        except (TimeoutError, openai.OpenAIError, ValueError) as failure:
            return self._reason(failure)
        return None

    def _reason(self, failure: Exception) -> str:
        """Tell in a short line what went wrong, without what must not be kept."""
        said = " ".join(_said(failure).split())[:_READ_LETTERS]
        if len(self.config.api_key) >= _KEY_LETTERS:
            said = said.replace(self.config.api_key, KEY)
        return redact(said)[:REASON_LETTERS]

    def _request(self, messages: Sequence[Message], schema: Mapping[str, Any] | None) -> dict[str, Any]:
        config = self.config
        request: dict[str, Any] = {
            "model": config.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "temperature": 0,
            "max_tokens": config.max_output_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
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
        self, answer: _Answer, request: Mapping[str, Any], *, in_time: bool = True, watch: Watch | None = None
    ) -> None:
        limit = self.config.first_token_timeout_seconds if in_time else None
        async with asyncio.timeout(limit) as first_token:
            stream = await self._client.chat.completions.create(**request)
            try:
                async for chunk in stream:
                    if answer.add(chunk):
                        first_token.reschedule(None)
                        if watch:
                            watch(answer.so_far(self.name))
            finally:
                await stream.close()


def _error(failure: openai.APIError) -> str:
    if isinstance(failure, openai.RateLimitError):
        return "rate_limited"
    return "refused" if isinstance(failure, openai.APIStatusError) and failure.status_code < 500 else "down"


def _said(failure: Exception) -> str:
    match failure:
        case openai.APIConnectionError(__cause__=Exception() as cause):
            return f"{failure} {cause}"
        case openai.APIStatusError(body=body) if body and " - " not in str(failure):
            return f"{failure} - {body}"  # the client takes no message from a body of another shape than OpenAI's
        case _:
            return str(failure) or "no answer in time"


class _Answer:
    """An answer as it streams in."""

    def __init__(self, prompt_tokens: int = 0, *, bare: bool = False) -> None:
        self.bare = bare
        self.text = ""
        self.logprobs: list[float] = []
        self.tokens: list[str] = []
        self.prompt_tokens = prompt_tokens
        self.output_tokens = 0
        self.pieces = 0
        self.finish: str | None = None
        self.refused = False

    def add(self, chunk: Any) -> bool:
        """Take in a chunk, and tell whether it brought any text."""
        if chunk.usage is not None:
            self.prompt_tokens, self.output_tokens = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        if not chunk.choices:
            return False
        choice = chunk.choices[0]
        self.finish = choice.finish_reason or self.finish
        self.refused = self.refused or bool(getattr(choice.delta, "refusal", None))
        if choice.logprobs is not None and choice.logprobs.content:
            self.logprobs += [token.logprob for token in choice.logprobs.content]
            self.tokens += [token.token for token in choice.logprobs.content]
        if not choice.delta or not choice.delta.content:  # some providers leave it out of their last chunk
            return False
        self.text += choice.delta.content
        self.pieces += 1
        return True

    def draft(self, tier: str, error: str | None) -> Draft:
        if error is None:
            error = self._fault()
        return self.so_far(tier, error)

    def so_far(self, tier: str, error: str | None = None) -> Draft:
        return Draft(
            tier=tier,
            actions=(),
            text=self.text,
            logprobs=tuple(self.logprobs),
            tokens=tuple(self.tokens),
            prompt_tokens=self.prompt_tokens,
            output_tokens=self.output_tokens or self.pieces,
            error=error,
        )

    def _fault(self) -> str | None:
        if self.refused or self.finish == "content_filter":
            return "refused"
        if self.finish is None:
            return "down"
        try:
            whole = self.finish != "length" if self.bare else isinstance(json.loads(self.text), dict)
        except ValueError:
            whole = False
        return None if whole else "broken_json"
