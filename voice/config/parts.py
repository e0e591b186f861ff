"""The tables of a profile that say what a process is made of besides its tiers: ears, mouth, desk and the rest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import BaseModel, BeforeValidator, Field, field_validator, model_validator

from voice.cascade.policy import HandOffPolicy
from voice.config.tiers import STRICT, Endpoint, catalogued


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
        if self.provider == "whisper":
            catalogued(self.model, "speech to text")
        return self


class TurnEndSettings(BaseModel):
    """When the caller's turn is over.

    Attributes:
        least_seconds: No turn ends before so much silence, whatever was said; where more must come, up to 1.6 s are
            waited for. At 0, 0.6, 0.66, 0.8, 1.3 and 1.5 s 24, 15, 10, 6, 4 and 2% of the turns with pauses are cut
            short, and simple turns wait 0.60, 0.64, 0.69, 0.82, 1.32 and 1.52 s at their end (medians of 262 synthetic
            turns).
    """

    model_config = STRICT
    least_seconds: Annotated[float, Field(ge=0, le=3)] = 0.66


class TtsSettings(Endpoint):
    """Mouth: ``piper`` runs an embedded voice here, ``openai`` asks an endpoint."""

    provider: Literal["piper", "openai"] = "piper"
    model: str = "piper-joe"
    voice: str = ""

    @model_validator(mode="after")
    def _is_there(self) -> Self:
        if self.provider == "piper":
            catalogued(self.model, "text to speech")
        return self


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
    """The desk that calls come to.

    Attributes:
        factory: ``package.module:make``, called without arguments, gives another desk (`voice.ports.Desk`) than the
            airline's. One desk serves all calls; if it has a ``close``, that is called at the end.
        database: Of the airline's desk: an SQLAlchemy URL. The default is a SQLite file in the user's data folder.
        seed: Of the airline's desk: makes the world of flights and bookings.
    """

    model_config = STRICT
    factory: Annotated[str, Field(pattern=r"^\w+(\.\w+)*:\w+$")] | None = None
    database: str = Field(
        default_factory=lambda: f"sqlite:///{platformdirs.user_data_path('voice-cascade') / 'desk.db'}"
    )
    seed: int = 1


Gate = Annotated[tuple[str, ...], BeforeValidator(lambda needs: (needs,) if isinstance(needs, str) else needs)]
"""What an action needs, one or several: the name of the least tier, ``read_back`` or ``human``."""


_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SIP = re.compile(r"sip:[\w.+~-]+@(?P<host>[\w-]+(\.[\w-]+)*)(:\d{1,5})?(;[\w.=-]+)*", re.ASCII)


class HandOffSettings(BaseModel):
    """What follows once the caller has heard that they are passed to a person.

    Attributes:
        then: ``end`` ends the call, ``hold`` keeps the line open and the agent silent.
        dial: Who is called then on a phone line whose provider asks what to do next: ``+`` and the digits of a number
            with its country's code, or ``sip:user@host``.
    """

    model_config = STRICT
    then: Literal["end", "hold"] = "end"
    dial: str | None = None

    @field_validator("dial")
    @classmethod
    def _can_be_called(cls, dial: str | None) -> str | None:
        if dial is None or _NUMBER.fullmatch(dial) or _SIP.fullmatch(dial):
            return dial
        raise ValueError(
            f"{dial!r} can't be called: write a number with its country's code and no spaces, like \"+15551234567\", "
            'or an address like "sip:desk@example.com"'
        )

    @model_validator(mode="after")
    def _passed_on_or_held(self) -> Self:
        if self.dial and self.then == "hold":
            raise ValueError('a call that is held is not passed on: leave then = "hold" out, or dial')
        return self

    @property
    def masked(self) -> str:
        """Who is called, as traces and logs may tell it: a number's last two digits, or an address's host."""
        found = _SIP.fullmatch(self.dial or "")
        return f"sip:…@{found['host']}" if found else f"…{(self.dial or '')[-2:]}"

    def policy(self) -> HandOffPolicy:
        """Give the core's part."""
        return HandOffPolicy(self.then)


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
