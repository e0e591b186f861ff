"""One short name for the models that a profile runs: what two of them made can be compared if it is the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from voice.config import Config, ConfigError
from voice.models import catalogue

_PRICE_AND_SPEED = {"api_key_env", "input_price", "output_price", "expected_seconds", "threads"}
_PROMPT = {"fine_tuned", "sees_reading"}
_NOT_THE_MODEL = {*_PRICE_AND_SPEED, *_PROMPT, "adapter"}


def version_of(config: Config) -> str:
    """Fingerprint what decides a tier's drafts, besides the prompt: model, weights, adapter, endpoint, limits.

    Raises:
        ConfigError: an adapter's file can't be read.
    """
    weights = {name: model.fingerprint for name, model in catalogue.load().items()}
    return fingerprint(
        [
            {
                **tier.model_dump(mode="json", exclude=_NOT_THE_MODEL),
                "weights": weights.get(tier.model),
                **({"adapter": content_of(tier.adapter)} if tier.adapter else {}),
            }
            for tier in config.tiers
        ]
    )


def content_of(file: Path) -> str:
    """Fingerprint an adapter's file.

    Raises:
        ConfigError: it can't be read.
    """
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"the adapter {file} can't be read: {error}") from None


def fingerprint(value: object) -> str:
    """Give 16 hexadecimal digits for a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
