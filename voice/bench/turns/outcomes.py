"""Recorded outcomes: what the rules and every tier made of turns, so that policies compare without models.

One JSON object a line (`*.jsonl`); the dataclasses here are the format, key by key. Actions are in their flat form
(``{"action": name, **arguments}``), times in seconds, shares and confidences in 0…1, money in the profile's currency.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, TypeAdapter, ValidationError

from voice.bench.turns.labelled import LabelledTurn
from voice.bench.turns.numbered import numbered_lines
from voice.cascade.words import Action, Draft, Entity, Findings, Reading

Flat = Mapping[str, Any]
"""An action in its flat form."""

Verdict = Literal["label", "second_opinion", "repair", "unrepaired", "unknown"]
"""How it is known whether something was right: from a label, from a larger tier that read the turn too, from a caller
who objected, or from one who did not in a call that got somewhere. Turns of calls only have the last four."""

_CONFIG = ConfigDict(extra="forbid")


_PLAIN = {"agent", "bookings"}
"""Keys of a ``context`` that an outcome keeps as fields of its own."""


class BadOutcomes(ValueError):
    """A file of recorded outcomes is not as it should be; the message names the line."""


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """The reading by rules; the fields are those of `voice.cascade.words.Reading`.

    Attributes:
        exact: Whether ``actions`` is exactly what the label says; False where there are none.
        seconds: How long the reading took.
        verdict: How ``exact`` is known.
        weight: 0…1, how much that says; 0 where nobody knows.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    text: str
    actions: tuple[Flat, ...] | None
    certain: bool
    asked: bool
    legs: int
    requests: int
    corrected: bool
    entities: tuple[Entity, ...]
    misheard: tuple[str, ...]
    exact: bool
    seconds: float
    question: str = ""
    approves: bool = False
    verdict: Verdict = "label"
    weight: float = 1.0

    @classmethod
    def of(
        cls,
        reading: Reading,
        actions: tuple[Flat, ...] | None,
        *,
        exact: bool,
        seconds: float = 0.0,
        verdict: Verdict = "label",
        weight: float = 1.0,
    ) -> Self:
        """Keep the core's form; ``actions`` are its actions, flat."""
        return cls(
            text=reading.text,
            actions=actions,
            certain=reading.certain,
            asked=reading.asked,
            legs=reading.legs,
            requests=reading.requests,
            corrected=reading.corrected,
            entities=reading.entities,
            misheard=reading.misheard,
            exact=exact,
            seconds=seconds,
            question=reading.question,
            approves=reading.approves,
            verdict=verdict,
            weight=weight,
        )

    def reading(self) -> Reading:
        """Give the core's form."""
        return Reading(
            text=self.text,
            actions=None if self.actions is None else tuple(map(Action.from_dict, self.actions)),
            certain=self.certain,
            asked=self.asked,
            entities=self.entities,
            requests=self.requests,
            legs=self.legs,
            corrected=self.corrected,
            misheard=self.misheard,
            question=self.question,
            approves=self.approves,
        )


