"""The cascade: a small model answers what it gets right, a larger one gets the rest, filler covers the wait."""

from __future__ import annotations

from pipecat.pipeline.pipeline import Pipeline
from pipecat.transports.base_transport import BaseTransport
from pipecat.turns.user_turn_processor import UserTurnProcessor
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from voice.ports import Named
from voice.processors.breath import BreathProcessor
from voice.processors.call import Call
from voice.processors.cascade import CascadeProcessor
from voice.processors.early_vad import EarlyVADProcessor
from voice.processors.floor import FloorTurnStartStrategy
from voice.processors.patience import PatientTurnStopStrategy
from voice.processors.playback import PlaybackProcessor
from voice.processors.speaker import SpeakerTTSService
from voice.processors.transcriber import TranscriberSTTService


def build(transport: BaseTransport, call: Call) -> Pipeline:
    """List the stages in the order audio flows."""
    cascade = CascadeProcessor(call.runtime, greeting=call.stack.config.greeting, keys=call.stack.config.keys)
    return Pipeline(
        [
            transport.input(),
            EarlyVADProcessor(),
            TranscriberSTTService(
                call.stack.transcriber,
                names=call.desk.names if isinstance(call.desk, Named) else (),
                stream_seconds=call.stack.config.stt.stream_seconds,
            ),
            UserTurnProcessor(user_turn_strategies=turn_strategies(call), user_turn_stop_timeout=8.0),
            cascade,
            SpeakerTTSService(call.stack.speaker),
            BreathProcessor(),
            transport.output(),
            PlaybackProcessor(cascade),
        ]
    )


def turn_strategies(call: Call) -> UserTurnStrategies:
    """Say who decides when the caller's turn begins and when it is over."""
    return UserTurnStrategies(
        start=[FloorTurnStartStrategy()],  # the cascade decides what an interruption is
        stop=[PatientTurnStopStrategy(least_seconds=call.stack.config.turn_end.least_seconds)],
    )
