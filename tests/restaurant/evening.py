"""An evening at the restaurant on virtual time: scripted tiers, and a log of what was said when."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.restaurant.desk import TableDesk
from tests.restaurant.store import Book, Booking
from voice.cascade.commands import Say
from voice.cascade.policy import FillerPolicy, IdlePolicy, Policy, Tier
from voice.ports import Mouth
from voice.runtime import Runtime
from voice.testing import ScriptedModel
from voice.trace import Sink, Trace

SUNDAY = Booking(2, "Sunday", 19, code="T1")
POLICY = Policy((Tier("fast", expected_seconds=0.5), Tier("strong", expected_seconds=2.0)), idle=IdlePolicy(prompts=()))
QUIET = Policy(POLICY.tiers, filler=FillerPolicy(enabled=False), idle=POLICY.idle)
"""Without filler, for tests that are about answers."""


class Evening(Mouth):
    """A call to the restaurant. Every utterance takes a second."""

    def __init__(
        self, fast: ScriptedModel, strong: ScriptedModel, policy: Policy = QUIET, *, sinks: Sequence[Sink] = ()
    ) -> None:
        self.book = Book({"T1": SUNDAY}, full={"Friday": frozenset({21})})
        self.lines: list[dict[str, Any]] = []
        self.said: list[str] = []
        self._until = 0.0
        self._timers: list[asyncio.TimerHandle] = []
        tiers = {"fast": fast, "strong": strong}
        self.runtime = Runtime(
            policy=policy,
            desk=TableDesk(self.book),
            tiers=tiers,
            mouth=self,
            trace=Trace("evening", None, self.lines.append, *sinks),
        )
        self.runtime.start()

    def say(self, utterance: Say) -> None:
        loop = asyncio.get_running_loop()
        begins = max(loop.time(), self._until)
        self._until = begins + 1.0
        self._timers.append(loop.call_at(begins, self.said.append, utterance.text))
        self._timers.append(loop.call_at(self._until, self.runtime.spoken, utterance.utterance))

    def stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._until = asyncio.get_running_loop().time()

    async def hear(self, text: str, *, seconds: float = 10.0) -> list[str]:
        """Say something, wait, and give what the agent began to say meanwhile."""
        self.said.clear()
        self.runtime.heard(text)
        await asyncio.sleep(seconds)
        return [*self.said]

    def traced(self, kind: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["kind"] == kind]
