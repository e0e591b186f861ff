"""Has the tiers read what is known of the next prompt while nobody waits for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from voice.cascade.policy import Policy
from voice.cascade.words import Dialogue, Reading
from voice.ports import Desk, LanguageModel, Prefills

_log = logging.getLogger(__name__)


class Prefiller:
    """One call's. What the agent said last stands in every prompt before what the caller says.

    Args:
        desk: Words the prompt.
        policy: Knows the tiers, in the order in which they are asked.
        models: A model for each; those that can't prefill are left out.
    """

    def __init__(self, desk: Desk, policy: Policy, models: Mapping[str, LanguageModel]) -> None:
        self._desk = desk
        named = [(tier, models[tier.name]) for tier in policy.tiers]
        self._tiers = [(tier.fine_tuned, model) for tier, model in named if isinstance(model, Prefills)]
        self._task: asyncio.Task[None] | None = None

    def expect(self, dialogue: Dialogue) -> None:
        """Prefill one tier after the other for a turn that answers to this; what was expected before is dropped."""
        self.stop()
        if self._tiers:
            self._task = asyncio.create_task(self._prefill(dialogue), name="prefill")

    def stop(self) -> None:
        """Make way for a draft, or for the end of the call."""
        if self._task:
            self._task.cancel()
            self._task = None

    async def _prefill(self, dialogue: Dialogue) -> None:
        try:
            for fine_tuned, model in self._tiers:
                await model.prefill(self._desk.prompt(Reading(""), dialogue, fine_tuned=fine_tuned))
        except Exception:
            _log.exception("the beginning of the next prompt could not be read ahead")
