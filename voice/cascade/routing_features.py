"""What is known of a turn before any draft: its reading, the dialogue, and how well it was heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from voice.cascade.rules.features import reading_features
from voice.cascade.words import Reading


@dataclass(frozen=True, slots=True)
class Facts:
    """What the router knows besides the reading.

    Attributes:
        read_only: The desk's actions that change nothing.
        repairs: How often the caller had to say something again in this call.
        heard: 0…1, the transcriber's lowest confidence in a word; 1 if unknown.
        last: Who answered the turn before: a tier's name, ``code``, or empty.
    """

    read_only: frozenset[str] = frozenset()
    repairs: int = 0
    heard: float = 1.0
    last: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give what the trace keeps of it: all but what a desk always has."""
        return {"repairs": self.repairs, "heard": self.heard, "last": self.last}


def routing_features(reading: Reading, facts: Facts) -> dict[str, float]:
    """Give the router's numbers, each within a few units of 0.

    Besides the fixed ones there is ``action:NAME`` for each action that rules read, ``entity:KIND`` for how many values
    of a kind were found, and ``question:NAME`` for what the agent had asked.
    """
    found = reading_features(reading)
    found["heard"] = 1 - facts.heard
    found["repairs"] = min(2.0, facts.repairs)
    found["doubtful"] = 1 - min((entity.confidence for entity in reading.entities), default=1.0)
    for action in reading.actions or ():
        found[f"action:{action.name}"] = 1.0
    for entity in reading.entities:
        found[f"entity:{entity.kind}"] = min(3.0, found.get(f"entity:{entity.kind}", 0.0) + 1)
    if reading.question:
        found[f"question:{reading.question}"] = 1.0
    return found
