"""Says what a request still lacks: its wish, its goal, its new date, its consequence, a second question. Pure; English.

A caller who says "excuse me, I've got a cold" and pauses is about to say what they want; nobody need wait for more
where "how many bags may I take?" was said. It judges the whole turn so far, not only its last words.
"""

from __future__ import annotations

import re

from voice.hearing import endings

_SUBJECT = (
    r"(?:i|i'm|i've|we|we're|we've|he|he's|she|she's|they|they're|my|our|his|her|their|there's|there (?:is|are)"
    r"|the (?:\w+ )?(?:code|reference|locator|number|booking|reservation) is)\b"
)
_STATEMENT = re.compile(endings.ADDRESS + _SUBJECT)
_JUDGEMENT = re.compile(endings.ADDRESS + rf"(?:{_SUBJECT}|(?:it|it's|that|that's|those)\b)")
_ANSWERED = re.compile(r"\b(?:yes|yeah|yep|no|nope|okay|ok|fine|good|great|sure|perfect)\b")
_WISH = re.compile(
    r"\b(?:want|wanna|need|needs|like|love|prefer|hope|wish|looking for|trying|(?:have|has|got|supposed|ready) to|must"
    r"|should|i'll|we'll|i'd|we'd|let's|let|make|put|give|take|find|get|book|rebook|change|move|switch|push|shift|cancel"
    r"|add|send|tell|show|check|look|read|repeat|say|pull|bring|drop|remove|upgrade|fly|flies|flying|flight|go|going|travel"
    r"|travell?ing|leave|leaving|return|hold|keep|refund|help|transfer|speak|talk|forget|pay|reserve|use|wait|ask"
    r"|wondering|afraid|can't|couldn't|didn't|don't|won't)\b"
)
_CHANGE = re.compile(
    r"\b(?:move|change|push|switch|shift|postpone|reschedule|rebook) (?:(?!(?:to|for|on|in|of|about) )\w+ ){1,4}?"
    r"(?:flights?|legs?|trip|booking|reservation|return|outbound|tickets?|itinerary|journey)\b(?P<rest>.*)"
)
_WHEN = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|morning|afternoon|evening|noon|midnight"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|\d+(?:st|nd|rd|th)?|\w*(?:teenth|tieth|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
    r"|earlier|later|sooner|before|after|instead|forward|weeks?|weekend|months?|class|name|seats?|one)\b"
)
_FROM_ALONE = re.compile(
    r"\b(?:flights?|tickets?|seats?|fares?|fly|flying|travel|travell?ing) (?:out )?(?:from|of) \w+(?: \w+)?$"
)
_ASKS_TO = re.compile(endings.ADDRESS + r"(?:can|could|would|will) you\b")
_SEVERAL = re.compile(
    r"\b(?:two|three|four|several|few|couple of|some) (?:more |other |quick )?(?:things|questions|requests)\b"
)
_LATE_CONDITION = re.compile(
    r"(?:\s(?:and|but|or) (?:if|unless) [^,.?!]*|[.?!]\s+(?:(?:and|but|or) )?(?:if|unless) [^,.?!]*)\W*$", re.IGNORECASE
)
_CONSEQUENCE = re.compile(r"\b(?:then|please|\w+'d|\w+'ll|if (?:possible|not|so|you can|that's (?:okay|possible)))\b")
_CONCLUSION = re.compile(r" so \w")
_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")
_ASKING = re.compile(r"\b(?:what|how|when|where|which|who|can|could|may|is there|are there|do|does|did)\b")
_LEAST = 3
"""Words. Fewer are a fragment of which nothing can be told."""


def wish(text: str) -> bool:
    """Tell whether anything is asked for, wanted, told to be done, or concluded ("so the day before")."""
    said = endings.plain(text)
    asks = any(endings.question(sentence) for sentence in _SENTENCE_END.split(text))
    return asks or bool(_WISH.search(said) or _CONCLUSION.search(said))


def only_tells(text: str) -> bool:
    """Tell whether a statement stands alone that wants nothing ("I've got a cold", "my code is ABC123")."""
    said = endings.plain(text)
    return len(said.split()) >= _LEAST and bool(_STATEMENT.match(said)) and not wish(text)


def only_judges(text: str) -> bool:
    """Tell whether an offer is judged, and neither taken nor refused ("that's above our budget")."""
    said = endings.plain(text)
    return bool(_JUDGEMENT.match(said)) and not _ANSWERED.search(said) and not wish(text)


def change(text: str) -> str | None:
    """Give what follows a flight or a booking that is to be changed, or None if none is."""
    if endings.question(text) and not _ASKS_TO.match(endings.last_sentence(text)):
        return None
    found = _CHANGE.search(endings.plain(text))
    return found["rest"] if found else None


def change_with_its_date(text: str) -> bool:
    """Tell whether something is to be moved, and it was said to when ("move my return to the day after")."""
    rest = change(text)
    return rest is not None and bool(_WHEN.search(rest))


def from_alone(text: str) -> bool:
    """Tell whether the turn ends on where a flight starts, and it was not said where to ("a ticket from Houston")."""
    said = endings.plain(text)
    return bool(_FROM_ALONE.search(said)) and not re.search(r"\b(?:to|into) \w|\bfor [A-Z]", text)


def late_condition(text: str) -> bool:
    """Tell whether the turn ends on a condition without its consequence ("… If there's nothing under $150.")."""
    found = _LATE_CONDITION.search(text)
    if not found:
        return False
    said = endings.plain(found.group())
    return len(said.split()) > _LEAST and not _CONSEQUENCE.search(said)


def announces_more(text: str) -> bool:
    """Tell whether several things were announced, and no more than one followed ("two things. Is there Wi-Fi?")."""
    found = _SEVERAL.search(text.lower())
    if not found:
        return False
    after = text[found.end() :]
    return len(_SENTENCE_END.findall(after)) <= 2 and len(_ASKING.findall(after.lower())) < 2


def lacking(text: str) -> str | None:
    """Say what a turn that could end here still lacks, or None."""
    rest = change(text)
    if rest is not None and not _WHEN.search(rest):
        return "a change without its date"
    if late_condition(text):
        return "a condition without its consequence"
    if from_alone(text):
        return "from where, and not where to"
    if only_tells(text) and not endings.journey(text):
        return "tells something, the wish may follow"
    return None
