"""One model for every turn, stock pipecat as its documentation shows it: what the cascade is measured against."""

from __future__ import annotations

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.base_transport import BaseTransport

from voice import models
from voice.processors.call import Call
from voice.processors.tools import INSTRUCTIONS, desk_tools


def build(transport: BaseTransport, call: Call) -> Pipeline:
    """List the stages in the order audio flows. The largest tier answers."""
    config = call.stack.config
    endpoint = call.stack.endpoints[config.tiers[-1].name]
    ears, voice = models.path(config.stt.model), models.path(config.tts.model)
    context = LLMContext([{"role": "system", "content": INSTRUCTIONS}], tools=desk_tools(call.desk, call.trace))
    aggregators = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    return Pipeline(
        [
            transport.input(),
            WhisperSTTService(device="cpu", compute_type="int8", settings=WhisperSTTService.Settings(model=str(ears))),
            aggregators.user(),
            OpenAILLMService(
                base_url=endpoint.base_url,
                api_key=endpoint.api_key,
                settings=OpenAILLMService.Settings(model=endpoint.model, temperature=0.0),
            ),
            PiperTTSService(
                download_dir=voice, settings=PiperTTSService.Settings(voice=next(voice.glob("*.onnx")).stem)
            ),
            transport.output(),
            aggregators.assistant(),
        ]
    )
