"""What callers tell around their request: whose birthday it is, what the dentist costs, where the brother lives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from voice.booking.places.roles import role_of
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_WHO = (
    r"(?:i|we|he|she|it|they|there|you|my|our|his|her|their|its|the|that|this|everyone|everybody|nobody|"
    r"(?-i:[A-Z])[a-z]+['’]s)"
)
_CUT = re.compile(
    r"(?<!\bSt)(?<!\bMt)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)[.;!?…]+(?:\s+|$)|\s+[–—-]+\s+|"
    r",?\s+(?:so|but)\s+|"
    rf",\s+(?:and\s+|as\s+|which\s+|because\s+|since\s+|where\s+|when\s+)*(?={_WHO}\b)|"
    r",?\s+(?:because|since|which)\s+",
    re.IGNORECASE,
)
_FLIES = Wording(
    r"\b(?:fl(?:y|ies|ying|ights?)|plane|tickets?|book\w*|reserv\w*|seats?|trips?|travel\w*|leav(?:e|es|ing)|"
    r"depart\w*|return\w*|back|home|outbound|inbound|one[\s-]way|round[\s-]trip|"
    r"(?:com|go|head|get|gets|goes|comes|heads|set|be|been|start)(?:e|ing|ting)? "
    r"(?:to|from|into|down|up|over|out|off|on|via|there|in)|going|goes|join\w*|meet\w*|follow\w*|stay\w*|visit\w*|"
    r"where (?:i|we)|out of|the same|stopovers?|got to|gotta|too (?:early|late)|plan|half|other|first choice|"
    r"second choice|"
    r"(?:i|me|he|she|him|her|they|them|we|us|others?|rest|one|two|three|four|five|six) (?:on )?(?:the )?(?=[ .,;]|$)|"
    r"land(?:s|ing)?|arriv(?:e|es|ing)|nonstop|non-stop|direct|stops?|connect\w*|layover|cabin|class|"
    r"chang\w+|mov(?:e|ing)|switch\w*|put|push|cancel\w*|instead|rather|earlier|later|sooner|"
    r"need\w*|want\w*|like|wish|prefer\w*|please|find|search|look\w*|show|check|get me|get us|give me|try|take|"
    r"cheap\w*|under|below|above|beyond|exceed\w*|less|budget|max\w*|limit|most|spend|afford|more than|over|tops?|"
    r"at most|up to|fares?|pay|"
    r"if|unless|otherwise|failing|maybe|perhaps|possible|possibly|could|can|might|should|must|have to|"
    r"any|anything|something|what|which|how|when do|is there|are there|do you|whatever|whichever|"
    r"works?|suits?|fine|okay|ok|better|would|['’]d|let['’]s|make it|make that|only|just|"
    r"(?:i|we) live|(?:['’]m|['’]re|am|are) based|start|continu\w*|carry on|carries on|persons?|passengers?|"
    r"travell?ers?|adults?|infants?|of us|together|both|each|budget|destination|airport|dates?|day|code|reference|"
    r"number|names?|origin|price)\b",
)
"""What a flight, a wish or a condition is spoken of with; where none of it stands, nothing is asked for."""
_ALSO_FLIES = Wording(r"\b(?:child|children|kids|people|alone|all|best)\b")
"""What may be said of a flight too, unless a whole flight is named elsewhere."""
_PAST = Wording(
    r"\b(?:(?:was|were|wasn['’]t|weren['’]t|had)(?! (?:wondering|hoping|thinking|looking|after|planning|wanting|"
    r"calling|better))|"
    r"(?:i|we|he|she|they)(?:['’]ve| have|['’]s| has) (?:already|just|had|been|got)|bought|said|asked|booked|told|"
    r"(?:i|we|he|she|they) (?:met|got|won|lost|made|went|took|paid|saw|lived|sold))\b",
)
"""What has happened is not asked for."""
_STILL = Wording(
    r"\b(?:if|unless|otherwise|budget|limit|max\w*|under|up to|most|carry on|continue|please|instead|rather|"
    r"(?:i|we)(?:['’]d| would|['’]ll| will)? (?:need|want|like|fly|prefer))\b",
)
"""What asks for something all the same."""
_STATES = Wording(
    r"\W*(?:(?:and|but|so|well|now|anyway|then|also)\W+)*(?:(?:the|my|our|his|her|their|an?|"
    r"this)\s+[\w'’-]+(?:\s[\w-]+){0,2}?"
    r"(?:['’]s|\s(?:is|are|has|have|lives?|sings?|plays?|starts?|begins?|ends?|turns?|marries))\b|"
    r"(?:he|she|they|there|we|i)(?:['’](?:s|re|ve|m)\b(?! (?:going|coming|flying|leaving|on|in))| (?:is|are|has|have|"
    r"lives?|sings?|play|sit|sits)\b)|"
    r"it (?:sings|starts|begins|ends)\b|(?:she|he|they)['’](?:s|re) on\b)",
)
"""A sentence of which somebody or something is the subject: one word of its own is enough for it to tell."""
_CHANGES = (cues.INTENTS["change"], cues.SHIFTS, cues.PLAN_FAILS, cues.INSTEAD)
_ASKED = ("code", "cabin")
"""What is said for no other reason than that it is asked for."""
_ANSWER = Wording(
    r"(?:[.!…]\s+(?:(?:so|right|well|anyway|mm+|hmm+|now|and)\b[\s,.]*)*|,?\s+(?:so|and so)\s+)"
    r"(?P<answer>(?:yes|yeah|yep|no|nope|okay|ok|sure)\b(?! (?:flying|later|more|one|idea|chang\w+|stops?|connect\w*|"
    r"layovers?)\b))",
)
_ANSWER_FIRST = Wording(r"\W*(?:(?:oh|ah|well|um|uh)\W+)*(?:yes|yeah|yep|no|nope|okay|ok|sure|not)\b")
_REQUESTS = (cues.INTENTS["cancel"], cues.INTENTS["lookup"], cues.NONSTOP)
_LEAST_STORY = 5
"""Words before a yes or no, or around a day, that are few enough to belong to it."""
_SHORTEST = 30
"""Characters of a turn that tells and asks as well."""
_WORD = re.compile(r"[^\W_][\w'-]*")
_OTHER_WAY = Wording(
    r"\b(?:back|home|return\w*|inbound|if|unless|otherwise|or|not|rather|instead|(?:i|we)\b(?!['’](?:ve|m|re)\b)|"
    r"please|between|flexible|prefer\w*|works?|suits?|book|find)\b",
)
_HABIT = Wording(r"(?:on )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days)(?: (?:and|or) \w+days)?")
_LEAST_WORDS = 2
"""Words that say something of their own, besides values: "Friday, then" has none and tells no story."""
_TO = Wording(r"\b(?:to|into|for)\s+(?:the\s+)?$")


def told_of(text: str, spans: Sequence[Span]) -> list[Span]:
    """Give the values that a turn only tells of. Pure.

    A stretch of it tells if it has values and words of its own, and none that flights are asked for with.
    """
    if len(text) < _SHORTEST or not spans:
        return []
    stretches = _stretches(text, spans)
    if len(stretches) < 2:
        return []
    whole = [whole_flight(text, inside) for _, inside in stretches]
    first = whole.index(True) if any(whole) else 0
    flight, days = stretches[first]
    dated = any(span.kind == "date" and not cues.RETURNS.search(flight, 0, span.start) for span in days)
    found: list[Span] = []
    for index, ((stretch, inside), flies) in enumerate(zip(stretches, whole, strict=True)):
        early = index < first and dated and _is_of_another_day(stretch, inside)
        if not flies and inside and (early or _tells(stretch, inside, elsewhere=any(whole))):
            found += inside
        else:
            found += [span for span in inside if span.kind == "date" and _HABIT.fullmatch(span.text)]
    return found


def asked_for(text: str, spans: Sequence[Span], inside: Sequence[Span], asked: str) -> list[Span]:
    """Give the values of a turn that are asked for, without those that it only tells of. Pure.

    Where no whole flight is named, what is told still says where it goes ("her wedding is in Bergen. I'd leave Leeds
    on the 3rd"); where a booking is changed, it may say to when.

    Args:
        text: The tidied turn.
        spans: Its values.
        inside: Those that it only tells of.
        asked: What the agent asked for last, or ``""``.
    """
    rest = [span for span in spans if span not in inside] if inside else []
    kinds = {span.kind for span in rest}
    if kinds <= {"person"}:
        return list(spans)
    changes = "code" in kinds and any(pattern.search(text) for pattern in _CHANGES)
    acts = "code" in kinds and (kinds & {"date", "time", "place", "cabin"} or not changes)
    answered = asked in kinds or (asked in ("from", "to") and "place" in kinds)
    if acts or answered or whole_flight(text, rest):
        return rest
    places = [span for span in rest if span.kind == "place"]
    ends = [span for span in inside if span.kind == "place"]
    if places:
        last = ends[-1:] if "date" in kinds else ends
        ends = [] if len(places) > 1 else last if role_of(text, places[0]) == "from" else ends
    return [
        span
        for span in spans
        if span in rest
        or span.kind == "person"
        or span in ends
        or (span.kind in ("date", "time") and "date" not in kinds)
    ]


def only_tells(text: str, spans: Sequence[Span]) -> bool:
    """Whether a turn tells something and asks for no flight."""
    inside = told_of(text, spans)
    return bool(inside) and all(span in inside or span.kind == "person" for span in spans)


def answer_behind(text: str) -> int:
    """Give where a yes or no begins that follows a story and no request; 0 where none does."""
    for answer in _ANSWER.finditer(text):
        story = text[: answer.start("answer")]
        if "?" in story or _ANSWER_FIRST.match(text) or any(pattern.search(story) for pattern in _REQUESTS):
            return 0
        if len(story.split()) >= _LEAST_STORY:
            return answer.start("answer")
    return 0


def whole_flight(text: str, spans: Sequence[Span]) -> bool:
    """Whether some of these say from where to where somebody flies."""
    places = [span for span in spans if span.kind == "place"]
    if len(places) < 2:
        return False
    gaps = (text[one.end : other.start] for one, other in pairwise(places))
    return any(_TO.search(gap) for gap in gaps) or {"from", "to"} <= {role_of(text, span) for span in places}


def _stretches(text: str, spans: Sequence[Span]) -> list[tuple[str, list[Span]]]:
    """Split a turn where another thought may begin, and give the values of each part."""
    cuts = [0]
    for match in _CUT.finditer(text):
        inside = any(span.start < match.end() and match.start() < span.end for span in spans)
        if not inside and match.end() < len(text):
            cuts.append(match.end())
    return [
        (" " * start + text[start:end], [span for span in spans if start <= span.start < end])
        for start, end in pairwise([*cuts, len(text)])
    ]


def _tells(stretch: str, spans: Sequence[Span], *, elsewhere: bool) -> bool:
    """Whether a stretch only tells something; ``elsewhere``: whether a whole flight is named in another one."""
    if any(span.kind in _ASKED or span.name == "bags" for span in spans):
        return False
    chars = list(stretch)
    for span in spans:
        if span.kind != "person":
            chars[span.start : span.end] = " " * (span.end - span.start)
    rest = "".join(chars).strip()
    own = len({word for word in _WORD.findall(rest.casefold().replace("’", "'"))} - EMPTY_WORDS)
    if own < _LEAST_WORDS and not (own and _STATES.match(stretch.lstrip())):
        return False
    if not (_FLIES.search(rest) or (not elsewhere and _ALSO_FLIES.search(rest))):
        return True
    return bool(_PAST.search(rest)) and not _STILL.search(rest)


def _is_of_another_day(stretch: str, spans: Sequence[Span]) -> bool:
    """Whether a stretch before a whole flight with its own day names a day, and nothing else that is flown."""
    kinds = {span.kind for span in spans}
    named = "date" in kinds and kinds <= {"date", "time", "person"}
    return named and len(stretch.split()) >= _LEAST_STORY and not _OTHER_WAY.search(stretch)
