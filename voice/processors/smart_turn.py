"""Pipecat's bundled smart-turn model on a stretch of audio, without a pipeline around it."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3

from voice.ports import Samples

SECONDS = 8.0
"""The model looks at no more than that."""


class SmartTurn:
    """Says how likely a caller is done, from the sound alone. Each judgement stands for itself.

    The model is loaded once in a process, since loading it holds up every call for 0.04 s. A judgement takes a
    processor 0.05 s, so there are as many threads for them as processors.

    Args:
        sample_rate: Of the audio it will be given, in samples a second.
    """

    def __init__(self, sample_rate: int) -> None:
        self._model = _model(sample_rate)

    async def probability(self, audio: bytes) -> float | None:
        """Judge 16-bit mono PCM; the model looks at its last 8 s. None for no audio."""
        if not audio:
            return None
        samples = np.frombuffer(audio, dtype=np.int16).astype(np.float32) / 32768.0
        return await asyncio.get_running_loop().run_in_executor(_threads(), self._model.judge, samples)


class _Model(LocalSmartTurnAnalyzerV3):
    """The model alone: any number of judgements at a time."""

    def judge(self, samples: Samples) -> float:
        return float(self._predict_endpoint(samples)["probability"])


@cache
def _model(sample_rate: int) -> _Model:
    model = _Model(sample_rate=sample_rate)
    model.set_sample_rate(sample_rate)
    return model


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="smart-turn")
