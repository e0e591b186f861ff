"""How alike two names sound: spelling and a small phonetic key, for names that were misheard."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import ratio

_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ph", "f"),
        (r"^(?:wr)", "r"),
        (r"^(?:kn|gn)", "n"),
        (r"(?<=[aeiou])gh(?=[^aeiou]|$)", ""),
        (r"sch|sh|ch|tion|sion", "j"),
        (r"th", "t"),
        (r"ck|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"v", "f"),
        (r"d", "t"),
        (r"b", "p"),
        (r"g", "k"),
        (r"([a-z])\1+", r"\1"),
        (r"(?<!^)[hwy]", ""),
        (r"^[aeiou]+", "a"),
        (r"(?<!^)[aeiou]+", ""),
    )
)
_NOT_BARE = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)
def squeeze(name: str) -> str:
    """Reduce a name to its bare letters and digits: "St. Louis" → ``stlouis``; accents go."""
    plain = name.casefold() if name.isascii() else unicodedata.normalize("NFKD", name.casefold())
    return _NOT_BARE.sub("", plain)


@lru_cache(maxsize=4096)
def sound_key(name: str) -> str:
    """Give a phonetic key: consonants by sound class, vowels only at the start ("Den for" and "Denver" share one)."""
    key = squeeze(name)
    for pattern, replacement in _REWRITES:
        key = pattern.sub(replacement, key)
    return key


@lru_cache(maxsize=256)
def _keys(names: tuple[str, ...]) -> tuple[list[str], NDArray[np.int_]]:
    keys = [sound_key(name) for name in names]
    return keys, np.array([len(key) for key in keys])


def likeness(said: str, names: tuple[str, ...]) -> NDArray[np.float32]:
    """How alike a name sounds to many squeezed names, 0…1, from spelling and key; shape ``(len(names),)``.

    1 only for the same spelling.
    """
    bare = squeeze(said)
    spelled = np.maximum(
        process.cdist([bare], names, scorer=ratio)[0] / 100,
        process.cdist([bare], names, scorer=JaroWinkler.normalized_similarity)[0] - 0.1,
    )
    key, (keys, lengths) = sound_key(bare), _keys(names)
    sounds = process.cdist([key], keys, scorer=ratio)[0] / 100
    # A key of one or two sounds says little: Detoit and Doha share theirs.
    weight = np.minimum(0.5, 0.17 * np.maximum(lengths, len(key)))
    score = np.minimum((1 - weight) * spelled + weight * sounds, 0.99)
    if bare in names:
        score[names.index(bare)] = 1.0
    return score.astype(np.float32)
