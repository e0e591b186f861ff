"""Measures a recorded call, turn by turn, from the files that it left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voice.bench.measured.grounding import ungrounded
from voice.bench.measured.listening import Listener, Reply, listen
from voice.bench.measured.measure import Exchange, exchanges
from voice.bench.measured.misheard import understood, word_error_rate
from voice.bench.measured.results import TurnResult
from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn
from voice.bench.timeline.build import Tracks
from voice.bench.timeline.model import Block, Timeline, TurnAccount
from voice.booking.written.scoring import is_exact

_TALK = ("chat", "repeat", "clarify", "handoff")
"""Actions that need no tool: an agent that only tells of its tools is not asked for them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an agent's trace tells of a recorded turn.

    Attributes:
        accounts: Of what it took for turns of its own.
        drafts: Its model calls.
        tools: What its desk did.
        decides: Whether the trace tells how turns were decided, and not only what was heard and which tools ran.
    """

    accounts: tuple[TurnAccount, ...]
    drafts: tuple[Block, ...]
    tools: tuple[Block, ...]
    decides: bool

    @property
    def actions(self) -> tuple[Any, ...]:
        """What was carried out and answered."""
        if self.decides:
            return tuple(action for account in self.accounts if account.source for action in account.actions)
        return tuple(action for tool in self.tools for action in tool.detail.get("actions") or ())

    def right(self, expected: Sequence[Mapping[str, Any]]) -> bool | None:
        """Say whether exactly the expected actions were carried out; None where nobody labelled the turn."""
        if not expected:
            return None
        if self.decides:
            return is_exact(expected, self.actions)
        return is_exact([action for action in expected if action["action"] not in _TALK], self.actions)


def assess(
    call: RecordedCall,
    repeat: int,
    tracks: Tracks,
    starts: Sequence[float],
    timeline: Timeline,
    listener: Listener,
    *,
    broken: bool = False,
) -> tuple[TurnResult, ...]:
    """Measure every turn of a call.

    Args:
        call: What was recorded.
        repeat: Which time it was made.
        tracks: The call's recording.
        starts: When each turn's recording began, in seconds; fewer than the call has turns if it broke off.
        timeline: The call by its trace.
        listener: Hears the replies.
        broken: Whether the call ended before the caller hung up.
    """
    measured = exchanges(tracks, starts, call.turns)
    traced = bool(timeline.call)
    results: list[TurnResult] = []
    for number, turn in enumerate(call.turns, start=1):
        bare = TurnResult(
            call=call.id,
            repeat=repeat,
            turn=number,
            complexity=turn.complexity,
            spoken=number <= len(measured),
            right=False if turn.says and number > len(measured) else None,
            text=turn.text,
            kind=turn.kind,
            expect=tuple(action.as_dict() for action in turn.expect),
        )
        if not bare.spoken:
            results.append(bare)
            continue
        exchange = measured[number - 1]
        places = (exchange.speech[0][0], exchange.ends, exchange.until)
        bare = replace(bare, placed=(round(places[0], 3), round(places[1], 3), round(places[2], 3)))
        if turn.kind != "turn":
            results.append(replace(bare, false_interruption=exchange.disturbed))
        else:
            reply = listen(listener, tracks[:, 1], turn, exchange)
            result = _heard(bare, turn, exchange, reply)
            if broken and not result.answered and exchange.until >= len(tracks) / SAMPLE_RATE:
                # Nobody knows how long the caller would have waited: until the hang-up is no measure of it.
                result = replace(result, unmasked_silence_ms=None, total_silence_ms=None)
            results.append(_explained(result, timeline, call, exchange) if traced else result)
    return tuple(results)


def _heard(bare: TurnResult, turn: RecordedTurn, exchange: Exchange, reply: Reply) -> TurnResult:
    """Add what the recording tells."""
    longest, total = exchange.silence(reply.answered_at)
    share = exchange.filler_share(reply.answered_at)

    def after_speech(at: float | None) -> int | None:
        return None if at is None else _ms(at - exchange.ends)

    return replace(
        bare,
        first_audio_ms=None if exchange.first_audio is None else _ms(exchange.first_audio),
        first_answer_ms=after_speech(reply.answered_at),
        unmasked_silence_ms=_ms(longest),
        total_silence_ms=_ms(total),
        filler_share=None if share is None else round(share, 4),
        answered=reply.answered_at is not None if turn.says else bool(exchange.onsets),
        right=reply.right,
        cut_in=exchange.cut_in,
        cut_short=exchange.cut_short,
        talk_over_ms=_ms(exchange.talk_over),
        barge_in_yield_ms=None if exchange.yielded is None else _ms(exchange.yielded),
        facts_ms={fact: after_speech(at) for fact, at in reply.facts.items()},
        reply=reply.text,
    )


def _explained(result: TurnResult, timeline: Timeline, call: RecordedCall, exchange: Exchange) -> TurnResult:
    """Add what the trace tells."""
    told = _told(timeline, result.turn, exchange)
    accounts = told.accounts
    heard = understood([account.heard for account in accounts]) if accounts else None
    # A turn that was cut into pieces was answered when its last piece was.
    last = next((account for account in reversed(accounts) if account.source), None)
    known = [*_known(timeline, exchange), *(turn.text for turn in call.turns[: result.turn]), heard or ""]
    return replace(
        result,
        heard=heard,
        wer=None if heard is None else word_error_rate(result.text, heard),
        tier=last.source if last else None,
        escalated=any(account.escalated for account in accounts) if accounts else None,
        outcome=last.outcome if last else None,
        cost=round(sum(draft.detail.get("cost") or 0.0 for draft in told.drafts), 8),
        actions=told.actions,
        actions_right=told.right(result.expect),
        ungrounded=ungrounded(result.reply, known),
        model_calls=len(told.drafts),
        prompt_tokens=sum(draft.detail.get("prompt_tokens") or 0 for draft in told.drafts),
        output_tokens=sum(draft.detail.get("output_tokens") or 0 for draft in told.drafts),
        own_ms=last.own_ms or None if last else None,
    )


def _told(timeline: Timeline, number: int, exchange: Exchange) -> Told:
    accounts = tuple(account for account in timeline.turns if account.turn is not None and account.recorded == number)
    decides = any(account.source for account in timeline.turns)
    own = {account.turn for account in accounts}

    def mine(span: Block) -> bool:
        # A trace that does not tell of decisions numbers what it does in its own way: go by the time.
        return span.turn in own if decides else exchange.speech[0][0] <= span.start < exchange.until

    return Told(
        accounts=accounts,
        drafts=tuple(span for span in timeline.spans if span.kind == "draft" and mine(span)),
        tools=tuple(span for span in timeline.spans if span.lane == "desk" and mine(span)),
        decides=decides,
    )


def _known(timeline: Timeline, exchange: Exchange) -> list[str]:
    """Give the sentences and facts of every tool result up to the end of a reply."""
    return [
        text
        for span in timeline.spans
        if span.lane == "desk" and span.start < exchange.until
        for key in ("say", "facts")
        for text in span.detail.get(key) or ()
    ]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
