"""The stand-in for hosted providers, asked over sockets by the clients that calls use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from voice.bench.calls.caller import utterances
from voice.bench.hosted.__main__ import PROFILE
from voice.bench.hosted.latency import FAST, STRONG, Latency, Model, Speeds
from voice.bench.hosted.overhearing import Overhearing
from voice.bench.hosted.provider import Provider, serving
from voice.bench.recordings.manifest import load as load_calls
from voice.booking.context import TurnContext
from voice.booking.drafting import grammar, prompting
from voice.booking.reading import reader
from voice.config import Config, load
from voice.hearing.openai import OpenAITranscriber
from voice.llm.configuring import TierConfig
from voice.llm.tier import OpenAITier
from voice.ports import Message
from voice.speaking.openai import OpenAISpeaker

pytestmark = pytest.mark.real

SOON = Latency(0.001, 0.001)
QUICK = Speeds({FAST: Model(SOON, 10_000.0), STRONG: Model(SOON, 10_000.0)}, SOON, 1000.0, SOON)
CALLS = load_calls(Path(__file__).parents[2] / "audio_fixtures")
TURN = CALLS[0].turns[2]


@asynccontextmanager
async def profile(folder: Path) -> AsyncIterator[Config]:
    """Serve, and give the profile that points there."""
    async with serving(Provider(Overhearing(CALLS[0].turns).text, QUICK)) as port:
        file = folder / "hosted.toml"
        file.write_text(PROFILE.read_text().replace("{base_url}", f"http://127.0.0.1:{port}/v1"))
        yield load(file)


async def test_a_tier_gets_the_reading_of_its_prompt_token_by_token_with_its_bill(tmp_path: Path):
    read = reader.read("I need a flight from Boston to Denver next Friday.", TurnContext())
    async with profile(tmp_path) as config:
        grown: list[str] = []
        settings = config.tiers[0]
        assert settings.base_url
        async with OpenAITier(TierConfig("fast", settings.base_url, settings.model)) as tier:
            schema = grammar.turn_schema(read, TurnContext())
            messages = prompting.turn_messages(read, TurnContext())
            draft = await tier.draft(messages, schema, watch=lambda so_far: grown.append(so_far.text))
        assert draft.error is None
        assert grammar.parse(draft.text, read) == read.actions
        assert "".join(draft.tokens) == draft.text
        assert len(draft.logprobs) == draft.output_tokens == len(grown) > 5
        assert draft.prompt_tokens > 300


async def test_a_model_that_it_does_not_have_is_refused(tmp_path: Path):
    async with profile(tmp_path) as config:
        assert config.tiers[0].base_url
        async with OpenAITier(TierConfig("fast", config.tiers[0].base_url, "another")) as tier:
            assert (await tier.draft([Message("user", "Caller: Hi.")], {})).error == "refused"


async def test_the_ears_know_the_recording_and_how_far_it_was_sent(tmp_path: Path):
    async with profile(tmp_path) as config:
        ears = OpenAITranscriber(config.stt)
        sound = utterances([TURN])[0].audio.astype(np.float32) / 32768.0
        line = np.concatenate([np.zeros(3200, np.float32), sound, np.zeros(3200, np.float32)])
        assert (await ears.transcribe(line)).text == TURN.text
        half = (await ears.transcribe(line[: len(line) // 2 // 320 * 320])).text
        assert half
        assert TURN.text.startswith(half)
        assert half != TURN.text
        noise = np.random.default_rng(1).normal(size=16_000).astype(np.float32) * 0.1
        assert (await ears.transcribe(noise)).text == ""
        await ears.close()


async def test_the_voice_speaks_for_as_long_as_the_text_would_take_and_is_never_silent(tmp_path: Path):
    async with profile(tmp_path) as config:
        speaker = OpenAISpeaker(config.tts)
        pcm = b"".join([piece async for piece in speaker.speak("Where are you flying from today?")])
        await speaker.close()
        samples = np.frombuffer(pcm, np.int16)
        assert 2.0 < len(samples) / speaker.sample_rate < 3.0
        loud = np.flatnonzero(np.abs(samples) > 100)
        assert np.diff(loud).max() < 0.01 * speaker.sample_rate
