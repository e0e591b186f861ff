"""Searching trips, and choosing one of those offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from voice.booking.actions.cheaper import CHEAPER, cheaper_day, cheaper_of_two, no_cheaper
from voice.booking.actions.choosing import settle_choice
from voice.booking.actions.comparing import chosen, no_other
from voice.booking.actions.party import kept_party
from voice.booking.actions.refining import Refined, ends, legs_said, refined, settled
from voice.booking.actions.round_trips import with_way_back
from voice.booking.actions.suggesting import suggesting
from voice.booking.actions.turn import QUESTIONS, Step, Turn, ask, open_question
from voice.booking.actions.which_flight import leg_named, speaks_of_return
from voice.booking.dates.times import resolve_time_window, speak_time
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.offers.doubts import settle_doubts
from voice.booking.offers.relaxing import Found, find
from voice.booking.offers.resolving import UnclearError, resolve_trip
from voice.booking.offers.speech import Teller, listed, offer
from voice.booking.offers.understood import said_back
from voice.booking.talk.comparisons import too_dear
from voice.booking.talk.taking import THAT_ONE
from voice.booking.text.wording import Wording
from voice.booking.trips import Trip
from voice.cascade.words import Action, OutcomeKind

BOOK_QUESTION = "Shall I book it?"
_BEST = Wording(r"\b(?:cheapest|least expensive|earliest|soonest|quickest|fastest|shortest)\b")
_SOON = Wording(
    r"\b(?:(?:the|your|a) next (?:available |possible |free )?(?:flight|plane|one)|next available|first available|"
    r"as soon as (?:possible|(?:i|we|you) can)|asap|(?:the )?soonest|right away|immediately|straight away)\b",
)
"""What says no day, and means the first flight there is."""
_COMPARED = Wording(r"\b(?:later|earlier)\b")


def search(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Find trips, offer the best one, and wait for a yes to it."""
    before, more = dialogue, refined(turn, dialogue, action)
    if more.leg is None:
        more = replace(more, search=kept_party(dialogue, more.search, turn.reading.text))
    more = replace(more, search=with_way_back(turn.reading.text, dialogue, more.search))
    leg = (more.leg or 0) if legs_said(action) or more.leg is None else dialogue.leg
    said, action = action, _soon(turn.reading.text, more.search)
    action, compared, sums = cheaper_of_two(turn, action)
    try:
        settle_choice(dialogue.asked if more.leg is not None else None, said)
        settle_doubts(action.args.get("legs") or (), turn.reading.doubted)
        request = resolve_trip(action.args, turn.clock, than=more.heard.departs.time() if more.heard else None)
    except UnclearError as unclear:
        same = more.leg is not None and dialogue.search is not None and ends(action) == ends(dialogue.search)
        if more.leg is not None and unclear.wrong and dialogue.shown:
            return ask(dialogue, action, unclear)  # it was probably read wrongly: what was read back is still there
        known = dialogue if same else replace(dialogue, offers=(), shown=())  # what was read back is off
        return ask(replace(known, search=action), action, suggesting(turn, action, unclear))
    found = turn.store.read(lambda session: find(session, request, turn.clock))
    if found.note and (than := _compares(more)) and before.pending:
        return Step(before, (f"There is no {than} flight that day.",), open_question(before))
    shown = dialogue.shown if more.leg is not None else ()
    dialogue = replace(dialogue, search=_settled(action, more), offers=found.trips, shown=shown, leg=leg)
    if not found.trips:
        return _nothing(dialogue, action, found)
    step = propose(turn, dialogue, action, found.trips[0], found)
    if compared:
        return replace(step, say=(*compared, *step.say), facts=(*sums, *step.facts))
    if more.leg is not None and (dearer := no_cheaper(turn, before, step.dialogue)):
        return dearer
    best = _BEST.search(turn.reading.text) if not found.note else None
    return preferred(turn, step, Action("book", {"offer": best[0]})) if best else step


def _soon(text: str, search: Action) -> Action:
    """Give a flight that is wanted as soon as possible a day: today, or the first one after it."""
    legs = [dict(leg) for leg in legs_said(search)]
    if not legs or legs[0].get("date") or not _SOON.search(text):
        return search
    hour = str(legs[0].get("time") or "")
    legs[0] |= {"date": "today", **({} if hour and not _SOON.search(hour) else {"time": "earliest"})}
    return Action("search", {**search.args, "legs": legs})


def propose(turn: Turn, dialogue: BookingDialogue, action: Action, trip: Trip, found: Found | None = None) -> Step:
    """Read a trip back, and wait for a yes to exactly it."""
    teller = Teller()
    say = offer(trip, teller)
    note = (found.note,) if found and found.note else ()
    facts = (*(found.facts if found else ()), *teller.facts)
    data = {"offers": [offered.as_dict() for offered in dialogue.offers or (trip,)]}
    dialogue = dialogue.showing(trip).proposing(BookTrip(trip), action, turn.key)
    return Step(dialogue, (*note, *say), BOOK_QUESTION, facts, data)


