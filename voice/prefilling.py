"""Has the tiers read what is known of the next prompt while nobody waits for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from voice.cascade.words import Dialogue, Reading
from voice.ports import Desk, LanguageModel, Prefills

_log = logging.getLogger(__name__)


class Prefiller:
    """One call's. What the agent said last stands in every prompt before what the caller says.

    Args:
        desk: Words the prompt.
        tiers: In the order in which they are asked; those that can't prefill are left out.
    """

    def __init__(self, desk: Desk, tiers: Iterable[LanguageModel]) -> None:
        self._desk = desk
        self._tiers = [tier for tier in tiers if isinstance(tier, Prefills)]
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
            messages = self._desk.prompt(Reading(""), dialogue)
            for tier in self._tiers:
                await tier.prefill(messages)
        except Exception:
            _log.exception("the beginning of the next prompt could not be read ahead")
