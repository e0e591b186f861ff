"""What a pipeline is built from: the shared stack, and one caller's own desk and trace."""

from __future__ import annotations

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

    def runtime(self, mouth: Mouth) -> Runtime:
        """Make the cascade's runtime for this call."""
        return Runtime(
            policy=self.stack.policy,
            desk=self.desk,
            tiers=self.stack.tiers,
            mouth=mouth,
            trace=self.trace,
            pace=self.stack.pace,
            account=self.stack.account,
        )
