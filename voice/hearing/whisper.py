"""Ears: Whisper behind `voice.ports.Transcriber`, quick on short turns and guarded against what it makes up.

One model serves all calls of a process. Decodes run one after the other on a thread of their own, in the order asked,
so that no call pushes in front of another; who no longer waits costs no more than the step under way.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from voice.hearing import guards
from voice.hearing.decoder import SAMPLE_RATE, WINDOW_SECONDS, Abandoned, Decoder, Decoding, WhisperDecoder
from voice.ports import Samples, Transcript

MARGIN_SECONDS = 3.0
"""Seconds of padding behind the speech.

Measured with ``python -m voice.bench.hearing`` on 88 clean synthetic turns, the same over a phone line, and 11
recordings of people; word error rate with this margin / with the full window, and median processor time:

- base: .091 / .112, .150 / .160, .057 / .057; 383 / 1206 ms
- tiny.en: .105 / .105, .136 / .160, .114 / .148; 194 / 648 ms

5 s hear no better; with 2 s and less short answers are repeated. A repetition penalty of 1.1, a beam of 2, noise as
padding and city names in the prompt (16 of 88 turns looped) did not help either.
"""

SHORTEST_SECONDS = 0.1
_SILENCE = 10 ** (-60 / 20)
_FRAME = SAMPLE_RATE // 50


class WhisperTranscriber:
    """Speech to text on this machine. Implements `voice.ports.Transcriber`.

    Loading the model takes a second or so: make it outside of the event loop.

    Args:
        folder: A Whisper model in CTranslate2's format.
        language: The language spoken, as its two-letter code.
        threads: Processor threads for one decode; None takes all cores, at most four.
        margin_seconds: Padding behind the speech.
        align: Whether word times are aligned with the audio, which costs a tenth more, or spread over the segment.
        adapter: What `voice finetune` taught the model, or None.
        decoder: Takes the place of the model in ``folder``.

    Raises:
        FileNotFoundError: the folder is not a model.
        ValueError: the model does not speak the language, or the adapter (`BadWeights`) is not of this model.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        language: str = "en",
        threads: int | None = None,
        margin_seconds: float = MARGIN_SECONDS,
        align: bool = False,
        adapter: Path | None = None,
        decoder: Decoder | None = None,
    ) -> None:
        self._decoder = decoder or WhisperDecoder(
            folder, language=language, threads=threads, align=align, adapter=adapter
        )
        self._margin = margin_seconds
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="whisper")

    async def warm(self, names: Sequence[str] = ()) -> None:
        """Decode once, so that the first caller does not wait for memory and caches, nor for the desk's names."""
        noise = np.random.default_rng(0).normal(0, 0.01, SAMPLE_RATE).astype(np.float32)
        await self.transcribe(noise, names=names)

    async def transcribe(self, audio: Samples, *, context: str = "", names: Sequence[str] = ()) -> Transcript:
        """See `voice.ports.Transcriber.transcribe`. Safe to call concurrently and to cancel.

        Raises:
            ValueError: the audio is not one-dimensional, longer than 30 s, or holds values that are no numbers.
        """
        audio = np.array(audio, dtype=np.float32)
        _check(audio)
        if len(audio) < SHORTEST_SECONDS * SAMPLE_RATE or _silent(audio):
            return Transcript("")
        abandoned = threading.Event()
        known = names if isinstance(names, tuple) else tuple(names)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._worker, self._hear, audio, known, context, abandoned)
        except asyncio.CancelledError:
            abandoned.set()
            raise

    def close(self) -> None:
        """Let the worker end. Calls that still wait get a ``CancelledError``."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _hear(self, audio: Samples, names: tuple[str, ...], context: str, abandoned: threading.Event) -> Transcript:
        if abandoned.is_set():
            raise Abandoned
        seconds = len(audio) / SAMPLE_RATE
        limit = guards.token_limit(seconds)

        def decode(window_seconds: float, context: str) -> Decoding:
            return self._decoder.decode(
                audio,
                window_seconds=min(WINDOW_SECONDS, window_seconds),
                names=names,
                context=context,
                token_limit=limit,
                abandoned=abandoned.is_set,
            )

        heard = decode(seconds + self._margin, context)
        if heard.made_up:
            return Transcript("")
        if _looped(heard):
            heard = decode(WINDOW_SECONDS, "")  # what was said before is often what gets repeated
            if heard.made_up:
                return Transcript("")
            if not heard.complete:
                heard = Decoding(guards.without_loop(heard.words), heard.no_speech)
        return Transcript(heard.text, heard.words)


def _check(audio: Samples) -> None:
    if audio.ndim != 1:
        raise ValueError(f"audio must be mono, shape (n,), got {audio.shape}; mix or choose a channel first")
    if len(audio) > WINDOW_SECONDS * SAMPLE_RATE:
        raise ValueError(
            f"audio must be at most {WINDOW_SECONDS:.0f} s at {SAMPLE_RATE} Hz, got {len(audio) / SAMPLE_RATE:.1f} s; "
            "decode it in stretches (voice.hearing.segments)"
        )
    if not np.isfinite(audio).all():
        raise ValueError("audio holds values that are no numbers; read it with voice.hearing.audio")


def _silent(audio: Samples) -> bool:
    """Tell whether no 20 ms of the audio are louder than -60 dB."""
    count = max(1, len(audio) // _FRAME)
    frames = audio[: count * _FRAME].reshape(count, -1)
    return float(np.square(frames).mean(axis=1).max()) < _SILENCE**2


def _looped(heard: Decoding) -> bool:
    return not heard.complete or guards.looped(heard.text)
