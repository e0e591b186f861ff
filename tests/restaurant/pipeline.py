"""Any pipecat pipeline: the cascade stands where the LLM stands, with a desk in place of its tools."""

from collections.abc import Mapping, Sequence

from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.transports.base_transport import BaseTransport
from pipecat.turns.user_start import VADUserTurnStartStrategy
from pipecat.turns.user_stop import BaseUserTurnStopStrategy
from pipecat.turns.user_turn_processor import UserTurnProcessor
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from voice.cascade.policy import Policy
from voice.ports import Desk, LanguageModel
from voice.processors.cascade import CascadeProcessor
from voice.processors.playback import PlaybackProcessor
from voice.runtime import Runtime
from voice.trace import Trace

Tiers = Mapping[str, LanguageModel]
Stages = Sequence[FrameProcessor]
Stop = list[BaseUserTurnStopStrategy]


def build(
    transport: BaseTransport, ears: Stages, stop: Stop, voice: FrameProcessor, desk: Desk, tiers: Tiers, policy: Policy
) -> Pipeline:
    trace = Trace()  # with an id of its own: no two calls may share one
    start = [VADUserTurnStartStrategy(enable_interruptions=False)]  # the cascade says what is an interruption
    turns = UserTurnProcessor(user_turn_strategies=UserTurnStrategies(start=[*start], stop=stop))
    llm = CascadeProcessor(lambda mouth: Runtime(policy=policy, desk=desk, tiers=tiers, mouth=mouth, trace=trace))
    return Pipeline([transport.input(), *ears, turns, llm, voice, transport.output(), PlaybackProcessor(llm)])
