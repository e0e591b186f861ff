"""The tables of a profile that say what a process is made of: tiers, ears, mouth, desk and what stands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from voice.cascade.policy import Tier

STRICT = ConfigDict(extra="forbid", frozen=True)
"""Of every table: an unknown key is an error, and nothing changes once it was read."""


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


class SttSettings(Endpoint):
    """Ears: ``whisper`` runs an embedded Whisper model here, ``openai`` asks an endpoint.

    Attributes:
        language: What callers speak, as its two-letter code.
        adapter: What `voice finetune` taught the embedded model: a file beside the profile, or its whole path.
        stream_seconds: Someone who speaks on is transcribed each time so much was added, for interim results; None: at
            pauses only.
    """

    provider: Literal["whisper", "openai"] = "whisper"
    model: str = "whisper-base"
    language: str = "en"
    adapter: Path | None = None
    stream_seconds: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _what_was_taught(self) -> Self:
        if self.adapter and self.provider != "whisper":
            raise ValueError('an adapter stands beside an embedded model; provider = "whisper" has one')
        return self


class TurnEndSettings(BaseModel):
    """When the caller's turn is over.

    Attributes:
        least_seconds: No turn ends before so much silence, whatever was said; where more must come, up to 1.6 s are
            waited for. At 0, 0.6, 0.8, 1.3 and 1.5 s 24, 15, 6, 4 and 2% of the turns with pauses are cut short, and
            simple turns wait 0.60, 0.64, 0.82, 1.32 and 1.52 s at their end (medians of 262 synthetic turns).
    """

    model_config = STRICT
    least_seconds: Annotated[float, Field(ge=0, le=3)] = 0.6


class TtsSettings(Endpoint):
    """Mouth: ``piper`` runs an embedded voice here, ``openai`` asks an endpoint."""

    provider: Literal["piper", "openai"] = "piper"
    model: str = "piper-joe"
    voice: str = ""


class BackgroundSettings(BaseModel):
    """A soft sound behind the whole call, such as an office or typing.

    Attributes:
        file: Mono, 16,000 samples a second; beside the profile unless it is absolute. It is played over and over.
        volume: 0…1 of the file's own level.
    """

    model_config = STRICT
    file: Path | None = None
    volume: Annotated[float, Field(ge=0, le=1)] = 0.2


class DeskSettings(BaseModel):
    """The booking desk.

    Attributes:
        database: An SQLAlchemy URL. The default is a SQLite file in the user's data folder.
        seed: Makes the world of flights and bookings.
    """

    model_config = STRICT
    database: str = Field(
        default_factory=lambda: f"sqlite:///{platformdirs.user_data_path('voice-cascade') / 'desk.db'}"
    )
    seed: int = 1


Gate = Annotated[tuple[str, ...], BeforeValidator(lambda needs: (needs,) if isinstance(needs, str) else needs)]
"""What an action needs, one or several: the name of the least tier, ``read_back`` or ``human``."""


class TraceSettings(BaseModel):
    """Where decisions go besides the trace's file.

    Attributes:
        otel: Whether calls are OpenTelemetry spans too, sent where the standard ``OTEL_*`` variables say.
    """

    model_config = STRICT
    otel: bool = False


class PolicySettings(BaseModel):
    """What was learned.

    Attributes:
        file: A policy file of `voice tune`, beside the profile unless it is absolute; None decides by hand-set rules.
    """

    model_config = STRICT
    file: Path | None = None
