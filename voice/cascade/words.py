"""The vocabulary that everything else imports: actions, readings, findings, outcomes.

Nothing here knows about flights. A desk (see `voice.ports.Desk`) gives the names of its actions, says what a transcript
holds, and turns actions into spoken sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Dialogue = Any
"""What a desk remembers between turns (open offers, the proposal a "yes" would approve).

Immutable and opaque to the core: a desk gets one and returns the next one. The core keeps the newest committed one, so
a speculated or interrupted turn leaves no trace.
"""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a turn asks for, with its values as the caller said them ("next Friday", "Boston").

    Attributes:
        name: A name from the desk's vocabulary, such as ``search`` or ``confirm``.
        args: JSON values by argument name. An argument that the caller did not give is absent.
    """

    name: str
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def as_dict(self) -> dict[str, Any]:
        """Give the flat form that is used in files: ``{"action": name, **args}``."""
        return {"action": self.name, **self.args}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Action:
        """Read the flat form.

        Raises:
            ValueError: there is no ``action``, or it is no string.
        """
        name = data.get("action")
        if not isinstance(name, str):
            raise ValueError(f"an action needs its name under 'action', got {dict(data)!r}")
        return cls(name, {key: value for key, value in data.items() if key != "action"})


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the transcript that can fill an argument.

    Attributes:
        kind: ``city``, ``date``, ``time``, ``price``, ``code``, ``count``, ``person``, … as the desk names them.
        text: The words as said (after code has joined spelled letters).
        confidence: 0…1, how well it matches something known. A low one was probably misheard.
        rivalry: 0…1, how near something else comes that could be meant as well; 0 where asking would be of no use.
    """

    kind: str
    text: str
    confidence: float = 1.0
    rivalry: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What code alone makes of a transcript, before any model runs. Deterministic and quick (under 5 ms).

    Attributes:
        text: The transcript, rewritten: self-corrections resolved, spelled codes joined.
        actions: A complete reading by rules, or None where rules can't tell.
        certain: Whether the rules account for every word of substance, so that ``actions`` may be acted on without a
            model where the policy allows it.
        asked: Whether the turn gives just the argument that the agent asked for.
        entities: Everything found that can fill an argument, in the order said.
        requests: How many separate things are asked for, at least 1 (0 for an empty transcript).
        legs: How many flights, or whatever the desk's unit is, the turn speaks of.
        corrected: Whether the caller corrected themselves in this turn.
        misheard: Stretches that sound like an entity but match nothing well enough: ask about exactly these.
        doubted: Entities that were heard with little confidence, and could be something else: ask about exactly these.
        question: The argument that the agent asked for before this turn; empty if none.
        approves: Whether the agent asked something before this turn that a yes would approve.
        wires: How tiers would write ``actions``, in each form that they use; none if the desk does not say. A draft
            that begins like one of them can be accepted before it is whole.
    """

    text: str
    actions: tuple[Action, ...] | None = None
    certain: bool = False
    asked: bool = False
    entities: tuple[Entity, ...] = ()
    requests: int = 1
    legs: int = 0
    corrected: bool = False
    misheard: tuple[str, ...] = ()
    wires: tuple[str, ...] = ()
    question: str = ""
    approves: bool = False
    doubted: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the reading for the trace; `from_dict` takes it back, but for ``wires``."""
        entities = [{"kind": one.kind, "text": one.text, "confidence": one.confidence} for one in self.entities]
        return {
            "text": self.text,
            "actions": None if self.actions is None else [action.as_dict() for action in self.actions],
            "certain": self.certain,
            "asked": self.asked,
            "entities": entities,
            "requests": self.requests,
            "legs": self.legs,
            "corrected": self.corrected,
            "misheard": list(self.misheard),
            "doubted": list(self.doubted),
            "question": self.question,
            "approves": self.approves,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reading:
        """Take back what `as_dict` gave."""
        actions = data["actions"]
        taken: dict[str, Any] = {
            **data,
            "actions": None if actions is None else tuple(map(Action.from_dict, actions)),
            "entities": tuple(Entity(**one) for one in data["entities"]),
            "misheard": tuple(data["misheard"]),
            "doubted": tuple(data.get("doubted", ())),
        }
        return cls(**taken)


@dataclass(frozen=True, slots=True)
class Draft:
    """A tier's unspoken reply.

    Attributes:
        tier: The tier's name.
        actions: What it would do; empty if its output could not be read.
        text: The raw output.
        logprobs: The log-probability of each output token, in order; empty if the provider gives none.
        prompt_tokens: Tokens read, for the bill.
        output_tokens: Tokens written, for the bill.
        error: Why there is no usable output, or None.
        tokens: The output tokens themselves, as many as ``logprobs``.
        notes: What was done to get it: tried again, asked twice, …, a line each.
        estimated: Whether the tokens are a guess: the call ended before the provider told them.
        rest_seconds: For how long the provider asks to be left alone; 0 where it does not.
    """

    tier: str
    actions: tuple[Action, ...]
    text: str = ""
    logprobs: tuple[float, ...] = ()
    prompt_tokens: int = 0
    output_tokens: int = 0
    error: str | None = None
    tokens: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    estimated: bool = False
    rest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What a desk's deterministic checks say of a draft.

    Attributes:
        completeness: 0…1, the share of what the turn asks for (requests, legs, entities) that the draft uses.
        correctness: 0…1, the share of the draft's arguments that are valid and grounded in the transcript, this
            dialogue or a tool result.
        agreement: Whether the draft equals the reading by rules; None where rules had no reading.
        problems: One short line for each thing that is missing or wrong, for the trace and for the larger tier.
        irreversible: Whether performing the draft would write something.
    """

    completeness: float
    correctness: float
    agreement: bool | None = None
    problems: tuple[str, ...] = ()
    irreversible: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.completeness <= 1 and 0 <= self.correctness <= 1):
            scores = f"completeness {self.completeness!r}, correctness {self.correctness!r}"
            raise ValueError(f"the scores of Findings are shares within 0…1, got {scores}")


