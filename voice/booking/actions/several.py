"""Several flights or bookings in one call: "move everything a day later", "the other one", "cancel the Denver trip"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.bookings import BookedLeg, Booking, known_locators, load_booking
from voice.booking.codes.locators import spell
from voice.booking.dialogue import BookingDialogue, ChangeLeg
from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.talk.answers import answer_of
from voice.booking.talk.courtesies import asks_again
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

ALL = "all"
"""The ``leg`` of a change of every flight of a booking."""
_ALL = Wording(
    r"\b(?:everything|both(?! of us)(?: (?:of (?:them|those|the flights)|flights|legs|ways|directions))?|"
    r"(?:the )?(?:whole|entire) (?:trip|thing|booking|journey|itinerary|reservation)|"
    r"(?:all|each|every)(?: (?:of )?(?:them|the|my|our|those|these|\w+))?(?: (?:flights?|legs?))|all of (?:it|them))\b",
)
_OTHER_TOO = Wording(
    r"\b(?:way back|return|way home|other (?:one|flight|way)|way out|outbound|flight (?:back|home|out))\b[^.?!]*"
    r"\b(?:too|as well|also)\b|"
    r"\b(?:also|and) (?:the|my|our) (?:way back|return|other|way out|outbound|flight (?:back|home|out))\b",
)
_NEWS = ("date", "time", "cabin")
_BARE = ("search", "change", "chat", "clarify", "repeat")
ONE_BY_ONE = "One after the other, this one first."
ONLY_ONE = "That's the only flight ahead of you."
_LATER = re.compile(r"\b(?:later|after|following|next)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:later|earlier|sooner|after|before|following|next day)\b(?! tomorrow)", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_WHICH = Wording(r"\b(?P<n>first|second|third|last|other|1st|2nd|3rd)(?: (?:one|booking|reservation|trip|code|two))\b")


def each_flight(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give a change of each flight ahead where all of them are to be moved alike.

    They are read back and approved one after the other; those that move later begin with the last, so that none of them
    crosses the next. The actions are as they were where the booking is not known, or all would be on the same day.
    """
    at = next((at for at, action in enumerate(actions) if action.name == "change"), None)
    if at is None:
        return actions
    known = dialogue.asked.action.args if dialogue.asked and dialogue.asked.action.name == "change" else {}
    args = {**known, **actions[at].args}
    if args.get("leg") != ALL and not _ALL.search(turn.reading.text):
        return actions
    booking = _booking(turn, dialogue, str(args.get("code") or ""))
    if booking is None:
        args["leg"] = ALL
        return [*actions[:at], Action("change", args), *actions[at + 1 :]]
    ahead = booking.ahead(turn.clock.now)
    day = str(args.get("date") or "")
    if len(ahead) < 2 or len(ahead) > len(_ORDINALS) or (day and not _RELATIVE.search(day)):
        return actions
    news = {key: value for key, value in args.items() if key in _NEWS}
    if not news:
        return actions
    in_order = list(reversed(ahead)) if _LATER.search(day) else list(ahead)
    made = [Action("change", {**news, "code": booking.locator, "leg": _nth_leg(leg)}) for leg in in_order]
    return [*actions[:at], *made, *actions[at + 1 :]]


