"""One Whisper model on CTranslate2, decoding a window that is as long as the speech instead of 30 seconds.

Whisper was trained on windows of 30 s, and the usual code pads every stretch to that. The encoder takes any length: a
3 s turn in a 6 s window costs a quarter of the time. What is lost is certainty about where to stop, hence the margin of
padding behind the speech, the timestamps that the model is asked to write, and the guards around it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voice.hearing import guards
from voice.hearing.names import Names
from voice.hearing.second_look import look_again
from voice.hearing.weights import WEIGHTS, files_with
from voice.hearing.written import TIMESTAMP_SECONDS, probability, written_words
from voice.ports import Samples, Word

SAMPLE_RATE = 16_000
WINDOW_SECONDS = 30.0
PROMPT_TOKENS = 200
"""Most tokens of context; Whisper's decoder holds 448 with what it writes."""

_FRAMES_PER_SECOND = 100
_LEAST = 1e-9
"""Probability of a token that is as good as impossible."""
_FILES = (WEIGHTS, "config.json", "tokenizer.json")


class Abandoned(Exception):
    """Nobody waits for the result any more."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """What a model wrote.

    Attributes:
        words: With their punctuation; times in seconds.
        no_speech: 0…1, the model's belief that there is no speech.
        complete: Whether it came to an end by itself, before the token limit.
    """

    words: tuple[Word, ...]
    no_speech: float = 0.0
    complete: bool = True

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)

    @property
    def made_up(self) -> bool:
        """Whether the words were written where nobody spoke."""
        sure = [word.confidence for word in self.words]
        return guards.made_up(self.text, sum(sure) / len(sure) if sure else 0.0, self.no_speech)


class Decoder(Protocol):
    """A model that writes down what it hears in a window."""

    def decode(
        self,
        audio: Samples,
        *,
        window_seconds: float,
        names: tuple[str, ...],
        context: str,
        token_limit: int,
        abandoned: Callable[[], bool],
    ) -> Decoding:
        """Decode 16 kHz audio, padded to ``window_seconds`` (30 at most). Blocks; called from one thread at a time.

        ``names`` are looked for where the model is not sure of what it wrote.

        Raises:
            Abandoned: ``abandoned()`` became true on the way.
        """
        ...


class WhisperDecoder:
    """Whisper in CTranslate2's format, int8, on the processor.

    Args:
        folder: Holds ``model.bin``, ``config.json``, ``tokenizer.json`` and a vocabulary.
        language: The language spoken, as its two-letter code.
        threads: Processor threads for one decode; None takes all cores, at most four.
        align: Whether word times are aligned with the audio (a tenth more time) instead of spread over the segment.
        adapter: What `voice finetune` taught the model, or None.

    Raises:
        FileNotFoundError: the folder is not a model.
        BadWeights: the adapter can't be read or was taught to another model.
        ValueError: the model does not speak the language.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        language: str = "en",
        threads: int | None = None,
        align: bool = False,
        adapter: Path | None = None,
    ) -> None:
        missing = [name for name in _FILES if not (Path(folder) / name).is_file()]
        if missing:
            raise FileNotFoundError(
                f"{folder} is no CTranslate2 Whisper model, it lacks {', '.join(missing)}; fetch it: voice models pull"
            )
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        logging.getLogger("faster_whisper").setLevel(logging.WARNING)
        files: Any = files_with(Path(folder), adapter) if adapter else None
        self._whisper: Any = WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads or min(4, os.cpu_count() or 1),
            local_files_only=True,
            files=files,
        )
        many: bool = self._whisper.model.is_multilingual
        if not many and language != "en":
            raise ValueError(f"{folder} only speaks English; take a multilingual model for {language!r}")
        self._tokens: Any = Tokenizer(
            self._whisper.hf_tokenizer,
            many,
            task="transcribe" if many else None,
            language=language if many else "en",
        )
        self._align = align
        self._names: tuple[tuple[str, ...], Names] | None = None

    def decode(
        self,
        audio: Samples,
        *,
        window_seconds: float,
        names: tuple[str, ...],
        context: str,
        token_limit: int,
        abandoned: Callable[[], bool],
    ) -> Decoding:
        """See `Decoder.decode`."""
        mel = self._mel(audio, window_seconds)
        _check(abandoned)
        encoded = self._whisper.encode(mel)
        _check(abandoned)
        prompt = self._prompt(context)
        (result,) = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            max_length=min(448, len(prompt) + token_limit),
            return_logits_vocab=True,
            return_no_speech_prob=True,
            max_initial_timestamp_index=int(1.5 / TIMESTAMP_SECONDS),
        )
        ids: list[int] = result.sequences_ids[0]
        rows = [np.asarray(row) for row in result.logits[0]]
        confidences = [probability(row, token) for row, token in zip(rows, ids, strict=False)]
        written = written_words(ids, confidences, len(audio) / SAMPLE_RATE, self._tokens)
        words = tuple(each.word for each in written)
        if self._align and words:
            _check(abandoned)
            words = self._aligned(words, encoded, [token for token in ids if token < self._tokens.eot], len(audio))
        complete = len(prompt) + len(ids) < min(448, len(prompt) + token_limit) - 1
        decoding = Decoding(words, float(result.no_speech_prob), complete)
        if not names:
            return decoding
        known = self._known(names)  # also of noise, so that warming up prepares them
        if decoding.made_up:  # a name would be surer than the noise that it stands for
            return decoding
        firsts = [rows[each.first].reshape(-1) for each in written]
        score = partial(self._score, np.array(encoded), abandoned)
        return replace(decoding, words=look_again(words, firsts, known, score))

    @property
    def tokens(self) -> Any:
        """The tokens that it writes: faster-whisper's ``Tokenizer``."""
        return self._tokens

    def encode(self, audio: Samples, window_seconds: float) -> NDArray[np.float32]:
        """Give what is written from: an array of 50 frames a second, padding included, x the model's width."""
        encoded: NDArray[np.float32] = np.array(self._whisper.encode(self._mel(audio, window_seconds)), np.float32)
        return encoded[0]

    def _mel(self, audio: Samples, window_seconds: float) -> NDArray[np.float32]:
        """Give log-mel features of shape ``(80, frames)``, padded like the model's 30 s windows are."""
        mel: NDArray[np.float32] = self._whisper.feature_extractor(audio)
        frames = 2 * round(min(window_seconds, WINDOW_SECONDS) * _FRAMES_PER_SECOND / 2)
        mel = mel[:, :frames]
        return np.pad(mel, ((0, 0), (0, frames - mel.shape[1]))).astype(np.float32)

    def _prompt(self, context: str) -> list[int]:
        tokens = self._tokens
        said: list[int] = tokens.encode(f" {context.strip()}")[-PROMPT_TOKENS:] if context.strip() else []
        before = [tokens.sot_prev, *said] if said else []
        return [*before, *tokens.sot_sequence]

    def _known(self, names: tuple[str, ...]) -> Names:
        """Give the names ready to be searched; those of the last call are kept."""
        if self._names is None or self._names[0] != names:
            self._names = (names, Names(names, self._tokens.encode))
        return self._names[1]

    def _score(self, encoded: NDArray[np.float32], abandoned: Callable[[], bool], texts: Sequence[str]) -> list[float]:
        """Give the log-probability of each text, in nats, for an encoded sound, shape ``(1, frames, width)``."""
        _check(abandoned)
        from ctranslate2 import StorageView

        lines = [self._tokens.encode(f" {text}") for text in texts]
        sound = StorageView.from_array(np.ascontiguousarray(np.repeat(encoded, len(lines), axis=0)))
        frames = [2 * encoded.shape[1]] * len(lines)
        found = self._whisper.model.align(sound, list(self._tokens.sot_sequence), lines, frames)
        return [float(np.log(np.maximum(each.text_token_probs, _LEAST)).sum()) for each in found]

    def _aligned(self, words: tuple[Word, ...], encoded: Any, ids: list[int], samples: int) -> tuple[Word, ...]:
        """Replace times by those of the attention between text and audio; keep them where the words don't match."""
        frames = samples * _FRAMES_PER_SECOND // SAMPLE_RATE
        found: list[list[dict[str, Any]]] = self._whisper.find_alignment(self._tokens, [ids], encoded, frames)
        times: list[list[float]] = []
        for piece in found[0] if found else []:
            if times and not piece["word"].startswith(" "):
                times[-1][1] = float(piece["end"])
            elif piece["word"].strip():
                times.append([float(piece["start"]), float(piece["end"])])
        if len(times) != len(words):
            return words
        return tuple(Word(w.text, start, end, w.confidence) for w, (start, end) in zip(words, times, strict=True))


def _check(abandoned: Callable[[], bool]) -> None:
    if abandoned():
        raise Abandoned
