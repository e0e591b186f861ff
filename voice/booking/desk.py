"""The booking desk: everything that a call can do, behind the protocol that the runtime knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import make_url, select

from voice.booking.actions.handlers import READ_ONLY
from voice.booking.actions.mending import whole_code
from voice.booking.actions.performing import perform_all
from voice.booking.actions.turn import Turn
from voice.booking.airline.migrations import migrate
from voice.booking.airline.policy import Policy, load_policy
from voice.booking.airline.store import Store
from voice.booking.airline.tables import WorldRow
from voice.booking.airline.world import DAYS_AHEAD, seed_world
from voice.booking.context import TurnContext
from voice.booking.dialogue import BookingDialogue
from voice.booking.drafting import examine, grammar, parsing, prompting
from voice.booking.offers.resolving import Clock
from voice.booking.places.names import spoken_names
from voice.booking.reading import reader
from voice.booking.text.spans import CERTAIN
from voice.cascade.words import Action, Dialogue, Findings, Outcome, Reading
from voice.ports import Message

FIXTURE_NOW = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("America/New_York"))
"""The moment of the desk ``seed-1``, which recorded calls start from: a Tuesday."""

Now = Callable[[], datetime]


class BookingDesk:
    """A desk of one airline, shared by any number of calls. Implements `voice.ports.Desk`.

    Args:
        store: A database that is migrated and filled (`open_desk` does both).
        now: Gives the moment, aware of its time zone.
        policy: The airline's rules; its own file by default.
    """

    read_only = READ_ONLY

    def __init__(self, store: Store, now: Now, *, policy: Policy | None = None) -> None:
        self.store = store
        self._now = now
        self._policy = policy or load_policy()
        self._last_day = store.read(lambda session: session.scalars(select(WorldRow.last_day)).one())

    @property
    def names(self) -> tuple[str, ...]:
        """Places that callers name. See `voice.ports.Named`."""
        return spoken_names()

    def open(self, call_id: str) -> BookingDialogue:
        """Give the dialogue that a new call starts with. No two calls may share an id, since it names their writes."""
        return BookingDialogue(call_id)

    def read(self, text: str, dialogue: Dialogue) -> Reading:
        """Read a transcript by rules. Pure and quick."""
        read = reader.read(text, context_of(dialogue))
        if not read.actions:
            return read
        return replace(read, wires=(grammar.wire(read.actions), grammar.notation(read.actions)))

    def prompt(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Sequence[Message]:
        """Give the messages for a tier; all but the last one are constant."""
        return prompting.turn_messages(reading, context_of(dialogue), fine_tuned=fine_tuned)

    def schema(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        """Give the schema of this turn's reply: JSON, from a fine-tuned tier the notation."""
        return grammar.turn_schema(reading, context_of(dialogue), fine_tuned=fine_tuned)

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        """Turn a tier's answer into actions.

        Raises:
            ValueError: it can't be read, or is not of the vocabulary.
        """
        return parsing.parse(text, reading)

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue) -> Findings:
        """Check a draft by rules. Pure and quick; reads no database."""
        return examine.examine(actions, reading, context_of(dialogue), self._now().date())

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue, *, key: str) -> Outcome:
        """Do what the actions say, and give the sentences to speak.

        The database is used in a thread. Cancelling the call leaves a write that has begun to finish there, once; asked
        again with the same key, it tells what became of it.
        """
        now = self._now()
        clock = Clock(now, self._last_day, self._policy.rules["most_passengers"])
        turn = Turn(self.store, clock, self._policy, reading, key)
        return await asyncio.to_thread(perform_all, turn, dialogue, tuple(actions))

    def remember(self, dialogue: BookingDialogue, outcome: Outcome) -> BookingDialogue:
        """Give a dialogue that knows of what was written meanwhile. See `voice.ports.Remembering`."""
        return dialogue.with_written(outcome.wrote, outcome.dialogue.done)

    def mention(self, reading: Reading) -> Sequence[str]:
        """Give the cities heard for certain, in order, each once; a single flight by its two ends."""
        heard = (entity.text for entity in reading.entities if entity.kind == "place" and entity.confidence >= CERTAIN)
        cities = tuple(dict.fromkeys(heard))
        legs = [leg for action in reading.actions or () for leg in action.args.get("legs") or ()]
        match legs:
            case [{"from": str() as start, "to": str() as end}] if {start, end} == set(cities):
                return (f"{start} to {end}",)
            case _:
                return cities

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def context_of(dialogue: BookingDialogue) -> TurnContext:
    """Give the part of a dialogue that reading needs."""
    asked = dialogue.asked
    return TurnContext(
        agent=" ".join(dialogue.said),
        asked=asked.argument if asked and not asked.guess else "",
        pending=asked.action.name if asked else "",
        proposed=dialogue.pending.origin.name if dialogue.pending else "",
        proposal=dialogue.pending is not None or bool(asked and asked.guess) or bool(dialogue.quoted),
        offers=bool(dialogue.offers),
        searching=dialogue.search is not None,
        bookings=dialogue.bookings,
        mending=bool(whole_code(asked)),
        told=len(dialogue.told),
    )


def open_desk(
    url: str,
    *,
    seed: int = 1,
    today: datetime | Now = FIXTURE_NOW,
    policy: Policy | None = None,
    days_ahead: int = DAYS_AHEAD,
) -> BookingDesk:
    """Open a desk: makes the database's folder, migrates it, fills it if it is empty, and adds the days that it lacks.

    Args:
        url: ``sqlite:///bookings.db``, ``sqlite://`` (in memory), or ``postgresql+psycopg://…``.
        seed: Makes the world.
        today: The moment, or what gives it; aware of its time zone.
        policy: The airline's rules; its own file by default.
        days_ahead: How many days of flights are on sale.

    Raises:
        ValueError: the URL can't be used, or the database holds another world.
        StoreError: the database is locked, full, missing …
    """
    now: Now = today if callable(today) else (lambda: today)
    path = make_url(url).database if url.startswith("sqlite") else None
    if path and path != ":memory:":
        Path(path).expanduser().parent.mkdir(parents=True, exist_ok=True)
    store = Store(url)
    migrate(store)
    seed_world(store, seed=seed, today=_date(now()), policy=policy, days_ahead=days_ahead)
    reader.load()
    return BookingDesk(store, now, policy=policy)


def _date(moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError(f"today needs a time zone, got {moment!r}")
    return moment.date()
