"""Pipecat's own stages with the models of a profile, as its documentation sets them up: for the stock pipelines."""

from __future__ import annotations

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService

from voice import models
from voice.config import Config
from voice.processors.call import Call


def stock_ears(config: Config) -> WhisperSTTService:
    """Transcribe each turn when it is over."""
    settings = WhisperSTTService.Settings(model=str(models.path(config.stt.model)))
    return WhisperSTTService(device="cpu", compute_type="int8", settings=settings)


def stock_mouth(config: Config) -> PiperTTSService:
    """Speak sentence by sentence."""
    voice = models.path(config.tts.model)
    return PiperTTSService(download_dir=voice, settings=PiperTTSService.Settings(voice=next(voice.glob("*.onnx")).stem))


def stock_llm(call: Call, tier: int, instructions: str) -> OpenAILLMService:
    """Ask a tier of the profile, by its place: 0 is the cheapest, -1 the dearest."""
    settings = call.stack.config.tiers[tier]
    endpoint = call.stack.endpoints[settings.name]
    return OpenAILLMService(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key,
        settings=OpenAILLMService.Settings(
            model=endpoint.model,
            temperature=0.0,
            max_tokens=settings.max_output_tokens,
            system_instruction=instructions,
        ),
    )


def stock_turns(context: LLMContext) -> LLMContextAggregatorPair:
    """Take turns by pipecat's default strategies: voice activity begins one, smart-turn ends it."""
    return LLMContextAggregatorPair(context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer()))
