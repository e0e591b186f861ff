"""A call without models: the real core on a simulated clock, with scripted ears, tiers, desk and mouth.

Gives the trace that such a call leaves and the recording that goes with it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn
from voice.bench.timeline.build import Tracks
from voice.cascade.commands import (
    CancelDrafts,
    Command,
    Examine,
    Perform,
    Read,
    Record,
    Say,
    SetTimer,
    StartDraft,
    StopSpeaking,
)
from voice.cascade.events import (
    CallEnded,
    CallerSpoke,
    CallStarted,
    Drafted,
    Event,
    Examined,
    Heard,
    Performed,
    SpeechDone,
    TimerFired,
    WasRead,
)
from voice.cascade.policy import Policy, RouterPolicy, Tier
from voice.cascade.state import begin
from voice.cascade.step import step
from voice.cascade.words import Action, Draft, Findings, Outcome, OutcomeKind, Reading
from voice.trace import Line, Trace

BEGAN = 100.0
"""The clock at the start of the call; the recording begins `LEAD` earlier."""
LEAD = 0.4
POLICY = Policy(
    tiers=(Tier("fast", 0.05, 0.2, 0.7), Tier("strong", 0.5, 2.0, 2.4)),
    router=RouterPolicy(code_alone=("confirm", "lookup")),
)


@dataclass(frozen=True)
class Attempt:
    """What a tier makes of a turn, after how long, and what the desk finds."""

    seconds: float
    actions: tuple[Action, ...] = ()
    logprob: float = -0.03
    findings: Findings = field(default_factory=lambda: Findings(1.0, 1.0, agreement=True))
    error: str | None = None


@dataclass(frozen=True)
class Turn:
    """What the caller says: ``segments`` are (words, seconds of speech, seconds of pause after it).

    ``after`` is the silence before it, counted from the end of what is being said; with ``interrupts`` it begins that
    long after the answer before it began to sound.
    """

    segments: tuple[tuple[str, float, float], ...]
    reading: Reading
    attempts: dict[str, Attempt]
    outcome: Outcome
    perform_seconds: float = 0.02
    patience: float = 0.5
    reason: str = "a whole sentence"
    after: float = 2.2
    interrupts: float | None = None
    text: str = ""
    complexity: Any = None

    @property
    def heard(self) -> str:
        return " ".join(words for words, _, _ in self.segments)


@dataclass
class Played:
    """What a call leaves behind."""

    lines: list[Line]
    tracks: Tracks
    began: float
    call: RecordedCall
    starts: tuple[float, ...]
    sounds: list[tuple[float, float, Say]]


def _burst(seconds: float, _text: str) -> np.ndarray[Any, Any]:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (8000 * np.sin(2 * np.pi * 180 * time) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time))).astype(np.int16)


class _World:
    def __init__(self, turns: Sequence[Turn], policy: Policy, speak_seconds: Callable[[str], float]) -> None:
        self.turns = list(turns)
        self.policy = policy
        self.speak_seconds = speak_seconds
        self.lines: list[Line] = []
        self.trace = Trace("scripted", BEGAN, self.lines.append)
        self.state = begin(policy)
        self.now = BEGAN
        self.heap: list[tuple[float, int, Callable[[], None]]] = []
        self.order = count()
        self.timers: dict[str, int] = {}
        self.drafting: dict[int, StartDraft] = {}
        self.free_at = BEGAN
        self.sounds: list[tuple[float, float, Say]] = []
        self.waiting_speech: set[int] = set()
        self.starts: list[float] = []
        self.current: Turn | None = None

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self.heap, (self.now + seconds, next(self.order), action))

    def run(self, until: float) -> None:
        while self.heap and self.heap[0][0] <= until:
            self.now, _, action = heapq.heappop(self.heap)
            action()
        self.now = until

    def feed(self, event: Event) -> None:
        self.state, commands = step(self.state, event)
        for command in commands:
            self.do(command)

    def note(self, kind: str, at: float | None = None, **data: Any) -> None:
        self.trace.write(self.now if at is None else at, self.state.turns, kind, data)

    # ---- commands

    def do(self, command: Command) -> None:
        match command:
            case Record():
                self.trace.write(self.now, command.turn, command.kind, command.data)
            case Read():
                whole = self.current and command.text == self.current.heard
                reading = self.current.reading if self.current and whole else Reading(command.text)
                places = tuple(entity.text for entity in reading.entities if entity.kind == "city")
                self.feed(WasRead(self.now, command.generation, reading, places))
            case StartDraft():
                key = next(self.order)
                self.drafting[key] = command
                assert self.current
                seconds = self.current.attempts.get(command.tier, Attempt(9.0)).seconds
                self.later(seconds, lambda: self.drafted(key))
            case CancelDrafts():
                self.later(0.002, lambda: self.cancel(command.generation))
            case Examine():
                assert self.current
                findings = self.current.attempts[command.tier].findings
                self.feed(Examined(self.now, command.generation, command.tier, findings, command.shadow))
            case Perform():
                assert self.current
                turn = self.current
                outcome = turn.outcome
                if command.actions and command.actions[0].args.get("missing") == "request":
                    outcome = Outcome(OutcomeKind.CLARIFY, ("Sorry, could you put that another way?",), None)
                self.later(turn.perform_seconds, lambda: self.feed(Performed(self.now, command.generation, outcome)))
            case Say():
                self.say(command)
            case StopSpeaking():
                self.waiting_speech.clear()
                self.sounds = [(a, min(b, self.now), say) for a, b, say in self.sounds if a < self.now]
                self.free_at = self.now
            case SetTimer():
                key = next(self.order)
                self.timers[command.name] = key

                def fire() -> None:
                    if self.timers.get(command.name) == key:
                        self.feed(TimerFired(self.now, command.generation, command.name))

                self.later(command.seconds, fire)
            case _:
                pass

    def drafted(self, key: int) -> None:
        started = self.drafting.pop(key, None)
        if not started:
            return
        assert self.current
        attempt = self.current.attempts[started.tier]
        tokens = 12 + 14 * len(attempt.actions)
        draft = Draft(
            started.tier, attempt.actions, "{…}", (attempt.logprob,) * tokens, 1180, tokens, error=attempt.error
        )
        self.feed(Drafted(self.now, started.generation, draft))

    def cancel(self, generation: int) -> None:
        for key in [key for key, started in self.drafting.items() if started.generation == generation]:
            started = self.drafting.pop(key)
            self.feed(Drafted(self.now, generation, Draft(started.tier, (), "", (), 1200, 256, "cancelled")))

    def say(self, say: Say) -> None:
        start = max(self.now + 0.07, self.free_at + 0.02)
        self.free_at = start + self.speak_seconds(say.text)
        self.sounds.append((start, self.free_at, say))
        self.note("sound", at=start, utterance=say.utterance, speech=say.kind, text=say.text)
        self.waiting_speech.add(say.utterance)

        def done() -> None:
            if say.utterance in self.waiting_speech:
                self.waiting_speech.discard(say.utterance)
                self.feed(SpeechDone(self.now, say.utterance))

        self.later(self.free_at - self.now, done)

    # ---- the caller

    def speak(self, turn: Turn) -> None:
        self.current = turn
        self.starts.append(self.now)
        said: list[str] = []
        at = 0.1
        for index, (words, seconds, pause) in enumerate(turn.segments):
            said.append(words)
            if index == 0:
                self.later(at + 0.19, lambda: self.feed(CallerSpoke(self.now)))
            self.later(at + 0.2, lambda: self.note("voice_on"))
            at += seconds
            end = self.now + at
            self.later(at + 0.2, lambda end=end: self.note("voice_off", at=end))
            self.later(at + 0.33, lambda text=words: self.note("transcript", text=text, confidence=0.91))
            text = " ".join(said)
            if index + 1 < len(turn.segments):
                self.later(at + 0.34, lambda text=text, end=end: self.feed(Heard(self.now, text, False, end)))
                self.later(
                    at + 0.35,
                    lambda index=index: self.note(
                        "patience",
                        seconds=1.6,
                        reason="ends on a word that wants more",
                        smart_turn=0.12,
                        pauses=index + 1,
                    ),
                )
                at += pause
            else:
                self.later(at + 0.34, lambda text=text, end=end: self.feed(Heard(self.now, text, False, end)))
                self.later(
                    at + 0.35,
                    lambda index=index: self.note(
                        "patience", seconds=turn.patience, reason=turn.reason, smart_turn=0.97, pauses=index + 1
                    ),
                )
                self.later(
                    at + max(0.36, turn.patience),
                    lambda text=text, end=end: self.feed(Heard(self.now, text, True, end)),
                )

    def length(self, turn: Turn) -> float:
        return 0.1 + sum(
            seconds + (pause if index + 1 < len(turn.segments) else 0)
            for index, (_, seconds, pause) in enumerate(turn.segments)
        )


def play(
    turns: Sequence[Turn],
    *,
    greeting: str = "",
    policy: Policy = POLICY,
    speak_seconds: Callable[[str], float] = lambda text: 0.35 + 0.055 * len(text),
    caller_voice: Callable[[float, str], np.ndarray[Any, Any]] = _burst,
    agent_voice: Callable[[float, str], np.ndarray[Any, Any]] = _burst,
    killed_at: float | None = None,
) -> Played:
    """Run the call. ``killed_at`` breaks it off after that many seconds, without a last line."""
    world = _World(turns, policy, speak_seconds)
    world.trace.write(BEGAN, 0, "call", {"clock": BEGAN, "profile": "embedded"})
    world.feed(CallStarted(BEGAN, "scripted", None, greeting, frozenset({"search", "lookup", "policy", "clarify"})))
    spoken: list[tuple[float, Turn]] = []
    for turn in turns:
        if turn.interrupts is not None:
            answer = next(start for start, _, say in world.sounds if say.kind == "answer" and start >= spoken[-1][0])
            world.run(answer + turn.interrupts)
        else:
            _settle(world)
            world.run(max(world.now, world.free_at) + (turn.after if spoken else 0.8))
        spoken.append((world.now, turn))
        world.speak(turn)
        world.run(world.now + world.length(turn) + max(0.4, turn.patience))
        _until_answered(world)
    _settle(world)
    world.run(max(world.now, world.free_at) + 2.0)
    world.feed(CallEnded(world.now))
    lines = [line for line in world.lines if killed_at is None or line["at"] <= killed_at]
    seconds = killed_at if killed_at is not None else world.now - BEGAN
    tracks = np.zeros((round((seconds + LEAD) * SAMPLE_RATE), 2), dtype=np.int16)
    recorded: list[RecordedTurn] = []
    for start, turn in spoken:
        at, speech = 0.1, []
        for words, length, pause in turn.segments:
            _put(tracks, 0, start + at, caller_voice(length, words))
            speech.append((round(at, 3), round(at + length, 3)))
            at += length + pause
        recorded.append(RecordedTurn(Path("none.wav"), turn.text or turn.heard, tuple(speech), turn.complexity))
    for start, end, say in world.sounds:
        _put(
            tracks, 1, start, agent_voice(world.speak_seconds(say.text), say.text)[: round((end - start) * SAMPLE_RATE)]
        )
    rel = tuple(start - BEGAN + LEAD for start in world.starts if start - BEGAN < seconds)
    return Played(lines, tracks, BEGAN - LEAD, RecordedCall("scripted", tuple(recorded)), rel, world.sounds)


def _until_answered(world: _World) -> None:
    for _ in range(2000):
        if world.state.turn is None:
            return
        world.run(world.now + 0.01)


def _settle(world: _World) -> None:
    _until_answered(world)
    for _ in range(6000):
        if not world.state.speaking:
            return
        world.run(world.now + 0.01)


def _put(tracks: Tracks, channel: int, at: float, sound: np.ndarray[Any, Any]) -> None:
    start = round((at - BEGAN + LEAD) * SAMPLE_RATE)
    room = len(tracks) - start
    if room > 0:
        tracks[start : start + len(sound), channel] = sound[:room]
