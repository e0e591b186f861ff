"""Drafts under way, from the desk's words for a turn to the actions that a tier makes of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from voice.cascade.events import CancelDrafts, Drafted, Drafting, StartDraft
from voice.cascade.policy import Policy, Tier
from voice.cascade.words import Draft
from voice.overhead import Overhead
from voice.ports import Desk, LanguageModel, Message, Watch

_log = logging.getLogger(__name__)


class Drafts:
    """The model calls of a call. However one ends, that is told once.

    Args:
        desk: Says what a tier is asked, and reads what it answers.
        tiers: A model for every tier of the policy.
        policy: Knows the tiers.
        overhead: Times the desk's share.
        now: Gives the time, in seconds.
        tell: Takes what happens.
    """

    def __init__(
        self,
        desk: Desk,
        tiers: Mapping[str, LanguageModel],
        policy: Policy,
        overhead: Overhead,
        now: Callable[[], float],
        tell: Callable[[Drafting | Drafted], None],
    ) -> None:
        self._desk, self._tiers, self._policy = desk, tiers, policy
        self._overhead, self._now, self._tell = overhead, now, tell
        self._started: dict[asyncio.Task[None], StartDraft] = {}
        self._written: dict[asyncio.Task[None], Draft] = {}

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """What has not ended."""
        return list(self._started)

    def start(self, command: StartDraft) -> None:
        """Ask a tier."""
        task = asyncio.create_task(self._draft(command), name=f"draft {command.tier}")
        self._started[task] = command

        def settle(task: asyncio.Task[None]) -> None:
            del self._started[task]
            written = self._written.pop(task, None)
            if task.cancelled():
                self._drafted(command, cut_short(self._policy.tier(command.tier), written, "cancelled"))

        task.add_done_callback(settle)

    def cancel(self, command: CancelDrafts) -> None:
        """Cancel the calls that are meant."""
        for task, started in self._started.items():
            if command.shadow == bool(started.shadow) and command.tier in (None, started.tier):
                task.cancel()

    async def _draft(self, command: StartDraft) -> None:
        task = asyncio.current_task()
        assert task

        def grown(draft: Draft) -> None:
            self._written[task] = draft
            if not command.shadow:
                self._tell(Drafting(self._now(), command.generation, draft))

        try:
            async with asyncio.timeout(command.seconds):
                tier = self._policy.tier(command.tier)
                made = await draft(self._desk, tier, self._tiers[command.tier], command, grown, self._overhead)
        except TimeoutError:
            made = cut_short(self._policy.tier(command.tier), self._written.get(task), "out_of_time")
        except Exception as error:
            _log.exception("tier %s failed", command.tier)
            made = Draft(command.tier, (), error=f"failed: {error}")
        self._drafted(command, made)

    def _drafted(self, command: StartDraft, made: Draft) -> None:
        self._tell(Drafted(self._now(), command.generation, made, command.shadow))


async def draft(
    desk: Desk, tier: Tier, model: LanguageModel, asked: StartDraft, watch: Watch, overhead: Overhead
) -> Draft:
    """Ask a tier, and have the desk read its answer; ``overhead`` times the desk's share of it.

    Trouble of the provider, and an answer that can't be read, come back in ``Draft.error``.
    """
    with overhead.part("prompt"):
        messages = _messages(desk, asked, tier)
        schema = desk.schema(asked.reading, asked.dialogue, fine_tuned=tier.fine_tuned)
    written = await model.draft(messages, schema, watch=watch)
    if written.error:
        return written
    try:
        with overhead.part("prompt"):
            return replace(written, actions=desk.parse(written.text, asked.reading))
    except ValueError as error:
        return replace(written, error=f"broken_json: {error}")


def _messages(desk: Desk, asked: StartDraft, tier: Tier) -> list[Message]:
    messages = list(desk.prompt(tier.shown(asked.reading), asked.dialogue, fine_tuned=tier.fine_tuned))
    if tier.fine_tuned:
        return messages  # what it has learned holds no failed attempts
    if asked.problems or asked.carried_out:
        named = "\n".join(f"- {problem}" for problem in asked.problems)
        if asked.carried_out:
            done = json.dumps([action.as_dict() for action in asked.carried_out], ensure_ascii=False)
            named = f"- carried out in vain: {done}\n{named}"
        last = messages[-1]
        messages[-1] = Message(last.role, f"{last.content}\nA first attempt failed these checks:\n{named}")
    return messages


def cut_short(tier: Tier, written: Draft | None, error: str) -> Draft:
    """Bill a call that did not come to its end: what it wrote, where that was seen, else all that was reserved."""
    if written is None:
        written = Draft(tier.name, (), output_tokens=tier.max_output_tokens)
    prompt = written.prompt_tokens or tier.expected_prompt_tokens
    return replace(written, actions=(), prompt_tokens=prompt, error=error)
