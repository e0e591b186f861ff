"""How long a hosted provider takes, drawn from a distribution that is the same every time."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

_Z95 = 1.6449


@dataclass(frozen=True, slots=True)
class Latency:
    """A log-normal time in seconds: waits have a floor and a long tail.

    Attributes:
        median: Half of them are shorter.
        p95: One in twenty is longer.

    Raises:
        ValueError: not ``0 < median <= p95``.
    """

    median: float
    p95: float

    def __post_init__(self) -> None:
        if not 0 < self.median <= self.p95:
            raise ValueError(f"a latency needs 0 < median <= p95, got {self.median} and {self.p95}")

    def draw(self, rng: random.Random) -> float:
        """Give the next one, in seconds."""
        return self.median * math.exp(rng.gauss(0.0, math.log(self.p95 / self.median) / _Z95))


@dataclass(frozen=True, slots=True)
class Model:
    """A hosted model: the time to its first token, and how many tokens it writes a second after that."""

    first_token: Latency
    tokens_per_second: float


FAST, STRONG = "simulated-fast", "simulated-strong"


@dataclass(frozen=True, slots=True)
class Speeds:
    """Every wait that the stand-in makes callers wait.

    Attributes:
        models: By the name that requests give.
        speech: To the first byte of a voice.
        speech_pace: Seconds of sound that a voice makes in a second.
        transcript: To a transcript, from the end of the request.
    """

    models: dict[str, Model] = field(
        default_factory=lambda: {
            FAST: Model(Latency(0.25, 0.45), 80.0),
            STRONG: Model(Latency(0.70, 1.20), 60.0),
        }
    )
    speech: Latency = Latency(0.18, 0.30)
    speech_pace: float = 4.0
    transcript: Latency = Latency(0.15, 0.25)

    def described(self) -> list[str]:
        """Give a line for each wait."""
        models = [
            f"{name}: first token {_told(model.first_token)}, then {model.tokens_per_second:g} tokens a second"
            for name, model in self.models.items()
        ]
        voice = f"voice: first byte {_told(self.speech)}, then {self.speech_pace:g} times as fast as it is spoken"
        return [*models, voice, f"ears: transcript {_told(self.transcript)}"]


def _told(latency: Latency) -> str:
    return f"{latency.median:.2f} s (P95 {latency.p95:.2f} s)"