class OutcomeKind(StrEnum):
    """How a performed turn ended."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOFF = "handoff"
    FAILED = "failed"


_TEXTS = ("say", "facts", "wrote", "problems")
"""What an outcome gives as tuples of strings."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of performing a turn's actions.

    Attributes:
        kind: What sort of reply this is.
        say: Short sentences to speak, in order, made from data by code.
        facts: The fares, times, dates, flight numbers and locators that ``say`` contains, as spoken.
        dialogue: What the desk remembers from here on.
        data: The results behind the sentences, for the trace (JSON values).
        wrote: Identifiers of what was written to the database (locators), empty for a read.
        unheard: What the desk remembers if the caller did not hear ``say`` to its end: what was to be approved there
            was never asked. None if it makes no difference.
        error: A short code when ``kind`` is ``failed`` (``database_locked``, ``disk_full``, …).
        problems: What about the actions' arguments did not work, so that the turn was probably read wrongly. A larger
            tier may then read it again, with these handed over, if nothing was written.
    """

    kind: OutcomeKind
    say: tuple[str, ...]
    dialogue: Dialogue
    facts: tuple[str, ...] = ()
    data: Sequence[Mapping[str, Any]] = ()
    wrote: tuple[str, ...] = ()
    error: str | None = None
    unheard: Dialogue | None = None
    problems: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if type(self.kind) is not OutcomeKind:
            raise ValueError(
                f"an Outcome's kind is OutcomeKind.{', .'.join(OutcomeKind.__members__)}, got {self.kind!r}"
            )
        for name in _TEXTS:
            texts: object = getattr(self, name)
            if not isinstance(texts, tuple) or not all(isinstance(text, str) for text in texts):
                raise TypeError(f"an Outcome's {name} is a tuple of str, got {texts!r}")


Remember = Callable[[Dialogue, Outcome], Dialogue]
"""Gives a dialogue that knows of what another turn wrote meanwhile. Pure, and twice comes to the same as once."""


def as_it_was(dialogue: Dialogue, outcome: Outcome) -> Dialogue:
    """Stand in for a desk that can't do it."""
    del outcome
    return dialogue
