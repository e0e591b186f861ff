"""Drafts under way, from the desk's words for a turn to the actions that a tier makes of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from voice.cascade.commands import CancelDrafts, StartDraft
from voice.cascade.events import Drafted, Drafting
from voice.cascade.policy import Policy, Tier
from voice.cascade.words import Dialogue, Draft, Reading
from voice.contract import as_actions, as_messages, as_schema
from voice.overhead import Overhead
from voice.ports import Desk, LanguageModel, Message, Watch
from voice.tokens import estimate_tokens, guessed, most_tokens

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
        self._sent: dict[asyncio.Task[None], int] = {}  # an estimate of the prompt, once it is on its way
        self._written: dict[asyncio.Task[None], Draft] = {}

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """What has not ended."""
        return list(self._started)

    def start(self, command: StartDraft) -> None:
        """Ask a tier."""
        task = asyncio.create_task(self._draft(command), name=f"draft {command.tier}")
        self._started[task] = command
        self._written[task] = Draft(command.tier, ())

        def settle(task: asyncio.Task[None]) -> None:
            del self._started[task]
            if task.cancelled():
                self._drafted(command, self._cut_short(task, "cancelled"))
            self._sent.pop(task, None)
            del self._written[task]

        task.add_done_callback(settle)

    def prompts(self, reading: Reading, dialogue: Dialogue) -> Mapping[str, int]:
        """Give the most tokens that each tier's prompt can have, where money is limited; nothing if it is not."""
        if not self._policy.budget.limits("money"):
            return {}
        try:
            with self._overhead.part("prompt"):
                return {tier.name: self._most(tier, reading, dialogue) for tier in self._policy.tiers}
        except Exception:  # it breaks the draft too, which tells of it
            return {}

    def _most(self, tier: Tier, reading: Reading, dialogue: Dialogue) -> int:
        messages = as_messages(self._desk.prompt(tier.shown(reading), dialogue, fine_tuned=tier.fine_tuned))
        # The grammar of a taught tier's notation is enforced beside the prompt.
        schema = None if tier.fine_tuned else self._desk.schema(reading, dialogue, fine_tuned=False)
        return most_tokens(messages, schema)

    def cancel(self, command: CancelDrafts) -> None:
        """Cancel the calls that are meant."""
        for task, started in self._started.items():
            if command.shadow == bool(started.shadow) and command.tier in (None, started.tier):
                task.cancel()

    async def _draft(self, command: StartDraft) -> None:
        task = asyncio.current_task()
        assert task

        def grown(draft: Draft) -> None:
            grew = draft.text not in ("", self._written[task].text) and not draft.error
            self._written[task] = draft
            if grew and not command.shadow:
                self._tell(Drafting(self._now(), command.generation, draft))

        def sends(messages: Sequence[Message]) -> None:
            self._sent[task] = estimate_tokens(messages)

        try:
            async with asyncio.timeout(command.seconds):
                tier = self._policy.tier(command.tier)
                made = await draft(self._desk, tier, self._tiers[command.tier], command, sends, grown, self._overhead)
            if made.error == "slow":
                made = cut_short(made, self._sent[task], made.error)
        except TimeoutError:
            made = self._cut_short(task, "out_of_time")
        except Exception as error:
            _log.exception("there is no draft of tier %s", command.tier)
            made = self._cut_short(task, f"failed: {error}")
        self._drafted(command, made)

    def _cut_short(self, task: asyncio.Task[None], error: str) -> Draft:
        return cut_short(self._written[task], self._sent.get(task, 0), error)

    def _drafted(self, command: StartDraft, made: Draft) -> None:
        self._tell(Drafted(self._now(), command.generation, made, command.shadow))


async def draft(
    desk: Desk,
    tier: Tier,
    model: LanguageModel,
    asked: StartDraft,
    sends: Callable[[Sequence[Message]], None],
    watch: Watch,
    overhead: Overhead,
) -> Draft:
    """Ask a tier, and have the desk read its answer; ``overhead`` times the desk's share of it.

    ``sends`` is told the prompt before it goes out. Trouble of the provider, and an answer that can't be read, come
    back in ``Draft.error``.

    Raises:
        TypeError: the desk's prompt or schema is none.
    """
    with overhead.part("prompt"):
        messages = _messages(desk, asked, tier)
        schema = as_schema(desk.schema(asked.reading, asked.dialogue, fine_tuned=tier.fine_tuned))
    sends(messages)
    written = await model.draft(messages, schema, watch=watch)
    if written.error:
        return written
    try:
        with overhead.part("prompt"):
            return replace(written, actions=as_actions(desk.parse(written.text, asked.reading)))
    except ValueError as error:
        return replace(written, error=f"broken_json: {error}")
    except Exception as error:
        _log.exception("the desk could not parse what tier %s wrote", tier.name)
        return replace(written, error=f"failed: {error}")


def _messages(desk: Desk, asked: StartDraft, tier: Tier) -> list[Message]:
    messages = as_messages(desk.prompt(tier.shown(asked.reading), asked.dialogue, fine_tuned=tier.fine_tuned))
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


def cut_short(written: Draft, sent: int, error: str) -> Draft:
    """Bill a call that did not come to its end: what was seen of its answer, and the prompt that was sent.

    Args:
        written: What was seen.
        sent: An estimate of the prompt's tokens, for where nothing is known of them; 0 if nothing was sent.
        error: Why it ended.
    """
    billed = guessed(written, sent)
    return replace(billed, actions=(), error=error, estimated=billed.prompt_tokens > 0)
