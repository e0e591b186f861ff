"""What every action gets, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from voice.booking.airline.policy import Policy
from voice.booking.airline.store import Store
from voice.booking.codes.locators import LENGTH, spell
from voice.booking.dialogue import (
    COLLEAGUE,
    UNDERSTOOD,
    AddBags,
    Asked,
    BookingDialogue,
    BookTrip,
    CancelBooking,
    ChangeLeg,
)
from voice.booking.offers.doubts import UnsureError
from voice.booking.offers.resolving import HOW_MANY, Clock, UnclearError
from voice.cascade.words import Action, OutcomeKind, Reading


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn at the desk. ``key`` is the turn's idempotency key."""

    store: Store
    clock: Clock
    policy: Policy
    reading: Reading
    key: str


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one action.

    Attributes:
        dialogue: What is remembered from here on.
        say: Sentences that tell something.
        ask: A question that the caller should answer now, or ``""``. Only one of a turn's actions may ask.
        facts: The facts that ``say`` and ``ask`` speak.
        data: The result behind them.
        wrote: Locators that were written.
        kind: How it ended.
        error: A short code if it failed.
        problems: What about the action's arguments can't be meant.
    """

    dialogue: BookingDialogue
    say: tuple[str, ...] = ()
    ask: str = ""
    facts: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    wrote: tuple[str, ...] = ()
    kind: OutcomeKind = OutcomeKind.ANSWER
    error: str | None = None
    problems: tuple[str, ...] = ()


_MOST_UNANSWERED = 2
NOT_WITHOUT_CODE, CONNECT = "I can't find it without the code.", "Shall I connect you with a colleague?"
UNDERSTOOD_QUESTION = "Is that right?"

Handler = Callable[[Turn, BookingDialogue, Action], Step]

QUESTIONS: Mapping[str, str] = {
    "from": "Where are you flying from?",
    "to": "Where would you like to fly to?",
    "date": "What day would you like to fly?",
    "time": "What time of day would you like to leave?",
    "pax": HOW_MANY,
    "code": "What is your six-character confirmation code?",
    "count": "How many bags would you like to add?",
    "offer": "Which flight would you like?",
    "leg": "Which flight of the trip do you mean?",
    "topic": "What would you like to know about?",
    "answer": "Is that a yes or a no?",
    "cabin": "Would you like economy, premium or business?",
    "request": "Sorry, I didn't get that. What can I do for you?",
}
"""How each argument is asked for."""

INSTEAD: Mapping[str, str] = {
    "from": "Which city, then?",
    "to": "Which city, then?",
    "date": "Which day, then?",
    "code": "Which character is wrong?",
}
"""How it is asked for after a no to what was heard."""


def ask(dialogue: BookingDialogue, action: Action, unclear: UnclearError) -> Step:
    """Ask for what is missing or unclear, and keep the rest of the action.

    A caller who has no code is not asked for it over and over: a colleague is offered, and a code still answers.
    """
    remembered = dialogue.asking(
        unclear.argument, action, leg=unclear.leg, guess=unclear.guess, choices=unclear.choices
    )
    if isinstance(unclear, UnsureError):
        remembered = replace(remembered, unsure=unclear.noted(remembered.unsure))
    *say, question = unclear.say
    if remembered.asked and remembered.asked.unanswered >= _MOST_UNANSWERED:
        remembered = replace(remembered, asked=replace(remembered.asked, guess=COLLEAGUE))
        say, question = [NOT_WITHOUT_CODE], CONNECT
    return Step(
        remembered,
        tuple(say),
        question,
        unclear.facts,
        {"asked": unclear.argument, "action": action.as_dict()},
        kind=OutcomeKind.CLARIFY,
        problems=(f"{action.name}: {' '.join(unclear.say)}",) if unclear.wrong else (),
    )


def with_colleague(dialogue: BookingDialogue, *say: str) -> Step:
    """Say something, and offer a colleague unless another question waits."""
    if dialogue.pending or (dialogue.asked and dialogue.asked.guess != COLLEAGUE):
        return Step(dialogue, say)
    offered = dialogue.asking("request", Action("handoff"), guess=COLLEAGUE)
    return Step(offered, say, CONNECT, kind=OutcomeKind.CLARIFY)


def open_question(dialogue: BookingDialogue) -> str:
    """Give the question that waits for its answer, to ask it again; ``""`` if none does."""
    if dialogue.pending is not None:
        match dialogue.pending.write:
            case BookTrip() as write:
                return "Shall I book that flight?" if len(write.trip.legs) == 1 else "Shall I book that trip?"
            case ChangeLeg():
                return "Shall I change your flight?"
            case CancelBooking():
                return "Shall I cancel your booking?"
            case AddBags():
                return "Shall I add the bags?"
    if dialogue.asked is None:
        return ""
    if dialogue.asked.guess == COLLEAGUE:
        return CONNECT
    if dialogue.asked.guess == UNDERSTOOD:
        return UNDERSTOOD_QUESTION
    if dialogue.asked.argument == "code" and (code := str(dialogue.asked.action.args.get("code") or "")):
        return _open_code(dialogue.asked, code)
    if dialogue.asked.choices:
        return f"Which one is it, {' or '.join(dialogue.asked.choices)}?"
    return f"Did you mean {dialogue.asked.guess}?" if _speakable(dialogue) else QUESTIONS[dialogue.asked.argument]


def _open_code(asked: Asked, code: str) -> str:
    """Ask again about a code that is there in part, or was not found."""
    if asked.guess:
        return f"Is the code {spell(asked.guess)}?"
    if asked.choices:
        return f"Which one is it, {' or '.join(asked.choices)}?"
    return "Which character is wrong?" if len(code) >= LENGTH else "And the rest of the code?"


def _speakable(dialogue: BookingDialogue) -> bool:
    asked = dialogue.asked
    return asked is not None and asked.argument in ("from", "to", "date") and bool(asked.guess)
