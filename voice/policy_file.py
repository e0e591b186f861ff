"""Policy files: what `voice tune` learned, in TOML that people can read and a profile names under ``[policy]``."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from voice.cascade.fitted import Fitted
from voice.cascade.policy import CheckPolicy, RulePolicy
from voice.policy_words import about_key, about_table

FORMAT = 2
"""Grows when older programs can't read what newer ones write. Files of format 1, without a reference, are read too."""

_STRICT = ConfigDict(extra="forbid", frozen=True)


class BadPolicy(ValueError):
    """A policy file can't be used; the message begins with its name."""


class Histogram(BaseModel):
    """How often values fell where.

    Attributes:
        cuts: Ascending. The first bin holds what is at most ``cuts[0]``, the last what is above ``cuts[-1]``.
        counts: Turns in each bin, one more than there are cuts.
        mean: Of all values, for people.
    """

    model_config = _STRICT
    cuts: tuple[float, ...]
    counts: tuple[int, ...]
    mean: float


class Rate(BaseModel):
    """A share of ``n`` turns; a fraction where turns weigh differently."""

    model_config = _STRICT
    share: float
    n: float


class Reference(BaseModel):
    """What the turns were like that a policy was made from, to compare later calls with.

    Attributes:
        of: ``calls`` (turns of theirs that a tier drafted), or ``labelled turns`` where too few turns were of calls.
        turns: How many.
        routes: How many the policy's router sends where.
        rates: What the policy does with them: ``escalated``, ``asked back``, ``disagreed`` (the next tier would have
            read what the smallest one answered otherwise), and of calls also ``repaired``.
        values: The numbers that router and rule decide by. ``chance: …`` and ``score: …`` are what they make of a turn
            or a tier's draft, ``turn: …`` and ``TIER: …`` what they make it from.
    """

    model_config = _STRICT
    of: Literal["calls", "labelled turns"]
    turns: int
    routes: dict[str, int]
    rates: dict[str, Rate]
    values: dict[str, Histogram]


class PolicyFile(BaseModel):
    """All that a policy file holds.

    Attributes:
        format: See `FORMAT`.
        version: Names this policy in traces.
        made: When, from which outcomes (``data`` is their fingerprint), for which targets.
        metrics: What it reached, by split; for people and for comparing with the next one.
        rule: Which rule decides, by what thresholds.
        checks: The thresholds of the three checks.
        fitted: The models behind the router and the learned rules.
        reference: What it was made from, for `voice trace drift`; None in older files.
    """

    model_config = _STRICT
    format: int = FORMAT
    version: str
    made: dict[str, Any]
    metrics: dict[str, Any]
    rule: RulePolicy
    checks: CheckPolicy = CheckPolicy()
    fitted: Fitted
    reference: Reference | None = None


def load_policy(path: Path) -> PolicyFile:
    """Read a policy file.

    Raises:
        BadPolicy: it is not there, no TOML, of another format, or holds what it should not.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPolicy(f"{path}: can't be read as a policy file: {error}") from error
    if data.get("format") not in (1, FORMAT):
        raise BadPolicy(f"{path}: has format {data.get('format')!r}, not {FORMAT}: make it again with `voice tune`")
    try:
        return PolicyFile.model_validate(data)
    except (ValidationError, ValueError) as error:
        first = error.errors(include_url=False)[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise BadPolicy(f"{path}: {what}: make it again with `voice tune`") from error


_MOST = 110
"""The longest line that a comment is put behind; of a longer one it stands above."""


def dump_policy(policy: PolicyFile) -> str:
    """Write a policy file's text."""
    data = TypeAdapter(PolicyFile).dump_python(policy, mode="json", exclude_none=True)
    lines = ["# A policy of the cascade, written by `voice tune`. Name it in a profile:", "#   [policy]"]
    lines += ['#   file = "THIS FILE"', "# Keys of the profile's own [rule] and [checks] come before those here.", ""]
    _table(data, "", lines)
    return "\n".join(lines) + "\n"


def _table(data: Mapping[str, Any], path: str, lines: list[str]) -> None:
    plain = {key: value for key, value in data.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in data.items() if isinstance(value, dict)}
    about = about_table(path) if path else ""
    if path and (about or plain or not tables):
        lines += ["", *(f"# {part}" for part in wrap(about, _MOST))]
    if path and (plain or not tables):
        lines.append(f"[{path}]")
    for key, value in plain.items():
        lines += _line(f"{_key(key)} = {_value(value)}", about_key(path, key, value))
    for key, value in tables.items():
        _table(value, f"{path}.{_key(key)}" if path else _key(key), lines)


def _line(line: str, about: str) -> list[str]:
    if not about:
        return [line]
    return [f"{line} # {about}"] if len(line) + len(about) < _MOST else [f"# {about}", line]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return repr(value) if value == value and abs(value) != float("inf") else "nan"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value if each is not None) + "]"
    return json.dumps(value, ensure_ascii=False)
