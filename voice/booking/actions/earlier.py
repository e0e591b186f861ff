"""A trip that was told before: asked about again, or gone back to, by its order, its day, its hour or its price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from voice.booking.actions.flights import BOOK_QUESTION, propose, search
from voice.booking.actions.inquiring import told_of
from voice.booking.actions.turn import Step, Turn, open_question
from voice.booking.airline.standing import still_on_sale
from voice.booking.dates.finding import resolve_date
from voice.booking.dates.nearby_days import WEEKDAY_ALONE, near
from voice.booking.dates.times import resolve_time_window
from voice.booking.dates.words import weekday_number
from voice.booking.dialogue import BookingDialogue, BookTrip, Shown
from voice.booking.talk.earlier import Earlier, earlier
from voice.booking.text.amounts import resolve_price
from voice.booking.trips import Trip
from voice.cascade.words import Action

_READS = frozenset({"repeat", "chat", "clarify", "lookup", "policy", "search", "book", "confirm"})
_RANKS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_TWO = 2
_OTHER_QUESTION = "Shall I book that one instead?"
_GONE, _NEW_FARE = "I'm sorry, that one is sold out by now.", "The fare of that one has changed."


def recalled(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Read a trip back that was told before and is asked about or chosen; None for a turn about any other.

    What is read back is looked up anew, and a yes then books it.
    """
    listed = dialogue.asked is not None and dialogue.asked.argument == "offer"
    if not dialogue.told or listed or not all(one.name in _READS and "code" not in one.args for one in actions):
        return None
    wanted = earlier(turn.reading.text)
    write = dialogue.pending.write if dialogue.pending else None
    sought = dialogue.search is not None or isinstance(write, BookTrip)
    if wanted is None or (write is not None and not isinstance(write, BookTrip)) or not (sought or wanted.told):
        return None
    now = write.trip if isinstance(write, BookTrip) else dialogue.shown[-1].trip if dialogue.shown else None
    if now is not None and _is_of_a_leg(wanted, now):
        return None
    meant = _meant(turn, dialogue, wanted, now)
    if meant is None:
        return _elsewhere(turn, dialogue, wanted, now)
    return gone_back_to(turn, dialogue, meant, now, wanted)


def _meant(turn: Turn, dialogue: BookingDialogue, wanted: Earlier, now: Trip | None) -> Shown | None:
    """Give which of the trips that were told a turn means; of several the one told last."""
    fits = [one for one in dialogue.told if all(test(one.trip) for test in _tests(turn, wanted, now))]
    if wanted.than:
        fits = _beside(dialogue.shown, wanted.than, now)
    elif wanted.rank:
        several = len({_key(one.trip) for one in dialogue.shown}) > 1
        pool = dialogue.shown if several else dialogue.told if wanted.told or wanted.asks else ()
        ranked = _ranked(pool, wanted.rank, now)
        fits = [ranked] if ranked and any(_key(ranked.trip) == _key(one.trip) for one in fits) else []
    elif not _named(wanted):
        fits = [one for one in fits if one.trip != now] if wanted.told and len(fits) == _TWO else []
    if now is not None and any(one.trip == now for one in fits):
        return next(one for one in fits if one.trip == now)
    here = [one for one in fits if any(one.trip == shown.trip for shown in dialogue.shown)]
    return (here or fits or [None])[-1]


def _is_of_a_leg(wanted: Earlier, now: Trip) -> bool:
    """Whether a turn may be about one of the flights of the trip told last: "When does the second one land?"."""
    if len(now.legs) == 1 or not wanted.rank or wanted.told:
        return False
    return wanted.flight or wanted.rank not in ("first", "previous", "other") or not {*wanted.asks} <= {"price", "what"}


def _named(wanted: Earlier) -> bool:
    return bool(wanted.day or wanted.time or wanted.price or wanted.nonstop)


def _tests(turn: Turn, wanted: Earlier, now: Trip | None) -> list[Callable[[Trip], bool]]:
    """Give what a trip must be, of what a turn says."""
    tests: list[Callable[[Trip], bool]] = []
    if wanted.day:
        tests.append(lambda trip: _on_day(wanted.day, trip, turn.clock.now.date()))
    if wanted.time:
        window = resolve_time_window(wanted.time)
        tests.append(lambda trip: window is not None and window.holds(trip.legs[0].departs.time()))
    if wanted.price:
        amount = resolve_price(wanted.price)
        tests.append(lambda trip: amount in (trip.fare, trip.total))
    if wanted.nonstop:
        tests.append(lambda trip: not any(leg.stops for leg in trip.legs))
    return tests


