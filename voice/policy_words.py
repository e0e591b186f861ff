"""What the tables and keys of a policy file mean: the comments in it, for who has to explain a policy."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

_TABLES: Mapping[str, str] = {
    "made": "Where this comes from.",
    "made.turns": "How many turns each split had.",
    "made.live": "Turns of real calls among them.",
    "made.live.verdicts": "How it is known what was right in them, and of how many turns.",
    "made.goal": "What was asked for: the weights of a turn's worth, and the targets, which come first.",
    "made.targets.*": "A target, and what was reached on average.",
    "metrics": "What it reached. `dev` chose the thresholds; `test` was looked at once.",
    "rule": "After a draft: which rule judges it. A score below the tier's threshold is refused.",
    "rule.thresholds": "The least score of a tier's draft to be used, by tier; above 1 none is.",
    "rule.weights": "What a turn is worth by; only the rule `utility` weighs it anew in each call.",
    "rule.targets": "What the rule `utility` keeps to in each call. For all rules the targets of [made.goal] chose the "
    "settings; `max_escalated` is a share of many turns, so no rule can look at it in one.",
    "checks": "The checks of a draft; those of completeness and correctness hold under every rule if `with_checks`.",
    "checks.*": "Checks that are others for drafts of this class.",
    "fitted": "Logistic models: intercept + the sum of weight x feature, through 1 / (1 + e^-x).",
    "fitted.tiers.*.right": "The probability that this tier's draft is right, from all that is known of it.",
    "fitted.tiers.*.above": "The probability that the next larger tier would be right.",
    "fitted.tiers.*.scorer": "The same from the checks and one confidence alone; used by the rule `frugal`.",
    "fitted.tiers.*.weights": "Weights by feature (voice/cascade/rules/features.py): above 0 speaks for a right draft.",
    "fitted.tiers.*": "What was measured of this tier.",
    "fitted.router": "Before any draft: what will be right?",
    "fitted.router.code": "The probability that the reading by rules is right. From `code_from` on it is acted on "
    "without a model, if that changes nothing.",
    "fitted.router.tiers.*.weights": "Weights by feature: above 0 speaks for this tier.",
    "fitted.router.tiers.*": "The probability that a draft of this tier will be right.",
    "fitted.router.*weights": "Weights by feature (voice/cascade/routing_features.py): above 0 speaks for the "
    "reading by rules.",
    "reference": "What the turns were like that this was made from; `voice trace drift` compares calls with it.",
    "reference.routes": "How many turns the router sent where.",
    "reference.rates.*": "How often this happened.",
    "reference.values.*": "How this number was distributed.",
}
"""By the table's path; the first that fits. A ``*`` stands for anything."""

_MODEL = {
    "intercept": "of the logit, before any feature",
    "points": "calibration: pairs of a raw probability and what it really means",
}

_KEYS: Mapping[str, Mapping[str, str]] = {
    "": {"format": "of this file", "version": "names this policy in traces"},
    "made": {
        "at": "when",
        "data": "fingerprint of the outcomes",
        "models": "fingerprint of the models that made them",
        "warnings": "what there were too few turns for",
    },
    "made.turns": {"train": "learned from", "dev": "chose the settings", "test": "only reported on"},
    "made.live": {
        "turns": "of calls",
        "calls": "that they are of",
        "whole": "turns of which every tier's answer is known",
        "weight": "what they count, in turns that are known for certain",
        "left_out": "turns before --since",
    },
    "made.goal": {
        "cost": "weight of money",
        "quality": "weight of being right",
        "latency": "weight of waiting",
        "max_cost": "money that a turn may cost on average",
        "min_quality": "share of turns that must be exact",
        "max_risk": "share of wrong ones among accepted turns",
        "max_seconds": "time that a turn may take on average",
        "max_escalated": "share of turns that may go beyond the smallest tier",
    },
    "made.targets.*": {
        "wanted": "the target",
        "dev": "reached on dev",
        "test": "reached on test",
        "told": "whether it was met",
    },
    "metrics.*": {
        "n": "turns",
        "exact": "share that was done exactly as asked",
        "escalated": "share for which a larger tier was asked",
        "accepted": "turns on which something was done, by weight",
        "wrong": "of these, turns on which it was something else than what was asked for",
        "effective": "turns of equal weight that tell as much as the accepted ones",
        "cost": "money a turn",
        "seconds": "from the transcript to the action, on average",
        "seconds_p95": "95% of the turns take no longer",
        "risk": "wrong / accepted",
        "risk_upper": "the risk lies below this with 95%",
        "utility": "what a turn is worth by the weights of the goal",
        "audc": "area under the deferral curve",
        "naudc": "the same, 0 by chance and 1 for an oracle",
        "apgr": "mean share of the gap between the tiers that deferring recovers",
    },
    "rule": {
        "name": "the rule",
        "threshold": "for tiers without one of their own",
        "quantile": "of the rule `chow_quantile`",
        "with_checks": "whether drafts must pass the checks as well",
        "ask_value": "what asking the caller is worth to `utility`, as a probability of being right; 0 asks last",
    },
    "rule.weights": {"cost": "money", "quality": "being right", "latency": "waiting"},
    "rule.targets": {
        "max_cost": "money that a turn may cost",
        "min_quality": "least probability of being right",
        "max_risk": "most probability of being wrong",
        "max_seconds": "no tier is asked that usually takes longer",
    },
    "checks*": {
        "completeness": "least share of what the caller said that the draft holds",
        "completeness_when_seconded": "the same where another reading agrees",
        "correctness": "least share of the draft that the caller said",
        "correctness_when_seconded": "the same where another reading agrees",
        "confidence": "least geometric mean of the token probabilities",
        "confidence_when_agreed": "the same where another reading agrees",
        "support": "least share of the largest tier's draft that another reading has too",
        "action_confidence": "of the least certain tokens that choose actions; 0 leaves it out",
        "argument_confidence": "of the least certain tokens that fill in values; 0 leaves it out",
    },
    "fitted": {"version": "names the models in traces"},
    "fitted.tiers.*": {
        "success": "share of turns that it gets right",
        "price": "money a turn, on average",
        "seconds": "to a whole draft, on average",
        **_MODEL,
    },
    "fitted.router": {
        "code_from": "least probability from which rules act alone",
        "larger_gain": "the next larger tier is asked at once if it is more likely right by this",
        "both_gain": "both tiers start together from this gain on",
        "hysteresis": "how far the last turn's tier shifts the gains its own way",
    },
    "fitted.router.*": _MODEL,
    "reference": {"of": "what was looked at", "turns": "how many"},
    "reference.rates.*": {"share": "of the turns", "n": "turns that tell as much"},
    "reference.values.*": {
        "cuts": "the first bin holds what is at most the first cut, the last what is above the last one",
        "counts": "turns in each bin",
        "mean": "of all",
    },
}
_FROM_A_CHANCE = ("code_from", "larger_gain", "both_gain")


def about_table(path: str) -> str:
    """Say what a table holds; empty where its name says it."""
    return next((text for pattern, text in _TABLES.items() if fnmatchcase(path, pattern)), "")


def about_key(path: str, key: str, value: Any) -> str:
    """Say what a key of a table means; empty where the table says it of all its keys."""
    about = next((keys[key] for pattern, keys in _KEYS.items() if key in keys and fnmatchcase(path, pattern)), "")
    chance = key in _FROM_A_CHANCE or path == "rule.thresholds"
    if chance and value > 1:
        return f"never, since no chance is above 1: {about}".removesuffix(": ")
    return about
