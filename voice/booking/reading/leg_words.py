"""The words that pick one leg of a booking, apart from those that keep one as it is."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_KEPT_BEFORE = Wording(
    r"\b(?:keep(?:ing)?|leave|leaving|don['’]t (?:touch|change|move)|not|an?|any|another|"
    r"new)\s+(?:(?:the|my|our|new|other)\s+)*$",
)
_KEPT_AFTER = Wording(
    r"\s+(?:alone\b|(?:(?:just|exactly) )?(?:as|like|how|where) (?:it|they|that)(?:'s| is| are)|as is\b|unchanged|"
    r"the same|(?:is|are|was|looks|can be|works) (?:\w+ )?(?:fine|good|ok|okay|perfect|great|right)|"
    r"(?:can |should )?stays?\b|as planned)",
)


@lru_cache(maxsize=64)
def legs_in(text: str) -> tuple[re.Match[str], ...]:
    """Find the words for legs of a booking, as the group ``leg``."""
    return tuple(cues.LEG.finditer(text))


def leg_in(text: str) -> str:
    """Give the words for one leg of a booking, or ``""``."""
    for match in legs_in(text):
        if _KEPT_BEFORE.search(text, 0, match.start()) or _KEPT_AFTER.match(text, match.end()):
            continue
        if not re.search(r"\b(?:first|second|third) class", text[match.start() :], re.IGNORECASE):
            return match["leg"].strip()
    return ""
