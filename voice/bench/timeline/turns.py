"""An account of every turn: what was heard, why it went where it went, and how long the caller waited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from voice.bench.recordings.activity import first_onset, longest_silence
from voice.bench.recordings.manifest import Span
from voice.bench.timeline.drafts import Drafting, draftings
from voice.bench.timeline.model import Check, TurnAccount
from voice.bench.timeline.speech import Commit, Ear, Said, locate, share_out
from voice.bench.timeline.why import Fate, explain
from voice.trace import Line
from voice.tracing.escalations import escalations
from voice.tracing.own import own_work


def accounts(lines: Sequence[Line], ear: Ear) -> list[TurnAccount]:
    """Give the turns in order.

    Args:
        lines: The trace, with times of the recording.
        ear: The recording.
    """
    commits = [
        Commit(line["turn"], line["at"], line["at"] - float(line.get("silence_seconds") or 0.0))
        for line in lines
        if line["kind"] == "turn"
    ]
    said = share_out(ear.speech(), commits)
    drafts = draftings(lines)
    return [_account(turn, _until(said, index), lines, drafts, ear, commits) for index, turn in enumerate(said)]


def _until(said: Sequence[Said], index: int) -> float:
    """Until when sound is a reply to this turn: until the caller has finished the next one."""
    for turn in said[index + 1 :]:
        if turn.pieces:
            return turn.pieces[-1].span[1]
    return float("inf")


def _account(
    said: Said,
    until: float,
    lines: Sequence[Line],
    drafts: Sequence[Drafting],
    ear: Ear,
    commits: Sequence[Commit],
) -> TurnAccount:
    speech = tuple(piece.span for piece in said.pieces)
    recorded = said.pieces[-1].recorded if said.pieces else None
    reference = ear.recorded[recorded - 1] if recorded else None
    number = said.turn
    mine = [line for line in lines if number is not None and line["turn"] == number]
    commit = next((commit for commit in commits if commit.turn == number), None)
    spoke_until = speech[-1][1] if speech else commit.spoke_until if commit else 0.0
    route = _last(mine, "route")
    # What was drafted or done before the caller had finished counts only if the turn was not routed again.
    counted = [line for line in mine if line["at"] >= route.get("at", 0.0)]
    performed = _last(line for line in counted if line["kind"] == "performed" and not line.get("stale"))
    answer = _last(counted, "answer")
    perform = _last(counted, "perform")
    source = answer.get("source") or None
    own = [draft for draft in drafts if draft.turn == number]
    asked = [draft for draft in own if draft.start >= route.get("at", 0.0)]
    followed = number is not None and any(commit.turn > number for commit in commits)
    ahead = [draft for draft in own if draft not in asked]
    tiers = {draft.tier for draft in drafts}
    checks = tuple(_check(line) for line in counted if line["kind"] == "checked")
    sounds = [line for line in mine if line["kind"] == "sound"]
    answers = [line["at"] for line in sounds if line.get("speech") == "answer"]
    # A trace without sounds is of a pipeline that has no filler: whatever is heard is the answer.
    told = answers if any(line["kind"] == "sound" for line in lines) else None
    first_audio, first_answer, silence = _latencies(told, ear.agent, spoke_until, until)
    turn = TurnAccount(
        turn=number,
        recorded=recorded,
        heard=_last(mine, "turn").get("text", "") if number is not None else _half_heard(lines, commits, speech),
        text=reference.text if reference else "",
        label=reference.complexity if reference else None,
        speech=speech,
        committed=commit.at if commit else None,
        route=route.get("route"),
        reason=route.get("reason", ""),
        complexity=route.get("complexity"),
        reading={key: route[key] for key in ("entities", "legs", "requests", "corrected", "reading") if key in route},
        source=source,
        tier=source if source in tiers else None,
        escalated=bool(answer.get("escalated")) or len({draft.tier for draft in asked}) > 1 or _skipped(route, asked),
        ahead=tuple(dict.fromkeys(draft.tier for draft in ahead)),
        ahead_cost=round(sum(draft.cost for draft in ahead), 8),
        in_vain=tuple(each.to for each in escalations(mine, followed=followed) if not each.needed),
        checks=checks,
        scores=checks[-1].scores if checks else None,
        actions=tuple(perform.get("actions") or ()),
        wrote=tuple(performed.get("wrote") or ()),
        outcome=answer.get("outcome"),
        fillers=tuple(
            {"text": line["text"], "at": line["at"], "seconds": round(line["at"] - spoke_until, 3)}
            for line in sounds
            if line.get("speech") == "filler"
        ),
        answer=tuple(answer.get("say") or ()),
        first_audio_seconds=first_audio,
        first_answer_sentence_seconds=first_answer,
        unmasked_silence_seconds=silence,
        answered=first_answer is not None,
        barge_ins=tuple(line["at"] for line in mine if line["kind"] == "barge_in"),
        tokens={
            "prompt": sum(draft.prompt_tokens for draft in own),
            "output": sum(draft.output_tokens for draft in own),
        },
        cost=round(sum(draft.cost for draft in own), 8),
        own_ms=own_work(_last(mine, "overhead")),
    )
    return explain(turn, mine, _fate(turn, lines))


def _skipped(route: Line, asked: Sequence[Drafting]) -> bool:
    return route.get("route") == "larger" and bool(asked)


def _fate(turn: TurnAccount, lines: Sequence[Line]) -> Fate:
    """Say why there is no answer."""
    if not any(line["kind"] == "turn" for line in lines):
        return "untraced" if any(line["kind"] == "call" for line in lines) else "broken off"
    if turn.turn is None:
        return "not taken up"
    if turn.answer:
        return "answered"
    later = next((line for line in lines if line["kind"] == "turn" and line["turn"] > turn.turn), None)
    if later:
        return "amended" if str(later.get("text", "")).startswith(turn.heard) else "dropped"
    return "hung up" if any(line["kind"] == "ended" for line in lines) else "broken off"


def _latencies(
    told: Sequence[float] | None, agent: Sequence[Span] | None, spoke_until: float, until: float
) -> tuple[float | None, float | None, float | None]:
    """Give first audio, first answer and the longest silence in between, read off the recording."""
    if agent is None:
        return None, None, None
    onset = first_onset(agent, spoke_until, until)
    answered = onset if told is None else locate(agent, told[0]) if told else None
    if answered is not None and answered < spoke_until:
        answered = None
    return (
        None if onset is None else round(onset - spoke_until, 3),
        None if answered is None else round(answered - spoke_until, 3),
        None if answered is None else round(longest_silence(agent, spoke_until, answered), 3),
    )


def _check(line: Line) -> Check:
    failed = tuple(line.get("failed") or ())
    return Check(
        tier=line.get("tier", ""),
        at=line["at"],
        scores=line.get("scores") or {},
        thresholds={**_named_in(failed), **(line.get("thresholds") or {})},
        failed=failed,
        problems=tuple(line.get("problems") or ()),
        verdict=line.get("verdict", ""),
    )


def _named_in(failed: Iterable[str]) -> dict[str, float]:
    """Read the thresholds out of lines like ``confidence 0.62 < 0.85``."""
    thresholds: dict[str, float] = {}
    for line in failed:
        match line.split():
            case [name, _, "<", least]:
                thresholds[name] = float(least)
            case _:
                pass
    return thresholds


def _half_heard(lines: Sequence[Line], commits: Sequence[Commit], speech: Sequence[Span]) -> str:
    """Give what was transcribed of a turn that was never taken up."""
    since = speech[0][0] if speech else 0.0
    until = next((commit.at for commit in commits if commit.at > since), float("inf"))
    texts = (line.get("text", "") for line in lines if line["kind"] == "transcript" and since <= line["at"] < until)
    return " ".join(text for text in texts if text)


def _last(lines: Iterable[Line], kind: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in lines:
        if kind is None or line["kind"] == kind:
            found = line
    return found
