"""Which of the known locators was meant, by what sounds alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from voice.booking.codes.locators import LENGTH, find_codes, pieces_of, readings_of


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """Which known locator was meant.

    Attributes:
        heard: What was heard, joined; ``""`` if nothing like a code was.
        code: The best known locator, or ``""``.
        confidence: 0…1; 1 for exactly what was heard.
        alternatives: Other known locators nearly as close, best first.
    """

    heard: str
    code: str
    confidence: float
    alternatives: tuple[str, ...] = ()


def match_code(said: str, known: Iterable[str]) -> CodeMatch:
    """Find the known locator that was meant, by what sounds alike.

    Args:
        said: A joined code or the words of the caller.
        known: Locators to choose from, in capitals.
    """
    heard = heard_codes(said)
    pool = sorted(set(known))
    if not heard or not pool:
        return CodeMatch(heard[0] if heard else "", "", 0.0)
    for code in heard:
        if code in pool:
            return CodeMatch(code, code, 1.0)
    scores: dict[str, float] = {}
    for code in heard[:8]:
        for near, _, _ in process.extract(code, pool, scorer=Levenshtein.distance, score_cutoff=3, limit=12):
            scores[near] = max(scores.get(near, 0.0), round(1 - _distance(code, near) / 2, 3))
    ranked = sorted(((score, code) for code, score in scores.items() if score >= 0.35), key=lambda x: (-x[0], x[1]))
    if not ranked:
        return CodeMatch(heard[0], "", 0.0)
    (best, code), rest = ranked[0], ranked[1:4]
    close = [other for score, other in rest if best - score < 0.2]
    return CodeMatch(heard[0], code, best * (0.6 if close else 1.0), tuple(close or (other for _, other in rest)))


def heard_codes(said: str) -> list[str]:
    """Give what words may stand for as a code, likeliest first: of about the right length, joined."""
    bare = re.sub(r"[^A-Za-z0-9]", "", said).upper().replace("I", "1").replace("O", "0")
    spans = find_codes(said)
    found = [code for span in spans for code in (span.name, *span.candidates)]
    if not spans:
        pieces = pieces_of(said)
        found = [code for code in readings_of(pieces) if 3 <= len(code) <= LENGTH + 2]
        if 4 <= len(bare) <= LENGTH + 2 and any(c.isdigit() for c in bare):
            found.insert(0, bare)
    return list(dict.fromkeys(found))


_ALIKE = (
    ("BCDEGPTVZ3", 0.3),
    ("AHJK8", 0.35),
    ("MN", 0.2),
    ("FSX", 0.3),
    ("FLMNSX7", 0.55),
    ("QUW2", 0.4),
    ("Y59", 0.4),
    ("1Y9", 0.5),
    ("0UL4", 0.6),
    ("R0A1", 0.6),
)


@cache
def cost(a: str, b: str) -> float:
    """The cost of having heard ``a`` for ``b``: little where they sound alike."""
    return 0.0 if a == b else min((cost for group, cost in _ALIKE if a in group and b in group), default=1.0)


def _distance(heard: str, code: str) -> float:
    """Edit distance weighted by sound."""
    row = [0.7 * j for j in range(len(code) + 1)]
    for i, a in enumerate(heard, start=1):
        before, row[0] = row[0], 0.7 * i
        for j, b in enumerate(code, start=1):
            before, row[j] = row[j], min(before + cost(a, b), row[j] + 0.7, row[j - 1] + 0.7)
    return row[-1]
