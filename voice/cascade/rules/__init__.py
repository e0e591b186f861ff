"""Deferral rules: after a draft, accept it, have a larger tier try, or ask. Interchangeable, for any number of tiers.

To add one, write a `Rule` and name it in `choosing`. All are pure functions of `Evidence`.
"""

from voice.cascade.rules.choosing import (
    NAMES,
    below,
    gated,
    judge,
    last_resort,
    risk_of,
    rule_named,
    worth_confirming,
)
from voice.cascade.rules.evidence import Evidence, Judgement, Rule, Verdict
from voice.cascade.rules.scores import Scores, score

__all__ = [
    "NAMES",
    "Evidence",
    "Judgement",
    "Rule",
    "Scores",
    "Verdict",
    "below",
    "gated",
    "judge",
    "last_resort",
    "risk_of",
    "rule_named",
    "score",
    "worth_confirming",
]
