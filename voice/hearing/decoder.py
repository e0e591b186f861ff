"""One Whisper model on CTranslate2, decoding a window that is as long as the speech instead of 30 seconds.

Whisper was trained on windows of 30 s, and the usual code pads every stretch to that. The encoder takes any length: a
3 s turn in a 6 s window costs a quarter of the time. What is lost is certainty about where to stop, hence the margin of
padding behind the speech, the timestamps that the model is asked to write, and the guards around it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voice.hearing.weights import load_adapter, with_adapter
from voice.ports import Samples, Word

SAMPLE_RATE = 16_000
WINDOW_SECONDS = 30.0
PROMPT_TOKENS = 200
"""Most tokens of context and hints; Whisper's decoder holds 448 with what it writes."""

_FRAMES_PER_SECOND = 100
_TIMESTAMP_SECONDS = 0.02
_FILES = ("model.bin", "config.json", "tokenizer.json")


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


class Decoder(Protocol):
    """A model that writes down what it hears in a window."""

    def decode(
        self,
        audio: Samples,
        *,
        window_seconds: float,
        hints: str,
        context: str,
        token_limit: int,
        abandoned: Callable[[], bool],
    ) -> Decoding:
        """Decode 16 kHz audio, padded to ``window_seconds`` (30 at most). Blocks; called from one thread at a time.

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
        files: Any = _files_with(Path(folder), adapter) if adapter else None
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

    def decode(
        self,
        audio: Samples,
        *,
        window_seconds: float,
        hints: str,
        context: str,
        token_limit: int,
        abandoned: Callable[[], bool],
    ) -> Decoding:
        """See `Decoder.decode`."""
        mel = self._mel(audio, window_seconds)
        _check(abandoned)
        encoded = self._whisper.encode(mel)
        _check(abandoned)
        prompt = self._prompt(hints, context)
        (result,) = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            max_length=min(448, len(prompt) + token_limit),
            return_logits_vocab=True,
            return_no_speech_prob=True,
            max_initial_timestamp_index=int(1.5 / _TIMESTAMP_SECONDS),
        )
        ids: list[int] = result.sequences_ids[0]
        confidences = [_probability(np.asarray(row), token) for row, token in zip(result.logits[0], ids, strict=False)]
        words = self._words(ids, confidences, len(audio) / SAMPLE_RATE)
        if self._align and words:
            _check(abandoned)
            words = self._aligned(words, encoded, [token for token in ids if token < self._tokens.eot], len(audio))
        complete = len(prompt) + len(ids) < min(448, len(prompt) + token_limit) - 1
        return Decoding(tuple(words), float(result.no_speech_prob), complete)

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

    def _prompt(self, hints: str, context: str) -> list[int]:
        tokens = self._tokens
        said: list[int] = tokens.encode(f" {context.strip()}") if context.strip() else []
        known: list[int] = tokens.encode(f" {hints.strip()}") if hints.strip() else []
        known = known[: PROMPT_TOKENS // 2]
        said = said[-(PROMPT_TOKENS - len(known)) :]
        before = [tokens.sot_prev, *known, *said] if known or said else []
        return [*before, *tokens.sot_sequence]

    def _words(self, ids: list[int], confidences: list[float], seconds: float) -> list[Word]:
        """Make words of tokens. A word is as sure as its least sure token; its time is its share of its segment.

        Over the phone, 37% of the wrong words and 3% of the right ones are less sure than 0.4 (AUC 0.89, Whisper base).
        """
        words: list[Word] = []
        start, run = 0.0, list[int]()
        sure = list[float]()
        for token, confidence in zip([*ids, self._tokens.timestamp_begin - 1], [*confidences, 0.0], strict=False):
            if token < self._tokens.eot:
                run.append(token)
                sure.append(confidence)
                continue
            stamp = (token - self._tokens.timestamp_begin) * _TIMESTAMP_SECONDS
            if run:
                words += self._spread(run, sure, start, min(seconds, stamp) if stamp > start else seconds)
                run, sure = [], []
            start = max(start, min(seconds, stamp))
        return words

    def _spread(self, ids: list[int], confidences: list[float], start: float, end: float) -> list[Word]:
        texts: list[str] = []
        least: list[float] = []
        at = 0
        for text, tokens in zip(*self._tokens.split_to_word_tokens([*ids, self._tokens.eot]), strict=True):
            sure = min(confidences[at : at + len(tokens)], default=1.0)
            at += len(tokens)
            if at > len(ids) or not text.strip():
                continue
            if texts and not text.startswith(" "):
                texts[-1] += text
                if any(character.isalnum() for character in text):
                    least[-1] = min(least[-1], sure)
                continue
            texts.append(text.strip())
            least.append(sure)
        total = sum(map(len, texts)) or 1
        words: list[Word] = []
        for text, confidence in zip(texts, least, strict=True):
            until = start + (end - start) * len(text) / total if end > start else start
            words.append(Word(text, start, until, confidence))
            total, start = max(1, total - len(text)), until
        return words

    def _aligned(self, words: list[Word], encoded: Any, ids: list[int], samples: int) -> list[Word]:
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
        return [Word(w.text, start, end, w.confidence) for w, (start, end) in zip(words, times, strict=True)]


def _files_with(folder: Path, adapter: Path) -> dict[str, bytes]:
    """Give a model's files with what was taught added to its weights."""
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in (".json", ".txt")}
    return {**files, _FILES[0]: with_adapter(folder / _FILES[0], load_adapter(adapter))}


def _check(abandoned: Callable[[], bool]) -> None:
    if abandoned():
        raise Abandoned


def _probability(scores: NDArray[np.float32], token: int) -> float:
    """Give the probability of a token from the scores of all."""
    scores = scores.reshape(-1)
    peak = float(scores.max())
    return float(np.exp(scores[token] - peak) / np.exp(scores - peak).sum())
