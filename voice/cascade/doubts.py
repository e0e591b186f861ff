"""Words that were heard with little confidence, where something else that sounds like them could be meant as well.

A larger model can't hear better, so a doubt never makes a turn harder: the desk asks about exactly these words when it
carries out what uses them.
"""

from __future__ import annotations

from collections.abc import Sequence

from voice.cascade.words import Reading

HeardWord = tuple[str, float]
"""A word, and the transcriber's confidence in it, 0…1."""


def doubted(reading: Reading, words: Sequence[HeardWord], threshold: float) -> tuple[str, ...]:
    """Give the entities to ask about, as said.

    One is in doubt if its least certain word is below ``threshold`` times the entity's rivalry: how near something else
    comes that could be meant.
    """
    if not words or threshold <= 0:
        return ()
    found = [
        entity.text
        for entity in reading.entities
        if entity.rivalry and heard_with(entity.text, words) < threshold * entity.rivalry
    ]
    return tuple(dict.fromkeys(found))


def heard_with(text: str, words: Sequence[HeardWord]) -> float:
    """Give the confidence in the least certain word of a stretch; of its clearest mention, and 1 if it is not found."""
    wanted = _plain(text)
    found = 0.0
    seen = False
    for first in range(len(words)):
        joined, least = "", 1.0
        for word, confidence in words[first:]:
            joined, least = joined + _plain(word), min(least, confidence)
            if joined == wanted:
                found, seen = max(found, least), True
            if len(joined) >= len(wanted):
                break
    return found if seen else 1.0


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
