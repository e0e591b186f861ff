"""What came of a recorded call: figures for each turn, made from the files that the call left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rapidfuzz.distance import Levenshtein

from voice.bench.listening import Listener, Reply, listen
from voice.bench.manifest import Complexity, RecordedCall, RecordedTurn
from voice.bench.measure import Exchange, exchanges
from voice.bench.spoken import normal
from voice.bench.timeline.build import Tracks
from voice.bench.timeline.model import Timeline, TurnAccount


@dataclass(frozen=True, slots=True)
class TurnResult:
    """A turn's figures; one that does not exist is None. Milliseconds count from the end of the caller's speech.

    The second half comes from the agent's trace, and is empty for an agent that leaves none.

    Attributes:
        call: The call's name.
        repeat: Which time the call was made, from 1.
        turn: The turn's number, from 1.
        complexity: Its label.
        spoken: Whether it came to be spoken; False if the call broke off before.
        first_audio_ms: To the first agent sound that begins after the end of speech.
        first_answer_ms: To the first word of a fact that a right answer speaks.
        unmasked_silence_ms: The longest silence until then.
        total_silence_ms: All silence until then.
        answered: Whether such a fact is heard; for a turn without facts, whether anything is.
        right: Whether every fact is heard; None for a turn without facts.
        cut_in: Whether the agent began to speak before the caller had finished.
        cut_short: Whether it did so after a pause, so that it answered a piece of the turn.
        talk_over_ms: How long the agent is heard while the caller speaks.
        facts_ms: When each fact is heard.
        reply: What the agent is heard to say.
        text: What the caller said.
        heard: What the agent understood.
        wer: The word error rate of that, after normalisation.
        tier: Who answered: a tier's name, ``code`` or ``fallback``.
        escalated: Whether a larger tier was asked.
        outcome: ``answer``, ``clarify``, ``handoff`` or ``failed``.
        cost: Money for model calls.
    """

    call: str
    repeat: int
    turn: int
    complexity: Complexity | None
    spoken: bool = True
    first_audio_ms: int | None = None
    first_answer_ms: int | None = None
    unmasked_silence_ms: int | None = None
    total_silence_ms: int | None = None
    answered: bool = False
    right: bool | None = None
    cut_in: bool = False
    cut_short: bool = False
    talk_over_ms: int = 0
    facts_ms: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
    reply: str = ""
    text: str = ""
    heard: str | None = None
    wer: float | None = None
    tier: str | None = None
    escalated: bool | None = None
    outcome: str | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class CallResult:
    """A call's figures.

    Attributes:
        call: Its name.
        repeat: Which time it was made, from 1.
        seconds: Its length.
        late_ms: The most that the caller's sound was late, because the machine was busy: latencies are that uncertain.
        broken: Why it ended early, or None.
        turns: Its turns, those too that did not come to be spoken.
        cpu_seconds: Processor time that the agent's processes took during the call; None if it runs elsewhere.
        peak_memory_mb: The most memory that they held at once, in MB; None likewise.
    """

    call: str
    repeat: int
    seconds: float
    late_ms: int
    broken: str | None
    turns: tuple[TurnResult, ...]
    cpu_seconds: float | None = None
    peak_memory_mb: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give JSON's form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CallResult:
        """Read JSON's form.

        Raises:
            TypeError, KeyError: it is of another version.
        """
        fields: dict[str, Any] = dict(data)
        turns = fields.pop("turns")
        return cls(**fields, turns=tuple(TurnResult(**turn) for turn in turns))


def assess(
    call: RecordedCall,
    repeat: int,
    tracks: Tracks,
    starts: Sequence[float],
    timeline: Timeline,
    listener: Listener,
) -> tuple[TurnResult, ...]:
    """Measure every turn of a call.

    Args:
        call: What was recorded.
        repeat: Which time it was made.
        tracks: The call's recording.
        starts: When each turn's recording began, in seconds; fewer than the call has turns if it broke off.
        timeline: The call by its trace.
        listener: Hears the replies.
    """
    measured = exchanges(tracks, starts, call.turns)
    results: list[TurnResult] = []
    for number, turn in enumerate(call.turns, start=1):
        if number > len(measured):
            results.append(TurnResult(call.id, repeat, number, turn.complexity, spoken=False, text=turn.text))
            continue
        exchange = measured[number - 1]
        reply = listen(listener, tracks[:, 1], turn, exchange)
        accounts = [account for account in timeline.turns if account.recorded == number and account.turn is not None]
        results.append(_result(call.id, repeat, number, turn, exchange, reply, accounts))
    return tuple(results)


def word_error_rate(text: str, heard: str) -> float | None:
    """Give the share of words that were misheard, left out or made up; None for an empty text."""
    words = normal(text).split()
    return round(Levenshtein.distance(words, normal(heard).split()) / len(words), 4) if words else None


def _result(
    call: str,
    repeat: int,
    number: int,
    turn: RecordedTurn,
    exchange: Exchange,
    reply: Reply,
    accounts: Sequence[TurnAccount],
) -> TurnResult:
    longest, total = exchange.silence(reply.answered_at)
    heard = " ".join(account.heard for account in accounts if account.heard) if accounts else None
    # A turn that was cut into pieces was answered when its last piece was.
    last = next((account for account in reversed(accounts) if account.source), None)

    def after_speech(at: float | None) -> int | None:
        return None if at is None else _ms(at - exchange.ends)

    return TurnResult(
        call=call,
        repeat=repeat,
        turn=number,
        complexity=turn.complexity,
        first_audio_ms=None if exchange.first_audio is None else _ms(exchange.first_audio),
        first_answer_ms=after_speech(reply.answered_at),
        unmasked_silence_ms=_ms(longest),
        total_silence_ms=_ms(total),
        answered=reply.answered_at is not None if turn.says else bool(exchange.onsets),
        right=reply.right,
        cut_in=exchange.cut_in,
        cut_short=exchange.cut_short,
        talk_over_ms=_ms(exchange.talk_over),
        facts_ms={fact: after_speech(at) for fact, at in reply.facts.items()},
        reply=reply.text,
        text=turn.text,
        heard=heard,
        wer=None if heard is None else word_error_rate(turn.text, heard),
        tier=last.source if last else None,
        escalated=any(account.escalated for account in accounts) if accounts else None,
        outcome=last.outcome if last else None,
        cost=round(sum(account.cost for account in accounts), 8) if accounts else None,
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
