"""Questions about a booking itself, which are answered from it: its refund, its bags, its hours, all of it.

Such a turn is often read as one on the rules, or as a look-up of everything. It becomes a look-up that keeps the
question (``about``), so that it is answered of the very booking, also where the code is said only in the next turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from voice.booking.actions.inquiring import hours_of, puts_right
from voice.booking.actions.turn import Step, Turn, with_colleague
from voice.booking.airline.bookings import BookedLeg, Booking
from voice.booking.airline.quotes import NotAllowedError, cancel_quote
from voice.booking.codes.locators import is_code
from voice.booking.dialogue import AddBags, BookingDialogue, BookTrip, CancelBooking, ChangeLeg, Write
from voice.booking.offers.speech import Teller, city, details, place, plural
from voice.booking.offers.terms import giving_back, going_back
from voice.booking.talk.aftertalk import after_asked
from voice.booking.talk.inquiries import leg_asked
from voice.booking.talk.of_booking import ONLY_NAMES, booking_question
from voice.booking.text.spans import CERTAIN
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

ABOUT = "about"
"""The argument of a look-up that holds the question it answers."""
_TOPICS: Mapping[str, frozenset[str]] = {
    "refund": frozenset({"refunds", "cancellation", "other"}),
    "bags": frozenset({"baggage", "other"}),
    "status": frozenset({"delays", "changes", "check_in", "other"}),
    "stays": frozenset({"changes", "other"}),
    "whole": frozenset({"other"}),
    "flight": frozenset({"other"}),
}
_ACTS: Mapping[str, frozenset[str]] = {
    "refund": frozenset({"cancel"}),
    "bags": frozenset({"bags"}),
    "status": frozenset({"search", "change"}),
    "stays": frozenset({"search", "change"}),
    "whole": frozenset({"search", "change", "book"}),
    "flight": frozenset({"search", "change"}),
}
"""What a question is also read as, where that says nothing that would be new."""
_SAYS_NOTHING = frozenset({"code", "leg", "legs", "count", "missing", "offer"})
_TODAY = timedelta(hours=24)
_NO_STATUS = "I can't see live flight status, only the schedule."
_WHOSE = Wording(
    r"\b(?:(?:for|just) )*(?:one|each|either|both|all|every\w*) of us\b|\bper (?:person|passenger)\b|\bof us or\b"
)
_ON_THERE = Wording(
    r"\b(?:what(?:'s|s| is)|just asking|only asking)\b[^.?!]*\bon (?:there|it|my booking|the booking)\b"
)
_MY_FLIGHT = Wording(
    r"\b(?:my|our) (?:\w+ )?(?:flight|plane|trip)\b|\b(?:do|will|am|are) (?:i|we) (?:arriv|land|leav|depart|get)"
)
_ORDERS = Wording(r"^\W*(?:(?:please|can you|could you|just|now|then|ok(?:ay)?)\W+)*cancel\b")
"""A wish to cancel, whatever else it asks."""


def of_booking(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Put the look-up that answers it in the place of whatever a question about a booking was read as.

    A yes or no before it holds, unless the "no" only puts right what was answered.
    """
    text = turn.reading.text
    name = _asked(dialogue, text)
    if not name:
        return actions
    code = _code(turn, actions)
    if not _is_known(dialogue, name, code, text) or (name == "refund" and _ORDERS.match(text)):
        return actions
    rest = [action for action in actions if not _fits(name, action)]
    others = [action for action in rest if action.name != "confirm"]
    if others and len(rest) == len(actions):
        return actions
    if name == "refund" and any(action.args.get("answer") == "yes" for action in rest):
        return actions  # what is cancelled by it tells the sum
    if puts_right(text) and not _ON_THERE.search(text):
        rest = others
    return [*rest, Action("lookup", {**({"code": code} if code else {}), ABOUT: text})]


