"""Drives the pure core through a list of events, with a tiny desk whose answers are given per test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

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
    Drafting,
    Event,
    Examined,
    Heard,
    Performed,
    SpeechDone,
    TimerFired,
    TimerName,
    WasRead,
)
from voice.cascade.policy import Policy, Tier
from voice.cascade.state import State, begin
from voice.cascade.step import step
from voice.cascade.words import Action, Draft, Findings, Outcome, OutcomeKind, Reading

FAST = Tier("fast", input_price=0.1, output_price=0.4, expected_seconds=0.7)
STRONG = Tier("strong", input_price=1.0, output_price=4.0, expected_seconds=2.0)
TWO_TIERS = Policy(tiers=(FAST, STRONG))

SEARCH = Action("search", {"legs": [{"from": "Boston", "to": "Denver"}]})
READ_ONLY = frozenset({"search", "policy", "clarify", "chat", "lookup"})

C = TypeVar("C", bound=Command)


class Script:
    """Feeds events, keeps every command, and answers for the desk and the models when told to."""

    def __init__(self, policy: Policy = TWO_TIERS) -> None:
        self.state: State = begin(policy)
        self.commands: list[Command] = []
        self.now = 0.0
        self.feed(CallStarted(0.0, "call-1", "dialogue-0", read_only=READ_ONLY))

    def feed(self, event: Event) -> list[Command]:
        self.now = event.at
        self.state, commands = step(self.state, event)
        self.commands += commands
        return commands

    # ---- the caller

    def speaks(self, at: float) -> list[Command]:
        return self.feed(CallerSpoke(at))

    def hears(self, at: float, text: str, *, final: bool = True, spoke_until: float | None = None) -> list[Command]:
        return self.feed(Heard(at, text, final, at - 0.3 if spoke_until is None else spoke_until))

    def hears_nothing_for_deaf(self, at: float) -> list[Command]:
        return self.feed(Heard(at, "", True, at - 0.3, deaf=True))

    def hangs_up(self, at: float) -> list[Command]:
        return self.feed(CallEnded(at))

    # ---- what comes back

    def reads(
        self,
        at: float,
        *,
        actions: Sequence[Action] | None = None,
        certain: bool = False,
        asked: bool = False,
        mention: Sequence[str] = (),
        misheard: Sequence[str] = (),
        legs: int = 1,
        requests: int = 1,
        corrected: bool = False,
        wires: tuple[str, ...] = (),
    ) -> list[Command]:
        request = self.last(Read)
        reading = Reading(
            request.text,
            None if actions is None else tuple(actions),
            certain,
            asked,
            legs=legs,
            requests=requests,
            corrected=corrected,
            misheard=tuple(misheard),
            wires=wires,
        )
        return self.feed(WasRead(at, request.generation, reading, tuple(mention)))

    def drafts(
        self,
        at: float,
        *actions: Action,
        logprob: float = -0.01,
        error: str | None = None,
        tokens: tuple[int, int] = (1000, 50),
    ) -> list[Command]:
        asked = self.last(StartDraft)
        draft = Draft(asked.tier, actions, "{}", (logprob,) * 10, tokens[0], tokens[1], error)
        return self.feed(Drafted(at, asked.generation, draft, asked.shadow))

    def writes(self, at: float, text: str, *, tier: str | None = None, logprob: float = -0.01) -> list[Command]:
        """A draft under way has come this far."""
        asked = self.last(StartDraft)
        return self.feed(Drafting(at, asked.generation, Draft(tier or asked.tier, (), text, (logprob,) * 5)))

    def examines(
        self,
        at: float,
        completeness: float = 1.0,
        correctness: float = 1.0,
        agreement: bool | None = None,
        irreversible: bool = False,
    ) -> list[Command]:
        asked = self.last(Examine)
        findings = Findings(completeness, correctness, agreement, irreversible=irreversible)
        return self.feed(Examined(at, asked.generation, asked.tier, findings, asked.shadow))

    def performs(
        self,
        at: float,
        *say: str,
        kind: OutcomeKind = OutcomeKind.ANSWER,
        wrote: Sequence[str] = (),
        dialogue: str = "dialogue-1",
        unheard: str | None = None,
        problems: Sequence[str] = (),
    ) -> list[Command]:
        asked = self.last(Perform)
        say = say or ("It is ninety-nine dollars.",)
        outcome = Outcome(kind, say, dialogue, wrote=tuple(wrote), unheard=unheard, problems=tuple(problems))
        return self.feed(Performed(at, asked.generation, outcome))

    def fires(self, at: float, name: TimerName) -> list[Command]:
        return self.feed(TimerFired(at, self.state.generation, name))

    def finishes_speaking(self, at: float) -> list[Command]:
        return self.feed(SpeechDone(at, self.state.speaking[0].number))

    # ---- what to look at

    def last(self, kind: type[C]) -> C:
        return [command for command in self.commands if isinstance(command, kind)][-1]

    def all(self, kind: type[C]) -> list[C]:
        return [command for command in self.commands if isinstance(command, kind)]

    def said(self, kind: str | None = None) -> list[str]:
        return [say.text for say in self.all(Say) if kind in (None, say.kind)]

    def recorded(self, kind: str) -> list[Record]:
        return [record for record in self.all(Record) if record.kind == kind]


def kinds(commands: Sequence[Command]) -> list[str]:
    """Name the commands that do something, in order."""
    return [type(command).__name__ for command in commands if not isinstance(command, Record)]


__all__ = [
    "FAST",
    "SEARCH",
    "STRONG",
    "TWO_TIERS",
    "CancelDrafts",
    "Script",
    "SetTimer",
    "StopSpeaking",
    "kinds",
]
