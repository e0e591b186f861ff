"""What a listener says without wanting the floor. Pure; English only.

Back-channels after Yngve, "On getting a word in edgewise" (1970): they say "I am listening", and an agent that stops
for them is the only one in the room who does.

Whisper base hears about half of them as something else: "Right" as "White" (0.27), "Yeah" as "Yahu" (0.10), "Mhm" as
"M. H. M." (0.16) or "I'm Hamza" (0.07), "Oh, I see" as "OIC" (0.39), and makes seven words of a cough. They are shorter
than what callers say to take the floor, and less sure: in 27 of them the voice lasted 0.2 to 0.75 s. What takes the
floor and is as short ("stop", "no", "wait", "what", "yes", "sorry") was heard as what it is 22 times in 24, from four
voices, so it is named here.
"""

from __future__ import annotations

import math
import re

from voice.hearing import endings
from voice.hearing.end_of_turn import Asked, asked_by

_LISTENING = re.compile(
    r"(?:(?:m+|m+h+m+|hm+|uh ?huh|mm ?hmm?|ah|oh|aha|so|and|but|well|i see|oic|i understand|got it|right|okay|ok|yeah"
    r"|yep|yahoo|yup|alright|all right|sure|of course|great|good|perfect|lovely|wonderful|excellent|brilliant|cool|nice"
    r"|fine|exactly|indeed|wow|really|thanks|thank you)(?: |$))+"
)
_FOLLOWING = re.compile(r"(?:(?:ah|oh|aha|so|and|well|i see|i understand|got it|right|indeed|wow|really|oic)(?: |$))+")
_LEADING = re.compile(r"(?:(?:so|and|but|well)(?: |$))+")
_NO_WORDS = re.compile(
    r"(?:(?:m+|m+h+m+|hm+|u+h+|u+m+"
    r"|[au]+h?m+ ?h[aue]+h?m+|u+h ?h[au]+h*|mm ?hmm?|a+h+|o+h+|huh|er+m*|(?:m h )+m|h m)(?: |$))*"
)
_CLAIMS = re.compile(
    r"\d|\b(?:stop|wait|no|nope|not|hold|hang|yes|what|who|when|where|why|how|which|sorry|pardon|excuse|hello|help|again"
    r"|repeat|slower|slowly|louder|faster|actually|never|cancel|forget|book|please|agent|operator|human|person|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|first|second|third|last|both)\b(?!')"
)
_NOT_A_LETTER = re.compile(r"[^a-z']+")
_WHICH = re.compile(
    r"(?:^|[.!?,] )(?:(?:and|so|okay|sorry|then) )*(?:(?:on|at|in|to|from|for) )?"
    r"(?:where|what(?! about)|what's|which|who|when|how many|how much|how long)\b[^.!?]*\?\W*$",
    re.IGNORECASE,
)
"""Asks for something that neither a yes nor a no is."""

_SURPRISED = frozenset({"i see", "oh i see", "ah i see", "aha", "wow"})
_LONGEST = 3

_GUESSED, _GUESSED_WORDS = 0.1, 2
"""What a model makes of a hum or a cough."""

BRIEF_SECONDS, UNSURE = 0.75, 0.55
"""Someone who is heard so briefly and so unsurely, and not to say a word that claims the floor, was listening."""

_WORDS_PER_SECOND, _WORDS_AT_ONCE = 6.0, 2
"""More words than a mouth can say in the time are made up, if they are unsure too."""


def murmur(text: str, *, answers: bool = False, confidence: float = 1.0, seconds: float = math.inf) -> bool:
    """Tell whether somebody who said this meanwhile only listens.

    Args:
        text: What was heard; empty for a sound without words.
        answers: Whether the agent asks something, so that "okay" is an answer.
        confidence: 0…1, the transcriber's lowest in a word.
        seconds: How long the voice lasted, infinite if unknown.
    """
    said = text.lower()
    plain = _NOT_A_LETTER.sub(" ", said).strip()
    claims = bool(_CLAIMS.search(said))
    if _NO_WORDS.fullmatch(plain) and not claims:
        return True
    count = len(plain.split())
    if confidence < _GUESSED and count <= _GUESSED_WORDS:
        return True
    if confidence < UNSURE and count > _WORDS_AT_ONCE + _WORDS_PER_SECOND * seconds:
        return True
    if answers or count > _LONGEST:
        return False
    if _listens(_LISTENING, plain):
        return True
    return not claims and confidence < UNSURE and seconds <= BRIEF_SECONDS


def aside(text: str, question: str, *, confidence: float = 1.0) -> bool:
    """Tell whether somebody who said only this while the agent was silent answers nothing, and wants no reply.

    Less is taken for that than over the agent's voice: an "okay" may be meant for what was said before, and a name or a
    city is often heard unsurely.

    Args:
        text: The whole turn as it was heard.
        question: What the agent said last.
        confidence: 0…1, the transcriber's lowest in a word.
    """
    said = text.lower()
    plain = _NOT_A_LETTER.sub(" ", said).strip()
    asked = asked_by(question)
    if asked is Asked.YES_NO or not plain or _CLAIMS.search(said):
        return False
    count = len(plain.split())
    if _NO_WORDS.fullmatch(plain):
        return True
    if asked is Asked.CODE and endings.spelled(text):
        return False
    if asked is Asked.CODE or _WHICH.search(question):
        return count <= _LONGEST and _listens(_LISTENING, plain)
    if asked is Asked.OPEN:
        return _listens(_FOLLOWING, plain) or (confidence < _GUESSED and count <= _GUESSED_WORDS)
    return plain in _SURPRISED


def _listens(phrases: re.Pattern[str], plain: str) -> bool:
    return bool(phrases.fullmatch(plain)) and not _LEADING.fullmatch(plain)