def _asked(dialogue: BookingDialogue, text: str) -> str:
    """Give what is asked of a booking; of bags that are read back also whom they are for, and what is there now."""
    if (
        dialogue.pending
        and isinstance(dialogue.pending.write, AddBags)
        and (_WHOSE.search(text) or _ON_THERE.search(text))
    ):
        return "bags"
    name = booking_question(text)
    if name == "stays" and ONLY_NAMES.search(text) and not isinstance(_latest(dialogue), ChangeLeg):
        return ""  # "What about the return?": no other flight was moved
    return "" if name and after_asked(text) == "worked" else name


def _latest(dialogue: BookingDialogue) -> Write | None:
    return dialogue.pending.write if dialogue.pending else dialogue.done


def _is_known(dialogue: BookingDialogue, name: str, code: str, text: str) -> bool:
    """Whether the booking is known that a question is about; of a trip that is only sought none is asked."""
    if code:
        return True
    fresh = dialogue.search is None and dialogue.pending is None and dialogue.asked is None
    if name == "flight":  # what is known is told by `inquired`
        return fresh and not dialogue.bookings and bool(_MY_FLIGHT.search(text))
    if isinstance(dialogue.pending and dialogue.pending.write, BookTrip):
        return False
    return name == "status" or (bool(dialogue.bookings) and dialogue.search is None)


def _code(turn: Turn, actions: Sequence[Action]) -> str:
    said = [str(action.args["code"]) for action in actions if action.args.get("code")]
    heard = [one.text for one in turn.reading.entities if one.kind == "code" and one.confidence >= CERTAIN]
    return next((code for code in (*heard, *said) if is_code(code.upper())), "")


def _fits(name: str, action: Action) -> bool:
    """Whether an action is no more than a reading of such a question."""
    nested = action.args.get("actions")
    if action.name == "clarify" and isinstance(nested, Sequence):
        return all(_fits(name, Action.from_dict(one)) for one in nested)
    if action.name in ("clarify", "chat", "repeat", "lookup"):
        return True
    if action.name == "policy":
        return bool(_TOPICS[name] & set(str(action.args.get("topic") or "other").split("|")))
    legs = action.args.get("legs") or ()
    bare = action.args.keys() <= _SAYS_NOTHING and all(leg.keys() <= {"to"} for leg in legs)
    return action.name in _ACTS[name] and bare


def told_of(turn: Turn, dialogue: BookingDialogue, booking: Booking, question: str) -> Step:
    """Answer a question about a booking from what it holds."""
    name = _asked(dialogue, question)
    if booking.cancelled and name != "refund":
        name = "whole"
    match name:
        case "refund":
            return _refund(turn, dialogue, booking)
        case "bags":
            return _bags(turn, dialogue, booking, question)
        case "status":
            return _status(turn, dialogue, booking)
        case "stays":
            return _stays(turn, dialogue, booking, question)
        case "flight" if step := hours_of(turn, dialogue, booking, question):
            return step
        case _:
            teller = Teller()
            return Step(dialogue, details(booking, turn.clock.now, teller), "", teller.facts, booking.as_dict())


def _refund(turn: Turn, dialogue: BookingDialogue, booking: Booking) -> Step:
    teller, done = Teller(), dialogue.done
    if booking.cancelled and isinstance(done, CancelBooking) and done.locator == booking.locator and done.refund:
        return Step(dialogue, (going_back(done.refund, teller),), facts=teller.facts, data={"about": ["refund"]})
    try:
        quote = cancel_quote(booking, turn.clock.now, turn.policy)
    except NotAllowedError as refused:
        say = {
            "cancelled": "That booking is cancelled, and refunds reach your card within seven business days.",
            "departed": "Part of that trip has been flown, so a colleague has to help with it.",
        }[refused.reason]
        return Step(dialogue, (say,), data={"about": ["refund"]})
    return Step(
        dialogue, (giving_back(quote.refund, quote.fee, teller),), facts=teller.facts, data={"about": ["refund"]}
    )


