"""What a turn asks of a booking itself: what it would give back, its bags, all of it, whether it is on time.

The words alone say it: whoever reads such a turn as a question on the rules has missed whose flights it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from voice.booking.context import TurnContext
from voice.booking.places.finding import find_places
from voice.booking.talk.inquiries import inquiries
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.spans import CERTAIN, Span
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_WE = r"(?:i|we)"
_WOULD = r"(?:would|will|do|does|did|could|can|might|should|shall)"
_NOW = r"(?: (?:actually|really|just|even|exactly|still|now|then|already|currently|have to|be able to|ever))*"
_BOOKING = r"(?:booking|reservation|trip|itinerary|journey|tickets?|flights?)"
_MINE = rf"(?:(?:my|our|this|that|the) (?:\w+ )?{_BOOKING}|it|that|this)"
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[A-Z])[A-Z0-9]{6}\b")
_REFUND = Wording(
    rf"\b(?:(?:how much|what)(?: (?:money|refund|of it|of that|exactly))* {_WOULD} {_WE}{_NOW} "
    r"(?:get|be getting|receive|have|see|be (?:given|paid|refunded))(?: \w+)? ?(?:back|refunded|returned)|"
    rf"(?:how much|what)(?: (?:money|of it|of that|exactly))* (?:{_WE}|you)(?:'d| would| will|'ll| could| can){_NOW} "
    r"(?:get|be getting|receive|give|pay)(?: me| us)?(?: \w+)? ?back|"
    rf"how much (?:of an? |an? )?refund|what(?:'s| is|s| would| will)?(?: be)? (?:the|my|our) refund(?! (?:polic|rule|"
    rf"terms|process))|"
    rf"(?:what|which) refund {_WOULD} {_WE}|how (?:much|big|high) (?:is|was|would|will|'s) (?:the|my|our) refund|"
    rf"{_WOULD} {_WE}{_NOW} (?:get|have|see|receive|claim)(?: (?:back|the|my|our|any|all|some|anything|something|a|"
    r"of|it|full|that)){0,4} ?(?:money|refund|back|refunded)|"
    rf"(?:would|will|do|can|could) {_WE}{_NOW} be refunded|"
    r"(?:is|are|was) (?:my|our|this|that|the) (?:\w+ )?(?:booking|reservation|trip|tickets?|fare) refundable)\b",
)
_NO_SUM = Wording(
    r"\b(?:when|how (?:soon|long|quick\w*|fast|many days)|how (?:do|does|can|would|will)|where|which card|"
    r"what card|voucher|credit|chang(?:e|ing)|mov(?:e|ing)|switch(?:ing)?|bags?|suitcases?|points|miles)\b",
)
"""What is asked of a refund is something else than its sum."""
_OTHER_IF = Wording(
    r"\b(?:if|when|in case|unless)\b(?! possible)(?! (?:i|we|it's|it is)(?: (?:do|did|were to|was to|have to|had to|"
    r"need to|want to|"
    r"decide to|just|now|then|would|only))* (?:cancel\w*|drop\w*|scrap\w*|call(?:ed)? (?:it|this|that|everything)|"
    r"don't (?:go|fly)))",
)
"""A condition that is not the caller's own cancelling: the weather, an illness, the airline."""
_BAG = r"(?:bags?|suitcases?|luggage|baggage)"
_BAGS = Wording(
    rf"\b(?:how (?:many|much) (?:\w+ )?{_BAG} (?:do|does|did|have|has|is|are|were|got|{_WE})\b|"
    rf"(?:what|which) {_BAG} (?:do|have|are|is) (?:i|we|there|on)\b|"
    rf"(?:do|have) (?:i|we|they){_NOW} (?:have|got|get)(?: (?:a|an|any|one|two|just|only|the|some|our|checked))* "
    rf"{_BAG}|"
    rf"(?:does|do|did|has) (?:it|that|this|{_MINE}|the booking){_NOW} (?:have|got|include|come with|cover)"
    rf"(?: (?:a|an|any|one|two|the|checked))* {_BAG}|"
    rf"(?:is|are) (?:there |my |our |the |any |a |one |two ){{1,3}}(?:checked )?{_BAG}{_NOW} "
    rf"(?:included|booked|paid|on (?:it|there|my|the|this|that))|"
    rf"how many {_BAG} (?:is|are|makes?) (?:that|it|this))\b",
)
_NO_COUNT = Wording(
    r"\b(?:how much (?:is|are|does|do|for|would)|costs?|price|pay|fees?|charges?|heavy|weigh\w*|weight|size|big|"
    r"large|allow\w*|free|permit\w*|limit|maximum|most|can|could|may|add|bring|take|lost|arriv\w+|extra|another|more|"
    r"need|want|check in|carry|hand|cabin|too)\b",
)
"""What is asked of bags is something else than how many there are."""
_READ_OUT = (
    r"(?:read|tell|give|go (?:over|through)|run(?: (?:me|us))? through|walk(?: (?:me|us))? through|repeat|recap|"
    r"summari[sz]e|sum up|hear|remind (?:me|us) of|go back over|confirm|list|show)"
)
_AGAIN = (
    r"(?: (?:to me|for me|again|back|once more|one more time|now|please|at the moment|currently|then|all|as it (?:is|"
    r"stands)|looks?(?: like)?|looking(?: like)?|look|like|is|are|has become|after (?:that|the change)|out|in full|"
    r"real "
    r"quick|quickly|so far|so|details?|for (?:\w+ )?(?:booking|reservation)))*"
)
_END = r"(?=\W*(?:$|[.?!,;]))"
_WHOLE = Wording(
    rf"\b(?:{_READ_OUT}(?: (?:me|us|back|over|out|all of|all|to me|what|how|again))* (?:my|our|the|this|that) "
    rf"(?:\w+ )?(?:booking|reservation|trip|itinerary|flights)(?: details)?{_AGAIN}{_END}|"
    rf"(?:what|how)(?:'s|s| is| does| do| are| will)?(?: now)? (?:my|our)(?: (?:whole|new|full|entire|current|changed|"
    rf"updated))? (?:booking|reservation|trip|itinerary|flights|schedule){_AGAIN}{_END}|"
    rf"(?:what(?: flights?)?|which flights?) (?:am i|are we)(?: now| both)?(?: booked)? (?:on|for|booked)(?: now| "
    rf"then| again)*{_END}|"
    rf"what (?:do|have) (?:i|we)(?: now| got| have)* booked{_AGAIN}{_END}|"
    rf"(?:remind (?:me|us)|tell (?:me|us)(?: again)?) what (?:i|we)(?:'ve| have|'m| are)?(?: now)? "
    rf"booked{_AGAIN}{_END})",
)
_LATE = r"(?:on time|on schedule|delayed|running late|late|punctual|behind schedule)"
_FLIGHT = r"(?:(?:my|our|this|that|the) (?:\w+ ){0,2}?(?:flights?|plane|departure)|it|that|they|everything)"
_STATUS = Wording(
    rf"\b(?:(?:is|are|was|will|'s|whether|if)(?: {_FLIGHT})?(?: (?:all|still|be|being|going to|gonna|going|running|"
    rf"leaving|departing|expected to|expected|currently|actually|definitely|really|supposed to|take off|leave|depart|"
    rf"today|tomorrow))* {_LATE}|"
    rf"(?:has|have) {_FLIGHT}(?: (?:been|already|now))* (?:delayed|pushed back)|"
    rf"{_FLIGHT}(?:'s| is| are)(?: (?:all|still|running|leaving))* {_LATE}(?=\W*(?:$|\?|or not|then|right))|"
    r"(?:is|are) there (?:a|any) (?:\w+ )?delays?(?: (?:on|for|with|to)\b|\W*$)|any delays? (?:on|for|with|to) "
    rf"(?:my|our|the|that|this|it|booking)|(?:flight|live) status|status of (?:my|our|the) flight|on time or (?:not|"
    rf"late|delayed))",
)
_NO_STATUS = Wording(
    r"\b(?:what happens|what if|usually|often|always|normally|generally|get (?:there|me|us|home)|be there|arrive on|"
    r"compensat\w+|refund\w*|hotel|owe\w*|miss|connection|"
    r"(?:if|when|because|since|once) (?:my|our|the|it|a|that)\b(?! still| is on))\b",
)
_OTHER = (
    r"(?:(?:my|our|the) (?:(?:return|outbound|other|second|first|third|next|onward|connecting) ?(?:flights?|legs?|one|"
    r"part|trip)?|(?:flight|way|trip|journey|one) (?:back|home|out|there)|rest(?: of (?:it|the trip|my trip))?|"
    r"others?))"
)
_STAYS = Wording(
    rf"\b(?:(?:does|do|will|is|are|did|has|have|and|so)(?: that| this)? {_OTHER}(?: \w+){{0,3}}? "
    r"(?:stays?|staying|remains?|the same|unchanged|unaffected|affected|as (?:it )?(?:is|was|planned|booked)|keeps?|"
    r"kept|untouched|still (?:on|at|there|the same|good|fine|booked|valid)|chang(?:e|ed|es|ing)|move[ds]?)|"
    rf"(?:does|will|did|has) (?:that|this|it)(?: also)? (?:change|affect|move|touch|changed|affected) {_OTHER}|"
    rf"what (?:happens (?:to|with)|about) {_OTHER}(?: then| now)?{_END})",
)
ONLY_NAMES = Wording(r"\bwhat (?:about|happens)\b")
"""What asks whether a flight stays only where another one is moved: "What about the return?"."""
_TEST: dict[str, Callable[[str], bool]] = {
    "refund": lambda said: bool(_REFUND.search(said)) and not _NO_SUM.search(said) and not _OTHER_IF.search(said),
    "bags": lambda said: bool(_BAGS.search(said)) and not _NO_COUNT.search(said),
    "status": lambda said: bool(_STATUS.search(said)) and not _NO_STATUS.search(said),
    "stays": lambda said: bool(_STAYS.search(said)),
    "whole": lambda said: bool(_WHOLE.search(said)),
}
_ALL: dict[str, tuple[Wording, ...]] = {
    "refund": (_REFUND, Wording(r"\b(?:if|when|for|by) (?:(?:i|we) )?cancel\w*")),
    "bags": (_BAGS,),
    "status": (_STATUS,),
    "stays": (_STAYS,),
    "whole": (_WHOLE,),
}
_AROUND = EMPTY_WORDS | frozenset(
    [
        "again",
        "ahead",
        "all",
        "already",
        "altogether",
        "asking",
        "asked",
        "booked",
        "both",
        "cancel",
        "cancelled",
        "currently",
        "each",
        "exactly",
        "flight",
        "fully",
        "hm",
        "it",
        "just",
        "mean",
        "meant",
        "much",
        "not",
        "now",
        "oh",
        "or",
        "our",
        "out",
        "question",
        "really",
        "regarding",
        "reservation",
        "sitting",
        "so",
        "that",
        "them",
        "then",
        "there",
        "to",
        "together",
        "total",
        "two",
        "us",
        "we",
        "what's",
        "whole",
        "wonder",
        "wondering",
        "your",
        "me",
        "one's",
        "trip's",
        "ok",
    ]
)
_RULES = {"refund": "refunds", "bags": "baggage", "stays": "changes"}
"""The topics of the rules that questions of a booking touch."""
_WORD = re.compile(r"[^\W_][\w'-]*")


