"""Pipecat's bundled smart-turn model on a stretch of audio, without a pipeline around it."""

from __future__ import annotations

from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.metrics.metrics import TurnMetricsData


class SmartTurn:
    """Says how likely a caller is done, from the sound alone.

    Args:
        sample_rate: Of the audio it will be given, in samples a second.
    """

    def __init__(self, sample_rate: int) -> None:
        self._analyzer = LocalSmartTurnAnalyzerV3(sample_rate=sample_rate)
        self._analyzer.set_sample_rate(sample_rate)

    async def probability(self, audio: bytes) -> float | None:
        """Judge 16-bit mono PCM; the model looks at its last 8 s. None for no audio."""
        self._analyzer.append_audio(audio, is_speech=True)
        _, metrics = await self._analyzer.analyze_end_of_turn()
        self._analyzer.clear()
        return metrics.probability if isinstance(metrics, TurnMetricsData) else None
