"""Which larger tiers were asked for a turn, why, and whether their answer was needed in the end. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from voice.tracing.turns import Line

_ASKS = frozenset({"escalate", "switch"})


@dataclass(frozen=True, slots=True)
class Escalation:
    """A larger tier that was asked.

    Attributes:
        to: The tier.
        because: Why, a line each.
        needed: False if the caller went on, so that what the tier was to read had changed.
        lines: Of the hearing, in order.
    """

    to: str
    because: tuple[str, ...]
    needed: bool
    lines: tuple[Line, ...]


def escalations(lines: Iterable[Line], *, followed: bool) -> list[Escalation]:
    """Give those of a turn, in order: one for each hearing of it at the most.

    Args:
        lines: The turn's.
        followed: Whether another turn came after it, so that it has no answer any more if it has none here.
    """
    heard = list(_hearings(lines))
    answers = [line for line in (heard[-1] if heard else []) if line["kind"] == "answer"]
    used = bool(answers[-1].get("escalated")) if answers else not followed
    found: list[Escalation] = []
    for index, hearing in enumerate(heard):
        if asked := _asked(hearing):
            found.append(Escalation(*asked, used and index == len(heard) - 1, tuple(hearing)))
    return found


def _hearings(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Split a turn's lines where it was routed anew."""
    hearing: list[Line] = []
    for line in lines:
        if line["kind"] == "route" and hearing:
            yield hearing
            hearing = []
        hearing.append(line)
    if hearing:
        yield hearing


def _asked(hearing: Sequence[Line]) -> tuple[str, tuple[str, ...]] | None:
    if told := next((line for line in hearing if line["kind"] in _ASKS), None):
        return str(told["to"]), tuple(map(str, told.get("because") or ()))
    route = hearing[0] if hearing[0]["kind"] == "route" else {}
    started = next((line for line in hearing if line["kind"] == "draft_started"), None)
    if started and route.get("route") in ("larger", "both"):
        return str(started["tier"]), (str(route.get("reason", "")),)
    return None
