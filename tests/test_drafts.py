"""What a draft costs that did not come to its end, and what is known of its cost before it begins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.test_runtime import Model, Stage, TinyDesk
from voice.cascade.events import Drafted, Drafting, StartDraft
from voice.cascade.policy import BudgetPolicy, Policy, Tier
from voice.cascade.words import Draft, Reading
from voice.drafts import Drafts
from voice.overhead import Overhead
from voice.ports import Message, Watch
from voice.testing import in_virtual_time
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

    def __init__(self, model: Model, budget: BudgetPolicy | None = None) -> None:
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
