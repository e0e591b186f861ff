"""What came of a recorded call: the figures of each turn and of the whole call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from voice.bench.recordings.manifest import Complexity, Kind


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
        unmasked_silence_ms: The longest silence until then; None where the call broke off before an answer, since a
            hang-up makes a wait no shorter.
        total_silence_ms: All silence until then; None likewise.
        answered: Whether such a fact is heard; for a turn without facts, whether anything is.
        right: Whether every fact is heard, none if the turn did not come to be spoken; None for a turn without facts.
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
        kind: ``turn``, or a sound that asks for nothing: it has a ``false_interruption`` and no other figure.
        filler_share: The share of the time from first audio to first answer in which the agent speaks, 0…1.
        barge_in_yield_ms: From the caller's first word to the agent's silence, where the agent was speaking.
        false_interruption: Whether the sound made the agent stop, or reply.
        expect: The actions that the turn asks for, in their flat form.
        actions: Those that were carried out.
        actions_right: Whether they are exactly those; None where the turn has no label.
        ungrounded: Facts in the reply that no tool result of the call holds.
        model_calls: Model calls made for the turn, cancelled ones too.
        prompt_tokens: What they read.
        output_tokens: What they wrote.
        own_ms: The agent's own work, in milliseconds, by ``router``, ``checks`` (a draft) and ``all``; None if unknown.
        placed: Where the turn is in the recording, in seconds: the caller's first word, the last one, and the end of
            the reply window.
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
    kind: Kind = "turn"
    filler_share: float | None = None
    barge_in_yield_ms: int | None = None
    false_interruption: bool | None = None
    expect: tuple[Mapping[str, Any], ...] = ()
    actions: tuple[Mapping[str, Any], ...] | None = None
    actions_right: bool | None = None
    ungrounded: tuple[str, ...] | None = None
    model_calls: int | None = None
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    own_ms: Mapping[str, float] | None = None
    placed: tuple[float, float, float] | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TurnResult:
        """Read JSON's form.

        Raises:
            TypeError: it is of another version.
        """
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return cls(**fields)


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
        voice: Who speaks.
        condition: How they are heard.
        database_right: Whether the database afterwards is the one that the labels lead to; None if that is unknown.
        never_silent: Whether the agent was not silent before the first turn for as long as the caller waited.
    """

    call: str
    repeat: int
    seconds: float
    late_ms: int
    broken: str | None
    turns: tuple[TurnResult, ...]
    cpu_seconds: float | None = None
    peak_memory_mb: float | None = None
    voice: str = ""
    condition: str = ""
    database_right: bool | None = None
    never_silent: bool = False

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return self.call if self.repeat == 1 else f"{self.call}.{self.repeat}"

    @property
    def resolved(self) -> bool | None:
        """Whether every fact was said and the database is right; None where neither is known."""
        known = [right for turn in self.turns if (right := turn.right) is not None]
        known += [] if self.database_right is None else [self.database_right]
        return all(known) and self.broken is None if known else None

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
        return cls(**fields, turns=tuple(TurnResult.from_dict(turn) for turn in turns))
