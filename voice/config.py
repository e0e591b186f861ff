"""One typed config, read from one TOML profile. The environment is read once, in `load`.

A profile that names an unknown key, a wrong value or a missing environment variable is refused with its line.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic.dataclasses import dataclass as checked

from voice.cascade.delivery import DeliveryPolicy
from voice.cascade.fitted import Fitted
from voice.cascade.policy import (
    BudgetPolicy,
    CheckPolicy,
    EarlyPolicy,
    FillerPolicy,
    IdlePolicy,
    Policy,
    RiskPolicy,
    RouterPolicy,
    RulePolicy,
    ShadowPolicy,
    SpeculationPolicy,
    Tier,
)
from voice.cascade.rules import rule_named
from voice.policy_file import BadPolicy, load_policy
from voice.profile_lines import explain, line_of

PROFILES = Path(__file__).resolve().parent.parent / "pipelines"
"""Where the profiles that come with the project lie."""

_STRICT = ConfigDict(extra="forbid", frozen=True)


class ConfigError(ValueError):
    """A profile can't be used. The message begins with its file and line."""


class Endpoint(BaseModel):
    """An OpenAI-compatible service.

    Attributes:
        base_url: Its address, up to and including ``/v1``; None is the ``openai`` package's default.
        api_key_env: Names the environment variable with the key; None for a server that wants none.
        api_key: The key itself, filled in by `load`; it can't be written into a profile.
    """

    model_config = _STRICT
    base_url: str | None = None
    api_key_env: str | None = None
    api_key: SecretStr | None = Field(default=None, exclude=True)


_E = TypeVar("_E", bound=Endpoint)


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

    model_config = _STRICT
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

    model_config = _STRICT
    file: Path | None = None
    volume: Annotated[float, Field(ge=0, le=1)] = 0.2


class DeskSettings(BaseModel):
    """The booking desk.

    Attributes:
        database: An SQLAlchemy URL. The default is a SQLite file in the user's data folder.
        seed: Makes the world of flights and bookings.
    """

    model_config = _STRICT
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

    model_config = _STRICT
    otel: bool = False


class PolicySettings(BaseModel):
    """What was learned.

    Attributes:
        file: A policy file of `voice tune`, beside the profile unless it is absolute; None decides by hand-set rules.
    """

    model_config = _STRICT
    file: Path | None = None


class Config(BaseModel):
    """Everything that a process needs to know."""

    model_config = _STRICT
    name: str
    pipeline: str = "cascade"
    greeting: str = ""
    keys: dict[str, str] = Field(default_factory=lambda: {"0": "A person, please.", "1": "Yes.", "2": "No."})
    deadline_seconds: Annotated[float, Field(gt=0)] = 15.0
    resume_seconds: Annotated[float, Field(ge=0)] = 2.5
    stt: SttSettings = SttSettings()
    turn_end: TurnEndSettings = TurnEndSettings()
    tts: TtsSettings = TtsSettings()
    background: BackgroundSettings = BackgroundSettings()
    tiers: Annotated[tuple[TierSettings, ...], Field(min_length=1)]
    desk: DeskSettings = Field(default_factory=DeskSettings)
    trace: TraceSettings = TraceSettings()
    router: checked(RouterPolicy, config=_STRICT) = RouterPolicy()  # type: ignore[valid-type]
    checks: checked(CheckPolicy, config=_STRICT) = CheckPolicy()  # type: ignore[valid-type]
    rule: checked(RulePolicy, config=_STRICT) = RulePolicy()  # type: ignore[valid-type]
    risk: checked(RiskPolicy, config=_STRICT) = RiskPolicy()  # type: ignore[valid-type]
    switch_on_failure: bool = True
    gates: dict[str, Gate] = {}
    learned: PolicySettings = Field(default=PolicySettings(), alias="policy")
    fitted: Fitted | None = Field(default=None, exclude=True)
    budget: checked(BudgetPolicy, config=_STRICT) = BudgetPolicy()  # type: ignore[valid-type]
    filler: checked(FillerPolicy, config=_STRICT) = FillerPolicy()  # type: ignore[valid-type]
    early: checked(EarlyPolicy, config=_STRICT) = EarlyPolicy()  # type: ignore[valid-type]
    idle: checked(IdlePolicy, config=_STRICT) = IdlePolicy()  # type: ignore[valid-type]
    delivery: checked(DeliveryPolicy, config=_STRICT) = DeliveryPolicy()  # type: ignore[valid-type]
    shadow: checked(ShadowPolicy, config=_STRICT) = ShadowPolicy()  # type: ignore[valid-type]
    speculation: checked(SpeculationPolicy, config=_STRICT) = SpeculationPolicy()  # type: ignore[valid-type]

    def policy(self) -> Policy:
        """Give the core's part."""
        return Policy(
            tiers=tuple(tier.tier() for tier in self.tiers),
            router=self.router,
            checks=self.checks,
            rule=self.rule,
            risk=self.risk,
            gates=self.gates,
            switch_on_failure=self.switch_on_failure,
            fitted=self.fitted,
            budget=self.budget,
            filler=self.filler,
            deadline_seconds=self.deadline_seconds,
            resume_seconds=self.resume_seconds,
            early=self.early,
            idle=self.idle,
            delivery=self.delivery,
            shadow=self.shadow,
            speculation=self.speculation,
        )


