"""What a listener says without wanting the floor. Pure; English only.

Back-channels after Yngve, "On getting a word in edgewise" (1970): they say "I am listening", and an agent that stops
for them is the only one in the room who does.
"""

from __future__ import annotations

import re

_LISTENING = re.compile(
    r"(?:(?:m+|m+h+m+|hm+|uh ?huh|mm ?hmm?|ah|oh|aha|i see|got it|right|okay|ok|yeah|alright|all right|sure|great|good"
    r"|wow|nice|really)(?: |$))+"
)
_NO_WORDS = re.compile(r"(?:(?:m+|m+h+m+|hm+|u+h+|u+m+|uh ?huh|mm ?hmm?|a+h+|o+h+|huh|er+m*)(?: |$))*")
_NOT_A_LETTER = re.compile(r"[^a-z']+")
_LONGEST = 3
_GUESSED, _GUESSED_WORDS = 0.1, 2  # what a model makes of a hum or a cough


def murmur(text: str, *, answers: bool = False, confidence: float = 1.0) -> bool:
    """Tell whether somebody who said this meanwhile only listens.

    Args:
        text: What was heard; empty for a sound without words.
        answers: Whether the agent asks something, so that "okay" is an answer.
        confidence: 0…1, the transcriber's lowest in a word.
    """
    plain = _NOT_A_LETTER.sub(" ", text.lower()).strip()
    if _NO_WORDS.fullmatch(plain):
        return True
    count = len(plain.split())
    if confidence < _GUESSED and count <= _GUESSED_WORDS:
        return True
    return not answers and count <= _LONGEST and bool(_LISTENING.fullmatch(plain))
