"""What the desk remembers between the turns of a call. Immutable: every turn gives the next one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voice.booking.trips import Leg, Trip
from voice.booking.unsure import Unsure
from voice.cascade.words import Action


@dataclass(frozen=True, slots=True)
class BookTrip:
    """Book a trip that was read back."""

    trip: Trip
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeLeg:
    """Put leg number ``position`` of a booking on other flights.

    ``fee`` and ``difference`` are for all its passengers; a negative sum of both is returned to the caller.
    """

    locator: str
    position: int
    leg: Leg
    fee: int
    difference: int


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """Cancel a booking: ``refund`` goes back, ``fee`` is kept."""

    locator: str
    refund: int
    fee: int


@dataclass(frozen=True, slots=True)
class AddBags:
    """Add checked bags to a booking for a fee."""

    locator: str
    count: int
    fee: int


Write = BookTrip | ChangeLeg | CancelBooking | AddBags


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was read back to the caller, and what a "yes" approves: exactly this, once.

    Attributes:
        write: What will be written.
        key: Names this very proposal: approving it again, in whatever turn, writes nothing more.
        origin: The action that it came from, to look for something else if it can't be had any more.
    """

    write: Write
    key: str
    origin: Action


COLLEAGUE = "a colleague"
"""The guess of a question for a code that the caller doesn't have: a "yes" hands the call over."""

UNDERSTOOD = "what was understood"
"""The guess of a question whether a turn was understood rightly: a "yes" carries out what was said back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits for an answer.

    Attributes:
        argument: What was asked for: ``from``, ``to``, ``date``, ``time``, ``pax``, ``code``, ``count``, ``offer``,
            ``leg``, ``topic`` or ``request``.
        action: The action that lacks it, with what was said so far.
        leg: For a search, the index of the leg that lacks it; for a code, the number of its symbol in question, from 1.
        guess: What a "yes" fills in ("Did you say Boston?"), or ``""``; `COLLEAGUE` or `UNDERSTOOD` where it fills in
            nothing.
        choices: The names that it offers ("Did you say Oakland, or Auckland?"), between which no "yes" decides.
        unanswered: How many turns in a row lacked a code that was asked for.
    """

    argument: str
    action: Action
    leg: int = 0
    guess: str = ""
    unanswered: int = 0
    choices: tuple[str, ...] = ()

    def fill(self, said: str) -> Action:
        """Give the action with the answer in its place."""
        args = dict(self.action.args)
        if self.action.name == "search" and self.argument in ("from", "to", "date", "time", "who"):
            legs = [dict(leg) for leg in args.get("legs") or ()]
            legs += [{} for _ in range(self.leg + 1 - len(legs))]
            legs[self.leg][self.argument] = said
            args["legs"] = legs
        else:
            args[self.argument] = said
        return Action(self.action.name, args)

    def complete(self, action: Action) -> Action:
        """Give an action that answers the question, joined with what was said before; any other one as it is.

        What was said now counts, except in the places that it leaves empty.
        """
        if action.name != self.action.name:
            return action
        if action.name != "search":
            return Action(action.name, {**self.action.args, **action.args})
        at = self.place_of(action)
        if at is None:
            return action
        before = [dict(leg) for leg in self.action.args.get("legs") or ()]
        now = [dict(leg) for leg in action.args.get("legs") or ()]
        legs = before + [{} for _ in range(at + len(now) - len(before))]
        for index, leg in enumerate(now):
            legs[at + index] = {**legs[at + index], **leg}
        return Action("search", {**self.action.args, **action.args, **({"legs": legs} if legs else {})})

    def place_of(self, search: Action) -> int | None:
        """Give the index of the leg that a search's first leg says more about; None for a new search.

        A leg with both its ends begins a new search, unless it only says again which flight is in question.
        """
        before, now = self.action.args.get("legs") or (), search.args.get("legs") or ()
        if len(now) > max(1, len(before)):
            return None
        if any("from" in leg and "to" in leg for leg in now) and not (len(now) == 1 and self.names(now[0])):
            return None
        return self.leg if len(now) == 1 else 0

    def names(self, leg: Mapping[str, Any]) -> bool:
        """Whether the places of a leg, as far as it has any, are those of the leg in question.

        A start that was left out is where the leg before ends, an end that was left out is home.
        """
        legs = self.action.args.get("legs") or ()
        known = legs[self.leg] if self.leg < len(legs) else {}
        start, end = known.get("from"), known.get("to")
        if self.leg and legs:
            start = start or legs[self.leg - 1].get("to")
            end = legs[0].get("from") if str(end or "back").casefold() in ("back", "home") else end
        ends = {"from": start, "to": end}
        ends.pop(self.argument, None)  # what was asked for is what was not known
        if legs and str(leg.get("to") or "").casefold() in ("back", "home"):
            leg = {**leg, "to": legs[0].get("from")}
        return all(not end or str(leg.get(key) or end).casefold() == str(end).casefold() for key, end in ends.items())


@dataclass(frozen=True, slots=True)
class Shown:
    """A trip that was read back, and the search that it came from."""

    trip: Trip
    search: Action | None


