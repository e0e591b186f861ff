"""What a draft costs that did not come to its end, and what is known of its cost before it begins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.test_runtime import Model, Stage, TinyDesk
from voice.cascade.commands import StartDraft
from voice.cascade.events import Drafted, Drafting
from voice.cascade.policy import BudgetPolicy, Policy, Tier
from voice.cascade.words import Draft, Reading
from voice.drafts import Drafts, cut_short
from voice.llm.reliable import Reliability, ReliableTier
from voice.overhead import Overhead
from voice.ports import LanguageModel, Message, Watch
from voice.testing import Reply, ScriptedModel, in_virtual_time
from voice.tokens import estimate_tokens, most_tokens

TIERS = (Tier("fast", input_price=1.0, output_price=1.0), Tier("strong", fine_tuned=True))
ASKED = [Message("user", "Boston to Denver")]


class Writer(Model):
    """A model that shows some of its answer, and then takes its time."""

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        if watch and self.text:
            watch(Draft(self.name, (), self.text, prompt_tokens=21, output_tokens=3))
        return await super().draft(messages, schema)


class Bench:
    """Drafts of a tiny desk, and what they tell."""

    def __init__(self, model: LanguageModel, budget: BudgetPolicy | None = None) -> None:
        self.told: list[Drafting | Drafted] = []
        policy = Policy(TIERS, budget=budget or BudgetPolicy())
        now = asyncio.get_running_loop().time
        self.drafts = Drafts(TinyDesk(), {"fast": model}, policy, Overhead(lambda: 0.0), now, self.told.append)

    async def after(self, seconds: float, most_seconds: float | None = None) -> Draft:
        """Start a draft, cancel it after so long if it still runs, and give it."""
        self.drafts.start(StartDraft(1, "fast", Reading("Boston to Denver"), None, seconds=most_seconds))
        if seconds:
            await asyncio.sleep(seconds)
        for task in self.drafts.tasks:
            task.cancel()
        await asyncio.sleep(0.01)
        made = self.told[-1]
        assert isinstance(made, Drafted)
        return made.draft


def bill(draft: Draft) -> tuple[int, int, bool]:
    return draft.prompt_tokens, draft.output_tokens, draft.estimated


@in_virtual_time
async def test_a_draft_that_is_cancelled_before_its_first_token_has_read_its_prompt_and_written_nothing() -> None:
    made = await Bench(Writer("fast", 5.0, "")).after(1.0)
    assert made.error == "cancelled"
    assert bill(made) == (estimate_tokens(ASKED), 0, True)


@in_virtual_time
async def test_a_draft_that_is_cancelled_later_is_billed_for_what_was_seen_of_it() -> None:
    assert bill(await Bench(Writer("fast", 5.0, "search")).after(1.0)) == (21, 3, True)


@in_virtual_time
async def test_a_draft_that_is_cancelled_before_it_was_sent_costs_nothing() -> None:
    assert bill(await Bench(Writer("fast")).after(0.0)) == (0, 0, False)


@in_virtual_time
async def test_a_draft_whose_time_is_up_is_billed_like_a_cancelled_one() -> None:
    made = await Bench(Writer("fast", 5.0, "")).after(3.0, most_seconds=2.0)
    assert made.error == "out_of_time"
    assert bill(made) == (estimate_tokens(ASKED), 0, True)


@pytest.mark.parametrize("error", ["rate_limited", "refused", "down", "unavailable"])
@in_virtual_time
async def test_a_request_that_was_turned_down_costs_nothing(error: str) -> None:
    class Refusing(Model):
        async def draft(self, *args: Any, **more: Any) -> Draft:
            return replace(await super().draft(*args, **more), prompt_tokens=0, output_tokens=0, error=error)

    assert bill(await Bench(Refusing("fast")).after(1.0)) == (0, 0, False)


@in_virtual_time
async def test_a_draft_that_ends_is_billed_as_its_provider_counted() -> None:
    assert bill(await Bench(Model("fast")).after(1.0)) == (100, 10, False)


# ---- of several requests


PROMPT = estimate_tokens(ASKED)
HANGS = Reply(seconds=60.0)
LIMITED = Reply(error="rate_limited", prompt_tokens=0, output_tokens=0)
DOWN = Reply(error="down", prompt_tokens=PROMPT, output_tokens=3)
USUAL = [Reply("{}", seconds=0.1)] * 20


async def cancelled(after: float, *replies: Reply, hedge: bool = False) -> Draft:
    """Give a draft that is cancelled after so long, of a tier that knows how long its answers take."""
    with ScriptedModel("fast", *(USUAL if hedge else ()), *replies) as model:
        tier = ReliableTier(model, Reliability(timeout_seconds=50.0, hedge=hedge))
        for _ in USUAL if hedge else ():
            await tier.draft(ASKED, {})
        made = await Bench(tier).after(after)
    assert made.error == "cancelled"
    return made


@in_virtual_time
async def test_a_cancelled_draft_that_was_asked_for_twice_is_billed_twice_and_says_so() -> None:
    made = await cancelled(0.5, HANGS, HANGS, hedge=True)
    assert bill(made) == (2 * PROMPT, 0, True)
    assert made.notes == ("asked twice after 0.10 s",)


@in_virtual_time
async def test_a_draft_that_is_cancelled_in_its_second_try_pays_for_the_first_one_too() -> None:
    made = await cancelled(0.5, DOWN, HANGS)
    assert bill(made) == (2 * PROMPT, 3, True)
    assert made.notes == ("down, tried again",)


@in_virtual_time
async def test_a_draft_that_is_cancelled_in_the_pause_after_a_refusal_costs_nothing() -> None:
    assert bill(await cancelled(0.1, LIMITED)) == (0, 0, False)


@in_virtual_time
async def test_a_draft_that_is_cancelled_in_the_pause_after_a_broken_answer_pays_for_that() -> None:
    assert bill(await cancelled(0.1, DOWN)) == (PROMPT, 3, True)


@in_virtual_time
async def test_a_refused_request_costs_nothing_beside_one_that_is_cancelled() -> None:
    assert bill(await cancelled(0.5, LIMITED, HANGS)) == (PROMPT, 0, True)
    late = replace(LIMITED, seconds=0.2)
    assert bill(await cancelled(0.5, late, HANGS, hedge=True)) == (PROMPT, 0, True)
    assert bill(await cancelled(0.5, HANGS, LIMITED, hedge=True)) == (PROMPT, 0, True)


@in_virtual_time
async def test_no_cancelled_draft_is_billed_for_more_requests_than_were_reserved() -> None:
    late = replace(DOWN, seconds=0.3, output_tokens=0)
    made = await cancelled(1.5, late, late, HANGS, HANGS, hedge=True)
    assert bill(made) == (4 * PROMPT, 0, True)
    tier = replace(TIERS[0], attempts=4)
    assert 0 < tier.price(made.prompt_tokens, made.output_tokens) <= tier.most_for(most_tokens(ASKED))


@in_virtual_time
async def test_the_cascade_sees_words_that_are_new_and_never_those_of_a_failed_request() -> None:
    class Streaming(ScriptedModel):
        async def draft(
            self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
        ) -> Draft:
            for text in ("se", "se", "sea") if watch else ():
                assert watch
                watch(Draft(self.name, (), text, prompt_tokens=21, output_tokens=3))
            return await super().draft(messages, schema)

    with Streaming("fast", replace(DOWN, text="sea!"), HANGS) as model:
        bench = Bench(ReliableTier(model, Reliability(timeout_seconds=50.0)))
        await bench.after(0.5)
    assert [told.draft.text for told in bench.told if isinstance(told, Drafting)] == ["se", "sea"] * 2


def test_a_count_that_is_unknown_is_guessed_and_a_known_one_is_kept() -> None:
    unknown, slow = Draft("fast", ()), Draft("fast", (), error="slow")
    counted, refused = Draft("fast", (), prompt_tokens=21), Draft("fast", (), error="refused")
    billed = [cut_short(each, 9, "cancelled").prompt_tokens for each in (unknown, slow, counted, refused)]
    assert billed == [9, 9, 21, 0]


@in_virtual_time
async def test_the_trace_says_that_a_bill_is_estimated() -> None:
    stage = Stage(tiers=(replace(TIERS[0], name="fast"), Tier("strong", input_price=1.0, output_price=1.0)))
    await stage.turn("many legs", wait=0.5)
    await stage.runtime.close()
    (line,) = [line for line in stage.lines if line["kind"] == "drafted"]
    assert (line["error"], line["estimated"], line["output_tokens"]) == ("cancelled", True, 0)
    assert line["cost"] == pytest.approx(line["prompt_tokens"] / 1e6)
    assert line["prompt_tokens"] == estimate_tokens([Message("user", "many legs")])


# ---- before it begins


@in_virtual_time
async def test_prompts_are_measured_where_money_is_limited_and_never_too_small() -> None:
    reading = Reading("Zürich, 5 5 5 1 2")
    assert Bench(Model("fast")).drafts.prompts(reading, None) == {}
    most = Bench(Model("fast"), BudgetPolicy(money_per_turn=1.0)).drafts.prompts(reading, None)
    assert most["fast"] >= most["strong"] > len(reading.text.encode())


@in_virtual_time
async def test_a_desk_that_can_word_no_prompt_leaves_its_size_unknown() -> None:
    bench = Bench(Model("fast"), BudgetPolicy(money_per_turn=1.0))
    bench.drafts._desk.prompt = lambda *_, **__: 1 / 0  # type: ignore[method-assign, assignment]
    assert bench.drafts.prompts(Reading("hello"), None) == {}


def test_no_prompt_has_more_tokens_than_bytes_and_a_schema_counts_too() -> None:
    words = Message("system", "You read what callers say.")
    said = Message("user", "🙂🙂🙂")
    assert most_tokens([words, said]) > 12
    assert most_tokens([words, said]) > estimate_tokens([words, said])
    assert most_tokens([words, said], {"type": "object"}) > most_tokens([words, said])
    assert most_tokens([]) == 0
