"""The booking desk as one labelled turn finds it: reads, asks and checks like the real one, and carries nothing out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from voice.bench.turns.labelled import LabelledTurn
from voice.booking.actions import READ_ONLY
from voice.booking.context import TurnContext, context_of_words
from voice.booking.desk import FIXTURE_NOW
from voice.booking.drafting import examine, grammar, prompting
from voice.booking.reading import reader
from voice.cascade.words import Action, Findings, Outcome, OutcomeKind, Reading
from voice.ports import Message

TODAY = FIXTURE_NOW.date()
"""The day of every labelled turn, that of the desk that recorded calls start from."""


class TurnDesk:
    """A `voice.ports.Desk` without a database, for one turn.

    The dialogue is a `voice.booking.context.TurnContext`, made from what the agent said last and the bookings looked up
    before.

    Attributes:
        performed: Set once it is decided what to do; that is where a labelled turn ends.
    """

    read_only = READ_ONLY

    def __init__(self, turn: LabelledTurn) -> None:
        self.context = context_of_words(turn.agent, turn.bookings)
        self.performed = asyncio.Event()

    def open(self, call_id: str) -> TurnContext:
        """Give the context that the turn begins with."""
        del call_id
        return self.context

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
        return grammar.parse(text, reading)

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: TurnContext) -> Findings:
        """Check a draft by rules."""
        return examine.examine(actions, reading, dialogue, TODAY)

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: TurnContext, *, key: str) -> Outcome:
        """Do nothing: the actions are the decision, and nobody listens."""
        del actions, reading, key
        self.performed.set()
        return Outcome(OutcomeKind.ANSWER, ("Done.",), dialogue)

    def mention(self, reading: Reading) -> Sequence[str]:
        """Give nothing: nobody listens."""
        del reading
        return ()
