"""A desk as one labelled turn finds it: reads, asks and checks like the real one, and carries nothing out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from voice.cascade.words import Action, Dialogue, Findings, Outcome, OutcomeKind, Reading
from voice.contract import as_actions, as_findings, as_messages, as_reading, as_schema
from voice.ports import Desk, Message

_T = TypeVar("_T")


class DeskFailed(RuntimeError):
    """A desk raised, or gave something else than it should; the message names the method and says what."""

    BEGINS = "the desk's "
    """How every message does, by which a recording tells such an error from a tier's."""

    def __init__(self, method: str, error: Exception) -> None:
        super().__init__(f"{self.BEGINS}{method} failed: {type(error).__name__}: {error}")


class TurnDesk:
    """A `voice.ports.Desk` for one turn, in front of another.

    Attributes:
        dialogue: What the turn begins with.
        performed: Set once it is decided what to do; that is where a labelled turn ends.
        failed: The first thing that went wrong at the desk, also where whoever asked it went on.
    """

    def __init__(self, desk: Desk, dialogue: Dialogue) -> None:
        self._desk = desk
        self.dialogue = dialogue
        self.performed = asyncio.Event()
        self.failed: DeskFailed | None = None

    @property
    def read_only(self) -> frozenset[str]:
        """The desk's."""
        return self._desk.read_only

    def open(self, call_id: str) -> Dialogue:
        """Give what the turn begins with."""
        del call_id
        return self.dialogue

    def read(self, text: str, dialogue: Dialogue) -> Reading:
        """Read a transcript by rules."""
        return self._asked("read", lambda: as_reading(self._desk.read(text, dialogue)))

    def prompt(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Sequence[Message]:
        """Give the messages for a tier."""
        return self._asked("prompt", lambda: as_messages(self._desk.prompt(reading, dialogue, fine_tuned=fine_tuned)))

    def schema(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        """Give the schema of this turn's reply."""
        return self._asked("schema", lambda: as_schema(self._desk.schema(reading, dialogue, fine_tuned=fine_tuned)))

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        """Turn a tier's answer into actions.

        Raises:
            ValueError: it can't be read, or is not of the vocabulary.
        """
        return self._asked("parse", lambda: as_actions(self._desk.parse(text, reading)), ValueError)

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue) -> Findings:
        """Check a draft by rules."""
        return self._asked("examine", lambda: as_findings(self._desk.examine(actions, reading, dialogue)))

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue, *, key: str) -> Outcome:
        """Do nothing: the actions are the decision, and nobody listens."""
        del actions, reading, key
        self.performed.set()
        return Outcome(OutcomeKind.ANSWER, ("Done.",), dialogue)

    def mention(self, reading: Reading) -> Sequence[str]:
        """Give nothing: nobody listens."""
        del reading
        return ()

    def _asked(self, method: str, ask: Callable[[], _T], *usual: type[Exception]) -> _T:
        """Give what the desk gives. Raises `DeskFailed`, or what is usual."""
        try:
            return ask()
        except usual:
            raise
        except Exception as error:
            failed = DeskFailed(method, error)
            self.failed = self.failed or failed
            raise failed from error
