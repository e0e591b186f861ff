"""What goes without saying where people fly apart: the same way, the same day, to where the others go."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_WAY = ("from", "to")


def completed(legs: Sequence[dict[str, str]], back: str) -> list[dict[str, str]]:
    """Fill in what the legs of several riders share. Pure; ``back`` is the key of a leg that goes home.

    A leg without a rider that only says where or when is shared by those that lack it ("Anna from Milan, Marco from
    Munich, both to Lisbon"); a rider for whom no way is named flies that of the rider before.
    """
    made = [dict(leg) for leg in legs]
    if sum("who" in leg for leg in made) < 1 or len(made) < 2:
        return made
    for common in [leg for leg in made if leg.keys() <= {"to", "date", "time"} and leg]:
        lacking = [leg for leg in made if leg is not common and "from" in leg and "to" not in leg and "who" in leg]
        if "to" in common and lacking:
            for leg in lacking:
                leg.update({key: value for key, value in common.items() if key not in leg})
            made.remove(common)
    for index, leg in enumerate(made):
        before = made[index - 1] if index else None
        if "to" in leg or back in leg or "who" not in leg:
            continue
        if before is not None and "from" not in leg:
            leg.update({key: before[key] for key in (*_WAY, back) if key in before})
        elif others := [other["to"] for other in (*made[:index][::-1], *made[index + 1 :]) if "to" in other]:
            leg["to"] = others[0]
    for leg, other in [*pairwise(made), *pairwise(made[::-1])]:
        alike = "to" in leg and leg["to"] == other.get("to") and leg.get("from") != other.get("from")
        if "date" not in leg and "date" in other and alike:
            leg["date"] = other["date"]
    return made
