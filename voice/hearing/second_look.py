"""Asks the ears again, about names: which of the desk's fits the sound better than what was written? Pure.

Speech models can be biased towards a vocabulary while they write (contextual biasing) or judge alternatives afterwards
(rescoring). This is the second: the model gives the probability of the whole sentence with each name in the place of
the words that it was unsure of (teacher forcing), so that sound and sentence decide together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from voice.hearing.names import Alternative, Names
from voice.hearing.written import shared_out
from voice.ports import Word

BONUS = 2.5
"""Nats by which a name of the desk may sound less likely than what was written: callers say such names all the time."""

MOST_LOOKS = 3
"""Words of a turn that are looked at again; each look costs half a decode or more."""

WORDS_AFTER = 4
"""Words behind a name that tell whether it fits; what comes later does not."""

Score = Callable[[Sequence[str]], Sequence[float]]
"""Gives the log-probability of each text from the start of the sound on, in nats."""


def look_again(
    words: Sequence[Word], rows: Sequence[NDArray[np.float32]], names: Names, score: Score
) -> tuple[Word, ...]:
    """Give the words with the names that were said in place of what was written for them.

    A name that is put in is as sure as the mean (geometric) of how likely it is among all that it was weighed against,
    which may not have been what was said, and of how sure the model was of what it wrote.

    Args:
        words: What was written.
        rows: For each word, the scores (logits) of all tokens where its first token was written.
        names: What callers may say.
        score: Asks the model.
    """
    now = list(words)
    suspects = sorted(names.suspects(words), key=lambda at: words[at].confidence)[:MOST_LOOKS]
    looked_until = len(words)
    for at in sorted(suspects, reverse=True):  # from the end, so that places before stay what they are
        if at >= looked_until:
            continue
        found = names.alternatives(now, at, rows)
        better = _best(now, found, score) if found else None
        if better:
            chosen, likely = better
            looked_until = chosen.start
            replaced = now[chosen.start : chosen.end]
            sure = math.sqrt(likely * min(word.confidence for word in replaced))
            now[chosen.start : chosen.end] = _as_words(chosen, replaced, sure)
    return tuple(now)


def _best(words: Sequence[Word], found: Sequence[Alternative], score: Score) -> tuple[Alternative, float] | None:
    until = max(alternative.end for alternative in found) + WORDS_AFTER
    heard = " ".join(word.text for word in words[:until])
    options = {_with(words[:until], alternative): alternative for alternative in reversed(found)}
    options.pop(heard, None)
    if not options:
        return None
    scores = [each + BONUS for each in score([*options, heard])]
    scores[-1] -= BONUS
    best = max(range(len(scores)), key=scores.__getitem__)
    if best == len(options):
        return None
    return list(options.values())[best], 1 / sum(math.exp(each - scores[best]) for each in scores)


def _with(words: Sequence[Word], one: Alternative) -> str:
    before, after = words[: one.start], words[one.end :]
    return " ".join([*(word.text for word in before), one.text, *(word.text for word in after)])


def _as_words(chosen: Alternative, replaced: Sequence[Word], sure: float) -> list[Word]:
    texts = chosen.text.split()
    times = shared_out(texts, replaced[0].start, replaced[-1].end)
    return [Word(text, start, end, sure) for text, (start, end) in zip(texts, times, strict=True)]
