"""The names a desk's callers say, and which of them may stand behind what a transcriber wrote instead. Pure.

A model that never met a name writes others that sound like it: "Invent Hoover" for "in Vancouver". Which of thousands
it may have been is narrowed down by two cheap signs: the letters are alike, and, in the place of one word, the model
itself thought of the name's first token when it wrote something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.ports import Word
from voice.sounds import likeness, squeeze

UNSURE_NAME, UNSURE_BEGINNING, UNSURE = 0.6, 0.4, 0.25
"""Confidence below which a word may be another: one with a capital, one that begins a sentence, any."""

MOST_WORDS = 3
"""Of what is written where a name was said."""

MOST_BY_EAR, LEAST_LIKELY = 8, 0.0
"""Names tried in the place of the one word in doubt."""

PER_LIKENESS = 6.0
"""Nats that letters which are all alike count for, beside the log-probability of a name's first token."""

MOST_BY_LETTERS, LEAST_ALIKE = 3, 0.65
"""Names tried in the place of several words, and as many that grew together with the word before them."""

_BEFORE = ("to", "in", "into", "from")
"""Words that grow together with the name behind them: "two realms", to Rome."""

_TAIL = re.compile(r"[.,?!;:]*$")
_PARTED = re.compile(r"[.,?!;:]\s")


@dataclass(frozen=True, slots=True)
class Alternative:
    """What may have been said in place of the words from ``start`` up to ``end``, with the punctuation after them."""

    start: int
    end: int
    text: str


class Names:
    """A desk's names, ready to be searched.

    Args:
        names: As they are written. Accents are taken off, since transcribers leave them out.
        encode: Gives a model's tokens of a text.
    """

    def __init__(self, names: Sequence[str], encode: Callable[[str], Sequence[int]]) -> None:
        plain = dict.fromkeys(_plain(name) for name in names)
        self._names = tuple(name for name in plain if len(squeeze(name)) > 2)
        self._known = frozenset(map(squeeze, self._names))
        self._first = np.array([encode(f" {name}")[0] for name in self._names], np.int64)
        self._keys = tuple(map(squeeze, self._names))
        self._grown = tuple(f"{before} {name}" for before in _BEFORE for name in self._names)
        self._grown_keys = tuple(map(squeeze, self._grown))

    def suspects(self, words: Sequence[Word]) -> list[int]:
        """Give the words that the model was not sure of and that are no name already."""
        return [at for at, word in enumerate(words) if _unsure(words, at, word) and not self._is_name(words, at)]

    def alternatives(self, words: Sequence[Word], at: int, rows: Sequence[NDArray[np.float32]]) -> list[Alternative]:
        """Give what may have been said at a word.

        Args:
            words: All words of the turn.
            at: Which of them is in doubt.
            rows: For each word, the scores (logits) of all tokens where its first token was written.
        """
        if not self._names:
            return []
        said = words[at].text
        row = rows[at]
        peak = row.max()
        total = peak + np.log(np.exp(row - peak).sum())
        thought = row[self._first] - total
        likely = thought + PER_LIKENESS * likeness(said, self._keys)
        found = [
            _alternative(words, (at, at + 1), self._names[name])
            for name in np.argsort(-likely)[:MOST_BY_EAR]
            if likely[name] >= LEAST_LIKELY
        ]
        runs = [run for run in _runs(words, at) if squeeze(words[run[0]].text) not in _BEFORE]
        found += _most_alike(words, [run for run in runs if run[1] - run[0] > 1], self._names, self._keys)
        grown = [run for run in runs if run[0] == 0 or squeeze(words[run[0] - 1].text) not in _BEFORE]
        found += _most_alike(words, grown, self._grown, self._grown_keys)
        return list(dict.fromkeys(found))

    def _is_name(self, words: Sequence[Word], at: int) -> bool:
        starts = range(max(0, at - MOST_WORDS + 1), at + 1)
        runs = ((start, end) for start in starts for end in range(at + 1, min(len(words), start + MOST_WORDS) + 1))
        return any(squeeze(" ".join(word.text for word in words[start:end])) in self._known for start, end in runs)


def _unsure(words: Sequence[Word], at: int, word: Word) -> bool:
    if len(squeeze(word.text)) < 3 or any(character.isdigit() for character in word.text):
        return False
    begins = at == 0 or words[at - 1].text[-1] in ".?!"
    least = UNSURE if not word.text[0].isupper() else UNSURE_BEGINNING if begins else UNSURE_NAME
    return word.confidence < least


def _runs(words: Sequence[Word], at: int) -> list[tuple[int, int]]:
    """Give the stretches of words around one that a name may have become, without what other sentences hold."""
    spans = [(start, end) for start in (at, at - 1) for end in range(at + 1, start + MOST_WORDS + 1)]
    inside = [(start, end) for start, end in spans if start >= 0 and end <= len(words)]
    return [run for run in inside if not _PARTED.search(_said(words, run))]


def _most_alike(
    words: Sequence[Word], runs: Sequence[tuple[int, int]], forms: Sequence[str], keys: tuple[str, ...]
) -> list[Alternative]:
    """Give what has letters like these runs of words."""
    if not runs:
        return []
    alike = np.array([likeness(_said(words, run), keys) for run in runs])
    best = np.argsort(-alike.max(axis=0))[:MOST_BY_LETTERS]
    return [
        _alternative(words, runs[int(alike[:, form].argmax())], forms[form])
        for form in map(int, best)
        if alike[:, form].max() >= LEAST_ALIKE
    ]


def _said(words: Sequence[Word], run: tuple[int, int]) -> str:
    return " ".join(word.text for word in words[slice(*run)])


def _alternative(words: Sequence[Word], run: tuple[int, int], name: str) -> Alternative:
    tail = _tail(words[run[1] - 1])
    return Alternative(*run, name + (tail.removeprefix(".") if name.endswith(".") else tail))


def _tail(word: Word) -> str:
    match = _TAIL.search(word.text)
    return match[0] if match else ""


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(character for character in letters if not unicodedata.combining(character))
