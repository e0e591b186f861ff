"""A restaurant's desk: all that a voice agent needs to know about tables, behind `voice.ports.Desk`.

Rules read a yes, a no, and the one thing that was asked for. A tier reads the rest, and can only say what was heard.
Whatever changes the book is proposed first, and written after a yes to exactly that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.restaurant import drafting
from tests.restaurant import reading as rules
from tests.restaurant.store import Book, Booking
from voice.cascade.words import Action, Findings, Outcome, OutcomeKind, Reading
from voice.ports import Message

_NEEDED: Mapping[str, tuple[str, ...]] = {"reserve": ("party", "day", "time"), "move": ("booking", "time")}
_QUESTIONS = {
    "party": "For how many?",
    "day": "On which day?",
    "time": "At what time?",
    "booking": "Which day is your table booked for?",
}
_NOT_UNDERSTOOD = ("Sorry, I didn't get that. What can I do for you?",)
_NOT_NOW = ("I can't work that out right now.", "Ask me for something simpler, or for the host.")
"""Where nobody may be asked what a request means, or in time: saying it in other words would not help."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What is remembered between turns.

    Attributes:
        pending: What a yes would write.
        heard: Whether the caller heard all of it.
        asked: The argument that was asked for.
        partial: The request that lacks it.
        ready: Requests of the same turn that lack nothing.
    """

    pending: tuple[Booking, ...] = ()
    heard: bool = True
    asked: str = ""
    partial: Action | None = None
    ready: tuple[Booking, ...] = ()


class Unclear(Exception):
    """A request can't be carried out as it is. ``say`` ends with a question; ``asked`` names what it asks for."""

    def __init__(self, say: str, asked: str, action: Action) -> None:
        self.say, self.asked = say, asked
        self.partial = Action(action.name, {key: value for key, value in action.args.items() if key != asked})


