"""The embedded voice: Piper on the CPU, one for all calls of a process."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from voice.extras import install
from voice.ports import SpeechError
from voice.speaking import level
from voice.speaking.graph import Indivisible
from voice.speaking.phrases import MOST, phrases
from voice.speaking.vits import Manner, StreamedVoice, Voice, WholeVoice

if TYPE_CHECKING:
    from piper import PiperVoice

_log = logging.getLogger(__name__)

SAMPLE_SENTENCES = (
    "Okay, one moment please.",
    "You can bring one bag for free.",
    "There's a nonstop on Friday at nine.",
    "Would you like to book it?",
)
"""What a voice's level is measured on, when it is loaded."""


class PiperSpeaker:
    """Speaks with a Piper voice.

    One thread synthesizes for everybody, a window of a sentence at a time, so that calls take turns and none blocks
    the event loop. A voice that can't be run in windows is heard a sentence at a time, and the log says why.

    Args:
        folder: Holds one ``*.onnx`` and its ``*.onnx.json``.
        threads: Processor threads for one window; None takes all cores.

    Raises:
        SpeechError: the engine is not installed, or the folder holds no voice.

    Attributes:
        sample_rate: Of its sound, in samples a second.
        voice: What makes the sound.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        try:
            from piper import PiperVoice
            from piper.config import PiperConfig
        except ImportError as error:
            raise SpeechError(f"the Piper engine is missing: {install('embedded')}") from error
        models = sorted(folder.glob("*.onnx"))
        if not models:
            raise SpeechError(f"there is no *.onnx voice in {folder}: voice models pull")
        config = PiperConfig.from_dict(json.loads(Path(f"{models[0]}.json").read_text(encoding="utf-8")))
        self._reader: PiperVoice = PiperVoice(session=cast(Any, None), config=config)
        self.sample_rate = config.sample_rate
        speaker = config.default_speaker_id if config.num_speakers > 1 else None
        manner = Manner(config.noise_scale, config.length_scale, config.noise_w_scale, speaker)
        samples = [ids for sentence in SAMPLE_SENTENCES for ids in self.sentences(sentence)]
        self.voice = _load(models[0], manner, config.sample_rate, samples[0], threads)
        loudness = [level.loudness(np.concatenate([*self.voice.samples(ids)])) for ids in samples]
        self._gain = level.LOUDNESS / max(float(np.mean(loudness)), 1e-3)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="piper")

    def speak(self, text: str) -> AsyncGenerator[bytes]:
        """Give 16-bit mono PCM, a window at a time, without the voice's silence before the first word.

        Closing the iterator ends the work behind the window under way.
        """
        return self.speak_at(text, 1.0)

    async def speak_at(self, text: str, rate: float) -> AsyncGenerator[bytes]:
        """Do so at another rate, 1 as the voice was made."""
        loop = asyncio.get_running_loop()
        windows = self._windows(text, rate)
        while (audio := await loop.run_in_executor(self._thread, next, windows, None)) is not None:
            yield audio

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def sentences(self, text: str) -> Iterator[list[int]]:
        """Give the phoneme ids of each sentence of a text, or of each phrase where a sentence is long."""
        read = self._reader.phonemize(text)
        if max(map(len, read), default=0) > MOST:
            read = [part for phrase in phrases(text) for part in self._reader.phonemize(phrase)]
        return (self._reader.phonemes_to_ids(phonemes) for phonemes in read if phonemes)

    def _windows(self, text: str, rate: float) -> Iterator[bytes]:
        first = True
        for ids in self.sentences(text):
            for samples in self.voice.samples(ids, rate):
                heard = level.without_lead(samples, self.sample_rate) if first else samples
                first = False
                yield level.pcm(heard, self._gain)


def _load(model: Path, manner: Manner, sample_rate: int, probe: Sequence[int], threads: int | None) -> Voice:
    try:
        return StreamedVoice(model, manner, sample_rate, probe, threads)
    except Indivisible as reason:
        _log.warning("%s is heard a sentence at a time, not as it is made: %s", model.name, reason)
        return WholeVoice(model, manner, threads)
