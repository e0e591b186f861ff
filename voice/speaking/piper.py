"""The embedded voice: Piper on the CPU, one for all calls of a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from voice.ports import SpeechError
from voice.speaking.phrases import phrases

if TYPE_CHECKING:
    from piper import AudioChunk, PiperVoice


class PiperSpeaker:
    """Speaks with a Piper voice.

    One thread synthesizes for everybody, a phrase at a time, so that calls take turns and none blocks the event loop.

    Args:
        folder: Holds one ``*.onnx`` and its ``*.onnx.json``.

    Raises:
        SpeechError: the engine is not installed, or the folder holds no voice.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from piper import PiperVoice
        except ImportError as error:
            raise SpeechError('the Piper engine is missing: pip install "voice-cascade[embedded]"') from error
        models = sorted(folder.glob("*.onnx"))
        if not models:
            raise SpeechError(f"there is no *.onnx voice in {folder}: voice models pull")
        self._voice: PiperVoice = PiperVoice.load(models[0])
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="piper")
        self.sample_rate = self._voice.config.sample_rate

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        """Give 16-bit mono PCM, a phrase at a time."""
        loop = asyncio.get_running_loop()
        sentences = (sentence for phrase in phrases(text) for sentence in self._voice.synthesize(phrase))
        while True:
            audio = await loop.run_in_executor(self._thread, _next, sentences)
            if audio is None:
                return
            yield audio

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _next(sentences: Iterator[AudioChunk]) -> bytes | None:
    sentence = next(sentences, None)
    return None if sentence is None else sentence.audio_int16_bytes