class TableDesk:
    """Implements `voice.ports.Desk`; and `voice.ports.Vocabulary` and `Resumes`, to be measured on labelled turns."""

    read_only = frozenset({*drafting.ARGUMENTS, "clarify"})
    vocabulary = drafting.VOCABULARY

    def __init__(self, book: Book) -> None:
        self.book = book

    def open(self, call_id: str) -> Talk:
        """Remember nothing yet."""
        del call_id
        return Talk()

    def resume(self, context: Mapping[str, Any]) -> Talk:
        """Take up a call of which a labelled turn says what was `asked` of which `request`, or what is `pending`."""
        if unknown := {*context} - {"agent", "asked", "request", "pending"}:
            raise ValueError(f"'context' has no {', '.join(sorted(unknown))}: use agent, asked, request, pending")
        asked = context.get("asked", "")
        if asked and asked not in _QUESTIONS:
            raise ValueError(f"'context.asked' is one of {', '.join(_QUESTIONS)}, got {asked!r}")
        partial = Action.from_dict(context["request"]) if asked else None
        return Talk(tuple(Booking(**table) for table in context.get("pending", ())), asked=asked, partial=partial)

    def read(self, text: str, dialogue: Talk) -> Reading:
        """Find days, times and numbers; understand what needs no model."""
        return rules.read(text, asked=dialogue.asked, partial=dialogue.partial, approves=bool(dialogue.pending))

    def prompt(self, reading: Reading, dialogue: Talk, *, fine_tuned: bool = False) -> Sequence[Message]:
        """Give the task, examples, and what was asked and said."""
        del fine_tuned  # no model has learned this desk's turns
        return drafting.prompt(reading, _QUESTIONS.get(dialogue.asked, ""))

    def schema(self, reading: Reading, dialogue: Talk, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        """Allow one action for each request, with the words that were heard."""
        del dialogue, fine_tuned
        return drafting.schema(reading)

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        """Read what the schema allows. Raises ValueError for anything else."""
        del reading
        return drafting.parse(text)

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: Talk) -> Findings:
        """Look whether everything heard is used, and everything used was heard."""
        del dialogue
        return drafting.examine(actions, reading)

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Talk, *, key: str) -> Outcome:
        """Answer, propose, or write what a yes approves."""
        first = actions[0]
        match first.name:
            case "confirm":
                return self._confirm(first, dialogue, key)
            case "clarify":
                # What would change the book is read back in any case; a yes to what was asked before is off.
                if understood := tuple(map(Action.from_dict, first.args.get("actions", ()))):
                    return await self.perform(understood, reading, dialogue, key=key)
                say = _NOT_NOW if first.args.get("because") else _NOT_UNDERSTOOD
                return Outcome(OutcomeKind.CLARIFY, say, replace(dialogue, pending=()))
            case "handoff":
                return Outcome(OutcomeKind.HANDOFF, ("I'll put you through to the host.",), dialogue)
            case _:
                say = tuple(_hours(action) for action in actions if action.name == "hours")
        wanted = [action for action in actions if action.name in _NEEDED]
        if not wanted:
            return Outcome(OutcomeKind.ANSWER, say, dialogue)
        changes, unclear = dialogue.ready, None
        for action in wanted:
            try:
                changes = (*changes, self._change(action, dialogue))
            except Unclear as error:
                unclear = error
        if unclear:
            talk = Talk(asked=unclear.asked, partial=unclear.partial, ready=changes)
            return Outcome(OutcomeKind.CLARIFY, (*say, unclear.say), talk)
        return _propose(changes, say)

    def mention(self, reading: Reading) -> Sequence[str]:
        """Repeat the days."""
        return tuple(entity.text for entity in reading.entities if entity.kind == "day")

    def _confirm(self, action: Action, dialogue: Talk, key: str) -> Outcome:
        if not dialogue.pending:
            return Outcome(OutcomeKind.CLARIFY, (_QUESTIONS.get(dialogue.asked, "What can I do for you?"),), dialogue)
        if action.args["answer"] == "no":
            return Outcome(OutcomeKind.ANSWER, ("Okay, nothing has changed. What would you like instead?",), Talk())
        if not dialogue.heard:
            return _propose(dialogue.pending)
        done = self.book.write(key, dialogue.pending)
        codes = tuple(booking.code for booking in done)
        say = tuple(f"{_told(booking)} is booked, under {booking.code}." for booking in done)
        return Outcome(OutcomeKind.ANSWER, say, Talk(), codes, wrote=codes)

    def _change(self, action: Action, dialogue: Talk) -> Booking:
        """Give the table that is asked for. Raises Unclear."""
        if dialogue.partial and dialogue.partial.name == action.name:
            action = Action(action.name, {**dialogue.partial.args, **action.args})
        args = action.args
        for name in _NEEDED[action.name]:
            if name not in args:
                raise Unclear(_QUESTIONS[name], name, action)
        hour = rules.number(args["time"]) % 12 + 12
        if action.name == "reserve":
            children = rules.number(args.get("children", "0"))
            change = Booking(rules.number(args["party"]), args["day"].title(), hour, children)
        else:
            old = self.book.on(args["booking"].title())
            if old is None:
                raise Unclear(f"You have no table on {args['booking']}. {_QUESTIONS['booking']}", "booking", action)
            change = replace(old, day=args.get("day", old.day).title(), hour=hour)
        if not self.book.free(change.day, hour):
            raise Unclear(f"I'm sorry, {_when(change)} is full. {_QUESTIONS['time']}", "time", action)
        return change


def make() -> TableDesk:
    """Open the restaurant: what `[desk] factory` of its profile names."""
    return TableDesk(Book())


def _propose(changes: Sequence[Booking], before: tuple[str, ...] = ()) -> Outcome:
    talk = Talk(tuple(changes))
    say = (*before, *(f"{_told(change)}." for change in changes), "Shall I write that down?")
    return Outcome(OutcomeKind.ANSWER, say, talk, tuple(map(_when, changes)), unheard=replace(talk, heard=False))


def _hours(action: Action) -> str:
    day = str(action.args.get("day", "")).title()
    return "We are closed on Monday." if day == "Monday" else "We are open from 5 to 11 PM, but not on Monday."


def _when(booking: Booking) -> str:
    return f"{booking.day} at {booking.hour - 12 or 12} PM"


def _told(booking: Booking) -> str:
    children = f", {booking.children} of them children," if booking.children else ""
    return f"{'Your' if booking.code else 'A'} table for {booking.party}{children} on {_when(booking)}"
