"""A code that no booking has, or that was heard with doubt: exactly what may have been misheard is asked about.

Nothing of a booking is told or done before the caller has said its whole code. At most two symbols are asked about in a
call, so that nobody can fish for codes; after that the caller has to name what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from voice.booking.actions.turn import Step, Turn, ask
from voice.booking.airline.bookings import known_locators
from voice.booking.codes.locators import LENGTH, is_code, spell
from voice.booking.codes.matching import heard_codes
from voice.booking.codes.mending import (
    Correction,
    corrected,
    correction_of,
    is_all_right,
    is_neither,
    is_unknown,
    near_miss,
    place_name,
    place_told,
    spoken,
    symbol_of,
)
from voice.booking.dialogue import COLLEAGUE, Asked, BookingDialogue
from voice.booking.offers.doubts import UnsureError
from voice.booking.offers.resolving import UnclearError
from voice.booking.offers.speech import Teller
from voice.booking.unsure import Unsure
from voice.cascade.words import Action

_MOST_SYMBOLS = 2
"""Symbols that are asked about in a call."""
_MOST_UNFOUND = 3
"""With this many codes that no booking has a colleague is offered."""
_CONNECT = "Shall I connect you with a colleague?"
_NOT_FOUND = "Then I can't find it."
_NO_BOOKING = "I can't find that booking."
_NOTHING = "?"
"""Stands for a code of which nothing was heard, among those that were not found."""
_AGAIN = "Could you spell the code again, letter by letter?"


def unfound(unsure: Unsure, heard: str, known: Iterable[str]) -> UnclearError:
    """Give the question about a code that no booking has: about one symbol of it, or which one is wrong."""
    if not is_code(heard):
        return _no_code(unsure, heard)
    teller = Teller()
    spelled = teller.code(heard)
    near = near_miss(heard, known)
    if near and near not in unsure.symbols and len(unsure.symbols) < _MOST_SYMBOLS:
        code, place = near
        symbols = heard[place - 1], code[place - 1]
        choices = tuple(map(spoken, symbols))
        question = f"Is the {place_name(place, *symbols)} {choices[0]}, or {choices[1]}?"
        say = (f"I have {spelled}.", question)
        return UnsureError("code", say, leg=place, choices=choices, facts=teller.facts, symbol=near)
    if _is_enough(unsure, heard):
        say = (f"I can't find {spelled}.", _CONNECT)
        return UnsureError("code", say, guess=COLLEAGUE, facts=teller.facts, unfound=heard)
    say = (f"I can't find {spelled}.", "Which character is wrong?")
    return UnsureError("code", say, facts=teller.facts, unfound=heard)


def _no_code(unsure: Unsure, heard: str) -> UnclearError:
    """Give the question about what has not the form of a code."""
    if _is_enough(unsure, heard or _NOTHING):
        return UnsureError("code", (_NO_BOOKING, _CONNECT), guess=COLLEAGUE, unfound=heard or _NOTHING)
    rule = "a code has letters too" if len(heard) == LENGTH else "a code has six characters"
    say = f"I have {spell(heard)}, and {rule}." if heard else _NO_BOOKING
    return UnsureError("code", (say, _AGAIN), unfound=heard or _NOTHING)


def _is_enough(unsure: Unsure, heard: str) -> bool:
    """Whether a colleague is offered instead of another question about a code."""
    return heard in unsure.unfound or len(unsure.unfound) + 1 >= _MOST_UNFOUND


def mended(turn: Turn, dialogue: BookingDialogue) -> Action | Step | None:
    """Give what a turn makes of a code that was not found.

    It is the action that waits for the code, with the code put right; a question where that is not clear; None where
    the turn is about something else.
    """
    asked, text = dialogue.asked, turn.reading.text
    heard = whole_code(asked)
    if asked is None or not heard:
        return None
    choices = tuple(map(symbol_of, asked.choices))
    if choices and is_neither(text):
        return _again(dialogue, asked, "Then please spell the whole code again.")
    if choices and is_all_right(text):
        which = f"Which one is it, {' or '.join(asked.choices)}?"
        return ask(dialogue, asked.action, UnclearError("code", (which,), leg=asked.leg, choices=asked.choices))
    if is_unknown(text):
        return _again(dialogue, asked, "Please spell the whole code once more, letter by letter.")
    correction = correction_of(text, choices)
    if correction is None and (is_all_right(text) or is_neither(text)):
        return ask(dialogue, asked.action, UnclearError("code", (_NOT_FOUND, _CONNECT), guess=COLLEAGUE))
    if correction is None:
        return None
    if asked.leg and not correction.place and (choices or not correction.old):
        correction = replace(correction, place=asked.leg)
    code = corrected(heard, correction, turn.store.read(known_locators))
    if code:
        return asked.fill(code)
    return _which(dialogue, asked, heard, correction)


def whole_code(asked: Asked | None) -> str:
    """Give the whole code of an action that waits for the right one; ``""`` if it waits for anything else."""
    if asked is None or asked.argument != "code" or asked.guess:
        return ""
    heard = heard_codes(str(asked.action.args.get("code") or ""))
    return heard[0] if heard and len(heard[0]) == LENGTH else ""


def without_code(action: Action) -> Action:
    """Give an action without the code that was heard."""
    return Action(action.name, {key: value for key, value in action.args.items() if key != "code"})


def _which(dialogue: BookingDialogue, asked: Asked, heard: str, correction: Correction) -> Step:
    """Ask what a symbol is that was only called wrong, or for the whole code where its place is not clear."""
    place = place_told(heard, correction)
    if place and not correction.new:
        say = f"What is the {place_name(place)}?"
        return ask(dialogue, asked.action, UnclearError("code", (say,), leg=place))
    return _again(dialogue, asked, "Please spell the whole code once more, letter by letter.")


def _again(dialogue: BookingDialogue, asked: Asked, question: str) -> Step:
    """Ask for the whole code anew; a caller who can't tell it is offered a colleague the second time."""
    return ask(dialogue, without_code(asked.action), UnclearError("code", (question,)))
