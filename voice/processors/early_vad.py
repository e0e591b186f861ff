"""Pipecat's voice activity detection, which also says early what it is not sure of yet."""

from __future__ import annotations

from collections import deque
from copy import copy
from functools import cache

import numpy as np
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADAnalyzer, VADParams, VADState
from pipecat.frames.frames import Frame, InputAudioRawFrame
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameDirection

from voice.hearing.activity import OFF_SECONDS, ON_SECONDS, Activity
from voice.processors.frames import VoiceFrame

QUIET_DB = -60.0
"""Power of a chunk, in dB of full scale, below which nobody speaks: the least loudness that pipecat takes for speech is
reached from -52 dB on. Callers listen most of the time, and the model is most of what listening to them costs."""

VOICE_DB = -50.0
"""Power of a chunk from which on it may be a voice that begins. Pipecat smooths the loudness over 0.4 s and more: on a
quiet line it takes 0.2 s longer than the model to notice somebody, which is too late to stop for them."""

_REMEMBERED = 31
"""Quiet chunks that the model hears after all, once somebody speaks: it tells a voice from what came before it."""

_QUIET_POWER, _VOICE_POWER = (32768.0**2 * 10 ** (level / 10) for level in (QUIET_DB, VOICE_DB))


class WatchedVADAnalyzer(SileroVADAnalyzer):
    """Silero, with its state for whoever wants to know more than where speech starts and stops.

    The model is loaded once in a process, since loading it holds up every call for 0.03 s, and run where it is called:
    a chunk takes it 0.1 ms, less than handing it to a thread and back.
    """

    def __init__(self, *, sample_rate: int | None = None, params: VADParams | None = None):
        vars(self).update(vars(_loaded()))
        VADAnalyzer.__init__(self, sample_rate=sample_rate, params=params)
        self._model = copy(self._model)
        self._model.reset_states()  # what it remembers is this call's
        self._voiced = False
        self._likely = False  # by the newest chunk alone
        self._skipped: deque[bytes] = deque(maxlen=_REMEMBERED)

    @property
    def voiced(self) -> bool:
        """Whether the newest chunk holds a voice, or may be the first of one."""
        return self._voiced

    async def analyze_audio(self, buffer: bytes) -> VADState:
        """See `VADAnalyzer.analyze_audio`."""
        state = self._run_analyzer(buffer)
        self._voiced = state in (VADState.STARTING, VADState.SPEAKING) or (state is VADState.QUIET and self._likely)
        return state

    def voice_confidence(self, buffer: bytes) -> float:
        """See `SileroVADAnalyzer.voice_confidence`; a quiet line holds no voice, and is not asked about."""
        samples = np.frombuffer(buffer, dtype=np.int16).astype(np.float32)
        power = float(np.dot(samples, samples)) / len(samples)
        self._likely = False
        if self._vad_state is VADState.QUIET and power < _QUIET_POWER:
            if len(self._skipped) == _REMEMBERED:
                self._model.reset_states()  # of what came before these
            self._skipped.append(buffer)
            return 0.0
        while self._skipped:
            super().voice_confidence(self._skipped.popleft())
        confidence = float(np.max(super().voice_confidence(buffer)))  # the model gives it in an array
        self._likely = confidence >= self.params.confidence and power >= _VOICE_POWER
        return confidence


@cache
def _loaded() -> SileroVADAnalyzer:
    """Give an analyzer that never hears anything: what is set about it is how each one begins."""
    return SileroVADAnalyzer()


class EarlyVADProcessor(VADProcessor):
    """Gives a `VoiceFrame` 0.06 s after a voice begins and 0.1 s after it ends, beside the VAD's firm frames.

    The firm frames follow if it lasts, 0.2 s after the start and after the end.
    """

    def __init__(self) -> None:
        self._analyzer = WatchedVADAnalyzer()
        super().__init__(vad_analyzer=self._analyzer)
        self._activity = Activity()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Detect, then tell what may be."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            on = self._activity.feed(self._analyzer.voiced, frame.num_frames / frame.sample_rate)
            if on is not None:
                seconds, since = (ON_SECONDS, 0.0) if on else (OFF_SECONDS, self._activity.lasted)
                await self.broadcast_frame(VoiceFrame, on=on, seconds=seconds, since=since)
