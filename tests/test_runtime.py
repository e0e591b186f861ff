"""The runtime on a virtual clock: tasks, timers and races, asserted as timelines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from voice.account import HourAccount
from voice.cascade.commands import Say
from voice.cascade.delivery import Delivery
from voice.cascade.policy import BudgetPolicy, FillerPolicy, IdlePolicy, Policy, ShadowPolicy, Tier
from voice.cascade.words import Action, Dialogue, Draft, Findings, Outcome, OutcomeKind, Reading
from voice.overhead import Clock
from voice.ports import Message
from voice.runtime import APOLOGY, Runtime
from voice.testing import in_virtual_time
from voice.trace import Trace

TIERS = (Tier("fast", expected_seconds=0.5), Tier("strong", expected_seconds=2.0))


@dataclass
class Model:
    name: str
    seconds: float = 0.5
    text: str = '{"actions": []}'
    error: str | None = None
    cancelled: int = 0

    async def draft(self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Any = None) -> Draft:
        del messages, schema, watch
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return Draft(self.name, (), self.text, (-0.01,), 100, 10, self.error)

    async def warm(self, messages: Sequence[Message]) -> None:
        del messages


@dataclass
class PrefillingModel(Model):
    """A model that can read ahead, which takes it a second."""

    prefilled: list[str] = field(default_factory=list)

    async def prefill(self, messages: Sequence[Message]) -> None:
        try:
            await asyncio.sleep(1.0)
        except asyncio.CancelledError:
            self.prefilled.append("stopped")
            raise
        self.prefilled.append(messages[-1].content)


@dataclass
class TinyDesk:
    """Reads "bags" with certainty, "yes" as a write, and leaves the rest to the tiers; "many" has three legs."""

    perform_seconds: float = 0.0
    written: list[str] = field(default_factory=list)
    broken: str = ""
    read_only = frozenset({"policy", "search", "clarify"})

    def open(self, call_id: str) -> Dialogue:
        return call_id

    def read(self, text: str, dialogue: Dialogue) -> Reading:
        if self.broken == "read":
            raise RuntimeError("broken")
        if "bags" in text:
            return Reading(text, (Action("policy"),), certain=True, asked=True)
        if "yes" in text:
            return Reading(text, (Action("confirm"),), certain=True)
        return Reading(text, legs=3 if "many" in text else 1)

    def prompt(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Sequence[Message]:
        return [Message("user", reading.text)]

    def schema(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        return {}

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        if text == "broken":
            raise ValueError("no JSON")
        return (Action("search"),)

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue) -> Findings:
        if self.broken == "examine":
            raise RuntimeError("broken")
        return Findings(1.0, 1.0)

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue, *, key: str) -> Outcome:
        if self.broken == "perform":
            raise RuntimeError("broken")
        await asyncio.sleep(self.perform_seconds)
        wrote: tuple[str, ...] = ()
        if actions[0].name == "confirm":
            self.written.append(key)
            wrote = ("QT44LZ",)
        return Outcome(OutcomeKind.ANSWER, (f"Done: {actions[0].name}.",), dialogue, wrote=wrote)

    def mention(self, reading: Reading) -> Sequence[str]:
        return ()


@dataclass
class Stage:
    """A runtime whose mouth takes a second for every utterance, and a log of what happened when."""

    desk: TinyDesk = field(default_factory=TinyDesk)
    fast: Model = field(default_factory=lambda: Model("fast"))
    strong: Model = field(default_factory=lambda: Model("strong", 2.0))
    filler: FillerPolicy = field(default_factory=FillerPolicy)
    idle: IdlePolicy = field(default_factory=IdlePolicy)
    tiers: tuple[Tier, ...] = TIERS
    budget: BudgetPolicy = field(default_factory=BudgetPolicy)
    shadow: ShadowPolicy = field(default_factory=ShadowPolicy)
    account: HourAccount | None = None
    clock: Clock = lambda: 0.0
    log: list[str] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        trace = Trace("call-1", 0.0, self.lines.append)
        policy = Policy(self.tiers, filler=self.filler, idle=self.idle, budget=self.budget, shadow=self.shadow)
        self.runtime = Runtime(
            policy=policy,
            desk=self.desk,
            tiers={"fast": self.fast, "strong": self.strong},
            mouth=self,
            trace=trace,
            account=self.account,
            clock=self.clock,
        )
        self.until = 0.0
        self.runtime.start()

    def say(self, utterance: Say) -> None:
        loop = asyncio.get_running_loop()
        begins = max(loop.time(), self.until)
        self.until = begins + 1.0
        self.log.append(f"{begins:.2f} {utterance.kind}: {utterance.text}")
        loop.call_at(self.until, self.runtime.spoken, utterance.utterance)

    def prepare(self, text: str) -> None:
        self.log.append(f"{asyncio.get_running_loop().time():.2f} prepare: {text}")

    def deliver(self, delivery: Delivery) -> None:
        self.log.append(f"{asyncio.get_running_loop().time():.2f} deliver: {delivery.rate}")

    def stop(self) -> None:
        self.until = asyncio.get_running_loop().time()
        self.log.append(f"{self.until:.2f} stop")

    def hang_up(self) -> None:
        self.log.append(f"{asyncio.get_running_loop().time():.2f} hang up")

    async def turn(self, text: str, wait: float = 10.0) -> None:
        """Say something that ended 0.3 s ago, and wait."""
        self.runtime.heard(text, final=True, spoke_until=asyncio.get_running_loop().time() - 0.3)
        await asyncio.sleep(wait)


@in_virtual_time
async def test_a_simple_turn_is_answered_as_soon_as_its_draft_is_there() -> None:
    stage = Stage()
    await stage.turn("fly me")
    assert stage.log == ["0.15 filler: Okay.", "1.15 answer: Done: search."]
    assert stage.strong.cancelled == 0


@in_virtual_time
async def test_a_turn_that_code_reads_is_answered_at_once() -> None:
    stage = Stage()
    await stage.turn("bags")
    assert stage.log == ["0.00 answer: Done: policy."]


@in_virtual_time
async def test_filler_covers_the_larger_models_wait_without_a_long_silence() -> None:
    stage = Stage(strong=Model("strong", 4.0))
    await stage.turn("many legs")
    assert stage.log == [
        "0.15 filler: Okay.",
        "1.60 filler: Let me look at that.",
        "3.05 filler: Just a moment.",
        "4.05 answer: Done: search.",
    ]


@in_virtual_time
async def test_hanging_up_cancels_the_model_and_leaves_no_task() -> None:
    stage = Stage()
    await stage.turn("many legs", wait=0.5)
    await stage.runtime.close()
    assert stage.strong.cancelled == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert stage.lines[-1]["error"] == "cancelled"


@in_virtual_time
async def test_a_write_goes_on_after_the_caller_hung_up_and_happens_once() -> None:
    stage = Stage(desk=TinyDesk(perform_seconds=0.5))
    await stage.turn("yes", wait=0.1)
    await stage.runtime.close()
    assert stage.desk.written == ["call-1/1"]
    assert [line["wrote"] for line in stage.lines if line["kind"] == "performed"] == [("QT44LZ",)]


@in_virtual_time
async def test_a_look_up_that_the_desk_does_not_answer_is_given_up_and_a_write_is_not() -> None:
    stage = Stage(desk=TinyDesk(perform_seconds=100))
    await stage.turn("bags", wait=30)
    assert stage.log[-1].endswith(APOLOGY)
    await stage.turn("yes", wait=60)
    assert stage.desk.written == []
    await asyncio.sleep(60)
    assert stage.desk.written == ["call-1/2"]
    await stage.runtime.close()


@in_virtual_time
async def test_a_burst_of_interruptions_leaves_one_answer_and_no_task() -> None:
    stage = Stage()
    for number in range(20):
        stage.runtime.caller_spoke()
        await stage.turn(f"many legs, try {number}", wait=0.1)
    await asyncio.sleep(10)
    answers = [entry for entry in stage.log if "answer" in entry]
    assert len(answers) == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}


@in_virtual_time
@pytest.mark.parametrize("error", ["down", "slow", "rate_limited"])
async def test_when_the_small_tier_fails_the_larger_one_answers(error: str) -> None:
    stage = Stage(fast=Model("fast", error=error))
    await stage.turn("fly me")
    assert stage.log[-1].endswith("answer: Done: search.")


@in_virtual_time
async def test_a_tier_that_writes_broken_json_is_passed_over() -> None:
    stage = Stage(fast=Model("fast", text="broken"))
    await stage.turn("fly me")
    drafted = [line for line in stage.lines if line["kind"] == "drafted"]
    assert drafted[0]["error"] == "broken_json: no JSON"
    assert stage.log[-1].endswith("answer: Done: search.")


@in_virtual_time
async def test_when_every_tier_hangs_the_deadline_asks_the_caller() -> None:
    stage = Stage(strong=Model("strong", 1000.0))
    await stage.turn("many legs", wait=30.0)
    assert stage.log[-1] == "14.70 answer: Done: clarify."
    assert stage.strong.cancelled == 1


@in_virtual_time
async def test_a_desk_that_breaks_while_performing_leads_back_to_the_caller() -> None:
    stage = Stage(desk=TinyDesk(broken="perform"))
    await stage.turn("bags")
    assert stage.log == [f"0.00 answer: {APOLOGY}"]


@in_virtual_time
@pytest.mark.parametrize("broken", ["read", "examine"])
async def test_a_desk_that_breaks_while_reading_or_checking_costs_no_call(broken: str) -> None:
    stage = Stage(desk=TinyDesk(broken=broken))
    await stage.turn("fly me", wait=20)
    assert "answer" in stage.log[-1]


@in_virtual_time
async def test_a_trace_sink_that_fails_costs_no_call() -> None:
    stage = Stage()

    def full_disk(line: dict[str, Any]) -> None:
        raise OSError("no space left on device")

    stage.runtime._trace.add(full_disk)  # pyright: ignore[reportPrivateUsage]
    await stage.turn("bags")
    assert stage.log == ["0.00 answer: Done: policy."]


@in_virtual_time
async def test_a_policy_tier_without_a_model_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no model was given for the tiers strong"):
        Runtime(
            policy=Policy(TIERS), desk=TinyDesk(), tiers={"fast": Model("fast")}, mouth=Stage(), trace=Trace("c", 0.0)
        )


@in_virtual_time
async def test_a_silent_caller_is_asked_twice_and_then_left_alone() -> None:
    stage = Stage()
    await stage.turn("bags", wait=100)
    assert stage.log == [
        "0.00 answer: Done: policy.",
        "21.00 prompt: Are you still there?",
        "42.00 prompt: I'm still here if you need me.",
    ]


@in_virtual_time
async def test_the_call_of_a_silent_caller_ends_where_that_is_wanted() -> None:
    stage = Stage(idle=IdlePolicy(seconds=5.0, prompts=("Hello?",), hang_up=True))
    await stage.turn("bags", wait=100)
    assert stage.log == ["0.00 answer: Done: policy.", "6.00 prompt: Hello?", "12.00 hang up"]


@in_virtual_time
async def test_a_caller_who_wants_it_slower_is_told_so_at_the_new_rate_and_all_that_follows_is() -> None:
    stage = Stage()
    await stage.turn("bags", wait=2.0)
    await stage.turn("slower please, the bags", wait=3.0)
    await stage.turn("bags", wait=2.0)
    assert stage.log == [
        "0.00 answer: Done: policy.",
        "2.00 deliver: 0.75",
        "2.00 answer: Done: policy.",
        "5.00 answer: Done: policy.",
    ]


# ---- budgets and second opinions


@in_virtual_time
async def test_calls_of_a_process_share_the_hour() -> None:
    tiers = (Tier("fast", output_price=1.0), Tier("strong", output_price=1.0))
    budget = BudgetPolicy(money_per_hour=tiers[0].most * 1.5)
    account = HourAccount(budget)
    stages = [Stage(tiers=tiers, budget=budget, account=account) for _ in range(2)]
    await asyncio.gather(*(stage.turn("fly me", wait=1.0) for stage in stages))
    assert [stage.log[-1] for stage in stages] == ["1.15 answer: Done: search.", "0.00 answer: Done: clarify."]
    await stages[1].turn("fly me again", wait=5.0)
    assert stages[1].log[-1].endswith("answer: Done: search.")


@in_virtual_time
async def test_a_draft_gets_no_more_time_than_the_budget_has_left() -> None:
    stage = Stage(fast=Model("fast", 60.0), budget=BudgetPolicy(seconds_per_call=2.0))
    await stage.turn("fly me")
    drafted = next(line for line in stage.lines if line["kind"] == "drafted")
    assert (drafted["at"], drafted["error"]) == (2.0, "out_of_time")
    assert stage.fast.cancelled == 1
    assert "answer: Done: clarify." in stage.log[-1]


@in_virtual_time
async def test_a_second_opinion_runs_while_nobody_speaks_and_is_cancelled_when_the_caller_does() -> None:
    stage = Stage(shadow=ShadowPolicy(share=1.0))
    await stage.turn("fly me", wait=3.0)
    stage.runtime.caller_spoke()
    await asyncio.sleep(0.1)
    assert stage.strong.cancelled == 1
    await stage.turn("bags", wait=10.0)
    await stage.runtime.close()
    shadows = [(line["at"], line["turn"], line["agrees"]) for line in stage.lines if line["kind"] == "shadow"]
    assert shadows == [(3.0, 1, None), (6.1, 1, True)]
    assert [(line["at"], line["turn"]) for line in stage.lines if line["kind"] == "shadow_checked"] == [(6.1, 1)]
    assert sum("answer" in entry for entry in stage.log) == 2
    assert asyncio.all_tasks() == {asyncio.current_task()}


@in_virtual_time
async def test_what_the_agent_said_is_read_ahead_by_the_tiers_that_can_once_it_was_said() -> None:
    fast = PrefillingModel("fast")
    stage = Stage(fast=fast)
    await stage.turn("bags", wait=1.5)
    assert fast.prefilled == []
    await asyncio.sleep(1.0)
    assert fast.prefilled == [""]
    await stage.runtime.close()


@in_virtual_time
async def test_reading_ahead_makes_way_for_a_draft() -> None:
    fast = PrefillingModel("fast")
    stage = Stage(fast=fast)
    await stage.turn("bags", wait=1.2)
    await stage.turn("fly me", wait=1.0)
    assert fast.prefilled == ["stopped"]
    await stage.runtime.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
