"""Hypothesis searches for a sequence of events that breaks an invariant of the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.cascade.script import FAST, READ_ONLY, STRONG
from voice.cascade.commands import Command, Examine, HandOff, HangUp, Perform, Read, Record, Say, SetTimer, StartDraft
from voice.cascade.events import (
    Allowance,
    Broke,
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
    WasRead,
)
from voice.cascade.policy import (
    BudgetPolicy,
    CheckPolicy,
    EarlyPolicy,
    IdlePolicy,
    Policy,
    RouterPolicy,
    ShadowPolicy,
)
from voice.cascade.state import begin
from voice.cascade.step import step
from voice.cascade.words import Action, Draft, Findings, Outcome, OutcomeKind, Reading

LIMIT = 0.01
POLICY = Policy(
    (FAST, STRONG),
    budget=BudgetPolicy(money_per_call=LIMIT, model_calls_per_turn=2, tool_calls_per_turn=3, seconds_per_call=60.0),
    early=EarlyPolicy(abandon_below=0.1),
    shadow=ShadowPolicy(share=1.0),
    gates={"refund": ("human",), "lookup": ("strong",)},
    idle=IdlePolicy(prompts=("Hello?",), hang_up=True),
)
AT_ONCE = replace(
    POLICY,
    router=RouterPolicy(both_from=0.0, straight_to_larger=9.0),
    checks=CheckPolicy(confidence=0.98, support=1.0),
)
SEARCH, CONFIRM, REFUND = Action("search"), Action("confirm", {"answer": "yes"}), Action("refund")
LOOKUP = Action("lookup")


KINDS = st.sampled_from(["certain", "write", "simple", "complex", "misheard"])
DRAFTS = st.sampled_from([(SEARCH,), (CONFIRM,), (REFUND, SEARCH), (LOOKUP,)])
SELDOM = st.sampled_from([False] * 7 + [True])


@dataclass(frozen=True)
class Talk:
    """What the desk remembers: when it was made, what it knows to be written."""

    at: float = 0.0
    written: frozenset[str] = frozenset()


def remember(dialogue: Talk, outcome: Outcome) -> Talk:
    return replace(dialogue, written=dialogue.written | {*outcome.wrote})


class Calls(RuleBasedStateMachine):
    """Callers, models and a desk that answer in any order, late, twice or never."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self.caller_has_floor = self.handed_off = False
        self.reads: list[Read] = []
        self.drafts: list[StartDraft] = []
        self.examines: list[Examine] = []
        self.performs: list[Perform] = []
        self.spoken_outcomes: set[str] = set()
        self.drafts_by_generation: dict[int, int] = {}
        self.told: list[str] = []
        self.watched: int | None = None
        self.written: list[str] = []
        self.codes: set[str] = set()
        self.ends = 0

    @initialize(policy=st.sampled_from([POLICY, AT_ONCE]))
    def the_phone_rings(self, policy: Policy) -> None:
        self.state = begin(policy)
        self.feed(CallStarted(0.0, "call", Talk(), read_only=READ_ONLY, remember=remember))

    def feed(self, event: Event) -> None:
        self.state, commands = step(self.state, event)
        for command in commands:
            self.look_at(command)

    def look_at(self, command: Command) -> None:
        match command:
            case Read():
                self.reads.append(command)
            case StartDraft():
                self.drafts.append(command)
                if command.shadow:
                    idle = not (self.state.turn or self.state.speaking or self.caller_has_floor)
                    assert idle, "a second opinion is in the way"
                    return
                count = self.drafts_by_generation.get(command.generation, 0) + 1
                self.drafts_by_generation[command.generation] = count
                assert count <= 2, "a turn was escalated more than once"
            case Examine():
                self.examines.append(command)
                stale = not command.shadow and command.generation != self.state.generation
                assert not stale, "the draft of an amended turn is looked at"
            case Perform():
                self.performs.append(command)
                turn = self.state.turn
                assert command.generation == self.state.generation, "an amended turn is carried out"
                assert REFUND not in command.actions, "what needs a person was done without one"
                if LOOKUP in command.actions:
                    assert turn is not None
                    assert turn.source == "strong", "a gate did not hold"
                if self.state.may_write(command.actions):
                    under_way = [each for each in self.performs if self.state.may_write(each.actions)]
                    assert len(under_way) == 1, "a write begins while another is under way"
                    assert turn is not None
                    assert turn.final, "something would be written before the caller has finished"
            case HandOff():
                assert not self.state.speaking, "the caller is passed on before they heard so"
                assert not self.handed_off, "the caller is passed on twice"
                self.handed_off = True
            case Say():
                assert not self.handed_off, "the agent speaks to a caller who was passed to a person"
                assert not self.caller_has_floor, "the agent speaks while the caller does"
                assert not self.state.ended, "the agent speaks after the call has ended"
                if command.kind == "answer":
                    assert command.text in self.spoken_outcomes, "an answer that no desk gave"
                    self.told.append(command.text)
            case HangUp():
                assert not self.state.speaking, "the agent hangs up in the middle of a word"
                assert not self.state.turn, "the agent hangs up on somebody who waits"
            case Record(kind="ended"):
                self.ends += 1
                assert self.ends == 1, "the call ends twice"
            case SetTimer(name="idle"):
                self.watched = command.generation
            case _:
                pass

    def later(self, seconds: float = 0.1) -> float:
        self.at += seconds
        return self.at

    @rule(lost=SELDOM)
    def caller_speaks(self, lost: bool) -> None:
        self.caller_has_floor = True
        event = CallerSpoke(self.later())
        self.feed(self.broken(event) if lost else event)
        assert not self.state.speaking, "the agent talks over the caller"

    @rule(text=st.sampled_from(["", "mhm", "Boston to Denver", "yes", "many legs"]), final=st.booleans())
    def caller_is_heard(self, text: str, final: bool) -> None:
        if final:
            self.caller_has_floor = False
        self.feed(Heard(self.later(), text, final, self.at - 0.3))

    @precondition(lambda self: self.reads)
    @rule(kind=KINDS, data=st.data())
    def desk_reads(self, kind: str, data: st.DataObject) -> None:
        self.read(self.pick(self.reads, data), kind)

    def read(self, asked: Read, kind: str) -> None:
        actions = {"certain": (SEARCH,), "write": (CONFIRM,), "simple": (SEARCH,)}.get(kind)
        reading = Reading(
            asked.text,
            actions,
            certain=kind in ("certain", "write"),
            asked=kind in ("certain", "write"),
            legs=3 if kind == "complex" else 1,
            misheard=("Bostwick",) if kind == "misheard" else (),
            wires=("search",) if kind == "simple" else (),
        )
        self.feed(WasRead(self.later(), asked.generation, reading, ("Boston",)))

    @rule(kind=KINDS, text=st.sampled_from(["Boston to Denver", "yes"]))
    def caller_says_a_turn(self, kind: str, text: str) -> None:
        before = len(self.reads)
        self.caller_has_floor = False
        self.feed(Heard(self.later(), text, True, self.at - 0.3))
        if len(self.reads) > before:
            self.read(self.reads[-1], kind)

    @precondition(lambda self: self.state.writing)
    @rule()
    def a_write_is_late(self) -> None:
        self.feed(TimerFired(self.later(15.0), self.state.generation, "deadline"))

    @precondition(lambda self: self.state.turn and self.examines)
    @rule(good=st.booleans())
    def the_last_draft_is_examined(self, good: bool) -> None:
        self.examine(self.examines[-1], good=good)

    @precondition(lambda self: self.state.turn and self.state.turn.running)
    @rule(actions=DRAFTS)
    def all_tiers_answer(self, actions: tuple[Action, ...]) -> None:
        for asked in [each for each in self.drafts if each.generation == self.state.generation]:
            self.drafted(asked, actions)

    @precondition(lambda self: self.drafts)
    @rule(
        error=st.sampled_from([None, "down", "cancelled"]),
        lost=SELDOM,
        data=st.data(),
    )
    def model_answers(self, error: str | None, lost: bool, data: st.DataObject) -> None:
        actions = () if error else data.draw(DRAFTS)
        self.drafted(self.pick(self.drafts, data), actions, error, lost=lost)

    def drafted(
        self, asked: StartDraft, actions: tuple[Action, ...], error: str | None = None, *, lost: bool = False
    ) -> None:
        self.drafts.remove(asked)
        draft = Draft(asked.tier, actions, "", (-0.01,), 500, 100, error)
        event = Drafted(self.later(), asked.generation, draft, asked.shadow)
        self.feed(self.broken(event) if lost else event)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), logprob=st.sampled_from([-0.01, -4.0]))
    def a_draft_grows(self, logprob: float, data: st.DataObject) -> None:
        asked = self.pick(self.drafts, data)
        if asked.shadow:
            return
        draft = Draft(asked.tier, (), "".join(asked.reading.wires)[:5] or "else", (logprob,))
        self.feed(Drafting(self.later(), asked.generation, draft))

    @precondition(lambda self: self.examines)
    @rule(good=st.booleans(), data=st.data())
    def desk_examines(self, good: bool, data: st.DataObject) -> None:
        self.examine(self.pick(self.examines, data), good=good)

    def examine(self, asked: Examine, *, good: bool) -> None:
        findings = Findings(float(good), float(good), irreversible=CONFIRM in asked.actions)
        self.feed(Examined(self.later(), asked.generation, asked.tier, findings, asked.shadow))

    @precondition(lambda self: self.performs)
    @rule(
        kind=st.sampled_from(list(OutcomeKind)),
        fits=st.booleans(),
        asks=st.booleans(),
        lost=SELDOM,
        data=st.data(),
    )
    def desk_performs(self, kind: OutcomeKind, fits: bool, asks: bool, lost: bool, data: st.DataObject) -> None:
        asked = self.pick(self.performs, data)
        self.performs.remove(asked)
        problems = () if fits else ("no such city",)
        say = f"Outcome of {asked.key} in {asked.generation}."
        wrote = (asked.key,) if CONFIRM in asked.actions and kind is not OutcomeKind.FAILED else ()
        if wrote and not self.state.ended:
            self.written.append(say)
            self.codes |= {*wrote}
        self.spoken_outcomes.add(say)
        dialogue = replace(asked.dialogue, at=self.later(), written=asked.dialogue.written | {*wrote})
        unheard = replace(dialogue, at=-self.at) if asks else None
        outcome = Outcome(kind, (say,), dialogue, wrote=wrote, problems=problems, unheard=unheard)
        event = Performed(self.at, asked.generation, outcome)
        self.feed(self.broken(event) if lost else event)

    @rule(final=st.booleans(), rarely=st.integers(0, 7))
    def a_hearing_is_lost(self, final: bool, rarely: int) -> None:
        if rarely:
            return
        if final:
            self.caller_has_floor = False
        self.feed(self.broken(Heard(self.later(), "Boston", final, self.at - 0.3)))

    def broken(self, event: Event) -> Broke:
        """Give what follows from an error in the core, which the caller is told of."""
        self.spoken_outcomes.add("Something went wrong.")
        return Broke(event.at, event, "KeyError", "Something went wrong.")

    @precondition(lambda self: self.state.speaking)
    @rule()
    def an_utterance_ends(self) -> None:
        self.feed(SpeechDone(self.later(1.0), self.state.speaking[0].number))

    @rule(name=st.sampled_from(["filler", "deadline", "idle"]), behind=st.integers(0, 2))
    def a_timer_fires(self, name: str, behind: int) -> None:
        self.feed(TimerFired(self.later(), self.state.generation - behind, name))  # type: ignore[arg-type]

    @rule(left=st.sampled_from([0.0, STRONG.most, 1.0]))
    def other_calls_spend_of_the_hour(self, left: float) -> None:
        self.feed(Allowance(self.later(), {"money": left}))

    @rule(rarely=st.integers(0, 3))
    @precondition(lambda self: self.at > 5)
    def caller_hangs_up(self, rarely: int) -> None:
        if not rarely:
            self.feed(CallEnded(self.later()))

    @staticmethod
    def pick(asked: Sequence, data: st.DataObject):  # type: ignore[type-arg]
        return data.draw(st.sampled_from(asked))

    @invariant()
    def money_is_never_overspent(self) -> None:
        budget = self.state.budget
        assert budget.spent + budget.reserved <= LIMIT + 1e-12
        assert budget.since_told.money <= budget.hour_left.get("money", LIMIT) + 1e-12
        assert budget.turn.tool_calls <= 3
        in_turn = [each for each in budget.pending if each.turn == budget.number]
        assert budget.turn.model_calls + len(in_turn) <= 2

    @invariant()
    def what_is_reserved_is_what_is_running(self) -> None:
        most = {"fast": FAST.most, "strong": STRONG.most}
        assert abs(self.state.budget.reserved - sum(most[draft.tier] for draft in self.drafts)) < 1e-9

    @invariant()
    def no_line_is_mute(self) -> None:
        state = self.state
        waits = state.turn or state.speaking or state.caller_speaking or state.ended or state.passed_on
        assert waits or self.watched in (None, state.generation), "nobody would speak to a silent caller"

    @invariant()
    def no_turn_is_forgotten(self) -> None:
        turn = self.state.turn
        if turn and turn.final and turn.reading and not self.state.ended:
            at_it = turn.running or turn.draft or turn.performing or turn.outcome
            assert at_it, "a caller waits, and nobody is at it"

    @invariant()
    def what_was_written_is_known_from_then_on(self) -> None:
        state = self.state
        busy = state.turn or state.unfinished or state.cut or state.resuming or state.ended or state.passed_on
        if not busy:
            assert self.codes <= state.dialogue.written, "a booking of this call is forgotten"

    @invariant()
    def every_write_is_told_or_waits_to_be(self) -> None:
        turn = self.state.turn
        late = self.state.unfinished
        outcomes = [each.outcome for each in (turn, late) if each and each.outcome]
        waiting = {*self.state.news, *(say for outcome in outcomes for say in outcome.say)}
        if not self.state.ended and not self.state.passed_on:
            assert all(say in self.told or say in waiting for say in self.written)


Calls.TestCase.settings = settings(max_examples=300, stateful_step_count=40)
TestCalls = Calls.TestCase
