"""Asks every service that a profile names elsewhere, once and as cheaply as can be, whether it would serve calls."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import openai

from voice.config import Config, SttSettings, TierSettings, TtsSettings
from voice.llm import failures
from voice.llm.configuring import tier_config
from voice.llm.tier import OpenAITier

_PATIENCE_SECONDS = 10.0
"""For ears and voice."""


@dataclass(frozen=True)
class Asked:
    """What became of asking a service.

    Attributes:
        name: Of the tier, or ``ears`` or ``voice``.
        found: What it said, in a line.
        fix: What to do; empty where it answers as needed.
    """

    name: str
    found: str
    fix: str = ""


async def ask(config: Config) -> list[Asked]:
    """Ask all at once: tiers for a token, ears and voice whether they know their model."""
    tiers = [_tier(tier) for tier in config.tiers if tier.provider == "openai"]
    others = [
        _model(name, part) for name, part in (("ears", config.stt), ("voice", config.tts)) if part.provider == "openai"
    ]
    return await asyncio.gather(*tiers, *others)


async def _tier(settings: TierSettings) -> Asked:
    name = f"tier {settings.name}"
    if settings.api_key_env and not settings.api_key:
        return _without_key(name, settings.api_key_env)
    async with OpenAITier(tier_config(settings)) as tier:
        if failure := await tier.probe():
            return _failed(name, failure, tier.config.api_key)
    return Asked(name, f"{settings.model} answers")


async def _model(name: str, settings: SttSettings | TtsSettings) -> Asked:
    if settings.api_key_env and not settings.api_key:
        return _without_key(name, settings.api_key_env)
    key = settings.api_key.get_secret_value() if settings.api_key else "none"
    client = openai.AsyncOpenAI(api_key=key, base_url=settings.base_url, max_retries=0, timeout=_PATIENCE_SECONDS)
    async with client:
        try:
            await client.models.retrieve(settings.model)
        except openai.NotFoundError as failure:
            if settings.is_openais:
                return _failed(name, failure, key)
            return Asked(name, f"there is a server, which does not tell whether it has {settings.model}")
        except (openai.OpenAIError, ValueError) as failure:
            return _failed(name, failure, key)
    return Asked(name, f"{settings.model} is there")


def _failed(name: str, failure: Exception, key: str) -> Asked:
    return Asked(name, f"{failures.brief(failure)}: {failures.reason(failure, key)}", failures.advice(failure))


def _without_key(name: str, variable: str) -> Asked:
    return Asked(name, "was not asked: it has no key", f"export {variable}=…")
