"""What took time in a call, and what happened at an instant, lane by lane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any

from voice.bench.recordings.manifest import Span
from voice.bench.timeline.drafts import Drafting, draftings
from voice.bench.timeline.model import Block, Mark
from voice.bench.timeline.speech import locate
from voice.trace import Line

_SECONDS_PER_CHARACTER = 0.065
"""About what speech takes; used for a sound's length where there is no recording."""

_STOP_SECONDS = 0.5
"""A sound that was interrupted is over within this time."""


def blocks(lines: Sequence[Line], agent: Sequence[Span] | None) -> list[Block]:
    """Give what took time, in order of its start.

    Args:
        lines: The trace, with times of the recording.
        agent: Where the agent is heard in the recording; None without one.
    """
    drafted = [_draft(draft, lines) for draft in draftings(lines)]
    found = [*_ears(lines), *drafted, *_performing(lines), *_mouth(lines, agent)]
    return sorted(found, key=lambda block: (block.start, block.end))


def marks(lines: Sequence[Line]) -> list[Mark]:
    """Give what happened at an instant, in order."""
    return [mark for line in lines if (mark := _mark(line))]


# ---- ears


def _ears(lines: Sequence[Line]) -> Iterable[Block]:
    turn_of = _turn_heard(lines)
    voice = [line for line in lines if line["kind"] in ("voice_on", "voice_off")]
    for line, following in zip_longest(voice, voice[1:]):
        if line["kind"] == "voice_on":
            end = following["at"] if following else _end(lines)
            transcript = _between(lines, "transcript", end, _next(lines, "voice_on", end + 0.001))
            yield Block(
                lane="ears",
                row="heard",
                kind="speech",
                start=line["at"],
                end=max(end, line["at"]),
                label=transcript.get("text", ""),
                turn=turn_of(line["at"]),
                detail={**_data(transcript), **({"transcribed_at": transcript["at"]} if transcript else {})},
            )
        else:
            over = min(_next(lines, "voice_on", line["at"] + 0.001), _next(lines, "turn", line["at"]))
            if over == float("inf"):
                over = line["at"] if following is None else following["at"]
            patience = _between(lines, "patience", line["at"], over)
            if over > line["at"]:
                yield Block(
                    lane="ears",
                    row="silence",
                    kind="pause" if _next(lines, "turn", line["at"]) != over else "end of turn",
                    start=line["at"],
                    end=over,
                    label=_patience(patience),
                    turn=turn_of(line["at"]),
                    detail={**_data(patience), **({"judged_at": patience["at"]} if patience else {})},
                )


def _patience(line: Line) -> str:
    return f"{line.get('reason', '')}" if line else ""


def _turn_heard(lines: Sequence[Line]) -> Callable[[float], int | None]:
    """Say to which turn speech belongs: the next one that is taken up."""
    commits = [(line["at"], int(line["turn"])) for line in lines if line["kind"] == "turn"]

    def turn_of(at: float) -> int | None:
        return next((turn for committed, turn in commits if committed > at), None)

    return turn_of


# ---- deciding


def _draft(draft: Drafting, lines: Sequence[Line]) -> Block:
    drafted = draft.drafted or {}
    own = [line for line in lines if line["turn"] == draft.turn and line.get("tier") == draft.tier]
    # A draft may be judged before it is whole.
    until = min((draft.end or float("inf")) + 0.2, _next(own, "draft_started", draft.start + 0.0001))
    check = _between(own, "checked", draft.start, until)
    error = drafted.get("error")
    if check.get("verdict") == "accept":
        verdict = "accept"
    elif not draft.drafted:
        verdict = "unfinished"
    elif error == "cancelled" or drafted.get("stale"):
        verdict = "cancelled"
    elif error:
        verdict = "failed"
    else:
        verdict = check.get("verdict") or "escalate"
    actions = ", ".join(action.get("action", "") for action in drafted.get("voted") or drafted.get("actions") or ())
    begun = str(drafted.get("text", "")) if drafted.get("early") else ""
    return Block(
        lane="deciding",
        row=draft.tier,
        kind="draft",
        start=draft.start,
        end=draft.end if draft.end is not None else max(draft.start, _end(lines)),
        label=actions or begun or (error or ""),
        turn=draft.turn,
        detail={**_data(drafted), "verdict": verdict, "check": _data(check)},
    )


