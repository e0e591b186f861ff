"""Hears what an agent replied, in the recording and after the call: what it said, and when it said each fact.

A stock faster-whisper transcribes it, whoever made the agent, so that all are heard with the same ears.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from voice.bench.measured.measure import Exchange, Track
from voice.bench.measured.spoken import atoms, find
from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.recordings.manifest import RecordedTurn, Span
from voice.ports import Word

PASSAGE_GAP_SECONDS = 1.0
"""Silence that parts passages. Each is transcribed by itself, because Whisper makes words up in a long silence."""

MARGIN_SECONDS = 0.3
"""Silence left around a passage."""


class Listener(Protocol):
    """Transcribes an agent's speech."""

    def words(self, audio: Track) -> Sequence[Word]:
        """Give the words of 16 kHz audio, shape ``(n,)``, with times in seconds from its start."""
        ...


class WhisperListener:
    """A stock Whisper model on the CPU.

    Args:
        model: A CTranslate2 folder.
        language: What agents speak, as ISO 639-1.
    """

    def __init__(self, model: Path, language: str = "en") -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(str(model), device="cpu", compute_type="int8", local_files_only=True)
        self._language = language

    def words(self, audio: Track) -> list[Word]:
        """Transcribe with the full 30 s window, as faster-whisper does by default."""
        segments, _ = self._model.transcribe(
            audio.astype(np.float32) / 32768.0,
            language=self._language,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        return [
            Word(word.word, float(word.start), float(word.end), float(word.probability))
            for segment in segments
            for word in segment.words or ()
        ]


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agent was heard to say after a turn.

    Attributes:
        text: All of it.
        facts: When each fact of a right answer is first heard, in seconds of the recording; None for one that is not.
        answered_at: When the first one is heard that is an answer, or None.
    """

    text: str
    facts: Mapping[str, float | None]
    answered_at: float | None

    @property
    def right(self) -> bool | None:
        """Whether every fact is heard; None where no fact is known."""
        return all(at is not None for at in self.facts.values()) if self.facts else None


def listen(listener: Listener, agent: Track, turn: RecordedTurn, exchange: Exchange) -> Reply:
    """Transcribe the reply window of a turn, and find the facts that a right answer speaks.

    A fact that the caller has just said may be repeated without answering anything ("to Denver, one moment"). Such a
    fact counts as an answer only where a right answer has no others.

    Args:
        listener: Transcribes.
        agent: The agent's track of the whole call, shape ``(n,)``, 16 kHz.
        turn: What the caller said, and the facts.
        exchange: Where it was said.
    """
    words = [word for passage in passages(exchange.sounds) for word in _words(listener, agent, passage)]
    said = atoms([word.text for word in words])
    facts = {
        fact: None if (at := find(fact, said)) is None else exchange.heard_at(words[at].start) for fact in turn.says
    }
    asked = atoms(turn.text.split())
    telling = [fact for fact in facts if find(fact, asked) is None] or list(facts)
    return Reply(
        text=" ".join("".join(word.text for word in words).split()),
        facts=facts,
        answered_at=min((at for fact in telling if (at := facts[fact]) is not None), default=None),
    )


def passages(sounds: Iterable[Span]) -> list[Span]:
    """Join sounds that no long silence parts."""
    joined: list[Span] = []
    for start, end in sounds:
        if joined and start - joined[-1][1] < PASSAGE_GAP_SECONDS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _words(listener: Listener, agent: Track, passage: Span) -> Iterable[Word]:
    start = max(0.0, passage[0] - MARGIN_SECONDS)
    end = passage[1] + MARGIN_SECONDS
    audio = agent[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
    for word in listener.words(audio):
        yield Word(word.text, start + word.start, start + word.end, word.confidence)
