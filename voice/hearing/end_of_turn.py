"""Decides how much silence to wait for before a turn counts as over. Pure.

One fixed silence is wrong for everybody: half a second cuts off a caller who is still looking for the date, two seconds
make every "yes" feel slow. What the words still need says more than how the voice fell, so the words decide first,
and a turn model's probability chooses between the shorter and the longer wait where the words leave it open.

Measured on 176 synthetic turns, half of them over a phone line, 68 with pauses of 0.5 to 1.4 s: smart-turn v3.2
alone cut 48 turns off and took 55 ends for pauses; these rules with Whisper base cut 6 off, each after a
mishearing, and waited 0.64 s at the ends of simple turns, 1.7 s at those of itineraries. The rules were written
with these turns in view; to measure others: ``python -m voice.bench.turn_ends FOLDER``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voice.hearing import endings


class Asked(StrEnum):
    """What the agent's last sentence asked the caller for."""

    OPEN = "open"
    YES_NO = "yes_no"
    ARGUMENT = "argument"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait.

    Attributes:
        seconds: Silence, counted from the end of the caller's speech, after which the turn is over.
        reason: The rule that decided, for the trace.
    """

    seconds: float
    reason: str


AT_ONCE = 0.2
"""A closed answer to the question just asked; the gap between two people who talk is as long."""

SHORT = 0.5
"""Finished by its words and by its voice. People pause for 0.4 s before a "please" or a second thought, and noticing
the pause and transcribing what was said take as long anyway."""

SETTLED = 0.7
"""Finished by its words, but not by its voice. Of 196 measured pauses inside of turns a quarter are shorter."""

PATIENT = 1.0
"""Something short often follows: the code after "look up my booking"."""

JOURNEY = 1.75
"""A route is being told, and a leg, a date or a limit may follow. Pauses inside of itineraries reach 1.5 s, and voice
activity detection makes a pause up to 0.2 s longer than it is."""

UNFINISHED = 2.0
"""The last words need more words. After a longer silence the caller waits for help."""

LIKELY = 0.5
"""Where a turn model's probability starts to count as an end. Smart-turn v3.2 alone parts 176 ends of synthetic callers
from 196 pauses with an AUC of 0.63, with 31% of the ends below this and 47% of the pauses above: a hint, no verdict."""

CODE_LENGTH = 6
"""Characters of a record locator."""


def wait_for(
    text: str,
    *,
    probability: float | None = None,
    asked: Asked = Asked.OPEN,
    pauses: int = 0,
    code_length: int = CODE_LENGTH,
) -> Wait:
    """Say how much silence ends the turn.

    Args:
        text: What was heard of the turn so far, as a transcriber writes it.
        probability: 0…1, a turn model's belief that the turn is over; None if there is none.
        asked: What the agent asked for just before this turn.
        pauses: How many times the caller has already paused in this turn and gone on.
        code_length: Characters of a code that callers spell.

    Raises:
        ValueError: ``probability`` is outside of 0…1, or ``pauses`` is negative.
    """
    if probability is not None and not 0 <= probability <= 1:
        raise ValueError(f"a probability lies in 0…1, got {probability}")
    if pauses < 0:
        raise ValueError(f"pauses are counted from 0, got {pauses}")
    count = len(endings.words_of(text))
    if not count:
        return Wait(UNFINISHED, "no words yet")
    if asked is Asked.YES_NO and endings.closed_answer(text):
        if endings.acknowledgement(text):
            return Wait(SHORT, "an okay, the answer may follow")
        return Wait(AT_ONCE, "answers the yes-or-no question")
    if reason := endings.hanging(text):
        return Wait(UNFINISHED, reason)
    spelled = endings.spelled(text)
    spelling = asked is Asked.CODE or endings.speaks_of_a_code(text)
    if spelling and 0 < spelled < code_length:
        return Wait(UNFINISHED, f"{spelled} of {code_length} characters spelled")
    if spelled >= code_length and (spelling or endings.speaks_of_a_booking(text)):
        if asked is Asked.CODE or endings.asks_for_a_booking(text):
            return Wait(SHORT if spelled == code_length else SETTLED, "the code is complete")
        return Wait(PATIENT, "a code, what to do with it may follow")
    likely = probability is None or probability >= LIKELY
    return _finished(text, count, likely, asked, pauses)


def _finished(text: str, count: int, likely: bool, asked: Asked, pauses: int) -> Wait:
    """Judge a text whose last words could be its last."""
    by_voice = SHORT if likely else SETTLED
    if pauses > 1:
        by_voice = SETTLED if likely else PATIENT
    if asked in (Asked.ARGUMENT, Asked.CODE) and endings.closed_answer(text):
        return Wait(PATIENT, "a yes or no, where more was asked for")
    if asked in (Asked.ARGUMENT, Asked.CODE) and count <= 5:
        return Wait(by_voice, "answers with what was asked for")
    if endings.opener(text):
        return Wait(PATIENT, "only begins")
    if asked is Asked.YES_NO and endings.refusal(text):
        return Wait(PATIENT, "a refusal, a wish may follow")
    if endings.courtesy(text):
        return Wait(SETTLED if pauses else SHORT, "ends on a courtesy")
    if endings.ends_on_a_booking(text):
        return Wait(PATIENT, "speaks of a booking, its code may follow")
    if endings.journey(text) and not (endings.question(text) and not pauses):
        if endings.one_flight(text) and pauses < 2:
            return Wait(SETTLED if likely and not pauses else PATIENT, "asks for one flight")
        return Wait(JOURNEY, "tells a journey that may go on")
    if endings.question(text):
        return Wait(by_voice, "a finished question")
    if count == 1:
        return Wait(PATIENT, "a single word out of the blue")
    if pauses:
        return Wait(PATIENT, "went on after a pause before")
    if asked is Asked.YES_NO:
        return Wait(SETTLED if likely else PATIENT, "more than a yes or no")
    return Wait(by_voice, "a finished statement")
