"""What a pipeline is built from: the shared stack, and one caller's own desk and trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice.ports import Desk, Mouth
from voice.runtime import Runtime
from voice.stack import Stack
from voice.trace import Trace


@dataclass(frozen=True)
class Call:
    """One caller on the line."""

    stack: Stack
    desk: Desk
    trace: Trace

    def runtime(self, mouth: Mouth, *, hand_off: Callable[[], None] = lambda: None) -> Runtime:
        """Make the cascade's runtime for this call.

        Args:
            mouth: Speaks.
            hand_off: Called when the caller has heard that they are passed to a person, before ``[hand_off]`` of the
                profile ends the call or holds the line. It must return at once: what takes time is a task of its own.
        """
        return Runtime(
            policy=self.stack.policy,
            desk=self.desk,
            tiers=self.stack.tiers,
            mouth=mouth,
            hand_off=hand_off,
            trace=self.trace,
            pace=self.stack.pace,
            account=self.stack.account,
        )
