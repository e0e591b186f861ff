"""Reads a profile: its file, what it names beside it, and the environment variables that hold its keys."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr, ValidationError

from voice.cascade.rules import rule_named
from voice.config.names import unknown_names
from voice.config.near import near_key
from voice.config.parts import PolicySettings, SttSettings
from voice.config.tiers import Endpoint, TierSettings
from voice.config.whole import Config
from voice.policy_file import BadPolicy, load_policy
from voice.profile_lines import UNKNOWN_KEY, explain, line_of

PROFILES = Path(__file__).resolve().parents[2] / "pipelines"
"""Where the profiles that come with the project lie."""

_E = TypeVar("_E", bound=Endpoint)
_Taught = TypeVar("_Taught", TierSettings, SttSettings)


class ConfigError(ValueError):
    """A profile can't be used. The message begins with its file and line."""


def profiles() -> list[str]:
    """Name the profiles that come with the project."""
    return sorted(path.stem for path in PROFILES.glob("*.toml"))


def load(
    profile: str | Path = "embedded",
    environ: Mapping[str, str] | None = None,
    *,
    keys: bool = True,
    actions: Collection[str] | None = None,
) -> Config:
    """Read a profile, by name or file, and the environment variables that it names.

    Args:
        profile: Its name or file.
        environ: The environment; None for the process's.
        keys: Whether keys are filled in. Without them a profile can be looked at, not run.
        actions: Names of all that the desk can do which is opened with the profile, so that no gate or class of risk is
            for an action that does not exist; None leaves those names unchecked.

    Raises:
        ConfigError: it does not exist, is no TOML, or holds an unknown key, a wrong value, or the name of a tier, an
            action or an environment variable that there is not.
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
        if config.pipeline.endswith(".py"):
            own = str(_beside(path, Path(config.pipeline)))
            config = config.model_copy(update={"pipeline": own})
        if sound := config.background.file:
            found = config.background.model_copy(update={"file": _beside(path, sound)})
            config = config.model_copy(update={"background": found})
        rule_named(config.rule, config.checks, config.fitted)
    except ValidationError as error:
        raise ConfigError("\n".join(_explained(path, text, error))) from error
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
    if unknown := unknown_names(path, text, data, names, None if config.desk.factory else actions):
        raise ConfigError("\n".join(unknown))
    return _with_keys(config, path, text, data, environ) if keys else config


def of_the_airline(config: Config, what: str) -> Config:
    """Give a config if its desk is the airline's.

    Args:
        config: Of a profile.
        what: Is about that desk alone, such as ``voice bench``.

    Raises:
        ConfigError: the profile names another desk.
    """
    if config.desk.factory:
        raise ConfigError(
            f"profile {config.name}: {what} knows the airline's desk alone, and this profile's is "
            f"{config.desk.factory}: give a profile without [desk] factory"
        )
    return config


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
    """Take what a policy file says of the profile's tiers; what the profile says of the rule or a check stays."""
    assert config.learned.file
    file = _beside(path, config.learned.file)
    found = load_policy(file)

    def own(table: str) -> dict[str, Any]:
        return {key: getattr(getattr(config, table), key) for key in data.get(table, {})}

    tiers = {tier.name for tier in config.tiers}
    thresholds = {name: least for name, least in found.rule.thresholds.items() if name in tiers}
    return {
        "learned": PolicySettings(file=file),
        "fitted": found.fitted,
        "rule": replace(found.rule, **{"thresholds": thresholds, **own("rule")}),
        "checks": replace(found.checks, **own("checks")),
    }


def _with_adapter(part: _Taught, path: Path) -> _Taught:
    """Give a tier or ears with the whole path of their adapter."""
    return part.model_copy(update={"adapter": _beside(path, part.adapter)}) if part.adapter else part


def _explained(path: Path, text: str, error: ValidationError) -> list[str]:
    """Say what is wrong; of a table that is wrong because of what is in it, only that."""
    errors = error.errors()
    places = [each["loc"] for each in errors]
    said: list[str] = []
    for each, place in zip(errors, places, strict=True):
        if not any(len(other) > len(place) and other[: len(place)] == place for other in places):
            near = near_key(Config, place) if each["type"] in UNKNOWN_KEY else None
            said.append(explain(path, text, each) + (f": did you mean {near!r}?" if near else ""))
    return said


def _with_keys(config: Config, path: Path, text: str, data: Mapping[str, Any], environ: Mapping[str, str]) -> Config:
    missing: dict[str, list[int]] = {}

    def fill(endpoint: _E, *where: str | int) -> _E:
        name = endpoint.api_key_env
        if name is None:
            return endpoint
        if not environ.get(name):
            missing.setdefault(name, []).append(line_of(text, (*where, "api_key_env")))
            return endpoint
        return endpoint.model_copy(update={"api_key": SecretStr(environ[name])})

    config = config.model_copy(
        update={
            "stt": fill(config.stt, "stt"),
            "tts": fill(config.tts, "tts"),
            "tiers": tuple(fill(tier, "tiers", index) for index, tier in enumerate(config.tiers)),
        }
    )
    if missing:
        raise ConfigError("\n".join(_unset(path, name, sorted(lines)) for name, lines in missing.items()))
    return config


def _unset(path: Path, name: str, lines: list[int]) -> str:
    first, *others = lines
    also = f" (wanted in lines {', '.join(map(str, others))} too)" if others else ""
    return f"{path}:{first}: the environment variable {name} is not set{also}: export {name}=…"
