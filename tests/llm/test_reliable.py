"""Trouble of a provider, in virtual time: tried again, asked twice, left alone; billed and told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voice.cascade.words import Draft
from voice.llm.reliable import Reliability, ReliableTier
from voice.ports import Message, Watch
from voice.testing import Reply, ScriptedModel, in_virtual_time
from voice.tokens import estimate_tokens

DOWN = Reply(error="down", prompt_tokens=90, output_tokens=0)
GOOD = Reply("{}", seconds=0.5)


class Flaky(ScriptedModel):
    """Replies in turn; a cancelled request is counted, and a growing one shows its first half."""

    cancelled = 0
    rests = 0.0

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        if watch:
            watch(Draft(self.name, (), "half", prompt_tokens=100, output_tokens=5))
        try:
            draft = await super().draft(messages, schema)
            return replace(draft, rest_seconds=self.rests if draft.error else 0.0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


async def ask(tier: ReliableTier, watch: Watch | None = None) -> tuple[Draft, float]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    draft = await tier.draft([Message("user", "bags")], {}, watch=watch)
    return draft, round(loop.time() - began, 3)


# ---- the second try


@in_virtual_time
async def test_a_request_that_failed_is_tried_once_more_and_both_are_billed() -> None:
    with Flaky("fast", DOWN, GOOD) as model:
        draft, seconds = await ask(ReliableTier(model, Reliability()))
    assert (draft.error, draft.text, seconds) == (None, "{}", 0.7)
    assert (draft.prompt_tokens, draft.output_tokens) == (190, 10)
    assert draft.notes == ("down, tried again",)


@in_virtual_time
async def test_it_is_not_tried_again_without_time_nor_for_what_a_second_try_can_not_mend() -> None:
    late = Reply(error="down", seconds=11.5)
    for reply in (late, Reply(error="slow"), Reply(error="refused"), Reply(error="broken_json")):
        with Flaky("fast", reply) as model:
            draft, _ = await ask(ReliableTier(model, Reliability(timeout_seconds=12.0)))
        assert draft.error == reply.error


@in_virtual_time
async def test_a_request_that_was_refused_costs_nothing_beside_the_one_that_was_answered() -> None:
    with Flaky("fast", Reply(error="down", prompt_tokens=0, output_tokens=0), GOOD) as model:
        draft, _ = await ask(ReliableTier(model, Reliability()))
    assert (draft.prompt_tokens, draft.output_tokens) == (100, 10)


@in_virtual_time
async def test_a_provider_that_asks_for_a_short_rest_is_asked_again_after_it() -> None:
    with Flaky("fast", DOWN, GOOD) as model:
        model.rests = 0.8
        draft, seconds = await ask(ReliableTier(model, Reliability()))
    assert (draft.error, seconds) == (None, 1.3)
    assert draft.notes == ("asks for it, left alone for 0.8 s", "down, tried again")


@in_virtual_time
async def test_a_provider_that_asks_for_a_long_rest_gets_it_from_all_calls() -> None:
    with Flaky("fast", DOWN, GOOD) as model:
        model.rests = 30.0
        tier = ReliableTier(model, Reliability(timeout_seconds=60.0))
        draft, seconds = await ask(tier)
        assert (draft.error, seconds) == ("down", 0.0)
        assert draft.notes == ("asks for it, left alone for 30 s",)
        assert tier.resting == "left alone for another 30 s"
        await asyncio.sleep(29.0)
        assert (await ask(tier))[0].error == "unavailable"
        await asyncio.sleep(1.0)
        assert tier.resting is None
        model.rests = 0.0
        assert (await ask(tier))[0].error is None


@in_virtual_time
async def test_no_rest_is_longer_than_five_minutes_and_without_a_breaker_there_is_none() -> None:
    with Flaky("fast", DOWN, DOWN) as model:
        model.rests = 86_400.0
        tier = ReliableTier(model, Reliability())
        await ask(tier)
        assert tier.resting == "left alone for another 300 s"
        trusting = ReliableTier(model, Reliability(breaker_failures=0))
        assert (await ask(trusting))[0].error == "down"
        assert trusting.resting is None


@in_virtual_time
async def test_refusals_say_nothing_of_how_long_answers_take() -> None:
    refused, usual = [Reply(error="refused")] * 20, [Reply("{}", seconds=0.4)] * 2
    with Flaky("fast", *refused, *usual) as model:
        tier = ReliableTier(model, Reliability(hedge=True))
        notes = [(await ask(tier))[0].notes for _ in (*refused, *usual)]
    assert set(notes) == {()}


@in_virtual_time
async def test_a_second_try_of_which_nothing_was_seen_is_billed_by_estimate() -> None:
    with ScriptedModel("fast", Reply(error="down", prompt_tokens=0), Reply("{}", seconds=60.0)) as model:
        draft, _ = await ask(ReliableTier(model, Reliability(timeout_seconds=3.0)))
    assert (draft.error, draft.estimated) == ("slow", True)
    assert draft.prompt_tokens == estimate_tokens([Message("user", "bags")])


@in_virtual_time
async def test_a_second_try_that_takes_too_long_ends_in_time() -> None:
    with Flaky("fast", DOWN, Reply("{}", seconds=60.0)) as model:
        draft, seconds = await ask(ReliableTier(model, Reliability(timeout_seconds=3.0)))
    assert (draft.error, seconds, model.cancelled) == ("slow", 3.0, 1)
    assert draft.prompt_tokens == 190


# ---- the breaker


@in_virtual_time
async def test_a_tier_that_keeps_failing_is_left_alone_by_all_calls_and_answers_at_once() -> None:
    policy = Reliability(retry=False, breaker_failures=2, breaker_seconds=5.0)
    with Flaky("fast", DOWN, DOWN, GOOD) as model:
        tier = ReliableTier(model, policy)
        await ask(tier)
        second, _ = await ask(tier)
        assert second.notes == ("failed too often, left alone for 5 s",)
        (one, seconds), (other, _) = await asyncio.gather(ask(tier), ask(tier))
        assert (one.error, other.error, seconds) == ("unavailable", "unavailable", 0.0)
        assert (one.prompt_tokens, one.notes) == (0, ("not asked for another 5.0 s",))
        await asyncio.sleep(5.0)
        assert (await ask(tier))[0].error is None


@in_virtual_time
async def test_a_rest_is_kept_from_all_calls_also_when_one_from_before_it_is_answered_or_cancelled() -> None:
    for last in (GOOD, Reply(error="refused", seconds=0.5), Reply(seconds=60.0)):
        with Flaky("fast", last, DOWN) as model:
            model.rests = 60.0
            tier = ReliableTier(model, Reliability())
            before = asyncio.create_task(ask(tier))
            await asyncio.sleep(0.1)
            assert (await ask(tier))[0].error == "down"
            await asyncio.sleep(0.5)
            before.cancel()
            await asyncio.gather(before, return_exceptions=True)
            assert (await ask(tier))[0].error == "unavailable"


# ---- two at once


@in_virtual_time
async def test_an_answer_later_than_usual_is_asked_for_twice_and_the_first_one_counts() -> None:
    usual = [Reply("{}", seconds=0.4)] * 20
    with Flaky("fast", *usual, Reply("slow", seconds=9.0), Reply("quick", seconds=0.3)) as model:
        tier = ReliableTier(model, Reliability(hedge=True))
        for _ in usual:
            await ask(tier)
        shown: list[Draft] = []
        draft, seconds = await ask(tier, shown.append)
    assert (draft.text, seconds, model.cancelled) == ("quick", 0.7, 1)
    assert draft.notes == ("asked twice after 0.40 s",)
    assert (draft.prompt_tokens, draft.output_tokens) == (200, 15)
    assert [draft.text for draft in shown] == ["", "half", "half", "half"]  # the second request's own is not shown
    assert [draft.prompt_tokens for draft in shown] == [estimate_tokens([Message("user", "bags")]), 100, 200, 200]
    assert [draft.output_tokens for draft in shown] == [0, 5, 5, 10]


@in_virtual_time
async def test_cancelling_a_draft_cancels_both_requests() -> None:
    usual = [Reply("{}", seconds=0.4)] * 20
    with Flaky("fast", *usual, *[Reply("", seconds=9.0)] * 2) as model:
        tier = ReliableTier(model, Reliability(hedge=True))
        for _ in usual:
            await ask(tier)
        task = asyncio.create_task(ask(tier))
        await asyncio.sleep(1.0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert model.cancelled == 2
    assert asyncio.all_tasks() == {asyncio.current_task()}
