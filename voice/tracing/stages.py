"""What took time in a turn, as its trace tells: each stage from its start to its end, overlapping as they did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from voice.bench.timeline.drafts import Drafting
from voice.tracing.turns import Line

Name = Literal[
    "noticing",
    "transcribing",
    "end of turn",
    "deciding",
    "draft",
    "checking",
    "performing",
    "held back",
    "filler",
    "voice",
    "line",
]
NAMES: tuple[Name, ...] = Name.__args__  # type: ignore[attr-defined]
"""In the order of a wait: silence is noticed, the words are transcribed, it is waited for more of them, who reads them
is decided, a tier drafts, its draft is checked, the desk carries it out; the answer is held back while the caller
speaks, or until a filler is over; its first sound is made, and travels along the line."""

_CUT = frozenset({"escalate", "narrow", "fall_back"})
"""What ends the wait for a draft that goes on for a moment."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a turn. Times are seconds from the end of the caller's speech; what ran ahead of it is negative.

    Attributes:
        name: What was done.
        start: When it began.
        end: When it ended.
        tier: Who drafted, or whose draft was checked; empty for other stages.
        note: What came of it: a draft's error or the verdict of its check, the words of a filler.
    """

    name: Name
    start: float
    end: float
    tier: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """Name the stage, and for a draft its tier."""
        return f"{self.name} {self.tier}" if self.name == "draft" else self.name

    @property
    def seconds(self) -> float:
        """How long it took of the caller's wait; nothing, if it was over before the caller was."""
        return max(0.0, self.end - max(0.0, self.start))


@dataclass(frozen=True, slots=True)
class Sound:
    """Something that was heard of the agent for a turn; ``end`` is None where the trace does not tell it."""

    turn: int
    speech: str
    start: float
    end: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a trace holds about a turn that the caller finished. Times are those of the trace.

    Attributes:
        number: The turn's number.
        spoke_until: When the caller's last word ended.
        commit: The line of the turn.
        own: The lines of its number, in order.
        ears: What was heard for it: lines of ``quiet`` and ``transcript``, in order.
        drafts: Its drafts, the cancelled ones too.
        sounds: What was heard of the agent for it, in order.
    """

    number: int
    spoke_until: float
    commit: Line
    own: Sequence[Line]
    ears: Sequence[Line]
    drafts: Sequence[Drafting]
    sounds: Sequence[Sound]

    @property
    def answer(self) -> Line | None:
        """The answer, None if there is none."""
        return next((line for line in reversed(self.own) if line["kind"] == "answer"), None)

    @property
    def routed(self) -> float:
        """When the reading that counts was routed; what was done before it is overtaken."""
        return max((line["at"] for line in self.own if line["kind"] == "route"), default=self.commit["at"])


def stages(turn: Recorded) -> list[Stage]:
    """Give the stages of a turn, by their start. Drafts that were overtaken are among them."""
    found = [*_ears(turn), *_drafts(turn), *_checks(turn), *_performed(turn), *_voice(turn)]
    return sorted(found, key=lambda stage: (stage.start, stage.end))


def _ears(turn: Recorded) -> Iterable[Stage]:
    heard = _last_heard(turn, turn.commit["at"])
    read = _last_heard(turn, turn.routed)
    known = [at for at in (heard, read) if at is not None]
    quiet = [line["at"] for line in turn.ears if line["kind"] == "quiet" and line["at"] <= min(known, default=0.0)]
    noticed = quiet[-1] if quiet else turn.spoke_until
    if quiet:
        yield _stage(turn, "noticing", turn.spoke_until, noticed)
    for at in sorted(set(known)):
        yield _stage(turn, "transcribing", noticed, at)
    yield _stage(turn, "end of turn", turn.spoke_until if heard is None else heard, turn.commit["at"])
    for line in turn.own:
        if line["kind"] == "route" and line["at"] == turn.routed:
            start = line["at"] if read is None else read
            yield _stage(turn, "deciding", start, line["at"], note=str(line.get("reason", "")))


def _last_heard(turn: Recorded, until: float) -> float | None:
    return max((line["at"] for line in turn.ears if line["kind"] == "transcript" and line["at"] <= until), default=None)


def _drafts(turn: Recorded) -> Iterable[Stage]:
    for draft in turn.drafts:
        end = drafted_by(turn, draft)
        error = (draft.drafted or {}).get("error") if end == draft.end else None
        note = "overtaken" if draft.start < turn.routed else str(error or "")
        if end is not None:
            yield _stage(turn, "draft", draft.start, end, draft.tier, note)


def drafted_by(turn: Recorded, draft: Drafting) -> float | None:
    """Say when a draft was waited for no more: it was whole, agreed with, or given up."""
    ends = [] if draft.end is None else [draft.end]
    for line in turn.own:
        agreed = line["kind"] == "checked" and line.get("early") and line.get("verdict") == "accept"
        if line["at"] > draft.start and (line["kind"] in _CUT or (agreed and line["tier"] == draft.tier)):
            ends.append(_agreed(turn, line) if agreed else line["at"])
            break
    return min(ends, default=None)


def _agreed(turn: Recorded, checked: Line) -> float:
    """Say when what was checked was there."""
    wanted = ("agreed",) if checked.get("early") else ("drafted", "narrow", "taken_up")
    before = [line["at"] for line in turn.own if line["kind"] in wanted and line["at"] <= checked["at"]]
    return before[-1] if before else checked["at"]


def _checks(turn: Recorded) -> Iterable[Stage]:
    for line in turn.own:
        if line["kind"] == "checked" and line["at"] >= turn.routed:
            yield _stage(turn, "checking", _agreed(turn, line), line["at"], line["tier"], str(line.get("verdict", "")))


def _performed(turn: Recorded) -> Iterable[Stage]:
    began: float | None = None
    for line in turn.own:
        if line["kind"] == "perform" and line["at"] >= turn.routed:
            began = line["at"]
        elif line["kind"] == "performed" and not line.get("stale") and began is not None:
            yield _stage(turn, "performing", began, line["at"], note=str(line.get("outcome", "")))
            began = None


def _voice(turn: Recorded) -> Iterable[Stage]:
    for sound in turn.sounds:
        if sound.speech == "filler":
            end = sound.start if sound.end is None else sound.end
            yield _stage(turn, "filler", sound.start, end, note=sound.text)
    answer = turn.answer
    heard = first_sound(turn)
    if answer is not None and heard is not None:
        yield _stage(turn, "voice", answer["at"], heard)


def first_sound(turn: Recorded) -> float | None:
    """Say when the answer was first heard; None if it never was."""
    answer = turn.answer
    told = [sound.start for sound in turn.sounds if sound.speech == "answer"]
    return min((start for start in told if answer and start >= answer["at"]), default=None)


def _stage(turn: Recorded, name: Name, start: float, end: float, tier: str = "", note: str = "") -> Stage:
    begins = round(start - turn.spoke_until, 4)
    return Stage(name, begins, max(begins, round(end - turn.spoke_until, 4)), tier, note)
