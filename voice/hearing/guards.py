"""Says whether what a speech model wrote can be what was said. Pure.

Whisper fails in three ways that can be seen without knowing the words: it repeats itself until its tokens run out, it
writes more than anyone can say in the time, and it fills noise with what videos end on.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Sequence

from voice.ports import Word

TOKENS_AT_LEAST, TOKENS_PER_SECOND = 16, 8.0
"""Most tokens that a stretch may take, so that a loop costs next to nothing. Of 187 recordings none needed more."""

COMPRESSION_LIMIT = 2.2
"""Text that packs better than this repeats itself."""

LOOP = 3
"""A phrase that stands there this often in a row was probably said once. Callers do say "no no no"; it is decoded again
with the full window, and believed then."""

NO_SPEECH = 0.5
"""Belief in "no speech" from which words are dropped unless the model is surer of them than of that. 34 of 36 kinds of
noise gave base 0.52 to 0.90, and all gave tiny.en 0.64 to 0.98 (left over: two of voices played backwards, 0.3);
44 short utterances of synthetic callers, clean and over the phone, stayed below 0.43 with both."""

_STOCK_PHRASES = re.compile(
    r"(?:you|i|the|bye|thank you|thanks|thanks for watching|thank you for watching|thank you very much|please subscribe"
    r"|(?:i'm )?sorry|okay|oh|so|subtitles by .*|(?:i'll )?see you (?:next time|in the next video))"
)
_STOCK_PHRASE_NO_SPEECH = 0.4

_LONGEST_PHRASE = 8
_WORD = re.compile(r"[\w']+")


def token_limit(seconds: float) -> int:
    """Give the most tokens that speech of this length can hold."""
    return TOKENS_AT_LEAST + math.ceil(TOKENS_PER_SECOND * seconds)


def compression_ratio(text: str) -> float:
    """Give how many times smaller the text gets when packed; 0 for no text."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def looped(text: str) -> bool:
    """Tell whether the text repeats itself more than people do."""
    words = _WORD.findall(text.lower())
    period, count = _repetition(words)
    said_twice = count == 2 and period > 1 and period * count == len(words)
    return count >= LOOP or said_twice or compression_ratio(text) > COMPRESSION_LIMIT


def without_loop(words: Sequence[Word]) -> tuple[Word, ...]:
    """Keep one of the repetitions that the words end on."""
    period, count = _repetition([" ".join(_WORD.findall(word.text.lower())) for word in words])
    return tuple(words[: len(words) - period * (count - 1)]) if count >= LOOP else tuple(words)


def made_up(text: str, confidence: float, no_speech: float) -> bool:
    """Tell whether a model wrote words where nobody spoke.

    Args:
        text: What it wrote.
        confidence: 0…1, mean over the words.
        no_speech: 0…1, the model's own belief that there is no speech.
    """
    plain = " ".join(_WORD.findall(text.lower()))
    if not plain:
        return True
    if no_speech >= NO_SPEECH and confidence < no_speech:
        return True
    return no_speech >= _STOCK_PHRASE_NO_SPEECH and bool(_STOCK_PHRASES.fullmatch(plain))


def _repetition(words: Sequence[str]) -> tuple[int, int]:
    """Give the phrase length and the count of the most frequent repetition that the words end on."""
    best = (len(words), 1)
    for period in range(1, _LONGEST_PHRASE + 1):
        count, at = 1, len(words) - 2 * period
        while at >= 0 and words[at : at + period] == words[at + period : at + 2 * period]:
            count, at = count + 1, at - period
        if count > best[1]:
            best = (period, count)
    return best