@dataclass(frozen=True, slots=True)
class VotedOutcome:
    """What a tier's draft, the smaller tiers' and the reading by rules come to together; see `voice.cascade.voting`.

    Attributes:
        actions: What would be done.
        completeness: What the checks say of it, as for the four after it.
        exact: Whether ``actions`` is exactly what the label says.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    actions: tuple[Flat, ...]
    completeness: float
    correctness: float
    agreement: bool | None
    problems: tuple[str, ...]
    irreversible: bool
    exact: bool

    def findings(self) -> Findings:
        """Give the core's form of the checks."""
        return Findings(self.completeness, self.correctness, self.agreement, self.problems, self.irreversible)


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """What one tier made of a turn, asked first and alone, and what the desk's checks said of it.

    Attributes:
        actions: What it would do; empty if its output could not be read.
        text: Its raw output.
        tokens: The output tokens, as many as ``logprobs``; both empty if the provider gives none.
        logprobs: Their log-probabilities, finite.
        completeness: See `voice.cascade.words.Findings`, as for the four after it.
        error: Why there is no usable output, or None.
        seconds: From the request to the whole draft.
        examine_seconds: How long the checks took.
        prompt_tokens: Tokens read.
        output_tokens: Tokens written.
        cost: What the call cost.
        exact: Whether ``actions`` is exactly what the label says.
        verdict: How ``exact`` is known.
        weight: 0…1, how much that says; 0 where nobody knows.
        voted: What is made of it where the smaller tiers were asked before; None if it is the draft itself.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    actions: tuple[Flat, ...]
    text: str
    tokens: tuple[str, ...]
    logprobs: tuple[float, ...]
    completeness: float
    correctness: float
    agreement: bool | None
    problems: tuple[str, ...]
    irreversible: bool
    error: str | None
    seconds: float
    examine_seconds: float
    prompt_tokens: int
    output_tokens: int
    cost: float
    exact: bool
    verdict: Verdict = "label"
    weight: float = 1.0
    voted: VotedOutcome | None = None

    def draft(self, tier: str) -> Draft:
        """Give the core's form of the draft; ``tier`` names the tier."""
        return Draft(
            tier=tier,
            actions=tuple(map(Action.from_dict, self.actions)),
            text=self.text,
            logprobs=self.logprobs,
            tokens=self.tokens,
            prompt_tokens=self.prompt_tokens,
            output_tokens=self.output_tokens,
            error=self.error,
        )

    def findings(self) -> Findings:
        """Give the core's form of the checks."""
        return Findings(self.completeness, self.correctness, self.agreement, self.problems, self.irreversible)

    def decided(self, tier: str) -> tuple[Draft, Findings]:
        """Give the draft and the checks of what is made of it after the smaller tiers were asked."""
        if not self.voted:
            return self.draft(tier), self.findings()
        actions = tuple(map(Action.from_dict, self.voted.actions))
        return replace(self.draft(tier), actions=actions), self.voted.findings()


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
    """A labelled turn, or a turn of a call, with everything that was made of it.

    Attributes:
        id: The turn's, as for the seven after it and ``words``; see `voice.bench.turns.labelled.LabelledTurn`.
        agent: What the agent said last.
        bookings: Locators already looked up in the call: the rest of the airline's ``context``.
        context: The whole of it, if there is more to it than ``agent`` and ``bookings`` can hold.
        reading: By rules.
        tiers: By each tier's name, the cheapest first. A turn of a call has those that were asked.
        version: Fingerprint of the models that made it. Outcomes of two versions don't compare.
        asked: Fingerprint of what the tiers were asked, messages and schema: as long as it is the same, drafts hold.
        call: The id of the call that it is a turn of; empty for one that was written down. ``expect`` is then empty
            unless somebody labelled it.
        date: When that call began, in ISO form; empty if the trace does not tell.
        stands_for: How many turns it stands for, where only a share of them got a second opinion.
        repaired: Whether the caller objected to the answer; None where that is not known.
        desk: Which desk the turn is of, by the name of `voice.bench.turns.yardstick.Yardstick`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    id: str
    split: str
    complexity: str
    kind: str
    text: str
    agent: str
    bookings: tuple[str, ...]
    expect: tuple[Flat, ...]
    reading: ReadingOutcome
    tiers: Mapping[str, TierOutcome]
    version: str
    asked: str = ""
    call: str = ""
    date: str = ""
    stands_for: float = 1.0
    repaired: bool | None = None
    words: tuple[tuple[str, float], ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    desk: str = ""

    @property
    def labelled(self) -> bool:
        """Whether somebody said what is right."""
        return not self.call or self.reading.verdict == "label"

    def turn(self) -> LabelledTurn:
        """Give the labelled turn."""
        told = {"agent": self.agent, "bookings": list(self.bookings)}
        return LabelledTurn(
            self.id,
            self.text,
            self.expect,
            self.context or {key: value for key, value in told.items() if value},
            self.complexity,
            self.kind,
            self.split,
            self.words,
        )


def kept_context(context: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields in which an outcome keeps a turn's ``context``."""
    agent, bookings, *more = context.get("agent") or "", context.get("bookings") or [], *({*context} - _PLAIN)
    plain = not more and isinstance(agent, str) and isinstance(bookings, list)
    if plain and all(isinstance(code, str) for code in bookings):
        return {"agent": agent, "bookings": tuple(bookings)}
    return {"agent": str(agent), "bookings": (), "context": context}


_LINE = TypeAdapter(RecordedOutcome)


def write_outcome(outcome: RecordedOutcome) -> str:
    """Give an outcome's line, without its end."""
    unused = {name for name in ("context", "desk") if not getattr(outcome, name)}
    return _LINE.dump_json(outcome, exclude=unused).decode()


def read_outcome(line: str) -> RecordedOutcome:
    """Read a line.

    Raises:
        BadOutcomes: it is no recorded outcome: a key is missing, unknown or of the wrong type.
    """
    try:
        return _LINE.validate_json(line, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise BadOutcomes(f"{where}: {first['msg']}") from None


def load_outcomes(*paths: Path) -> tuple[RecordedOutcome, ...]:
    """Read files of recorded outcomes, in order.

    Raises:
        BadOutcomes: a file can't be read or holds nothing, a line is no outcome, or a turn is there twice.
    """
    seen: dict[str, str] = {}
    outcomes: list[RecordedOutcome] = []
    for path in paths:
        for number, line in _lines(path):
            where = f"{path}:{number}"
            try:
                outcome = read_outcome(line)
            except BadOutcomes as error:
                raise BadOutcomes(f"{where}: {_turn_instead(line, path) or error}") from None
            if outcome.id in seen:
                raise BadOutcomes(f"{where}: turn {outcome.id!r} is already at {seen[outcome.id]}")
            seen[outcome.id] = where
            outcomes.append(outcome)
    return tuple(outcomes)


def _turn_instead(line: str, path: Path) -> str | None:
    """Say what to do with a line that is a labelled turn, which no tier was asked about yet; None if it is not."""
    try:
        data = json.loads(line)
    except ValueError:
        return None
    if not isinstance(data, dict) or "expect" not in data or {"reading", "tiers"} & {*data}:
        return None
    return f"this is a labelled turn: record it first with `voice eval {path} --record OUT.jsonl`, and give OUT.jsonl"


def _lines(path: Path) -> Sequence[tuple[int, str]]:
    try:
        lines = numbered_lines(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadOutcomes(f"cannot read {path}: {error}") from None
    if not lines:
        raise BadOutcomes(f"{path} holds no outcomes; make some with `voice eval TURNS --record {path}`")
    return lines
