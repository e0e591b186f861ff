"""Everything that all calls of a process share: models, voice, ears. Started and stopped together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import platformdirs

from voice import models
from voice.account import HourAccount
from voice.cascade.policy import Policy
from voice.config import Config, SttSettings, TierSettings, TtsSettings
from voice.contract import check_desk
from voice.llm.configuring import TierConfig, tier_config
from voice.llm.embedded import EmbeddedServer, ServerConfig
from voice.llm.embedded_tier import EmbeddedTier
from voice.llm.reliable import Reliability, ReliableTier
from voice.llm.tier import OpenAITier
from voice.ports import Desk, LanguageModel, Message, Named, Speaker, Transcriber
from voice.speaking.clips import ClippedSpeaker

Progress = Callable[[str], None]

_TELL_SECONDS = 1.0
"""After so long it is told what is waited for."""

Prefix = Callable[[bool], Sequence[Message]]
"""Gives the constant messages of prompts, by whether they are for a fine-tuned model."""


def no_prefix(fine_tuned: bool) -> Sequence[Message]:
    """Give none."""
    del fine_tuned
    return ()


@dataclass(frozen=True)
class Stack:
    """What a call is made of, besides its desk.

    Attributes:
        config: What it was made from.
        policy: The core's part of it.
        tiers: A model for each tier of the policy, warm.
        endpoints: Where each of them answers, for pipelines that bring their own client.
        transcriber: The ears.
        speaker: The mouth, with every generic filler rendered.
        pace: How fast each tier has been lately, compared with what is configured; calls read and write it.
        account: What all calls spend in an hour.
        down: Names the tiers that can't be asked at the moment, each with the reason. See `tiers_down`.
    """

    config: Config
    policy: Policy
    tiers: Mapping[str, LanguageModel]
    endpoints: Mapping[str, TierConfig]
    transcriber: Transcriber
    speaker: Speaker
    pace: dict[str, float] = field(default_factory=dict[str, float])
    account: HourAccount = field(init=False)
    down: Callable[[], list[str]] = list[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "account", HourAccount(self.policy.budget))


@asynccontextmanager
async def open_stack(
    config: Config,
    *,
    prefix: Prefix = no_prefix,
    names: Sequence[str] = (),
    progress: Progress = lambda text: None,
) -> AsyncGenerator[Stack]:
    """Load the models, start their servers and warm them, all at once.

    Args:
        config: What to load.
        prefix: Gives the messages with which prompts begin, for the servers' prompt caches: `prefix_of` a desk.
        names: What callers may say, for the ears: `names_of` a desk.
        progress: Told what became ready.

    Raises:
        voice.models.MissingModel: an embedded model is not there yet.
        voice.llm.embedded.ServerError: a model server can't be started.
    """
    policy = config.policy()
    async with AsyncExitStack() as exits:

        async def ears() -> Transcriber:
            transcriber = await _transcriber(config.stt, names, exits)
            progress(f"ears: {config.stt.model}")
            return transcriber

        async def mouth() -> Speaker:
            speaker = ClippedSpeaker(await _speaker(config.tts, exits))
            filler = policy.filler
            await speaker.render([*filler.openers, *filler.holders])
            progress(f"voice: {config.tts.model}")
            return speaker

        try:
            async with asyncio.TaskGroup() as tasks:
                hearing, speaking = tasks.create_task(ears()), tasks.create_task(mouth())
                tiers = {one.name: tasks.create_task(_warm(one, prefix, exits, progress)) for one in config.tiers}
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        named = {name: task.result() for name, task in tiers.items()}
        reliable = {tier.name: ReliableTier(named[tier.name], _reliability(tier)) for tier in config.tiers}
        endpoints = {name: model.config for name, model in named.items()}
        down = partial(tiers_down, named, reliable)
        yield Stack(config, policy, reliable, endpoints, hearing.result(), speaking.result(), down=down)


@asynccontextmanager
async def open_tiers(
    config: Config, *, prefix: Prefix = no_prefix, progress: Progress = lambda text: None
) -> AsyncGenerator[Mapping[str, LanguageModel]]:
    """Start the tiers without ears and voice: for text, or for a pipeline that has its own. See `open_stack`."""
    async with AsyncExitStack() as exits:
        try:
            async with asyncio.TaskGroup() as tasks:
                tiers = {one.name: tasks.create_task(_warm(one, prefix, exits, progress)) for one in config.tiers}
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        yield {one.name: ReliableTier(tiers[one.name].result(), _reliability(one)) for one in config.tiers}


def prefix_of(desk: Desk) -> Prefix:
    """Give what knows the messages with which all of a desk's prompts begin."""
    check_desk(desk)
    dialogue = desk.open("")
    reading = desk.read("", dialogue)
    return lambda fine_tuned: tuple(desk.prompt(reading, dialogue, fine_tuned=fine_tuned))[:-1]


