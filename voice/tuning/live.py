"""Turns of real calls among recorded outcomes: which count, and what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from voice.bench.turns.outcomes import RecordedOutcome
from voice.cascade.policy import Tier
from voice.tuning.cases import Case


def since(outcomes: Sequence[RecordedOutcome], day: date | None) -> tuple[list[RecordedOutcome], int]:
    """Keep labelled turns, and of the others those of calls from this day on.

    Returns:
        What is kept, and how many are not. A turn whose call tells no date is not, if a day is given.
    """
    kept = [one for one in outcomes if one.labelled or day is None or _from(one, day)]
    return kept, len(outcomes) - len(kept)


def live_in(cases: Sequence[Case], tiers: Sequence[Tier]) -> dict[str, Any]:
    """Tell how many turns of calls there are, and how it is known whether what was made of them is right.

    ``whole`` are the turns of which every tier's answer is known, so that they choose and test policies too; the others
    only teach what they tell. ``verdicts`` are the best of each turn.
    """
    live = [case for case in cases if case.outcome.call]
    names = [tier.name for tier in tiers]
    best = [max(case.outcome.tiers.values(), key=lambda one: one.weight) for case in live]
    return {
        "turns": len(live),
        "calls": len({case.outcome.call for case in live}),
        "whole": sum(case.whole(names) for case in live),
        "verdicts": dict(Counter(one.verdict for one in best).most_common()),
        "weight": round(sum(one.weight for one in best), 2),
    }


def told(live: Mapping[str, Any]) -> str:
    """Say it in a line."""
    if not live["turns"]:
        return "No turns of calls" + (f"; {live['left_out']} are left out by --since" if live.get("left_out") else "")
    verdicts = ", ".join(f"{n} by {name.replace('_', ' ')}" for name, n in live["verdicts"].items())
    line = f"{live['turns']} turns of {live['calls']} calls, weighing {live['weight']:g}; truth: {verdicts}; "
    line += f"every tier is known of {live['whole']}"
    return line + (f"; {live['left_out']} are left out by --since" if live.get("left_out") else "")


def _from(one: RecordedOutcome, day: date) -> bool:
    return bool(one.date) and date.fromisoformat(one.date[:10]) >= day
