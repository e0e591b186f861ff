"""One tier answers every turn."""

from __future__ import annotations

from dataclasses import dataclass

from voice.cascade.rules.evidence import Evidence, Judgement


@dataclass(frozen=True, slots=True)
class Single:
    """Accept whatever the tier says, or with another tier named, pass every turn on until that one drafted.

    Attributes:
        tier: The only one whose drafts are used; empty for the first that is asked.
    """

    tier: str = ""
    name: str = "single"
    version: str = "1"

    def judge(self, evidence: Evidence) -> Judgement:
        """Accept a draft of the one tier."""
        mine = self.tier in ("", evidence.tier.name) or not evidence.above
        failed = () if mine else (f"only {self.tier} answers",)
        return Judgement("accept" if mine else "escalate", float(mine), {}, failed, self.name, self.version)