# ---- desk


def _performing(lines: Sequence[Line]) -> Iterable[Block]:
    opened: list[Line] = []
    for line in lines:
        if line["kind"] == "perform":
            opened.append(line)
        elif line["kind"] == "performed":
            # A pipeline that has no turns of ours tells only that something was done.
            begun = opened.pop(0) if opened else {**line, "turn": None}
            yield _performance(begun, line["at"], line)
    for begun in opened:
        yield _performance(begun, max(begun["at"], _end(lines)), {})


def _performance(begun: Line, end: float, performed: Line) -> Block:
    names = ", ".join(action.get("action", "") for action in begun.get("actions") or ())
    kind = "unfinished" if not performed else "wrote" if performed.get("wrote") else str(performed.get("outcome", ""))
    detail = {**_data(begun), **_data(performed)}
    return Block("desk", "desk", kind, begun["at"], end, names, begun["turn"], detail)


# ---- mouth


def _mouth(lines: Sequence[Line], agent: Sequence[Span] | None) -> Iterable[Block]:
    sounds = [line for line in lines if line["kind"] == "sound"]
    stops = [line["at"] + _STOP_SECONDS for line in lines if line["kind"] in ("barge_in", "ended")]
    starts = [line["at"] if agent is None else locate(agent, line["at"]) for line in sounds]
    for index, (line, start) in enumerate(zip(sounds, starts, strict=True)):
        text = str(line.get("text", ""))
        following = (other for other in starts[index + 1 :] if other is not None)
        limit = min([next(following, float("inf")), *(stop for stop in stops if stop >= line["at"])])
        if start is None:
            start = end = line["at"]
        elif agent is None:
            end = max(start, min(limit, start + _SECONDS_PER_CHARACTER * len(text)))
        else:
            end = max([start, *(min(b, limit) for a, b in agent if a < limit and b > start)])
        data = {**_data(line), "told_at": line["at"], "heard": end > start, "estimated": agent is None}
        yield Block("mouth", "voice", line.get("speech", "answer"), start, end, text, line["turn"], data)


# ---- instants


def _mark(line: Line) -> Mark | None:
    data = _data(line)
    turn = line["turn"]
    match line["kind"]:
        case "turn":
            return Mark("ears", "heard", "turn", line["at"], "turn over", turn, data)
        case "route":
            return Mark("deciding", "route", "route", line["at"], str(line.get("route", "")), turn, data)
        case "checked":
            return Mark("deciding", str(line.get("tier")), "checked", line["at"], str(line.get("verdict")), turn, data)
        case "escalate":
            return Mark("deciding", "route", "escalate", line["at"], f"escalate to {line.get('to')}", turn, data)
        case "fall_back":
            return Mark("deciding", "route", "fall_back", line["at"], f"fall back: {line.get('because')}", turn, data)
        case "budget":
            return Mark("deciding", "route", "budget", line["at"], f"budget: {line.get('refused')}", turn, data)
        case "filler" if line.get("text") is None:
            return Mark("mouth", "voice", "silence kept", line["at"], "no filler", turn, data)
        case "filler" | "answer" | "barge_in":
            return Mark("mouth", "voice", line["kind"], line["at"], line["kind"].replace("_", "-"), turn, data)
        case _:
            return None


def _data(line: Line) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key not in ("at", "call", "turn", "kind")}


def _between(lines: Iterable[Line], kind: str, start: float, end: float) -> Line:
    """Give the first line of a kind within ``start``…``end``, or an empty one."""
    return next((line for line in lines if line["kind"] == kind and start <= line["at"] <= end), {})


def _next(lines: Iterable[Line], kind: str, at: float) -> float:
    return next((line["at"] for line in lines if line["kind"] == kind and line["at"] >= at), float("inf"))


def _end(lines: Sequence[Line]) -> float:
    return max((line["at"] for line in lines), default=0.0)