def book(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Choose one of the offered trips and read it back; nothing is written before the yes."""
    if not dialogue.offers and dialogue.asked and dialogue.asked.action.name == "search":
        return _lacking(dialogue, dialogue.asked.action)
    if not dialogue.offers:
        missing = Action("search", {"legs": [{}]})
        step = ask(dialogue, missing, UnclearError("to", (QUESTIONS["to"],)))
        return replace(step, say=("Let's find you a flight first.",))
    said = str(action.args.get("offer") or "")
    if (than := _COMPARED.search(said)) and dialogue.pending:
        return search(turn, dialogue, Action("search", {"legs": [{"time": than[0]}]}))
    if hour := _hour_of_one(turn, dialogue, said):
        return search(turn, dialogue, hour)
    that = said == THAT_ONE and dialogue.pending is None and dialogue.shown
    trip = dialogue.shown[-1].trip if that else chosen(turn, dialogue, said)
    if trip is None:
        return offered(turn, dialogue, action)
    write = dialogue.pending.write if dialogue.pending else None
    if isinstance(write, BookTrip) and trip == write.trip and (told := no_other(said)):
        if CHEAPER.search(said) and (other := cheaper_day(turn, dialogue, trip)):
            action, found = other
            dialogue = replace(dialogue, search=action, offers=found.trips)
            return propose(turn, dialogue, action, found.trips[0], found)
        if too_dear(turn.reading.text):
            return Step(replace(dialogue, pending=None), (told,), "What would you like instead?", data={"answer": "no"})
        return Step(dialogue, (told,), open_question(dialogue))
    search_of = next((one.search for one in dialogue.shown if one.trip == trip), dialogue.search)
    return propose(turn, replace(dialogue, search=search_of), search_of or action, trip)


def _hour_of_one(turn: Turn, dialogue: BookingDialogue, said: str) -> Action | None:
    """Give the search for another hour of one flight of a trip, where that is what is picked: "the flight out at 9"."""
    known, text = legs_said(dialogue.search) if dialogue.search else (), turn.reading.text
    if len(known) < 2 or not dialogue.pending or resolve_time_window(said) is None:
        return None
    named = leg_named(text, known, {"time": said}) is not None or speaks_of_return(text, known, booked=False)
    return Action("search", {"legs": [{"time": said}]}) if named else None


def _lacking(dialogue: BookingDialogue, search: Action) -> Step:
    """Say what is known of a trip that can't be booked yet, and ask for what it lacks."""
    teller = Teller()
    legs = [{**leg, "date": _spoken(leg.get("date"), teller)} for leg in legs_said(search)]
    known = said_back([Action("search", {**search.args, "legs": legs})], teller).removeprefix("flying ")
    say = ("I can't book that yet.", *((f"So far I have a trip {known}.",) if known else ()))
    return Step(dialogue, say, open_question(dialogue), teller.facts, kind=OutcomeKind.CLARIFY)


def _spoken(said: object, teller: Teller) -> str:
    """Give a day as it is said; words for one as they are."""
    try:
        return teller.day(date.fromisoformat(str(said)))
    except ValueError:
        return str(said or "")


def preferred(turn: Turn, found: Step, wish: Action) -> Step:
    """Give what a search found, with the trip that the same turn picks of it: "… and book the earliest"."""
    pending = found.dialogue.pending
    said = str(wish.args.get("offer") or "")
    trip = chosen(turn, found.dialogue, said) if pending and isinstance(pending.write, BookTrip) else None
    if pending is None or trip is None or trip == found.dialogue.offers[0]:
        return found
    unheard = replace(found.dialogue, pending=None, shown=found.dialogue.shown[:-1])
    step = propose(turn, unheard, pending.origin, trip)
    return replace(step, say=(*found.say[: -len(offer(found.dialogue.offers[0], Teller()))], *step.say))


def offered(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """List the trips that were found, by when they leave, and ask which one it is to be."""
    leaves = {trip.legs[0].departs: trip for trip in reversed(dialogue.offers)}
    trips = [trip for trip in dialogue.offers if leaves[trip.legs[0].departs] == trip]
    if len(trips) == 1:
        step = propose(turn, dialogue, dialogue.search or action, trips[0])
        return replace(step, say=("That is the only one I have.", *step.say))
    teller = Teller()
    times = [f"{teller.clock(trip.legs[0].departs)} for {teller.money(trip.fare)}" for trip in trips]
    say = f"I have {listed(times, 'or')}. Which one would you like?"
    return ask(dialogue.telling(trips), action, UnclearError("offer", (say,), facts=teller.facts))


def _compares(more: Refined) -> str:
    """Give the "earlier" or "later" that a search puts on the leg in question, if it is that alone; else ``""``."""
    legs = more.search.args.get("legs") or ()
    said = str(legs[more.leg].get("time") or "") if more.leg is not None and more.leg < len(legs) else ""
    return said.casefold() if more.heard and _COMPARED.fullmatch(said) else ""


def _settled(action: Action, more: Refined) -> Action:
    """Forget "earlier" and "later". Of several legs the one in question keeps them, as the hour that they came to."""
    legs = [dict(leg) for leg in action.args.get("legs") or ()]
    than = _compares(more) if len(legs) > 1 else ""
    if than and more.leg is not None and more.heard:
        side, minute = ("after", 1) if than == "later" else ("before", -1)
        legs[more.leg]["time"] = f"{side} {speak_time((more.heard.departs + timedelta(minutes=minute)).time())}"
    return Action("search", {**action.args, "legs": [settled(leg) for leg in legs]})


def _nothing(dialogue: BookingDialogue, action: Action, found: Found) -> Step:
    legs = action.args.get("legs") or [{}]
    where = f" to {legs[0]['to']}" if legs[0].get("to") else ""
    step = ask(
        dialogue, action, UnclearError("date", (f"Would you like to fly{where} on another day?",), facts=found.facts)
    )
    return replace(step, say=(found.note,), kind=OutcomeKind.ANSWER)
