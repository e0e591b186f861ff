"""Where the time of a turn goes: its stages, the path of those that its answer waited for, and the floor. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from voice.bench.timeline.drafts import draftings
from voice.tracing.stages import Name, Recorded, Sound, Stage, first_sound, stages
from voice.tracing.turns import Line

Fate = Literal["answered", "cut off", "unanswered"]

_AFTER: Mapping[Name, frozenset[Name]] = {
    "transcribing": frozenset({"noticing"}),
    "end of turn": frozenset({"transcribing"}),
    "deciding": frozenset({"transcribing", "end of turn"}),
    "draft": frozenset({"deciding", "checking", "draft", "performing", "end of turn"}),
    "checking": frozenset({"draft", "deciding", "end of turn", "checking"}),
    "performing": frozenset({"checking", "draft", "deciding", "end of turn"}),
    "held back": frozenset({"performing", "end of turn"}),
}
"""What a stage can have waited for; it began when the last of these was over."""

_AT_ONCE = 0.01
"""An answer that follows this soon, in seconds, on what it waited for was not held back."""

_ROUNDING = 0.0002
"""Times of a trace are rounded to a tenth of a millisecond."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A turn's time. Everything is in seconds from the end of the caller's speech.

    Attributes:
        call: The call's id.
        turn: The turn's number.
        source: Who answered: ``code``, a tier, ``rules``, ``fallback``; empty if nobody did.
        escalated: Whether a larger tier was asked.
        fate: ``cut off`` if there was an answer that was never heard, ``unanswered`` if the caller went on before it.
        wait: Until the first sound of the answer; None unless it was heard.
        path: The critical path: pieces that follow each other from 0 to ``wait``. A piece lasts from the end of what it
            waited for to its own end.
        stages: Everything that took time, overlapping, by start; work ahead has negative times.
        floor: The least that these parts allow: those that need each other's result (hearing, deciding, the draft that
            was used, its check, the desk, the voice), each as long as it took, without waiting for the end of the turn,
            drafts in vain, or fillers; what ran ahead while the caller still spoke is free. None as ``wait``.
    """

    call: str
    turn: int
    source: str
    escalated: bool
    fate: Fate
    wait: float | None
    path: tuple[Stage, ...]
    stages: tuple[Stage, ...]
    floor: float | None

    def seconds(self) -> dict[str, float]:
        """Give how long each stage took on the path, by its key."""
        found: dict[str, float] = {}
        for piece in self.path:
            found[piece.key] = round(found.get(piece.key, 0.0) + piece.seconds, 4)
        return found

    def as_dict(self) -> dict[str, Any]:
        """Give it for programs."""
        return {
            "call": self.call,
            "turn": self.turn,
            "source": self.source,
            "escalated": self.escalated,
            "fate": self.fate,
            "wait": self.wait,
            "floor": self.floor,
            "path": [[piece.key, piece.start, piece.end] for piece in self.path],
        }


def waterfalls(lines: Sequence[Line], spoke_until: Mapping[int, float] | None = None) -> list[Waterfall]:
    """Give the waterfall of every turn that the caller finished, in order.

    Args:
        lines: Of one or more traces, as they were written.
        spoke_until: When the caller's last word ended, by the number of the turn, for those that are known better than
            the agent knows it; times of the trace. Only for lines of a single call.
    """
    found: list[Waterfall] = []
    for call in dict.fromkeys(line["call"] for line in lines):
        mine = [line for line in lines if line["call"] == call]
        found += [_waterfall(call, turn) for turn in _recorded(mine, spoke_until or {})]
    return found


def critical_path(found: Sequence[Stage], until: float) -> tuple[Stage, ...]:
    """Give the stages that ``until`` waited for, one after the other: each goes back to the last that it needed.

    A piece starts where the one before it ends; the first starts at 0, where the caller has finished.
    """
    voice = next((stage for stage in found if stage.name == "voice"), None)
    last = Stage("held back", voice.start if voice else until, voice.start if voice else until)
    chain = [last]
    while earlier := _before(chain[-1], [stage for stage in found if stage not in chain]):
        chain.append(earlier)
    chain.reverse()
    if voice:
        fillers = [stage.end for stage in found if stage.name == "filler" and voice.start < stage.end <= voice.end]
        chain += [Stage("filler", voice.start, max(fillers))] if fillers else []
        chain.append(voice)
    pieces: list[Stage] = []
    at = 0.0
    for stage in chain:
        if stage.end > at and not (stage.name == "held back" and stage.end - at < _AT_ONCE):
            pieces.append(Stage(stage.name, at, stage.end, stage.tier, stage.note))
            at = stage.end
    return tuple(pieces)


def _before(stage: Stage, found: Sequence[Stage]) -> Stage | None:
    wanted = _AFTER.get(stage.name, frozenset())
    done = [one for one in found if one.name in wanted and one.end <= stage.start + _ROUNDING]
    # What began later ended for a reason of its own; of two that end together it is the one that was waited for.
    return max((one for one in done if one.note != "overtaken"), key=lambda one: (one.end, one.start), default=None)


def _waterfall(call: str, turn: Recorded) -> Waterfall:
    found, answer, sound = stages(turn), turn.answer, first_sound(turn)
    source = str(answer["source"]) if answer else ""
    wait = None if sound is None else round(max(0.0, sound - turn.spoke_until), 4)
    path = () if wait is None else critical_path(found, wait)
    return Waterfall(
        call,
        turn.number,
        source,
        bool(answer and answer.get("escalated")),
        "answered" if wait is not None else "cut off" if answer else "unanswered",
        wait,
        path,
        tuple(found),
        None if wait is None else _floor(found, path, source),
    )


def _floor(found: Sequence[Stage], path: Sequence[Stage], source: str) -> float:
    """Sum up, over what led to the answer, the last stage of each name."""
    needed: dict[Name, Stage] = {}
    for stage in sorted(found, key=lambda stage: stage.end):
        if stage.name in ("draft", "checking") and stage.tier != source:
            continue
        if stage.name in ("noticing", "transcribing", "deciding", "draft", "checking", "performing"):
            needed[stage.name] = stage
    voice = sum(piece.seconds for piece in path if piece.name == "voice")
    return round(voice + sum(stage.seconds for stage in needed.values()), 4)


def _recorded(lines: Sequence[Line], spoke_until: Mapping[int, float]) -> Iterable[Recorded]:
    drafts = draftings([dict(line) for line in lines])
    commits = [line for line in lines if line["kind"] == "turn"]
    sounds = _sounds(lines)
    for commit in commits:
        number = int(commit["turn"])
        until = spoke_until.get(number, commit["at"] - float(commit.get("silence_seconds") or 0.0))
        own = [line for line in lines if line["turn"] == number]
        last = next((line["at"] for line in reversed(own) if line["kind"] == "answer"), commit["at"])
        yield Recorded(
            number,
            until,
            commit,
            own,
            [line for line in lines if line["kind"] in ("quiet", "transcript") and until < line["at"] <= last],
            [draft for draft in drafts if draft.turn == number],
            [sound for sound in sounds if sound.turn == number],
        )


def _sounds(lines: Sequence[Line]) -> list[Sound]:
    """Give what was heard of the agent. A barge-in ends a sound, and takes back those that have not begun."""
    heard: dict[int, Sound] = {}
    for line in lines:
        number = int(line.get("utterance", 0))
        if line["kind"] == "sound":
            heard[number] = Sound(line["turn"], line["speech"], line["at"], None, line["text"])
        elif line["kind"] == "sound_over" and number in heard:
            heard[number] = replace(heard[number], end=line["at"])
        elif line["kind"] == "barge_in":
            heard = {number: _cut(sound, line["at"]) for number, sound in heard.items() if sound.start <= line["at"]}
    return list(heard.values())


def _cut(sound: Sound, at: float) -> Sound:
    return replace(sound, end=at if sound.end is None else min(sound.end, at))
