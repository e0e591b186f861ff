"""Runs what the core commands, owns every task and timer of a call, and feeds results back as events.

The only place that reads the clock.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import assert_never

from voice.account import HourAccount
from voice.cascade.commands import (
    CancelDrafts,
    Command,
    Deliver,
    Examine,
    Expect,
    HandOff,
    HangUp,
    Perform,
    Prepare,
    Read,
    Record,
    Say,
    SetTimer,
    StartDraft,
    StopSpeaking,
)
from voice.cascade.events import (
    Allowance,
    Broke,
    CallEnded,
    CallerSpoke,
    CallStarted,
    Event,
    Heard,
    SpeechDone,
)
from voice.cascade.policy import Policy, Weights
from voice.cascade.state import State, begin
from voice.cascade.step import step
from voice.drafts import Drafts
from voice.guarded import APOLOGY, GuardedDesk
from voice.overhead import Clock, Overhead, part_of
from voice.ports import Desk, LanguageModel, Mouth
from voice.prefilling import Prefiller
from voice.timers import Timers
from voice.trace import Trace

_log = logging.getLogger(__name__)

CLOSING_SECONDS = 10.0
"""How long a hung-up call may still take to finish a write."""


class Runtime:
    """One call.

    Args:
        policy: What the core decides by.
        desk: What the agent can do.
        tiers: A model for every tier of the policy.
        mouth: Speaks; reports every utterance that was played to its end to `spoken`.
        trace: Where decisions go; names the call.
        hand_off: Called when the caller has heard that they are passed to a person.
        pace: How fast each tier has been lately, shared by all calls of a process.
        account: What all calls of a process spend in an hour. One of the call's own by default, which enforces the
            limits of the hour for this call alone.
        clock: Times the call's own work, and nothing else; see `voice.overhead`.

    Raises:
        ValueError: a tier of the policy has no model.
        TypeError: the desk is not whole.
    """

    def __init__(
        self,
        *,
        policy: Policy,
        desk: Desk,
        tiers: Mapping[str, LanguageModel],
        mouth: Mouth,
        trace: Trace,
        hand_off: Callable[[], None] = lambda: None,
        pace: MutableMapping[str, float] | None = None,
        account: HourAccount | None = None,
        clock: Clock = time.perf_counter,
    ) -> None:
        missing = [tier.name for tier in policy.tiers if tier.name not in tiers]
        if missing:
            raise ValueError(f"no model was given for the tiers {', '.join(missing)}")
        self._policy = policy
        self._guarded = GuardedDesk(desk, self._now, self._note_error)
        self._desk = desk
        self._mouth = mouth
        self._trace = trace
        self._hand_off = hand_off
        self._pace = {} if pace is None else pace
        self._account = HourAccount(policy.budget) if account is None else account
        self._overhead = Overhead(clock)
        self._just_answered: int | None = None
        self._state = begin(policy)
        self._events: deque[Event] = deque()
        self._stepping = False
        self._answered = asyncio.Event()
        self._drafts = Drafts(desk, tiers, policy, self._overhead, self._now, self._feed)
        self._prefiller = Prefiller(desk, policy, tiers)
        self._work: set[asyncio.Task[None]] = set()
        self._timers = Timers(self._now, self._feed)

    @property
    def state(self) -> State:
        """The core's state, to look at."""
        return self._state

    # ---- what happens

    def start(self, greeting: str = "", *, weights: Weights | None = None) -> None:
        """Begin the call; ``greeting`` is spoken first. ``weights``: what this call values, None for the policy's."""
        name = self._trace.call_id
        dialogue = self._desk.open(name)
        read_only, pace, remember = frozenset(self._desk.read_only), dict(self._pace), self._guarded.remember
        self._feed(CallStarted(self._now(), name, dialogue, greeting, read_only, pace, weights, remember))

    def caller_spoke(self, *, since: float | None = None) -> None:
        """The caller began to speak: now, or at ``since`` if it took time to be sure of it."""
        self._feed(CallerSpoke(self._now(), since))

    def heard(
        self,
        text: str,
        *,
        final: bool = True,
        spoke_until: float | None = None,
        confidence: float = 1.0,
        words: Sequence[tuple[str, float]] = (),
        weights: Weights | None = None,
        deaf: bool = False,
    ) -> None:
        """Take the transcript of the turn so far; see `voice.cascade.events.Heard`. ``spoke_until`` is now if None."""
        now = self._now()
        until = now if spoke_until is None else spoke_until
        self._feed(Heard(now, text, final, until, confidence, tuple(words), weights, deaf))

    async def answered(self) -> None:
        """Wait until nothing that was heard waits for its answer. That may still be being spoken."""
        await self._answered.wait()

    def spoken(self, utterance: int, *, played: bool = True) -> None:
        """An utterance is over: it was played to its end, unless the voice failed."""
        self._feed(SpeechDone(self._now(), utterance, played))

    def note(self, kind: str, *, at: float | None = None, **data: object) -> None:
        """Write a line of the shell's own to the trace: what was transcribed, when a sound started (``at``)."""
        with self._overhead.part("trace"):
            self._trace.write(self._now() if at is None else at, self._state.turns, kind, data)

    async def close(self) -> None:
        """End the call: cancel drafts, and wait for what is being written.

        A write that has begun ends on its own terms, also after the caller hung up.
        """
        if not self._state.ended:
            self._feed(CallEnded(self._now()))
        self._timers.stop()
        self._prefiller.stop()
        tasks = [*self._drafts.tasks, *self._work]
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=CLOSING_SECONDS)
            if pending:
                _log.error("%d tasks of call %s did not end in time", len(pending), self._trace.call_id)

    # ---- the loop

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _feed(self, event: Event) -> None:
        """Take an event in; events that commands cause at once wait for their turn."""
        self._events.append(event)
        if self._stepping:
            return
        self._stepping = True
        try:
            while self._events:
                event = self._events.popleft()
                with self._overhead.part(part_of(event)):
                    commands = self._step_safely(event)
                for command in commands:
                    with self._overhead.part(part_of(command)):
                        self._do_safely(command)
            self._pace.update(self._state.pace)
            if self._just_answered is not None:
                turn, self._just_answered = self._just_answered, None
                self._trace.write(self._now(), turn, "overhead", self._overhead.settle())
        finally:
            self._stepping = False
            if self._state.turn is None or self._state.ended:
                self._answered.set()
            else:
                self._answered.clear()

    def _step_safely(self, event: Event) -> list[Command]:
        """Give what is to be done. An event that can't be taken in leaves the state as it was, and nobody waiting."""
        try:
            return self._step(event)
        except Exception as error:
            _log.exception("call %s could not take in %s", self._trace.call_id, type(event).__name__)
            if not isinstance(event, Broke):
                self._events.appendleft(Broke(self._now(), event, _told(error), APOLOGY))
            return []

    def _do_safely(self, command: Command) -> None:
        """Do what can be done. An utterance that can't be spoken is over."""
        try:
            self._do(command)
        except Exception as error:
            _log.exception("call %s could not %s", self._trace.call_id, type(command).__name__)
            self._note_error(type(command).__name__, error)
            if isinstance(command, Say):
                self.spoken(command.utterance, played=False)

    def _note_error(self, where: str, error: Exception) -> None:
        self._trace.write(self._now(), self._state.turns, "error", {"where": where, "error": _told(error)})

    def _step(self, event: Event) -> list[Command]:
        """Let the core decide, told what the other calls have left of the hour; tell them what it spends."""
        left = self._account.left(self._now())
        if left != self._state.budget.hour_left:
            self._state, _ = step(self._state, Allowance(self._now(), left))
        before = self._state
        self._state, commands = step(before, event)
        after = self._state
        if after.turn and after.generation != before.generation:
            self._overhead.overtaken()
        spent, held = (after.budget.call - before.budget.call), (after.budget.held - before.budget.held)
        self._account.change(self._now(), spent=spent, reserved=held)
        return commands

    def _do(self, command: Command) -> None:
        match command:
            case Read():
                read = self._guarded.read(command)
                self._feed(replace(read, prompts=self._drafts.prompts(read.reading, command.dialogue)))
            case StartDraft():
                if not command.shadow:
                    self._prefiller.stop()
                self._drafts.start(command)
            case CancelDrafts():
                self._drafts.cancel(command)
            case Examine():
                if not command.shadow:
                    self._overhead.checked()
                self._feed(self._guarded.examine(command))
            case Perform():
                task = asyncio.create_task(self._perform(command), name=f"perform {command.key}")
                self._work.add(task)
                task.add_done_callback(self._work.discard)
            case Prepare():
                self._mouth.prepare(command.text)
            case Expect():
                self._prefiller.expect(command.dialogue)
            case Say():
                self._mouth.say(command)
            case Deliver():
                self._mouth.deliver(command.delivery)
            case StopSpeaking():
                self._mouth.stop()
            case SetTimer():
                self._timers.set(command)
            case HandOff():
                self._mouth.hand_off()
                self._hand_off()
            case HangUp():
                self._mouth.hang_up()
            case Record():
                self._trace.write(self._now(), command.turn, command.kind, command.data)
                if command.kind == "answer":
                    self._just_answered = command.turn
            case _:
                assert_never(command)

    async def _perform(self, command: Perform) -> None:
        seconds = None if self._state.may_write(command.actions) else self._policy.deadline_seconds
        self._feed(await self._guarded.perform(command, seconds))


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
