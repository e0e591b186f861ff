"""The tables of a profile that name a service, and those of tiers: which model, where, and how it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from voice.cascade.policy import Tier
from voice.models import catalogue

STRICT = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
"""Of every table: an unknown key is an error, and nothing changes once it was read. What is wrong may be a secret."""

_NOT_EXTRA = frozenset({"messages", "model", "stream", "stream_options", "response_format"})
"""What a request can't do with another value of."""


class Endpoint(BaseModel):
    """An OpenAI-compatible service.

    Attributes:
        base_url: Its address, up to and including ``/v1``; None is the ``openai`` package's default.
        api_key_env: Names the environment variable with the key; None for a server that wants none.
        api_key: The key itself, filled in by `load`; it can't be written into a profile.
    """

    model_config = STRICT
    base_url: str | None = None
    api_key_env: str | None = None
    api_key: SecretStr | None = Field(default=None, exclude=True)

    @field_validator("base_url")
    @classmethod
    def _whole_address(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("this is no whole address: give one like http://127.0.0.1:8000/v1")
        return url

    @field_validator("api_key", mode="before")
    @classmethod
    def _no_key(cls, key: object) -> None:
        raise ValueError(
            "a profile holds no keys: put it into an environment variable, say its name in api_key_env, and have the "
            "key replaced if others can have read it here"
        )

    @property
    def is_openais(self) -> bool:
        """Whether it is OpenAI itself, or its models at Azure."""
        host = (self.base_url and urlsplit(self.base_url).hostname) or "api.openai.com"
        return f".{host}".endswith((".openai.com", ".openai.azure.com"))


def catalogued(name: str, use: str) -> None:
    """Check that an embedded model is in the catalogue, for this use.

    Raises:
        ValueError: it is not.
    """
    known = [model.name for model in catalogue.load().values() if model.use.startswith(use)]
    if name not in known:
        raise ValueError(
            f"no embedded model is called {name!r}: use {', '.join(known)}. A path is not possible; a server of your "
            'own can serve other files: provider = "openai" and its base_url'
        )


class TierSettings(Endpoint):
    """A tier: which model, where, for how much, how fast.

    Attributes:
        name: How the trace calls it.
        provider: ``embedded`` runs the model here, ``openai`` is any compatible endpoint.
        model: The embedded model's name, or the endpoint's.
        input_price: Money for a million tokens read.
        output_price: Money for a million tokens written.
        timeout_seconds: How long a whole draft may take.
        first_token_timeout_seconds: How long the first token may take.
        max_output_tokens: Where a draft is cut off.
        expected_seconds: How long a draft usually takes; measured values of the call replace it.
        retry: Whether a request that failed is tried once more if there is time.
        hedge: Whether to ask a second time when an answer takes longer than 95% of the last ones did.
        breaker_failures: So many failures in a row, of all calls, have the tier left alone; 0 never does.
        breaker_seconds: For so long.
        logprobs: Whether the provider gives log-probabilities. Without them the confidence check is left out.
        dialect: How the provider wants its JSON schema: ``plain`` as it is; ``openai`` with every property required and
            the optional ones nullable, so that what the desk parses may hold nulls; ``llguidance`` as a grammar, for a
            llama.cpp server built with it. None: ``openai`` for OpenAI and Azure, else ``plain``.
        token_limit: What the provider calls the limit of an answer. None: ``max_completion_tokens`` for OpenAI and
            Azure, else ``max_tokens``.
        temperature: 0 is greedy; ``default`` leaves it out of the request, for models that refuse any.
        seed: For providers that sample even at temperature 0.
        keep_alive: Whether connections are used again.
        extra: What is added to every request, such as ``{ reasoning_effort = "minimal" }``.
        threads: CPU threads of an embedded model.
        adapter: What `voice finetune` taught an embedded model: a GGUF file, beside the profile or by its whole path.
        fine_tuned: Whether the model has learned the desk's turns, so that its prompt needs no examples. It has where
            it comes with an adapter; a provider's model that was fine-tuned elsewhere says so here.
        sees_reading: Whether a fine-tuned model is shown what the rules read of the turn, as it was when it learned.
    """

    name: str
    provider: Literal["embedded", "openai"] = "openai"
    model: str
    input_price: Annotated[float, Field(ge=0)] = 0.0
    output_price: Annotated[float, Field(ge=0)] = 0.0
    timeout_seconds: Annotated[float, Field(gt=0)] = 12.0
    first_token_timeout_seconds: Annotated[float, Field(gt=0)] = 8.0
    max_output_tokens: Annotated[int, Field(gt=0)] = 320
    expected_seconds: Annotated[float, Field(gt=0)] = 1.0
    retry: bool = True
    hedge: bool = False
    breaker_failures: Annotated[int, Field(ge=0)] = 5
    breaker_seconds: Annotated[float, Field(ge=0)] = 10.0
    logprobs: bool = True
    dialect: Literal["plain", "openai", "llguidance"] | None = None
    token_limit: Literal["max_tokens", "max_completion_tokens"] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | Literal["default"] = 0.0
    seed: int | None = None
    keep_alive: bool = True
    extra: dict[str, Any] = {}
    threads: Annotated[int, Field(gt=0)] = 2
    adapter: Path | None = None
    fine_tuned: bool = False
    sees_reading: bool = False

    @model_validator(mode="after")
    def _what_was_taught(self) -> Self:
        if self.adapter and self.provider != "embedded":
            raise ValueError("an adapter stands beside an embedded model; a provider's own is chosen by its model name")
        if self.sees_reading and not self.is_fine_tuned:
            raise ValueError("only a tier with an adapter, or with fine_tuned = true, sees the rules' reading")
        return self

    @model_validator(mode="after")
    def _of_its_provider(self) -> Self:
        if self.provider == "embedded":
            catalogued(self.model, "language model")
            if self.base_url or self.dialect or self.token_limit:
                raise ValueError(
                    "base_url, dialect and token_limit are of a server elsewhere, not of an embedded model"
                )
        if kept := sorted(_NOT_EXTRA & self.extra.keys()):
            raise ValueError(f"extra can't replace {', '.join(kept)} of a request")
        return self

    @property
    def is_fine_tuned(self) -> bool:
        """Whether the model has learned the desk's turns."""
        return self.fine_tuned or self.adapter is not None

    def tier(self) -> Tier:
        """Give what the core needs to know."""
        return Tier(
            self.name,
            self.input_price,
            self.output_price,
            self.expected_seconds,
            self.max_output_tokens,
            most_seconds=self.timeout_seconds,
            attempts=(1 + self.retry) * (1 + self.hedge),
            fine_tuned=self.is_fine_tuned,
            sees_reading=self.sees_reading,
        )
