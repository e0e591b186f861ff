"""Pipecat's bundled smart-turn model on a stretch of audio, without a pipeline around it."""

from __future__ import annotations

from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.metrics.metrics import TurnMetricsData

SECONDS = 8.0
"""The model looks at no more than that."""


class SmartTurn:
    """Says how likely a caller is done, from the sound alone. One judgement at a time; each stands for itself.

    Args:
        sample_rate: Of the audio it will be given, in samples a second.
    """

    def __init__(self, sample_rate: int) -> None:
        self._analyzer = LocalSmartTurnAnalyzerV3(sample_rate=sample_rate)
        self._analyzer.set_sample_rate(sample_rate)

    async def probability(self, audio: bytes) -> float | None:
        """Judge 16-bit mono PCM; the model looks at its last 8 s. None for no audio."""
        self._analyzer.clear()  # a judgement that was cancelled has left its audio behind
        self._analyzer.append_audio(audio, is_speech=True)
        _, metrics = await self._analyzer.analyze_end_of_turn()
        return metrics.probability if isinstance(metrics, TurnMetricsData) else None

    async def close(self) -> None:
        """Let its thread end."""
        await self._analyzer.cleanup()
