"""What is said in passing: about the past, about an event, about something else than a flight."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from voice.booking.context import TurnContext
from voice.booking.talk.topics import OTHER, TOPICS
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

SEEKS = Wording(
    r"\b(?:find|search|look(?:ing)? for|book|need an?|want an?|get (?:me|us)|show|"
    r"(?:i|we)(?:'d like| want| need| would like| have| must)? to (?:fly|go|travel|leave|be)|is there|are there|"
    r"do you have|(?:any|some)thing (?:on|for|at|earlier|later|in|to|from|leaving)|(?:a|any|the) flights?)\b",
)
"""Words that seek a flight."""

_TURN = (
    r"[.;!?](?:\s+|$)|,?\s+but\s+|,?\s+and now\s+|"
    r",\s+(?=(?:anyway|anyhow|so|and now|now|this time|and (?:i|we)'?d?|i need|we need|i want|i'd)\b)"
)
_BREATH = (
    rf"{_TURN}|"
    r",\s+(?=(?:(?:it|that|he|she|this)(?:'s| is| was)|which|because|since|as|and then|then|and (?:i|we|my|the)|i|we|"
    r"he|she|they)\b)"
)
_TURNS, _BREATHS = Wording(_TURN), Wording(_BREATH)
_PAST = Wording(
    r"\b(?:used to|last (?:year|month|time|summer|winter|week)|years? ago|months? ago|once|every year|always|"
    r"(?:i|we|it|he|she|they)(?:'ve|'s| have| has) been\b[^.?!]*\bsince|when (?:i|we) (?:was|were)|grew up|"
    r"got married|was born|(?:i|we)(?:'ve| have) been (?:to|in|there|away)|(?:i|we) (?:was|were) in|"
    r"(?:i|we) (?:went|flew|left|landed in|arrived in|drove|moved|visited|lived|came back))\b",
)
_MOVES = Wording(
    r"\b(?:be (?:there|in|at|back|home)|get|arriv\w+|land\w*|reach\w*|starting|stay\w*|back|home|out|until|till|"
    r"between|instead|rather|prefer\w*|works?|suits?|fine|ok|okay|better|best|earlier|later|we're|i'm|live|based|"
    r"make it|let's|on me|same)\b",
)
_BECAUSE = Wording(
    r"\b(?:because|'cause|cause|since|(?<!long )(?<!soon )(?<!early )(?<!late )(?<!well )(?<!far )as|"
    r"seeing (?:as|that)|given that|so that|in case|considering) (?:i|we|my|our|the|he|she|they|it|it's|there's|"
    r"that's|you|everyone|everybody|nobody)\b(?:(?! so )[^,.;?!])*$",
)
"""The beginning of a reason: what it holds is not asked for."""
_EVENT = Wording(
    r"\b(?:meetings?|interview|wedding|appointment|conference|concert|game|match|exams?|finals|funeral|graduation|"
    r"party|reunion|recital|surgery|operation|court|hearing|deadline|birthday|anniversary|christening|festival|course|"
    r"class(?:es)?|lecture|training|workshop|visa|lease|term|semester|cruise|tour|dinner|presentation|pitch|audition|"
    r"ceremony|match|race|marathon|show|trial|inspection|site visit|shift)\b",
)
"""What has a day of its own, that need not be the day of a flight."""
_NOW = Wording(r"(?:this|last|yesterday|today|to)\W*(?:morning|afternoon|evening|night|week)?|morning|night|evening")
_ABOUT = Wording(
    r"\W*(?:(?:so|and|well|oh|hey|hi|hello|by the way|okay|tell me|do you know)\W+)*(?:what|who|how|which|why|is|did|"
    r"does|was)(?:'s)?\b",
)
_ELSEWHERE = Wording(
    r"\W*(?:(?:hm+|oh|so|and|okay|by the way)\b\W*)*(?:what(?:'s| is| will)|how(?:'s| is)|is it|will it)\b[^.?!]*\b"
    r"(?:weather|temperature|forecast|raining|rain|snowing|snow|sunny|cold|hot|warm)\b[^.?!]*[.?!]?\s*$",
)
"""What no flight is asked for with, whatever was spoken of before."""
_DISRUPTS = Wording(r"\b(?:flights?|planes?|delay\w*|cancel\w*|late|ground\w*|fly|take off)\b")
_BY_WAY = Wording(r"\b(?:between|from|to|into|out of|for)\s+(?:the\s+)?$")
_SERVICE = Wording(
    r"\b(?:allowed|permitted|"
    r"(?:do|does|can|will|would) (?:you|they|the airline)(?: guys| lot| people| folks)? "
    r"(?:offer|allow|provide|sell|charge|handle|cater|accommodate|support)|"
    r"on (?:board|your (?:planes|flights))|(?:on|in|aboard) the (?:plane|aircraft)|at the (?:gate|airport)|"
    r"your airline)\b",
)
_MANY_WORDS = 3


def in_passing(text: str, span: Span, spans: Sequence[Span]) -> bool:
    """Whether a value asks for nothing where it stands.

    A clause about the past asks for nothing: "we used to go to Rome". Neither does a day or a time in a sentence that
    speaks of something else, where the flight is spoken of in another one: "It's twelve below this morning."
    """
    start, end = _clause(text, span, _BREATHS)
    if _PAST.search(text, start, end):
        return True
    start, end = _clause(text, span)
    if span.kind not in ("date", "time"):
        return False
    if _BECAUSE.search(text, start, span.start) and any(other.end <= span.start for other in spans):
        return True
    outside = [other for other in spans if not start <= other.start < end]
    inside = [other for other in spans if start <= other.start < end]
    dated = any(other.kind == "date" for other in outside) or bool(_NOW.fullmatch(span.text))
    event = bool(_EVENT.search(text, start, end))
    return (
        dated
        and any(other.kind == "place" for other in (spans if event else outside))
        and all(other.kind in ("date", "time", "person") or (event and other.kind == "place") for other in inside)
        and _is_beside(
            text[start:end],
            [(other.start - start, other.end - start) for other in inside if other.kind != "person"],
            1 if event else _MANY_WORDS,
        )
    )


def off_topic(text: str, spans: Sequence[Span], context: TurnContext) -> bool:
    """Whether a turn holds nothing that the desk knows of, and answers no question."""
    kinds = ("person", "date", "time", "place")
    if _ELSEWHERE.match(text):
        return True
    if (
        context.proposal
        or context.asked == "offer"
        or (context.asked and spans)
        or any(span.kind not in kinds for span in spans)
    ):
        return False
    if any(span.kind == "place" and _BY_WAY.search(text, 0, span.start) for span in spans):
        return False
    known = (*cues.INTENTS.values(), *TOPICS.values(), OTHER, cues.UNDOES)
    return not any(pattern.search(text) for pattern in known)


def asks_weather(text: str) -> bool:
    """Whether a clause asks what the weather is like, and not what it does to a flight."""
    return bool(_ELSEWHERE.match(text)) and not _DISRUPTS.search(text)


def asks_service(text: str) -> bool:
    """Whether a turn asks what is done, sold or allowed on flights, whatever it is about."""
    return bool(_SERVICE.search(text)) and bool(cues.QUESTION.search(text))


def is_asked_about(text: str, spans: Sequence[Span], *, waits: bool) -> bool:
    """Whether places are what a question is about, and not where somebody flies: "What's the weather in Toronto?".

    Where something waits to be said more about, only a question that can't be about it counts.
    """
    if waits or _ELSEWHERE.match(text):
        return bool(_ELSEWHERE.match(text))
    places = [span for span in spans if span.kind == "place"]
    few = len(text.split()) <= _MANY_WORDS
    return not few and bool(_ABOUT.match(text)) and not any(_BY_WAY.search(text, 0, span.start) for span in places)


def _clause(text: str, span: Span, turn: Wording = _TURNS) -> tuple[int, int]:
    cuts = _cuts(text, turn)
    start = max((end for _, end in cuts if end <= span.start), default=0)
    return start, min((cut for cut, _ in cuts if cut >= span.end), default=len(text))


@lru_cache(maxsize=64)
def _cuts(text: str, turn: Wording) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in turn.finditer(text))


def _is_beside(sentence: str, covered: Sequence[tuple[int, int]], least: int) -> bool:
    """Whether a sentence speaks of nothing that a trip is made of."""
    chars = list(sentence)
    for start, end in covered:
        chars[start:end] = " " * (end - start)
    rest = "".join(chars).replace("’", "'")
    if (
        SEEKS.search(rest)
        or cues.INTENTS["search"].search(rest)
        or cues.INTENTS["change"].search(rest)
        or cues.NONSTOP.search(rest)
        or _MOVES.search(rest)
    ):
        return False
    words = [word for word in re.findall(r"[a-z][\w'-]*", rest.casefold()) if word not in EMPTY_WORDS]
    return len(words) >= least
