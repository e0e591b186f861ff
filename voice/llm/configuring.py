"""What a tier's client needs to know, and where a profile says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from voice.config import TierSettings
from voice.llm.dialects import Dialect

TokenLimit = Literal["max_tokens", "max_completion_tokens"]
"""What the field is called in which a request says where an answer is cut off."""


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
        token_limit: What it calls the field of ``max_output_tokens``.
        temperature: 0 is greedy; None leaves it to the provider, for models that take no other than theirs.
        keep_alive: Whether connections are used again. Saves a handshake on a distant provider; a server that closes
            idle ones on its own can make the next call fail.
        seed: Passed on for providers that sample even at temperature 0, or None.
        extra: What every request says besides, to servers that know more than OpenAI's interface, or in place of what
            is said here.
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
    token_limit: TokenLimit = "max_tokens"
    temperature: float | None = 0.0
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


def tier_config(settings: TierSettings) -> TierConfig:
    """Give what a tier's client needs to know."""
    return TierConfig(
        name=settings.name,
        base_url=settings.base_url or "https://api.openai.com/v1",
        model=settings.model,
        api_key=settings.api_key.get_secret_value() if settings.api_key else "none",
        input_price_per_million=settings.input_price,
        output_price_per_million=settings.output_price,
        timeout_seconds=settings.timeout_seconds,
        first_token_timeout_seconds=settings.first_token_timeout_seconds,
        max_output_tokens=settings.max_output_tokens,
        logprobs=settings.logprobs,
        dialect=settings.dialect or ("openai" if settings.is_openais else "plain"),
        token_limit=settings.token_limit or ("max_completion_tokens" if settings.is_openais else "max_tokens"),
        temperature=None if settings.temperature == "default" else settings.temperature,
        keep_alive=settings.keep_alive,
        seed=settings.seed,
        extra=settings.extra,
    )
