"""Turns that are only about flights already known: "What time does it arrive?", "Is there anything cheaper?"."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.context import TurnContext
from voice.booking.talk.alternatives import alternative, asks_only
from voice.booking.talk.earlier import earlier
from voice.booking.talk.inquiries import inquiries
from voice.booking.talk.limits import freed, takes_stop
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes.companions import companions_said, party_told, recounted
from voice.booking.wishes.reshaping import reshaping
from voice.cascade.words import Action

_LEAD = (
    r"\W*(?:(?:and|but|okay|ok|hm+|oh|no|well|so|sorry|right|um|uh)\b\W*)*"
    r"(?:(?:is|are) (?:there|that|it|this)|(?:do|have) you(?: have| got)?|got|what about|how about|what(?:'s| is| are)|"
    r"which (?:(?:one|flight)(?: of them)? |of them )?(?:is|would be|was)|can you (?:do|find)|show me|i'd like|"
    r"i want|i'll take|give me)?"
)
_TAIL = r"(?: (?:then|please|available|at all|on offer|you have|you've got|there is|possible|that day|of the day))*\W*"
_RANKS = Wording(
    rf"{_LEAD}(?:\s*\b(?:anything|something|any|one|the|an?|flights?|of them|really|your)\b)*\s*"
    r"(?P<offer>cheap(?:er|est)|(?:less|least) expensive|earliest|latest|quick(?:er|est)|fast(?:er|est)|"
    r"short(?:er|est))"
    rf"(?: (?:one|flight|option|price|fare|way|trip|deal|combination)s?)?{_TAIL}",
)
_LATER = Wording(
    r"\W*(?:(?:and|but|okay|ok|oh|no|well|so)\b\W*)*(?:(?:i'll take|give me|i'd prefer|i prefer) )?"
    rf"the (?P<offer>(?:earlier|later) (?:one|flight|option)){_TAIL}",
)
_PICK = Wording(
    rf"{_LEAD}\s*(?:fine|whatever|then)?\W*(?:(?:let's |i'll |we'll )?(?:take|book|choose|do|"
    r"go (?:back )?(?:with|to|for)) )(?P<offer>the (?:first|second|third|last|other|"
    r"(?:earl|cheap|quick|fast|short)i?(?:er|est)|later|latest))"
    rf"(?: (?:one|flight|option))?(?: again)?{_TAIL}",
)
_AGAIN = Wording(
    rf"{_LEAD}\s*(?P<offer>the (?:first|second|third|last|other))(?: (?:one|flight|option))? again{_TAIL}",
)
_DEAR = Wording(
    r"\W*(?:(?:and|but|okay|ok|hm+|oh|no|well|so|sorry|um|uh|wow|that's|that is|it's|it is|this is|bullshit|just|"
    r"still|really|a bit|a little|way|far|much|rather|pretty|for me|for us|i'm afraid)\b\W*)*"
    r"(?:too (?:expensive|much|pricey|dear|costly|steep|high)(?: money)?|"
    r"more than (?:i|we) (?:want(?:ed)?|can|could|meant|planned)(?: to)? (?:pay|spend|afford)|"
    rf"(?:out of|over|above) (?:my|our) budget)(?: for (?:me|us))?{_TAIL}",
)
_RETURN = Wording(
    r"\W*(?:(?:yes|okay|ok|oh|and|plus|also|(?:can|could) (?:you|i|we) (?:add|book|get|have)|add|i (?:also )?need|"
    r"i'd (?:also )?like)\b\W*)+(?:the|a|my) "
    r"(?:return|(?:flight|way|trip) (?:back|home))(?: (?:flight|trip))?(?:,? (?:too|as well|also|please))*\W*",
)
_BACK = Wording(
    rf"{_LEAD}\s*(?:(?:let's )?(?:go|going|can (?:we|i) go) back to )?(?P<offer>(?:the )?(?:previous|one before|"
    rf"(?:first|last) one you (?:said|told me|offered|mentioned)))(?: (?:one|flight|option|that))*{_TAIL}",
)
_ONE_MORE = Wording(rf"{_LEAD}\s*(?:the |an? )?(?:one|flight) (?P<than>earlier|later){_TAIL}")
_OF_ONE_WAY = Wording(
    rf"{_LEAD}\s*(?:(?:any|an?|the|something|anything|flights?|one)\b\s*)*(?P<than>earlier|later)"
    r"(?: (?:flight|one|departure|option|time))?(?: (?:on )?(?:the )?(?:way )?(?:out|there|back|home))?"
    r"(?: (?:on )?(?:that|the same) day)?(?:,?(?: (?:with|and|but|keep(?:ing)?))* (?:the )?"
    rf"same (?:return|outbound|(?:flight|way) (?:back|out|there|home))(?: flight)?)?{_TAIL}"
)
"""Another hour for one flight of the trip: "an earlier flight out that day, same return"."""
_NEXT = Wording(
    rf"{_LEAD}\s*(?:the )?(?:next (?:one|flight)|one after(?: that)?|(?:flight|one) after (?:that|it))(?: one)?{_TAIL}"
)
_OTHERS = Wording(
    rf"{_LEAD}(?:what )?\s*(?:(?:(?:the|any|my) )?other (?:times?|flights?|options?|ones?|choices?)|"
    r"(?:what )?(?:else|are my options|options)|"
    r"(?:(?:tell|read|give|show|list|name)(?: me)? )?(?:all|each|every one)(?: of)? (?:them|those|the flights)|"
    r"(?:tell|read|give|show|list|name)(?: me)? (?:them|the (?:others|list|options|times)))"
    r"(?: (?:do you have|have you got|are there|is there|can you offer))?"
    rf"{_TAIL}",
)


_OTHER_DAY = Wording(
    rf"\W*(?:(?:actually|maybe|perhaps)\b\W*)?{_LEAD}\s*(?:anything|something)?\s*(?:on )?"
    r"(?:another|a different|some other|any other) (?:day|date)(?: (?:instead|perhaps|maybe))?"
    rf"{_TAIL}",
)
_MUCH = (
    rf"{_LEAD}\s*(?:(?:that's|that is|it's|it is|a bit|a little|way|much|far)\s+)*(?:too|not (?:that|so|quite so|as))"
)
_TOO = {"later": Wording(rf"{_MUCH} early{_TAIL}"), "earlier": Wording(rf"{_MUCH} late{_TAIL}")}
"""What is too early or too late asks for another hour."""


_OF_A_TRIP, _NOT_OF_A_TRIP = ("", "search", "book"), ("pax", "count", "code", "leg")
"""What was read back, and what was asked, where a turn may still be about the trip that is sought."""
_SEVERAL = 2


def asks_of_known(text: str, spans: Sequence[Span], context: TurnContext) -> Action | None:
    """Read a question about flights that were read back or are booked, which the desk answers from what it knows."""
    if not inquiries(text) or any(span.kind != "place" for span in spans):
        return None
    if context.proposal or context.offers:
        return Action("repeat")
    booked = context.bookings and not context.searching and context.asked != "code"
    return Action("lookup") if booked and len(spans) < 2 else None


def names_told(text: str, context: TurnContext) -> Action | None:
    """Read a turn that asks about, or chooses, one of several trips that were told; None for any other."""
    if context.told < _SEVERAL or context.asked or context.proposed not in _OF_A_TRIP:
        return None
    wanted = earlier(text)
    if wanted is None or not (context.searching or wanted.told):
        return None
    return Action("repeat") if wanted.asks else Action("book", {"offer": text.strip(" .,!?")})


def seeks_others(text: str, context: TurnContext) -> Action | None:
    """Read a turn that only asks for other flights than those told, or which of them is best; None for any other."""
    if not context.searching or not context.told or context.asked or context.proposed not in _OF_A_TRIP:
        return None
    wish = alternative(text)
    if wish is None:
        return Action("clarify", {"missing": "offer"}) if asks_only(text) and context.offers else None
    if wish.kind in ("which", "cheapest_day"):
        return Action("repeat") if wish.kind == "cheapest_day" or context.told >= _SEVERAL or context.offers else None
    if wish.kind == "of_the_day":
        which = "latest" if wish.most else "earliest"
        return None if wish.place else Action("book", {"offer": f"the {which} of the day"})
    return Action("search", {"legs": [{k: said for k, said in (("date", wish.day), ("time", wish.time)) if said}]})


def compares(text: str, context: TurnContext) -> Action | None:
    """Read a turn that asks for another flight only by what it is beside those offered; None if there is more in it."""
    said = text.replace("’", "'")
    if (context.searching or (context.bookings and not context.asked)) and _RETURN.fullmatch(said):
        return Action("search", {"legs": [{"to": "back"}]})
    if not context.offers:
        return None
    for form in (_RANKS, _BACK, _LATER, _PICK, _AGAIN):
        if picks := form.fullmatch(said):
            return Action("book", {"offer": picks["offer"]})
    if compared := _ONE_MORE.fullmatch(said) or (context.searching and _OF_ONE_WAY.fullmatch(said)):
        return Action("search", {"legs": [{"time": compared["than"].casefold()}]})
    if _NEXT.fullmatch(said) and context.proposal:
        return Action("search", {"legs": [{"time": "later"}]})
    if _OTHER_DAY.fullmatch(said) and context.searching:
        return Action("clarify", {"missing": "date"})
    than = next((than for than, pattern in _TOO.items() if pattern.fullmatch(said)), "")
    if than and context.searching:
        return Action("search", {"legs": [{"time": than}]})
    return Action("clarify", {"missing": "offer"}) if _OTHERS.fullmatch(said) else None


def too_dear(text: str) -> bool:
    """Whether a turn only says that what was offered costs too much."""
    return bool(_DEAR.fullmatch(text.replace("’", "'")))


def reshapes(text: str, context: TurnContext) -> Action | None:
    """Read a turn that only gives the trip under discussion another shape, or more people; None for any other."""
    if context.bookings and not (context.searching or context.asked or context.proposal):
        party = recounted(text) or party_told(text)
        return Action("search", {"pax": party}) if party else None
    if not context.searching or context.proposed not in _OF_A_TRIP or context.asked in _NOT_OF_A_TRIP:
        return None
    if reshaping(text):
        return Action("search")
    if freed(text) == ("nonstop",):
        takes = context.proposal and takes_stop(text, context.agent)
        return Action("confirm", {"answer": "yes"}) if takes else Action("search")
    who = recounted(text) or companions_said(text)
    return Action("search", {"pax": who}) if who else None
