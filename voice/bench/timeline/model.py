"""A call on one time axis, as data. Times are seconds from the recording's first sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Any, Literal

from voice.bench.recordings.manifest import Span

Lane = Literal["ears", "deciding", "desk", "mouth"]
Detail = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """Something that took time. ``row`` tells blocks of a lane apart: a tier's name, ``heard``, ``silence``."""

    lane: Lane
    row: str
    kind: str
    start: float
    end: float
    label: str
    turn: int | None
    detail: Detail = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at an instant."""

    lane: Lane
    row: str
    kind: str
    at: float
    label: str
    turn: int | None
    detail: Detail = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Check:
    """How a draft was judged.

    Attributes:
        tier: Whose draft it was.
        at: When.
        scores: Each score in 0…1, or None where there is none.
        thresholds: The least that was asked for, as far as the trace tells.
        failed: The scores that spoke against the draft.
        problems: What was missing or wrong in it.
        verdict: ``accept`` or ``escalate``.
    """

    tier: str
    at: float
    scores: Mapping[str, float | bool | None]
    thresholds: Mapping[str, float]
    failed: tuple[str, ...]
    problems: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class TurnAccount:
    """What became of one thing that the caller said. Times are seconds of the recording, latencies seconds.

    Attributes:
        turn: Its number in the trace; None if the agent never took it up.
        recorded: The number of the recorded turn that it belongs to, from 1, if known.
        heard: What the agent understood.
        text: What was really said, if anybody wrote it down.
        label: How hard the turn is, by its author.
        speech: When the caller spoke.
        committed: When the agent took the turn to be over.
        route: The router's decision.
        reason: Its reason.
        complexity: Its measure, 0…1.
        reading: The route's other inputs: entities, legs, requests, corrected, actions by rules.
        source: Who made the answer: a tier's name, ``code`` or ``fallback``.
        tier: The same, where it was a tier.
        escalated: Whether a larger tier was asked for what was answered.
        ahead: The tiers that were asked while the caller could go on, and whose drafts were then not needed.
        ahead_cost: Money for those drafts.
        in_vain: The larger ones among them, one for each time.
        checks: How each draft was judged.
        scores: Of the last draft judged.
        actions: What was carried out.
        wrote: What was written to the database.
        outcome: ``answer``, ``clarify``, ``handoff`` or ``failed``; None if there is none.
        fillers: What was spoken to hold the floor: ``text``, ``at``, ``seconds`` after the end of speech.
        answer: The sentences of the answer, spoken or not.
        why: One sentence on why the turn went where it went.
        first_audio_seconds: End of speech to the first agent sound in the recording.
        first_answer_sentence_seconds: End of speech to the first sound of the answer. The trace says which sound is the
            answer's, the recording when it is heard.
        unmasked_silence_seconds: The longest silence in between.
        answered: Whether the answer is heard in the recording.
        barge_ins: When the caller interrupted what was being said for this turn.
        tokens: Tokens read and written by every model call for the turn, cancelled ones too; of these a guess, where
            nobody counted them.
        cost: Money for them.
        own_ms: The agent's own work, in milliseconds, by ``router``, ``checks`` (a draft), ``all`` …; see
            `voice.overhead`. Empty where the trace does not tell.
    """

    turn: int | None
    recorded: int | None = None
    heard: str = ""
    text: str = ""
    label: str | None = None
    speech: tuple[Span, ...] = ()
    committed: float | None = None
    route: str | None = None
    reason: str = ""
    complexity: float | None = None
    reading: Detail = field(default_factory=dict[str, Any])
    source: str | None = None
    tier: str | None = None
    escalated: bool = False
    ahead: tuple[str, ...] = ()
    ahead_cost: float = 0.0
    in_vain: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    scores: Mapping[str, float | bool | None] | None = None
    actions: tuple[Detail, ...] = ()
    wrote: tuple[str, ...] = ()
    outcome: str | None = None
    fillers: tuple[Detail, ...] = ()
    answer: tuple[str, ...] = ()
    why: str = ""
    first_audio_seconds: float | None = None
    first_answer_sentence_seconds: float | None = None
    unmasked_silence_seconds: float | None = None
    answered: bool = False
    barge_ins: tuple[float, ...] = ()
    tokens: Mapping[str, int] = field(default_factory=dict[str, int])
    cost: float = 0.0
    own_ms: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def ends(self) -> float | None:
        """When the caller stopped speaking: what latency counts from."""
        return self.speech[-1][1] if self.speech else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole call.

    Attributes:
        call: Its name.
        profile: What the agent ran on.
        seconds: Its length.
        caller: When the caller spoke, by the manifest or else by the recording's energy.
        agent: When the agent was heard, by the recording's energy.
        turns: In order.
        spans: What took time, in order of their start.
        events: What happened at an instant, in order.
        trace_began: Where the trace's zero lies on the axis.
        ended: Whether the trace tells how the call ended; False for a process that was killed.
    """

    call: str
    profile: str
    seconds: float
    caller: tuple[Span, ...]
    agent: tuple[Span, ...]
    turns: tuple[TurnAccount, ...]
    spans: tuple[Block, ...]
    events: tuple[Mark, ...]
    trace_began: float
    ended: bool

    def as_dict(self) -> dict[str, Any]:
        """Give the form of ``timeline.json``."""
        return {
            "call": self.call,
            "profile": self.profile,
            "seconds": self.seconds,
            "trace_began": self.trace_began,
            "ended": self.ended,
            "summary": self.summary(),
            "turns": [_plain(turn) for turn in self.turns],
            "spans": [_plain(block) for block in self.spans],
            "events": [_plain(mark) for mark in self.events],
            "caller": [list(span) for span in self.caller],
            "agent": [list(span) for span in self.agent],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Timeline:
        """Read the form of ``timeline.json`` back.

        Raises:
            ValueError: something is missing.
        """
        try:
            return cls(
                call=data["call"],
                profile=data["profile"],
                seconds=data["seconds"],
                caller=tuple((start, end) for start, end in data["caller"]),
                agent=tuple((start, end) for start, end in data["agent"]),
                turns=tuple(_turn(turn) for turn in data["turns"]),
                spans=tuple(Block(**_python_names(block)) for block in data["spans"]),
                events=tuple(Mark(**mark) for mark in data["events"]),
                trace_began=data["trace_began"],
                ended=data["ended"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is no timeline.json of this version: {error}") from error

    def summary(self) -> dict[str, Any]:
        """Give the call's figures; one that does not exist is None."""
        turns = self.turns
        return {
            "turns": len(turns),
            "answered": sum(turn.answered for turn in turns),
            "escalated": sum(turn.escalated for turn in turns),
            "escalated_in_vain": sum(len(turn.in_vain) for turn in turns),
            "barge_ins": sum(len(turn.barge_ins) for turn in turns),
            "first_audio_seconds": _typical([turn.first_audio_seconds for turn in turns]),
            "first_answer_sentence_seconds": _typical([turn.first_answer_sentence_seconds for turn in turns]),
            "unmasked_silence_seconds": _typical([turn.unmasked_silence_seconds for turn in turns]),
            "sources": {
                source: sum(turn.source == source for turn in turns)
                for source in dict.fromkeys(turn.source for turn in turns if turn.source)
            },
            "tokens": {side: sum(turn.tokens.get(side, 0) for turn in turns) for side in ("prompt", "output")},
            "cost": round(sum(turn.cost for turn in turns), 8),
        }


def _typical(values: Sequence[float | None]) -> dict[str, float | None]:
    known = [value for value in values if value is not None]
    return {"p50": round(median(known), 3), "worst": max(known)} if known else {"p50": None, "worst": None}


_JSON_NAMES = {"start": "from", "end": "to"}


def _turn(data: Mapping[str, Any]) -> TurnAccount:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    values["speech"] = tuple((start, end) for start, end in data["speech"])
    values["checks"] = tuple(Check(**check) for check in data["checks"])
    return TurnAccount(**values)


def _python_names(data: Mapping[str, Any]) -> dict[str, Any]:
    names = {json_name: name for name, json_name in _JSON_NAMES.items()}
    return {names.get(name, name): value for name, value in data.items()}


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {_JSON_NAMES.get(item.name, item.name): _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
