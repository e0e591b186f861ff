"""Turns that only take what was offered, "okay, book that please", while no offer waits for a yes."""

from __future__ import annotations

from voice.booking.context import TurnContext
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

THAT_ONE = "that one"
_TAKES = Wording(
    r"\W*(?:(?:yes|yeah|yep|okay|ok|sure|fine|great|good|perfect|well|so|then|alright|all right|please|just|no|"
    r"(?:can|could|would|will) (?:you|we|i)|let's|i'll|we'll|i'd like to|i want to|go ahead and)\b\W*)*"
    r"(?:book|take|reserve|buy) (?:it|that|this|them|(?:that|this|the) (?:one|flight|trip|offer))"
    r"(?:\W*\b(?:then|please|now|for (?:me|us)|anyway|after all|instead)\b)*\W*"
)


def takes_it(text: str, context: TurnContext) -> Action | None:
    """Read a turn that only takes what was offered, where nothing waits for a yes; None for any other.

    What was offered is read back then, or what a trip still lacks is asked for.
    """
    waits = context.proposal or context.proposed or context.asked in ("code", "count", "offer", "leg")
    if waits or not (context.searching or context.pending == "search") or not _TAKES.fullmatch(text.replace("’", "'")):
        return None
    return Action("book", {"offer": THAT_ONE})
