"""Turns that are only about flights already known: "What time does it arrive?", "Is there anything cheaper?"."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.context import TurnContext
from voice.booking.inquiries import inquiries
from voice.booking.spans import Span
from voice.booking.wording import Wording
from voice.cascade.words import Action

_LEAD = (
    r"\W*(?:(?:and|but|okay|ok|hm+|oh|no|well|so|sorry|right|um|uh)\b\W*)*"
    r"(?:(?:is|are) (?:there|that|it|this)|(?:do|have) you(?: have| got)?|got|what about|how about|what(?:'s| is| are)|"
    r"which (?:one|flight)? ?is|can you (?:do|find)|show me|i'd like|i want|i'll take|give me)?"
)
_TAIL = r"(?: (?:then|please|available|at all|on offer|you have|you've got|there is|possible|that day|of the day))*\W*"
_RANKS = Wording(
    rf"{_LEAD}(?:\s*\b(?:anything|something|any|one|the|an?|flights?|of them|really|your)\b)*\s*"
    r"(?P<offer>cheap(?:er|est)|(?:less|least) expensive|earliest|latest|quick(?:er|est)|fast(?:er|est)|shortest)"
    rf"(?: (?:one|flight|option|price|fare|way|trip|deal|combination)s?)?{_TAIL}",
)
_LATER = Wording(
    r"\W*(?:(?:and|but|okay|ok|oh|no|well|so)\b\W*)*(?:(?:i'll take|give me|i'd prefer|i prefer) )?"
    rf"the (?P<offer>(?:earlier|later) (?:one|flight|option)){_TAIL}",
)
_RETURN = Wording(
    r"\W*(?:(?:yes|okay|ok|oh|and|plus|also|(?:can|could) you add|add|i need|i'd like)\b\W*)+(?:the|a|my) "
    r"(?:return|(?:flight|way|trip) (?:back|home))(?: (?:flight|trip))?(?:,? (?:too|as well|also|please))*\W*",
)
_BACK = Wording(
    rf"{_LEAD}\s*(?:(?:let's )?(?:go|going|can (?:we|i) go) back to )?(?P<offer>(?:the )?(?:previous|one before|"
    rf"(?:first|last) one you (?:said|told me|offered|mentioned)))(?: (?:one|flight|option|that))*{_TAIL}",
)
_NEXT = Wording(
    rf"{_LEAD}\s*(?:the )?(?:next (?:one|flight)|one after(?: that)?|(?:flight|one) after (?:that|it))(?: one)?{_TAIL}"
)
_OTHERS = Wording(
    rf"{_LEAD}(?:what )?\s*(?:(?:(?:the|any|my) )?other (?:times?|flights?|options?|ones?|choices?)|"
    r"(?:what )?(?:else|are my options|options))(?: (?:do you have|have you got|are there|is there|can you offer))?"
    rf"{_TAIL}",
)


_OTHER_DAY = Wording(
    rf"\W*(?:(?:actually|maybe|perhaps)\b\W*)?{_LEAD}\s*(?:anything|something)?\s*(?:on )?"
    r"(?:another|a different|some other|any other) (?:day|date)(?: (?:instead|perhaps|maybe))?"
    rf"{_TAIL}",
)
_TOO = {
    "later": Wording(rf"{_LEAD}\s*(?:a bit |a little |way |much |far )?too early{_TAIL}"),
    "earlier": Wording(rf"{_LEAD}\s*(?:a bit |a little |way |much |far )?too late{_TAIL}"),
}
"""What is too early or too late asks for another hour, where no yes or no is waited for."""


def asks_of_known(text: str, spans: Sequence[Span], context: TurnContext) -> Action | None:
    """Read a question about flights that were read back or are booked, which the desk answers from what it knows."""
    if not inquiries(text) or any(span.kind != "place" for span in spans):
        return None
    if context.proposal or context.offers:
        return Action("repeat")
    booked = context.bookings and not context.searching and context.asked != "code"
    return Action("lookup") if booked and len(spans) < 2 else None


def compares(text: str, context: TurnContext) -> Action | None:
    """Read a turn that asks for another flight only by what it is beside those offered; None if there is more in it."""
    if not context.offers:
        return None
    said = text.replace("’", "'")
    if ranks := _RANKS.fullmatch(said) or _BACK.fullmatch(said) or _LATER.fullmatch(said):
        return Action("book", {"offer": ranks["offer"]})
    if context.searching and _RETURN.fullmatch(said):
        return Action("search", {"legs": [{"to": "back"}]})
    if _NEXT.fullmatch(said) and context.proposal:
        return Action("search", {"legs": [{"time": "later"}]})
    if _OTHER_DAY.fullmatch(said) and context.searching:
        return Action("clarify", {"missing": "date"})
    than = next((than for than, pattern in _TOO.items() if pattern.fullmatch(said)), "")
    if than and context.searching and not context.proposal:
        return Action("search", {"legs": [{"time": than}]})
    return Action("clarify", {"missing": "offer"}) if _OTHERS.fullmatch(said) else None