def _on_day(said: str, trip: Trip, today: date) -> bool:
    """Whether a trip leaves on the day that words name: a bare weekday or number is the trip's own."""
    leaves = trip.legs[0].departs.date()
    if weekday := WEEKDAY_ALONE.fullmatch(said.strip(" .,")):
        return leaves.weekday() == weekday_number(weekday["day"])
    if (day := near(said, leaves, first=today)) is not None:
        return day == leaves
    days = resolve_date(said, today=today)
    return bool(days and days.first and days.last and days.first <= leaves <= days.last)


def _ranked(pool: Sequence[Shown], rank: str, now: Trip | None) -> Shown | None:
    """Give a trip by its place in the order told, in which each counts once."""
    once: dict[object, Shown] = {}
    for one in pool:
        once.setdefault(_key(one.trip), one)
    current = _key(now) if now else None
    if rank == "other":
        others = [one for key, one in once.items() if key != current]
        return others[0] if len(others) == 1 else None
    if rank == "previous":
        before = [one for one in pool if _key(one.trip) != current]
        return before[-1] if before else None
    inorder, at = list(once.values()), _RANKS[rank]
    return inorder[at] if -len(inorder) <= at < len(inorder) else None


def _beside(pool: Sequence[Shown], than: str, now: Trip | None) -> list[Shown]:
    """Give those that leave earlier or later, cost less or take less time than the one told last; the best is last."""
    if now is None:
        return []
    leaves, takes = now.legs[0].departs, _hours(now)
    match than:
        case "earlier":
            return [one for one in pool if one.trip.legs[0].departs < leaves]
        case "later":
            return [one for one in pool if one.trip.legs[0].departs > leaves]
        case "cheaper":
            return sorted((one for one in pool if one.trip.fare < now.fare), key=lambda one: -one.trip.fare)
        case _:
            return sorted((one for one in pool if _hours(one.trip) < takes), key=lambda one: -_hours(one.trip))


def _hours(trip: Trip) -> float:
    return sum(leg.duration.total_seconds() for leg in trip.legs)


def _key(trip: Trip) -> tuple[object, ...]:
    """Give what two readings of a trip have in common, for however many people and whatever it costs."""
    return tuple(flight.id for leg in trip.legs for flight in leg.flights) + tuple(leg.cabin for leg in trip.legs)


def _elsewhere(turn: Turn, dialogue: BookingDialogue, wanted: Earlier, now: Trip | None) -> Step | None:
    """Look for a flight on the day, or at the hour, of one that nobody spoke of yet."""
    if wanted.rank or wanted.price or wanted.than or wanted.nonstop or not (wanted.day or wanted.time) or not now:
        return None
    if len(now.legs) > 1 or dialogue.search is None:
        return None
    leg = {"date": wanted.day} if wanted.day else {}
    return search(
        turn, dialogue, Action("search", {"legs": [{**leg, **({"time": wanted.time} if wanted.time else {})}]})
    )


def gone_back_to(
    turn: Turn, dialogue: BookingDialogue, meant: Shown, now: Trip | None, wanted: Earlier | None = None
) -> Step:
    """Read a trip back that was told before, as it can be had now, for the people spoken of by now."""
    wanted = wanted or Earlier()
    party = now.passengers if now else meant.trip.passengers
    asked_for, of = _for_party(meant, party)
    trip = turn.store.read(lambda session: still_on_sale(session, asked_for, now=turn.clock.now))
    if trip is None:
        again = propose(turn, dialogue, dialogue.search or Action("search"), now) if now and dialogue.pending else None
        return replace(again, say=(_GONE, "Still free is this one.", *again.say)) if again else _gone(dialogue)
    source = of or dialogue.search or Action("search")
    back = replace(dialogue, search=of or dialogue.search, offers=_offers(dialogue, trip))
    step = propose(turn, back, source, trip)
    note = (_NEW_FARE,) if trip.fare != meant.trip.fare else ()
    more, facts = told_of(trip, [name for name in wanted.asks if name in ("arrives", "duration", "stops")])
    question = _OTHER_QUESTION if wanted.asks and dialogue.pending and trip != now else BOOK_QUESTION
    return replace(step, say=(*note, *step.say, *more), ask=question, facts=(*step.facts, *facts))


def _gone(dialogue: BookingDialogue) -> Step:
    return Step(dialogue, (_GONE,), open_question(dialogue) or "What would you like instead?")


def _for_party(meant: Shown, party: int) -> tuple[Trip, Action | None]:
    """Give a trip, and its search, for as many people as are spoken of by now."""
    trip, source = meant.trip, meant.search
    if party == trip.passengers or any(leg.passengers != trip.passengers for leg in trip.legs):
        return trip, source
    legs = tuple(replace(leg, passengers=party) for leg in trip.legs)
    return Trip(legs), Action("search", {**source.args, "pax": str(party)}) if source else None


def _offers(dialogue: BookingDialogue, trip: Trip) -> tuple[Trip, ...]:
    """Give what is on offer beside a trip: the others that were found with it."""
    return dialogue.offers if trip in dialogue.offers else (trip,)
