"""A caller who talks to a desk turn by turn, as the runtime would."""

from typing import Any

from voice.booking.desk import BookingDesk
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.trips import Trip
from voice.cascade.words import Action, Outcome, Reading


def act(name: str, /, **args: Any) -> Action:
    return Action(name, args)


def leg(**said: str) -> dict[str, str]:
    return {key.removesuffix("_"): value for key, value in said.items()}


def flight(start: str, end: str, date: str = "", **more: str) -> Action:
    said = {"from": start, "to": end, **({"date": date} if date else {}), **more}
    return act("search", legs=[said])


class Caller:
    """Holds the dialogue of one call."""

    def __init__(self, desk: BookingDesk, call_id: str = "call-1") -> None:
        self.desk = desk
        self.call_id = call_id
        self.dialogue: BookingDialogue = desk.open(call_id)
        self.turns = 0

    async def does(self, *actions: Action, key: str = "") -> Outcome:
        """Perform actions, and remember what the desk remembers."""
        self.turns += 1
        key = key or f"{self.call_id}/{self.turns}"
        outcome = await self.desk.perform(actions, Reading("", actions), self.dialogue, key=key)
        self.dialogue = outcome.dialogue
        return outcome

    async def says(self, said: str) -> Outcome:
        """Perform what the rules read in a turn."""
        self.turns += 1
        reading = self.desk.read(said, self.dialogue)
        key = f"{self.call_id}/{self.turns}"
        outcome = await self.desk.perform(reading.actions or (), reading, self.dialogue, key=key)
        self.dialogue = outcome.dialogue
        return outcome

    async def does_in(self, said: str, *actions: Action) -> Outcome:
        """Perform what a model reads in a turn, whatever the rules make of it."""
        self.turns += 1
        reading = self.desk.read(said, self.dialogue)
        key = f"{self.call_id}/{self.turns}"
        outcome = await self.desk.perform(actions, reading, self.dialogue, key=key)
        self.dialogue = outcome.dialogue
        return outcome

    async def says_yes(self, key: str = "") -> Outcome:
        return await self.does(act("confirm", answer="yes"), key=key)

    async def says_no(self) -> Outcome:
        return await self.does(act("confirm", answer="no"))


def proposed(caller: Caller) -> Trip:
    """Give the trip that is read back and waits for a yes."""
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    return caller.dialogue.pending.write.trip


def text(outcome: Outcome) -> str:
    return " ".join(outcome.say)


def legs(*said: tuple[str, str, str], **more: Any) -> Action:
    return act("search", legs=[{"from": a, "to": b, "date": c} for a, b, c in said], **more)


def assert_speakable(outcome: Outcome) -> None:
    """Every amount, time and locator that is spoken is among the facts; sentences are short."""
    spoken = text(outcome)
    for fact in outcome.facts:
        assert fact in spoken
    for word in spoken.replace(",", "").replace(".", "").split():
        if word.startswith("$"):
            assert any(word in fact.replace(",", "") for fact in outcome.facts), word
    assert len(outcome.say) <= 5
    assert all(len(sentence) < 260 for sentence in outcome.say)
