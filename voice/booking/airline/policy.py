"""The airline's rules, from a versioned file: what callers are told is what the desk charges."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from voice.booking.talk.topics import words_of
from voice.booking.text.wording import Wording

Answer = tuple[tuple[str, ...], tuple[str, ...]]
"""Sentences, and the amounts that they speak."""


@dataclass(frozen=True, slots=True)
class Particular:
    """What is told of a topic where callers say ``words``, and whether a colleague is offered."""

    topic: str
    words: Wording
    say: tuple[str, ...]
    colleague: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules. ``fees`` are whole US dollars; ``topics`` are sentences with ``{name}`` for numbers."""

    version: str
    fees: Mapping[str, int]
    rules: Mapping[str, int]
    topics: Mapping[str, tuple[str, ...]]

    particulars: Sequence[Particular] = ()

    def answer(self, topic: str, said: str = "") -> Answer:
        """Give the sentences on a topic (``other`` for an unknown one), or on the particular that was asked of it."""
        return self.particular(topic, said) or self._filled(self.topics.get(topic) or self.topics["other"])

    def particular(self, topic: str, said: str) -> Answer | None:
        """Give what is told of a topic to the words of a turn, None if nothing in particular."""
        one = self._particular(topic, said)
        return self._filled(one.say) if one else None

    def needs_colleague(self, topic: str, said: str) -> bool:
        """Whether a colleague has to do what was asked of a topic."""
        one = self._particular(topic, said)
        return one is not None and one.colleague

    def _particular(self, topic: str, said: str) -> Particular | None:
        return next((one for one in self.particulars if said and one.topic == topic and one.words.search(said)), None)

    def _filled(self, written: Sequence[str]) -> Answer:
        numbers = {name: f"${fee}" for name, fee in self.fees.items()} | {k: f"{v}" for k, v in self.rules.items()}
        sentences = tuple(sentence.format_map(numbers) for sentence in written)
        return sentences, tuple(dict.fromkeys(re.findall(r"\$\d+", " ".join(sentences))))

    def bag_fee(self, cabin: str, passengers: int, already: int, added: int) -> int:
        """Give the fee, one way, for bags added to those that ``passengers`` of a cabin have already."""
        free = self.rules.get(f"free_bags_{cabin}", 0)

        def fee(index: int) -> int:
            nth = index // passengers  # how many bags each passenger has before this one
            return 0 if nth < free else self.fees[("first_bag", "second_bag", "more_bag")[min(nth, 2)]]

        return sum(fee(index) for index in range(already, already + added))

    def change_fee(self, cabin: str, booked: datetime, departs: datetime, now: datetime) -> int:
        """Give the fee for changing one passenger's leg, on top of the difference in fare."""
        return 0 if self._fresh(booked, departs, now) else self.fees[f"change_{cabin}"]

    def changeable(self, departs: datetime, now: datetime) -> bool:
        """Whether a flight may still be changed."""
        return departs - now >= timedelta(hours=self.rules["change_cutoff_hours"])

    def cancel_fee(self, cabin: str, booked: datetime, departs: datetime, now: datetime) -> int | None:
        """Give the fee for cancelling one passenger's trip; None where nothing is refunded any more."""
        if self._fresh(booked, departs, now):
            return 0
        if cabin != "business" and departs - now < timedelta(hours=self.rules["no_refund_hours"]):
            return None
        return self.fees[f"cancel_{cabin}"]

    def _fresh(self, booked: datetime, departs: datetime, now: datetime) -> bool:
        young = now - booked <= timedelta(hours=self.rules["free_cancel_hours"])
        return young and departs - booked >= timedelta(days=self.rules["free_cancel_days_before"])


@cache
def load_policy(path: Path | None = None) -> Policy:
    """Load the airline's rules, or another file's.

    Raises:
        ValueError: the file misses a part, or an answer names a number that it does not give.
    """
    source = path or files("voice.booking.airline").joinpath("policies.toml")
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    if missing := {"version", "fees", "rules", "topics"} - table.keys():
        raise ValueError(f"{source}: add {', '.join(sorted(missing))}")
    policy = Policy(
        table["version"],
        table["fees"],
        table["rules"],
        {topic: tuple(say) for topic, say in table["topics"].items()},
        tuple(
            Particular(one["topic"], words_of(one), tuple(one["say"]), bool(one.get("colleague")))
            for one in table.get("particulars", ())
        ),
    )
    written = [*policy.topics.items(), *((one.topic, one.say) for one in policy.particulars)]
    for topic, say in written:
        try:
            policy._filled(say)  # pyright: ignore[reportPrivateUsage]
        except KeyError as error:
            raise ValueError(
                f"{source}: the answer on {topic} names {error}, which is neither a fee nor a rule"
            ) from error
    return policy