@lru_cache(maxsize=64)
def booking_question(text: str) -> str:
    """Give what a turn asks of a booking, ``""`` if it asks nothing of one.

    Returns:
        ``refund``: what cancelling would give back. ``bags``: how many there are. ``status``: whether a flight is on
        time. ``stays``: whether the other flights stay as they are. ``whole``: all of it. ``flight``: hours, days and
        the like of its flights, see `voice.booking.talk.inquiries`.
    """
    said = text.replace("’", "'")
    for sentence in re.split(r"(?<=[.?!;])\s+", said):
        if found := next((name for name, test in _TEST.items() if test(sentence)), ""):
            return found
    return "flight" if inquiries(without_codes(said)) else ""


def only_asks_of_booking(text: str) -> str:
    """Give what a turn asks of a booking, if there is nothing else in it."""
    name = booking_question(text)
    said = without_codes(text.replace("’", "'"))
    if name in ("", "flight"):
        return name
    for pattern in _ALL[name]:
        said = pattern.sub(" ", said)
    for place in reversed(find_places(said)):
        said = said[: place.start] + said[place.end :]
    return name if all(word in _AROUND for word in _WORD.findall(said.casefold())) else ""


def asks_of_booking(text: str, spans: Sequence[Span], context: TurnContext) -> Action | None:
    """Read a turn that only asks something of a booking that is known; None for any other one."""
    name = only_asks_of_booking(text)
    if not name or context.asked or context.proposal or context.offers or context.searching:
        return None
    if name == "stays" and ONLY_NAMES.search(text):
        return None
    codes = [span.name for span in spans if span.kind == "code" and span.confidence >= CERTAIN]
    if len(codes) > 1 or any(span.kind not in ("code", "place", "person", "count") for span in spans):
        return None
    if not codes and (name == "flight" or not context.bookings):
        return None
    if topic := _RULES.get(name):
        return Action("policy", {"topic": topic})
    return Action("lookup", {"code": codes[0]} if codes else {})


def without_codes(text: str) -> str:
    """Give a text without the whole codes in it, and what only leads up to them."""
    said = _LEADS.sub(" ", _CODE.sub("\x00", text)).replace("\x00", " ")
    return re.sub(r"\s{2,}", " ", said) if said != text else text


_LEADS = re.compile(
    r"(?:\b(?:on|for|of|with|in|under|about|it's|its|that's)\s+)?(?:\b(?:my|the|our|a)\s+)?"
    r"(?:\b(?:booking|reservation|confirmation|locator|reference|code|number)\b[\s,:]*(?:\bis\b\s*)?)*\x00(?: one\b)?",
    re.IGNORECASE,
)
