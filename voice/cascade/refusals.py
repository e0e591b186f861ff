"""Why a budget forbids something, in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_UNITS = {
    "model_calls": ("model call", "model calls"),
    "tool_calls": ("action", "actions"),
    "seconds": ("second of model time", "seconds of model time"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What would overstep a limit.

    Attributes:
        what: ``money``, ``model_calls``, ``tool_calls`` or ``seconds``.
        period: ``turn``, ``call`` or ``hour``.
        needed: The most that it can take.
        limit: The most that is allowed in the period.
        left: What is left of that, after what other calls took too.
        spent: What this turn, or this call, has spent of it.
        reserved: What is set aside in it for drafts under way.
    """

    what: str
    period: str
    needed: float
    limit: float
    left: float
    spent: float
    reserved: float

    def __str__(self) -> str:
        rest = f", {_plain(self.what, self.left)} left" if self.left < self.limit else ""
        most = "up to " if self.what == "money" else ""
        needed = f"{_plain(self.what, self.needed)}{_unit(self.what, self.needed)}"
        return f"needs {most}{needed}, {_plain(self.what, self.limit)} allowed in this {self.period}{rest}"

    def as_dict(self) -> dict[str, Any]:
        """Give it for the trace: ``refused`` is the sentence."""
        amounts = {name: round(getattr(self, name), 8) for name in ("needed", "limit", "left", "spent", "reserved")}
        return {"refused": str(self), "what": self.what, "period": self.period, **amounts}


def _plain(what: str, value: float) -> str:
    return f"${value:.10f}".rstrip("0").rstrip(".") if what == "money" else f"{value:g}"


def _unit(what: str, value: float) -> str:
    one, many = _UNITS.get(what, ("", ""))
    return f" {one if value == 1 else many}" if one else ""
