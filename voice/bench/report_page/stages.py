"""The stages of a turn, from the end of speech to the answer, as the agent's trace tells of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voice.bench.measured.results import TurnResult
from voice.bench.timeline.model import Block, Timeline, TurnAccount


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a turn. Times in seconds of the recording; an instant has ``end`` equal to ``start``.

    Attributes:
        row: Which row it is drawn in.
        start: When it began.
        end: When it ended.
        label: What it is, in a word or two.
        note: More about it.
        colour: A name of the palette.
        verdict: ``good``, ``bad``, ``gone`` or empty.
    """

    row: str
    start: float
    end: float
    label: str
    note: str
    colour: str
    verdict: str = ""


def accounts_of(timeline: Timeline, turn: TurnResult) -> list[TurnAccount]:
    """Give what the agent took for turns of its own within a recorded turn."""
    return [account for account in timeline.turns if account.recorded == turn.turn and account.turn is not None]


def stages(timeline: Timeline, turn: TurnResult) -> list[Stage]:
    """Give the stages of a turn, by row and in order; none for an agent without a trace."""
    if turn.placed is None:
        return []
    begins, ends, until = turn.placed
    accounts = accounts_of(timeline, turn)
    own = {account.turn for account in accounts}
    mine = [span for span in timeline.spans if _belongs(span, own, begins, until)]
    tiers = list(dict.fromkeys(span.row for span in timeline.spans if span.kind == "draft"))
    return [
        *_hearing(mine, ends),
        *_end_of_turn(accounts, ends),
        *_routes(timeline, own),
        *(_draft(span, tiers) for span in mine if span.kind == "draft"),
        *(Stage("desk", span.start, span.end, span.label, _said(span), "desk") for span in mine if span.lane == "desk"),
        *_voice(mine, accounts),
    ]


def _belongs(span: Block, own: set[int | None], begins: float, until: float) -> bool:
    if span.turn is not None:
        return span.turn in own
    return span.lane == "desk" and begins <= span.start < until


def _hearing(mine: Sequence[Block], ends: float) -> Iterator[Stage]:
    heard = [span for span in mine if span.row == "heard" and span.detail.get("transcribed_at")]
    if heard:
        at = float(heard[-1].detail["transcribed_at"])
        yield Stage("hearing", min(ends, at), at, "transcribed", f"“{heard[-1].label}”", "caller")


def _end_of_turn(accounts: Sequence[TurnAccount], ends: float) -> Iterator[Stage]:
    for account in accounts:
        if account.committed is not None:
            start = min(account.ends or ends, account.committed)
            yield Stage("end of turn", start, account.committed, "waited for more", "", "faint")


def _routes(timeline: Timeline, own: set[int | None]) -> Iterator[Stage]:
    routes = [mark for mark in timeline.events if mark.kind in ("route", "escalate", "fall_back") and mark.turn in own]
    for index, mark in enumerate(routes):
        early = mark.kind == "route" and any(later.kind == "route" for later in routes[index + 1 :])
        note = str(mark.detail.get("reason") or mark.detail.get("because") or "")
        colour = "bad" if mark.kind != "route" else "faint" if early else "muted"
        yield Stage("route", mark.at, mark.at, "" if early else mark.label, note, colour, "gone" if early else "")


def _draft(span: Block, tiers: Sequence[str]) -> Stage:
    verdict = str(span.detail.get("verdict", ""))
    sign = {"accept": "good", "escalate": "bad", "failed": "bad", "cancelled": "gone", "unfinished": "gone"}
    colour = f"tier-{min(3, 2 if len(tiers) == 1 else tiers.index(span.row) + 1)}"
    return Stage(span.row, span.start, span.end, span.label or span.row, verdict, colour, sign.get(verdict, ""))


def _voice(mine: Sequence[Block], accounts: Sequence[TurnAccount]) -> Iterator[Stage]:
    """Give the time from a decided answer to its first sound."""
    for account in accounts:
        own = [span for span in mine if span.turn == account.turn]
        answers = [span for span in own if span.lane == "mouth" and span.kind == "answer"]
        done = [span for span in own if span.lane == "desk"]
        if answers and done and answers[0].start >= done[-1].end:
            yield Stage("voice", done[-1].end, answers[0].start, "to first sound", answers[0].label, "answer")


def _said(span: Block) -> str:
    return " ".join(span.detail.get("say") or ())