def both_meant(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Take on the other flights too where one is read back and all are meant; None if a turn says no such thing."""
    proposal, text = dialogue.pending, turn.reading.text
    if proposal is None or not isinstance(proposal.write, ChangeLeg) or answer_of(text)[0]:
        return None
    if asks_again(text) or not (_ALL.search(text) or _OTHER_TOO.search(text)):
        return None
    bare = all(action.name in _BARE and _names_no_more(action) for action in actions)
    write, origin = proposal.write, proposal.origin.args
    booking = turn.store.read(lambda session: load_booking(session, write.locator))
    if not bare or booking is None:
        return None
    news, day = {key: origin[key] for key in _NEWS if key in origin}, str(origin.get("date") or "")
    others = [leg for leg in booking.ahead(turn.clock.now) if leg.position != write.position]
    if not others:
        return Step(dialogue, (ONLY_ONE,))
    if any(later.name == "change" for later in dialogue.later):
        return Step(dialogue, (ONE_BY_ONE,))
    if not news or (day and not _RELATIVE.search(day)):
        return Step(dialogue, ("I change one flight at a time.",))
    later = tuple(Action("change", {**news, "code": write.locator, "leg": _nth_leg(leg)}) for leg in others)
    return Step(replace(dialogue, later=(*dialogue.later, *later)), (ONE_BY_ONE,))


def _names_no_more(action: Action) -> bool:
    legs = action.args.get("legs") or ()
    return not action.args.keys() - {"leg", "legs", "missing"} and all(
        leg.keys() <= {"to"} and str(leg.get("to")) in ("back", "home") for leg in legs
    )


def announcing(action: Action, step: Step, waiting: Sequence[Action]) -> Step:
    """Say behind the first flight of several to be moved that the rest comes next."""
    rest = sum(later.name == "change" and later.args.get("code") == action.args.get("code") for later in waiting)
    if not rest or action.name != "change" or step.dialogue.pending is None:
        return step
    return replace(step, say=(*step.say, f"Then I'll do the other{'' if rest == 1 else 's'}."))


def _nth_leg(leg: BookedLeg) -> str:
    return f"the {_ORDINALS[leg.position - 1]}"


def _booking(turn: Turn, dialogue: BookingDialogue, code: str) -> Booking | None:
    if code and code not in turn.store.read(known_locators):
        return None
    locator = code or (dialogue.bookings[-1] if dialogue.bookings else "")
    return turn.store.read(lambda session: load_booking(session, locator)) if locator else None


def which_of_several(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Put the code of the booking that is meant into actions without one, where the call has dealt with several."""
    if len(dialogue.bookings) < 2 or dialogue.pending is not None or dialogue.search is not None:
        return actions
    return [_with_code(turn, dialogue, action) for action in actions]


def _with_code(turn: Turn, dialogue: BookingDialogue, action: Action) -> Action:
    if action.name not in ("lookup", "cancel", "change", "bags") or action.args.get("code"):
        return action
    text = turn.reading.text
    args = dict(action.args)
    if named := _WHICH.search(text):
        code = _nth(dialogue, named["n"].casefold())
        if code and action.name != "change":
            args.pop("leg", None)
        return Action(action.name, {**args, "code": code}) if code else action
    if action.name == "change":
        return action  # its places may be what is new
    reached = [code for code in dialogue.bookings if _goes(turn.store.read(lambda s, c=code: load_booking(s, c)), text)]
    if len(reached) != 1:
        return action
    args.pop("leg", None)
    return Action(action.name, {**args, "code": reached[0]})


def _nth(dialogue: BookingDialogue, said: str) -> str:
    """Give the code of a booking by its place among those told last, or the one before the latest for "other"."""
    if said == "other":
        return dialogue.bookings[-2] if len(dialogue.bookings) == 2 else ""
    told = " ".join(dialogue.said)
    at = {code: told.find(spell(code)) for code in dialogue.bookings}
    in_order = sorted((code for code in at if at[code] >= 0), key=lambda code: at[code])
    if len(in_order) < 2:
        return ""
    index = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": len(in_order) - 1}[said]
    return in_order[index] if index < len(in_order) else ""


def _goes(booking: Booking | None, text: str) -> bool:
    """Whether a booking flies to a place that is named, and not only from its home."""
    if booking is None or booking.cancelled:
        return False
    ends = {leg.leg.destination for leg in booking.legs} | {leg.leg.origin for leg in booking.legs}
    places = [place for span in find_places(text) if (place := resolve_place(span.text))]
    return bool(places) and all(ends & set(place.airports) for place in places)
