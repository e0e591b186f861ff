"""Searching trips, and choosing one of those offered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.refining import refined, settled
from voice.booking.actions.turn import QUESTIONS, Step, Turn, ask
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.doubts import settle_doubts
from voice.booking.numerals import ORDINAL, ordinal
from voice.booking.relaxing import Found, find
from voice.booking.resolving import UnclearError, resolve_trip
from voice.booking.speech import Teller, offer
from voice.booking.times import find_times, resolve_time_window
from voice.booking.trips import Trip
from voice.cascade.words import Action, OutcomeKind

BOOK_QUESTION = "Shall I book it?"
_THAT_ONE = re.compile(r"\W*(?:it|(?:that|this)(?: (?:one|flight|option))?)?\W*", re.IGNORECASE)


def search(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Find trips, offer the best one, and wait for a yes to it."""
    more = refined(turn, dialogue, action)
    action = more.search
    try:
        settle_doubts(action.args.get("legs") or (), turn.reading.doubted)
        request = resolve_trip(action.args, turn.clock, than=more.heard.departs.time() if more.heard else None)
    except UnclearError as unclear:
        return ask(replace(dialogue, search=action), action, unclear)
    found = turn.store.read(lambda session: find(session, request, turn.clock))
    dialogue = replace(dialogue, search=_settled(action), offers=found.trips)
    if not found.trips:
        return _nothing(dialogue, action, found)
    return propose(turn, dialogue, action, found.trips[0], found)


def propose(turn: Turn, dialogue: BookingDialogue, action: Action, trip: Trip, found: Found | None = None) -> Step:
    """Read a trip back, and wait for a yes to exactly it."""
    teller = Teller()
    say = offer(trip, teller)
    note = (found.note,) if found and found.note else ()
    facts = (*(found.facts if found else ()), *teller.facts)
    data = {"offers": [offered.as_dict() for offered in dialogue.offers or (trip,)]}
    return Step(dialogue.proposing(BookTrip(trip), action, turn.key), (*note, *say), BOOK_QUESTION, facts, data)


def book(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Choose one of the offered trips and read it back; nothing is written before the yes."""
    if not dialogue.offers:
        missing = Action("search", {"legs": [{}]})
        step = ask(dialogue, missing, UnclearError("to", (QUESTIONS["to"],)))
        return replace(step, say=("Let's find you a flight first.",))
    trip = chosen(dialogue, str(action.args.get("offer") or ""))
    if trip is None:
        teller = Teller()
        times = [f"{teller.clock(trip.legs[0].departs)} for {teller.money(trip.fare)}" for trip in dialogue.offers]
        say = f"I have {' or '.join(times)}. Which one would you like?"
        return ask(dialogue, action, UnclearError("offer", (say,), facts=teller.facts))
    return propose(turn, dialogue, dialogue.search or action, trip)


def chosen(dialogue: BookingDialogue, said: str) -> Trip | None:
    """Say which offer is meant: "that one" is the one that was read back. None if it is unclear."""
    write = dialogue.pending.write if dialogue.pending else None
    if isinstance(write, BookTrip) and _THAT_ONE.fullmatch(said):
        return write.trip
    return dialogue.offers[0] if len(dialogue.offers) == 1 else choose(dialogue.offers, said)


def choose(offers: Sequence[Trip], said: str) -> Trip | None:
    """Say which offer is meant by "the first one", "the 9:15", "the nonstop", "the cheaper one"; None if unclear."""
    text = said.casefold()
    pool = list(offers)
    if re.search(r"non-?\s?stop|direct", text):
        pool = [trip for trip in pool if not any(leg.stops for leg in trip.legs)] or pool
    for span in find_times(said):
        window = resolve_time_window(span.text)
        pool = [trip for trip in pool if window and window.holds(trip.legs[0].departs.time())]
    if re.search(r"\b(?:cheap\w*|least)\b", text):
        return min(pool, key=lambda trip: trip.fare, default=None)
    if re.search(r"\b(?:earl\w+|soonest)\b", text):
        return min(pool, key=lambda trip: trip.legs[0].departs, default=None)
    if re.search(r"\blat(?:er|est)\b", text):
        return max(pool, key=lambda trip: trip.legs[0].departs, default=None)
    if re.search(r"\b(?:quick|fast|short)\w*\b", text):
        return min(pool, key=lambda trip: sum(leg.duration.total_seconds() for leg in trip.legs), default=None)
    if re.search(r"\blast\b", text):
        return pool[-1] if pool else None
    if match := re.search(rf"\b(?:{ORDINAL}|(?:number|option)\s+(?:\d|one|two|three))\b", text):
        words = {"one": 1, "two": 2, "three": 3}
        index = ordinal(match[0]) or words.get(match[0].split()[-1]) or int(re.sub(r"\D", "", match[0]) or 0)
        return offers[index - 1] if 0 < index <= len(offers) else None
    if re.search(r"\bother\b|\bsecond\b", text):
        return offers[1] if len(offers) == 2 else None
    return pool[0] if pool else None


def _settled(action: Action) -> Action:
    return Action("search", {**action.args, "legs": [settled(leg) for leg in action.args.get("legs") or ()]})


def _nothing(dialogue: BookingDialogue, action: Action, found: Found) -> Step:
    legs = action.args.get("legs") or [{}]
    where = f" to {legs[0]['to']}" if legs[0].get("to") else ""
    step = ask(
        dialogue, action, UnclearError("date", (f"Would you like to fly{where} on another day?",), facts=found.facts)
    )
    return replace(step, say=(found.note,), kind=OutcomeKind.ANSWER)
