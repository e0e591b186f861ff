"""What a policy can't be trusted for because of too few turns, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from voice.cascade.fitted import Fitted, Logistic
from voice.tuning.goal import Goal
from voice.tuning.play import Sum

LEVEL = 0.95
"""How sure a shown risk is."""


def caveats(fitted: Fitted, goal: Goal, dev: Sum) -> list[str]:
    """Give the sentences; none if there were turns enough."""
    models = dict(_models(fitted))
    constants = [name for name, model in models.items() if not model.weights]
    found: list[str] = []
    if constants:
        everywhere = len(constants) == len(models)
        which, who = ("the models", "all") if everywhere else ("some models", "; ".join(constants))
        found.append(
            f"{which} learned nothing: {who} say the same of every turn, since there are too few turns, or too few "
            "that were right or wrong"
        )
    risk = goal.targets.max_risk
    if risk is not None and risk < 1:
        accepted = int(dev.accepted if dev.effective is None else dev.effective)
        needed = turns_to_show(risk)
        if needed is None:
            found.append("a risk of 0 can't be shown by any number of turns")
        elif accepted < needed:
            found.append(
                f"to show a risk of {100 * risk:.4g}% takes at least {needed} accepted dev turns, none of them wrong; "
                f"there are {accepted}"
            )
    return found


def turns_to_show(risk: float) -> int | None:
    """Give the least number of turns that bounds a risk (0…1) with 95% if none of them is wrong; None for a risk of 0.

    That is Clopper and Pearson's bound for no wrong turn, 1 - 0.05^(1/n), solved for n.
    """
    if risk <= 0:
        return None
    return 1 if risk >= LEVEL else math.ceil(math.log(1 - LEVEL) / math.log(1 - risk))


def _models(fitted: Fitted) -> Iterator[tuple[str, Logistic]]:
    if fitted.router:
        yield "router: code", fitted.router.code
        yield from ((f"router: {name}", model) for name, model in fitted.router.tiers.items())
    for name, fit in fitted.tiers.items():
        yield f"draft: {name}", fit.right
        yield f"draft: {name}, by its checks", fit.scorer
        if fit.above:
            yield f"draft: {name}, the next tier", fit.above