@dataclass(frozen=True, slots=True)
class Understood:
    """What was said back to the caller, and what the desk remembered before it was."""

    actions: tuple[Action, ...]
    before: BookingDialogue


@dataclass(frozen=True, slots=True)
class BookingDialogue:
    """What the desk remembers.

    Attributes:
        call_id: Names the call in audit rows.
        said: The sentences of the last answer, to repeat.
        facts: The facts that they speak.
        content: The sentences of the last answer that was more than an apology.
        content_facts: The facts that those speak.
        asked: The question that waits, or None.
        pending: What a "yes" would approve, or None.
        later: Actions of the same turn that wait until the question before them is settled.
        offers: The trips offered last, best first.
        search: The search that they came from, which a bare date or place refines; None before the first one.
        leg: The index of its leg that was spoken of last, which a bare time or day is about.
        shown: The trips of this search that were read back, in the order told.
        told: All trips that were read back or listed in this call, in the order told.
        bookings: Locators that this call has dealt with, the latest last.
        heard: Whether the caller heard the last answer to its end; a yes approves only what was heard.
        unsure: What was asked about because it was misheard.
        done: What was written last, None before the first write.
        topic: The policy topic that the last answer told of, or ``""``.
        quoted: The booking whose refund was told in the last answer, without a question, or ``""``.
        understood: What was said back last. It counts while the question for it waits (`UNDERSTOOD`).
    """

    call_id: str
    said: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    content_facts: tuple[str, ...] = ()
    asked: Asked | None = None
    pending: Proposal | None = None
    later: tuple[Action, ...] = ()
    offers: tuple[Trip, ...] = ()
    search: Action | None = None
    leg: int = 0
    shown: tuple[Shown, ...] = ()
    told: tuple[Shown, ...] = ()
    bookings: tuple[str, ...] = ()
    heard: bool = True
    unsure: Unsure = field(default_factory=Unsure)
    done: Write | None = None
    topic: str = ""
    quoted: str = ""
    understood: Understood | None = None

    def touched(self, locator: str) -> BookingDialogue:
        """Remember a booking as the latest one."""
        return replace(self, bookings=(*(known for known in self.bookings if known != locator), locator))

    def with_written(self, locators: Sequence[str], write: Write) -> BookingDialogue:
        """Remember what was written while the call had gone on to something else, as what was done last.

        Where the very same still waits for a yes, that is settled: a yes to it would book the trip twice.
        """
        known = tuple(locator for locator in self.bookings if locator not in locators)
        dialogue = replace(self, bookings=(*known, *locators), done=write)
        if self.pending is None or write_as_dict(self.pending.write) != write_as_dict(write):
            return dialogue
        dialogue = replace(dialogue, pending=None, later=())  # what waited for the yes came after it
        return dialogue.without_search() if isinstance(write, BookTrip) else dialogue

    def without_search(self) -> BookingDialogue:
        """Forget what was sought: it is booked."""
        return replace(self, offers=(), search=None, shown=())

    def showing(self, trip: Trip) -> BookingDialogue:
        """Remember a trip as the one that was read back last."""
        dialogue = self.telling((trip,))
        if self.shown and self.shown[-1].trip == trip:
            return dialogue
        return replace(dialogue, shown=(*self.shown, Shown(trip, self.search)))

    def telling(self, trips: Sequence[Trip]) -> BookingDialogue:
        """Remember trips that are told, so that any of them can be gone back to."""
        known = [one.trip for one in self.told]
        new = tuple(Shown(trip, self.search) for trip in trips if trip not in known)
        return replace(self, told=(*self.told, *new))

    def proposing(self, write: Write, origin: Action, turn_key: str) -> BookingDialogue:
        """Wait for a yes or no to a write."""
        return replace(self, asked=None, pending=Proposal(write, _key(self.call_id, turn_key, write), origin))

    def asking(
        self, argument: str, action: Action, *, leg: int = 0, guess: str = "", choices: tuple[str, ...] = ()
    ) -> BookingDialogue:
        """Wait for an argument."""
        again = self.asked is not None and argument == self.asked.argument == "code" and "code" not in action.args
        unanswered = self.asked.unanswered + 1 if self.asked and again else 0
        return replace(self, pending=None, asked=Asked(argument, action, leg, guess, unanswered, choices))


def write_as_dict(write: Write) -> Mapping[str, Any]:
    """Give JSON values."""
    match write:
        case BookTrip():
            return {"write": "book", "trip": write.trip.as_dict(), "names": list(write.names)}
        case ChangeLeg():
            amounts = {"fee": write.fee, "difference": write.difference}
            return {
                "write": "change",
                "locator": write.locator,
                "leg": write.position,
                "to": write.leg.as_dict(),
                **amounts,
            }
        case CancelBooking():
            return {"write": "cancel", "locator": write.locator, "refund": write.refund, "fee": write.fee}
        case AddBags():
            return {"write": "bags", "locator": write.locator, "count": write.count, "fee": write.fee}


def _key(call_id: str, turn_key: str, write: Write) -> str:
    content = json.dumps([call_id, turn_key, write_as_dict(write)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:40]