def profiles() -> list[str]:
    """Name the profiles that come with the project."""
    return sorted(path.stem for path in PROFILES.glob("*.toml"))


def load(profile: str | Path = "embedded", environ: Mapping[str, str] | None = None, *, keys: bool = True) -> Config:
    """Read a profile, by name or file, and the environment variables that it names.

    Args:
        profile: Its name or file.
        environ: The environment; None for the process's.
        keys: Whether keys are filled in. Without them a profile can be looked at, not run.

    Raises:
        ConfigError: it does not exist, is no TOML, or holds an unknown key, a wrong value or the name of an environment
            variable that is not set.
    """
    environ = os.environ if environ is None else environ
    path = _find(profile)
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is no TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: can't be read: {error}") from error
    learned: dict[str, Any] = {}
    try:
        config = Config.model_validate(data)
        if config.learned.file:
            learned = _learned(config, path, data)
            config = config.model_copy(update=learned)
        tiers = tuple(_with_adapter(tier, path) for tier in config.tiers)
        config = config.model_copy(update={"tiers": tiers, "stt": _with_adapter(config.stt, path)})
        if sound := config.background.file:
            found = config.background.model_copy(update={"file": _beside(path, sound)})
            config = config.model_copy(update={"background": found})
        rule_named(config.rule, config.checks, config.fitted)
    except ValidationError as error:
        raise ConfigError("\n".join(explain(path, text, each) for each in error.errors())) from error
    except BadPolicy as error:
        raise ConfigError(f"{path}:{line_of(text, ('policy', 'file'))}: {error}") from error
    except ValueError as error:
        raise ConfigError(f"{path}:{line_of(text, ('rule', 'name'))}: {error}") from error
    names = [tier.name for tier in config.tiers]
    if len(set(names)) != len(names):
        raise ConfigError(f"{path}:{line_of(text, ('tiers',))}: two tiers have the same name")
    try:
        config.policy()
    except ValueError as error:
        raise ConfigError(f"{path}:{line_of(text, ('gates',), str(error))}: {error}") from error
    return _with_keys(config, path, text, data, environ) if keys else config


def _find(profile: str | Path) -> Path:
    path = Path(profile)
    if path.suffix == ".toml":
        if not path.is_file():
            raise ConfigError(f"{path}: there is no such file")
        return path
    path = PROFILES / f"{profile}.toml"
    if not path.is_file():
        raise ConfigError(f"there is no profile {str(profile)!r}: use one of {', '.join(profiles())}, or a file.toml")
    return path


def _beside(path: Path, file: Path) -> Path:
    """Give the whole path of a file that a profile names."""
    return (path.parent / file).absolute()


def _learned(config: Config, path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """Take what a policy file says; what the profile itself says of the rule or a check stays."""
    assert config.learned.file
    file = _beside(path, config.learned.file)
    found = load_policy(file)

    def own(table: str) -> dict[str, Any]:
        return {key: getattr(getattr(config, table), key) for key in data.get(table, {})}

    return {
        "learned": PolicySettings(file=file),
        "fitted": found.fitted,
        "rule": replace(found.rule, **own("rule")),
        "checks": replace(found.checks, **own("checks")),
    }


_Taught = TypeVar("_Taught", TierSettings, SttSettings)


def _with_adapter(part: _Taught, path: Path) -> _Taught:
    """Give a tier or ears with the whole path of their adapter."""
    return part.model_copy(update={"adapter": _beside(path, part.adapter)}) if part.adapter else part


def _with_keys(config: Config, path: Path, text: str, data: Mapping[str, Any], environ: Mapping[str, str]) -> Config:
    missing: list[str] = []

    def fill(endpoint: _E, where: tuple[str | int, ...]) -> _E:
        name = endpoint.api_key_env
        if name is None:
            return endpoint
        if not environ.get(name):
            line = line_of(text, (*where, "api_key_env"))
            missing.append(f"{path}:{line}: the environment variable {name} is not set: export {name}=…")
            return endpoint
        return endpoint.model_copy(update={"api_key": SecretStr(environ[name])})

    config = config.model_copy(
        update={
            "stt": fill(config.stt, ("stt",)),
            "tts": fill(config.tts, ("tts",)),
            "tiers": tuple(fill(tier, ("tiers", index)) for index, tier in enumerate(config.tiers)),
        }
    )
    if missing:
        raise ConfigError("\n".join(missing))
    return config
