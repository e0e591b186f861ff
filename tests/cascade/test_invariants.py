"""Hypothesis searches for a sequence of events that breaks an invariant of the core."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.cascade.script import FAST, READ_ONLY, STRONG
from voice.cascade.events import (
    Allowance,
    Broke,
    CallEnded,
    CallerSpoke,
    CallStarted,
    Command,
    Drafted,
    Drafting,
    Event,
    Examine,
    Examined,
    HandOff,
    Heard,
    Perform,
    Performed,
    Read,
    Say,
    SetTimer,
    SpeechDone,
    StartDraft,
    TimerFired,
    WasRead,
)
from voice.cascade.policy import BudgetPolicy, EarlyPolicy, Policy, ShadowPolicy
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
)
SEARCH, CONFIRM, REFUND = Action("search"), Action("confirm", {"answer": "yes"}), Action("refund")
LOOKUP = Action("lookup")


class Calls(RuleBasedStateMachine):
    """Callers, models and a desk that answer in any order, late, twice or never."""

    def __init__(self) -> None:
        super().__init__()
        self.state = begin(POLICY)
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
        self.feed(CallStarted(0.0, "call", 0, read_only=READ_ONLY))

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
            case Perform():
                self.performs.append(command)
                turn = self.state.turn
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
            case SetTimer(name="idle"):
                self.watched = command.generation
            case _:
                pass

    def later(self, seconds: float = 0.1) -> float:
        self.at += seconds
        return self.at

    @rule(lost=st.sampled_from([False, False, False, True]))
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
    @rule(kind=st.sampled_from(["certain", "write", "simple", "complex", "misheard"]), data=st.data())
    def desk_reads(self, kind: str, data: st.DataObject) -> None:
        asked = self.pick(self.reads, data)
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

    @precondition(lambda self: self.drafts)
    @rule(
        error=st.sampled_from([None, "down", "cancelled"]),
        lost=st.sampled_from([False, False, False, True]),
        data=st.data(),
    )
    def model_answers(self, error: str | None, lost: bool, data: st.DataObject) -> None:
        asked = self.pick(self.drafts, data)
        self.drafts.remove(asked)
        actions = () if error else data.draw(st.sampled_from([(SEARCH,), (CONFIRM,), (REFUND, SEARCH), (LOOKUP,)]))
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
        asked = self.pick(self.examines, data)
        self.feed(
            Examined(self.later(), asked.generation, asked.tier, Findings(float(good), float(good)), asked.shadow)
        )

    @precondition(lambda self: self.performs)
    @rule(
        kind=st.sampled_from(list(OutcomeKind)),
        fits=st.booleans(),
        lost=st.sampled_from([False, False, False, True]),
        data=st.data(),
    )
    def desk_performs(self, kind: OutcomeKind, fits: bool, lost: bool, data: st.DataObject) -> None:
        asked = self.pick(self.performs, data)
        self.performs.remove(asked)
        problems = () if fits else ("no such city",)
        say = f"Outcome of {asked.key} in {asked.generation}."
        wrote = ("QT44LZ",) if CONFIRM in asked.actions else ()
        if wrote and not self.state.ended:
            self.written.append(say)
        self.spoken_outcomes.add(say)
        event = Performed(
            self.later(), asked.generation, Outcome(kind, (say,), self.at, wrote=wrote, problems=problems)
        )
        self.feed(self.broken(event) if lost else event)

    @rule(final=st.booleans())
    def a_hearing_is_lost(self, final: bool) -> None:
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

    @rule(name=st.sampled_from(["filler", "deadline"]), behind=st.integers(0, 2))
    def a_timer_fires(self, name: str, behind: int) -> None:
        self.feed(TimerFired(self.later(), self.state.generation - behind, name))  # type: ignore[arg-type]

    @rule(left=st.sampled_from([0.0, STRONG.most, 1.0]))
    def other_calls_spend_of_the_hour(self, left: float) -> None:
        self.feed(Allowance(self.later(), {"money": left}))

    @rule()
    @precondition(lambda self: self.at > 5)
    def caller_hangs_up(self) -> None:
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
    def every_write_is_told_or_waits_to_be(self) -> None:
        turn = self.state.turn
        late = self.state.unfinished
        outcomes = [each.outcome for each in (turn, late) if each and each.outcome]
        waiting = {*self.state.news, *(say for outcome in outcomes for say in outcome.say)}
        if not self.state.ended and not self.state.passed_on:
            assert all(say in self.told or say in waiting for say in self.written)


Calls.TestCase.settings = settings(max_examples=300, stateful_step_count=40)
TestCalls = Calls.TestCase
