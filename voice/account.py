"""What all calls of a process spend in an hour, kept outside of the core, which is told what is left."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from voice.cascade.budget import WHAT, Amount
from voice.cascade.policy import BudgetPolicy

HOUR_SECONDS = 3600.0


class HourAccount:
    """A sliding hour, shared by all calls of an event loop.

    Args:
        policy: Its limits for an hour; without any, nothing is kept.
    """

    def __init__(self, policy: BudgetPolicy) -> None:
        limits = {what: policy.limit(what, "hour") for what in WHAT}
        self._limits = {what: limit for what, limit in limits.items() if limit is not None}
        self._spent: deque[tuple[float, Amount]] = deque()
        self._used = Amount()

    def change(self, at: float, *, spent: Amount, reserved: Amount) -> None:
        """Take in what a call spent more, and what it reserved more, or less, than before; ``at`` in seconds."""
        if not self._limits:
            return
        self._used += spent + reserved
        if spent != Amount():
            self._spent.append((at, spent))

    def left(self, at: float) -> Mapping[str, float]:
        """Give what each limit of the hour still allows; nothing for what is not limited."""
        while self._spent and self._spent[0][0] <= at - HOUR_SECONDS:
            self._used -= self._spent.popleft()[1]
        return {what: limit - self._used.of(what) for what, limit in self._limits.items()}
