"""Whether changing a booking is only wondered about: "is it permitted to move a ticket?", "what if I must cancel?"."""

from __future__ import annotations

import re

from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_TO_ANOTHER = Wording(r"\bto (?:another|a different|a later|an earlier|some other) (?=(?:day|date|time|flight|week)\b)")
"""What a rule is asked about as often as it is wished for: "can I move to a later date?"."""
_WISHES = Wording(
    r"^\W*(?:(?:and|so|then|hi|hello|hey|yes|okay|ok|well|um|uh|no|actually|oh|now)\b\W*)*(?:please|(?:can|could|would|"
    r"will) you|(?:i|we)(?:'d| would| want| need| have)(?: like| love| got)? to|(?:i|we) (?:want|need)|let's)\b",
)
_ASKS = Wording(r"^\W*(?:(?:and|so|but)\b\W*)*(?:what(?:'s)?(?! about)|how|why|when|is|are|does|do|who)\b")


def only_wonders(text: str, *, mine: bool) -> bool:
    """Whether a clause that speaks of a change asks for none.

    Args:
        text: The clause.
        mine: Whether a booking is named, or known in this call.
    """
    if not cues.HYPOTHETICAL.search(text):
        return False
    named = re.sub(r"\s+", " ", _TO_ANOTHER.sub("to ", text))
    rules = cues.HYPOTHETICAL.search(named) or cues.RULE_WORDS.search(text)
    return bool(rules or _ASKS.match(text)) or not (mine or _WISHES.match(text))
