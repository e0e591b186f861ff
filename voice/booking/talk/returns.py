"""Turns that only ask for a way back with the flight on the table: "and back a week later", "what's a return?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voice.booking.context import TurnContext
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_BACK = Wording(r"\b(?:back|return(?:ing)?|round[\s-]?trip|both ways)\b")
_BOTH_WAYS = Wording(r"\b(?:round[\s-]?trip|both ways|there and back)\b")
"""The day behind it is that of the way out."""
_PRICED = Wording(r"\b(?:how much|costs?|price|fare)\b")
_ANY_RETURN = Wording(r"\b(?:(?:a|with) return|return (?:price|fare)|round[\s-]?trip|both ways|there and back)\b")
"""A way back that there is not yet; "the return" may be that of the trip on the table."""
_IS_IT = Wording(r"\W*(?:(?:and|so|but|okay|ok|oh|well)\b\W*)*(?:is|are|does|do|was|did)\b")
"""Asks what the trip on the table is, and for no other."""
_WORDS = """
a about all also altogether an and as at back be both but by came can come coming cost costs could do does  fare
flew flight fly flying for get getting go going how how's i i'd i'll i'm if in is it just know like  me much need
of oh ok okay on or please plus price return returning round so tell that that'd the then there  ticket to together
too total trip um us want wanted way ways we we'd we'll we're well what what'd what's will  with would you
"""
"""All that stands around them."""
_AROUND = frozenset(_WORDS.split())
_WORD = re.compile(r"[^\W_][\w']*")
_OF_A_TRIP = ("", "search", "book")
_KINDS = ("date", "time")


def asks_return(text: str, spans: Sequence[Span], context: TurnContext) -> Action | None:
    """Read a turn that asks for a way back, on a day or for its price; None if there is more in it.

    Without a day it is asked for.
    """
    if not (context.proposal and context.searching) or context.asked or context.proposed not in _OF_A_TRIP:
        return None
    kinds = [span.kind for span in spans]
    if any(kind not in _KINDS or kinds.count(kind) > 1 for kind in kinds):
        return None
    said = text.replace("’", "'")
    for span in reversed(spans):
        said = f"{said[: span.start]} {said[span.end :]}"
    if not _BACK.search(said) or any(word not in _AROUND for word in _WORD.findall(said.casefold())):
        return None
    dated = "date" in kinds and bool(_BACK.search(_BOTH_WAYS.sub(" ", said)))
    if not dated and not (_PRICED.search(said) and _ANY_RETURN.search(said) and not _IS_IT.match(said)):
        return None
    return Action("search", {"legs": [{"to": "back", **{span.kind: span.text for span in spans}}]})
