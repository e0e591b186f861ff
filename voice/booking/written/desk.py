"""The booking desk as labelled turns find it: reads, asks and checks like the real one, and has no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.actions.handlers import READ_ONLY
from voice.booking.context import TurnContext, context_of_words
from voice.booking.desk import FIXTURE_NOW
from voice.booking.drafting import examine, grammar, parsing, prompting
from voice.booking.offers import doubts
from voice.booking.reading import reader
from voice.booking.written import scoring
from voice.booking.written.vocabulary import VOCABULARY
from voice.cascade.words import Action, Findings, Outcome, Reading
from voice.ports import Message

TODAY = FIXTURE_NOW.date()
"""The day of every labelled turn, that of the desk that recorded calls start from."""


class WrittenDesk:
    """A `voice.ports.Desk` that can do all but carry out, and tells how it is measured.

    Its dialogue is a `voice.booking.context.TurnContext`, made from what the agent said last and the bookings looked up
    before.
    """

    read_only = READ_ONLY
    vocabulary = VOCABULARY

    def open(self, call_id: str) -> TurnContext:
        """Give the context of a call's first turn."""
        del call_id
        return context_of_words("")

    def resume(self, context: Mapping[str, Any]) -> TurnContext:
        """Give the context that a turn begins with. See `voice.ports.Resumes`."""
        if {*context} - {"agent", "bookings"}:
            raise ValueError(f"'context' is an object with 'agent' and 'bookings', got {context!r}")
        agent, bookings = context.get("agent") or "", context.get("bookings") or []
        if not isinstance(agent, str):
            raise ValueError(f"'context.agent' must be a text, got {agent!r}")
        match bookings:
            case [*codes] if all(isinstance(code, str) for code in codes):
                return context_of_words(agent, tuple(map(str, codes)))
            case _:
                raise ValueError(f"'context.bookings' must be a list of locators, got {bookings!r}")

    def is_exact(self, expected: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> bool:
        """Compare as callers mean it. See `voice.ports.Compares`."""
        return scoring.is_exact(expected, actions)

    def asked_instead(self, actions: Sequence[Action], doubted: Sequence[str]) -> str:
        """Give the question about places, days and codes in doubt. See `voice.ports.AsksInstead`."""
        return doubts.asked_instead(actions, doubted)

    def read(self, text: str, dialogue: TurnContext) -> Reading:
        """Read a transcript by rules."""
        return reader.read(text, dialogue)

    def prompt(self, reading: Reading, dialogue: TurnContext, *, fine_tuned: bool = False) -> Sequence[Message]:
        """Give the messages for a tier."""
        return prompting.turn_messages(reading, dialogue, fine_tuned=fine_tuned)

    def schema(self, reading: Reading, dialogue: TurnContext, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        """Give the schema of this turn's reply."""
        return grammar.turn_schema(reading, dialogue, fine_tuned=fine_tuned)

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        """Turn a tier's answer into actions.

        Raises:
            ValueError: it can't be read, or is not of the vocabulary.
        """
        return parsing.parse(text, reading)

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: TurnContext) -> Findings:
        """Check a draft by rules."""
        return examine.examine(actions, reading, dialogue, TODAY)

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: TurnContext, *, key: str) -> Outcome:
        """Refuse: there is nothing to carry out at.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("a desk without a database carries nothing out")

    def mention(self, reading: Reading) -> Sequence[str]:
        """Give nothing: nobody listens."""
        del reading
        return ()