def names_of(desk: Desk) -> Sequence[str]:
    """Give what a desk's callers may say and ears should know, if it tells."""
    return desk.names if isinstance(desk, Named) else ()


@asynccontextmanager
async def open_tier(settings: TierSettings, prefix: Prefix = no_prefix) -> AsyncGenerator[LanguageModel]:
    """Start one tier alone, warm, and stop it at the end. See `open_stack` for what it raises."""
    async with AsyncExitStack() as exits:
        yield await _warm(settings, prefix, exits, lambda text: None)


def tiers_down(models: Mapping[str, OpenAITier], reliable: Mapping[str, ReliableTier] | None = None) -> list[str]:
    """Name the tiers that can't be asked at the moment, such as ``fast: refused (401)``.

    Each tells why by itself: an embedded one's server does not run, a hosted one refuses all requests or gave no answer
    to its first. Others are left alone for a while, since they failed too often.
    """
    resting = {name: tier.resting for name, tier in (reliable or {}).items()}
    why = {name: model.trouble or resting.get(name) for name, model in models.items()}
    return [f"{name}: {reason}" for name, reason in why.items() if reason]


async def _warm(settings: TierSettings, prefix: Prefix, exits: AsyncExitStack, progress: Progress) -> OpenAITier:
    model = await _tier(settings, exits)
    where = "its model to read the prompt" if settings.provider == "embedded" else model.config.base_url
    waits = f"{settings.name} tier: waiting for {where}"
    telling = asyncio.get_running_loop().call_later(_TELL_SECONDS, progress, waits)
    try:
        await model.warm(prefix(settings.is_fine_tuned))
    finally:
        telling.cancel()
    failed = f" does not answer: {model.trouble}" if model.trouble else ""
    progress(f"{settings.name} tier: {settings.model}{failed}")
    return model


async def _tier(settings: TierSettings, exits: AsyncExitStack) -> OpenAITier:
    config = tier_config(settings)
    if settings.provider == "openai":
        return await exits.enter_async_context(OpenAITier(config))
    state = platformdirs.user_cache_path("voice-cascade") / "prompts"
    server = EmbeddedServer(
        ServerConfig(
            settings.name,
            models.path(settings.model),
            adapter=settings.adapter,
            threads=settings.threads,
            state=state,
        )
    )
    await exits.enter_async_context(server)
    return await exits.enter_async_context(EmbeddedTier(server, config))


def _reliability(settings: TierSettings) -> Reliability:
    return Reliability(
        timeout_seconds=settings.timeout_seconds,
        expected_seconds=settings.expected_seconds,
        retry=settings.retry,
        hedge=settings.hedge,
        breaker_failures=settings.breaker_failures,
        breaker_seconds=settings.breaker_seconds,
    )


async def _transcriber(settings: SttSettings, names: Sequence[str], exits: AsyncExitStack) -> Transcriber:
    if settings.provider == "openai":
        from voice.hearing.openai import OpenAITranscriber

        ears = OpenAITranscriber(settings)
        exits.push_async_callback(ears.close)
        return ears
    from voice.hearing.whisper import WhisperTranscriber

    transcriber = await asyncio.to_thread(
        WhisperTranscriber, models.path(settings.model), language=settings.language, adapter=settings.adapter
    )
    await transcriber.warm(names)
    return transcriber


async def _speaker(settings: TtsSettings, exits: AsyncExitStack) -> Speaker:
    if settings.provider == "openai":
        from voice.speaking.openai import OpenAISpeaker

        voice = OpenAISpeaker(settings)
        exits.push_async_callback(voice.close)
        return voice
    from voice.speaking.piper import PiperSpeaker

    return await asyncio.to_thread(PiperSpeaker, models.path(settings.model))