def _bags(turn: Turn, dialogue: BookingDialogue, booking: Booking, question: str) -> Step:
    """Tell how many bags there are. They belong to a booking, and to nobody of it in particular."""
    write = dialogue.pending.write if dialogue.pending else None
    if isinstance(write, AddBags) and _WHOSE.search(question) and not _ON_THERE.search(question):
        many = "one more bag" if write.count == 1 else f"{plural(write.count, 'more bag')}"
        return Step(dialogue, (f"It's {many} for the whole booking, whoever brings {_it(write.count)}.",))
    return Step(dialogue, (bags_told(turn, booking),), data={"about": ["bags"]})


def bags_told(turn: Turn, booking: Booking) -> str:
    """Tell how many bags a booking has, and for how many that is."""
    many = plural(booking.bags, "checked bag") if booking.bags else "no checked bags"
    people = len(booking.passengers)
    shared = f" in all, for {plural(people, 'passenger')}" if people > 1 and booking.bags else ""
    free = min((turn.policy.rules.get(f"free_bags_{one.leg.cabin}", 0) for one in booking.legs), default=0)
    included = ", and the fare includes them" if free * people >= booking.bags > 0 else ""
    unused = f", and the fare includes {free} for each passenger" if free and not booking.bags else ""
    return f"Your booking has {many}{shared}{included}{unused}."


def _it(count: int) -> str:
    return "it" if count == 1 else "them"


def _status(turn: Turn, dialogue: BookingDialogue, booking: Booking) -> Step:
    """Tell what is scheduled, and who can say more on the day of the flight or when it is asked again."""
    ahead = booking.ahead(turn.clock.now)
    if not ahead:
        return with_colleague(dialogue, _NO_STATUS)
    teller, leg = Teller(), ahead[0].leg
    say = (_NO_STATUS, f"You leave {place(leg.origin)} on {teller.when(leg)}.")
    told = Step(dialogue, say, facts=teller.facts, data={"about": ["status"]})
    if leg.departs - turn.clock.now > _TODAY and _NO_STATUS not in dialogue.said:
        return told
    return _offering_colleague(told)


def told_of_none(dialogue: BookingDialogue, action: Action) -> Step | None:
    """Answer a question that needs no booking: no flight's status is known. None for any other one."""
    question = str(action.args.get(ABOUT) or "")
    if not question or action.args.get("code") or dialogue.bookings or _asked(dialogue, question) != "status":
        return None
    return with_colleague(replace(dialogue, asked=None), _NO_STATUS)


def _offering_colleague(step: Step) -> Step:
    offered = with_colleague(step.dialogue, *step.say)
    return Step(offered.dialogue, offered.say, offered.ask, step.facts, step.data, kind=offered.kind)


def _stays(turn: Turn, dialogue: BookingDialogue, booking: Booking, question: str) -> Step:
    """Tell that the flights which are not moved stay as they are."""
    write = _latest(dialogue)
    moved = write.position if isinstance(write, ChangeLeg) and write.locator == booking.locator else 0
    ahead = booking.ahead(turn.clock.now)
    others = [leg for leg in ahead if leg.position != moved]
    at = leg_asked(question, len(booking.legs)) if len(booking.legs) > 1 else None
    named = [leg for leg in others if at is not None and leg.position == booking.legs[at].position]
    if not others:
        return Step(dialogue, ("That's the only flight ahead of you.",))
    teller = Teller()
    return Step(dialogue, (_unmoved(named or others, teller),), facts=teller.facts, data={"about": ["stays"]})


def _unmoved(legs: Sequence[BookedLeg], teller: Teller) -> str:
    ways = [f"{city(one.leg.origin)} to {city(one.leg.destination)} on {teller.when(one.leg)}" for one in legs]
    if len(ways) == 1:
        return f"Your flight from {ways[0]} stays as it is."
    return f"Your other flights stay as they are: {', and '.join(ways)}."
