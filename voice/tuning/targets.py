"""Each target beside what was reached: for the page, the policy file, and whoever has to answer for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voice.cascade.policy import Targets
from voice.tuning.play import Sum

_READ = {
    "max_cost": "cost",
    "max_risk": "risk",
    "max_seconds": "seconds",
    "max_escalated": "escalated",
    "min_quality": "exact",
}
_SHARES = ("max_risk", "max_escalated", "min_quality")
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Wanted:
    """One target.

    Attributes:
        name: ``max_cost``, ``max_risk``, ``max_seconds``, ``max_escalated`` or ``min_quality``.
        value: The most, or the least, that a turn may have on average.
    """

    name: str
    value: float

    def reached(self, by: Sum) -> float:
        """Give what is held against it."""
        return float(getattr(by, _READ[self.name]))

    def excess(self, by: Sum) -> float:
        """Give how far it is missed, as a share of itself; 0 if it is met."""
        over = self.reached(by) - self.value if self.name.startswith("max") else self.value - self.reached(by)
        return 0.0 if over <= 0 else over / max(self.value, 1e-9)


def wanted(targets: Targets, max_escalated: float | None) -> list[Wanted]:
    """Give the targets that there are."""
    values = {name: max_escalated if name == "max_escalated" else getattr(targets, name) for name in _READ}
    return [Wanted(name, value) for name, value in values.items() if value is not None]


def goal_table(targets: Sequence[Wanted], dev: Sum, test: Sum, risk_upper: float) -> list[dict[str, Any]]:
    """Set each target beside what was reached on ``dev`` and ``test``.

    ``met`` says whether it holds on both. ``told`` is the same in words; of a risk it also says whether ``test`` has
    turns enough to show it.

    Args:
        targets: What was wanted.
        dev: What chose the policy.
        test: What it was reported on.
        risk_upper: What the risk on ``test`` stays under with 95%.
    """
    return [_row(one, dev, test, risk_upper) for one in targets]


def missed(rows: Sequence[Mapping[str, Any]], on: str) -> list[str]:
    """Name the targets that are missed on a split."""
    return [row["target"] for row in rows if on in row["missed_on"]]


def line(row: Mapping[str, Any]) -> str:
    """Say a row of the table in a line."""
    name = row["target"]
    wanted, dev, test = (shown(name, row[key]) for key in ("wanted", "dev", "test"))
    return f"{spoken(name)}: wanted {wanted}, reached {dev} on dev, {test} on test: {row['told']}"


def spoken(name: str) -> str:
    """Give a target's name in words."""
    return name.replace("_", " ")


def shown(name: str, value: float) -> str:
    """Write a target's value, or what is held against it."""
    if name in _SHARES:
        return f"{100 * value:.4g}%"
    return f"{value:.4g} s" if name == "max_seconds" else f"{value:.9f}".rstrip("0").rstrip(".")


def _row(one: Wanted, dev: Sum, test: Sum, risk_upper: float) -> dict[str, Any]:
    reached = {"dev": dev, "test": test}
    missed_on = [name for name, by in reached.items() if one.excess(by) > _ROUNDING]
    told = f"missed on {' and '.join(missed_on)}" if missed_on else "met"
    if one.name == "max_risk" and not missed_on and risk_upper > one.value:
        told = f"met, but so few turns of test only show at most {shown(one.name, risk_upper)}"
    return {
        "target": one.name,
        "wanted": one.value,
        **{name: round(one.reached(by), 9) for name, by in reached.items()},
        "met": not missed_on,
        "missed_on": missed_on,
        "told": told,
    }
