"""Deferral rules by name, and the gates that hold whatever the rule says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from voice.cascade.fitted import Fitted
from voice.cascade.policy import RISKS, CheckPolicy, Policy, Risk, RiskPolicy, RulePolicy
from voice.cascade.rules.chow import ChowAverage, ChowQuantile, ChowSum
from voice.cascade.rules.evidence import Evidence, Judgement, Rule
from voice.cascade.rules.frugal import Frugal
from voice.cascade.rules.learned import Learned
from voice.cascade.rules.single import Single
from voice.cascade.rules.softmax import DistanceToUniform, MaxProb
from voice.cascade.rules.static import Static
from voice.cascade.rules.utility import Utility
from voice.cascade.words import Draft, Findings

_MADE: Mapping[str, Callable[[RulePolicy, CheckPolicy], Rule]] = {
    "single": lambda rule, checks: Single(),
    "static": lambda rule, checks: Static(checks),
    "max_prob": lambda rule, checks: MaxProb(rule),
    "dtu": lambda rule, checks: DistanceToUniform(rule),
    "chow_sum": lambda rule, checks: ChowSum(rule),
    "chow_average": lambda rule, checks: ChowAverage(rule),
    "chow_quantile": lambda rule, checks: ChowQuantile(rule),
}
_LEARNED: Mapping[str, Callable[[RulePolicy, Fitted], Rule]] = {
    "learned": Learned,
    "frugal": Frugal,
    "utility": Utility,
}

NAMES = (*_MADE, *_LEARNED)
"""Every rule. The last three need a policy file."""


def rule_named(rule: RulePolicy, checks: CheckPolicy, fitted: Fitted | None) -> Rule:
    """Make a rule.

    Raises:
        ValueError: there is no such rule, or it needs what was not learned yet.
    """
    if rule.name in _MADE:
        return _MADE[rule.name](rule, checks)
    if rule.name not in _LEARNED:
        raise ValueError(f"there is no rule {rule.name!r}: use one of {', '.join(NAMES)}")
    if fitted is None:
        raise ValueError(f"the rule {rule.name!r} is learned: make a policy file with `voice tune`, and name it")
    return _LEARNED[rule.name](rule, fitted)


def judge(evidence: Evidence, policy: Policy) -> Judgement:
    """Judge a draft by the policy's rule, then by its gates.

    Raises:
        ValueError: see `rule_named`.
    """
    policy = _for_draft(policy, evidence)
    return gated(rule_named(policy.rule, policy.checks, policy.fitted).judge(evidence), evidence, policy)


def gated(judgement: Judgement, evidence: Evidence, policy: Policy) -> Judgement:
    """Refuse an accepted draft that the checks, its risk or its tier forbid."""
    if judgement.verdict != "accept":
        return judgement
    failed = [*_checks_failed(evidence, policy), *_risk_failed(judgement, evidence, policy)]
    return replace(judgement, verdict="escalate", failed=(*judgement.failed, *failed)) if failed else judgement


def last_resort(evidence: Evidence, policy: Policy) -> bool:
    """Say whether the largest tier's draft may be used although it is not confident.

    Nobody is left to ask, so what counts is that nothing was left out and nothing made up, and that no part of it is
    read by this tier alone where others read the turn; never so for what can't be undone, and not where the tier has a
    threshold of its own.
    """
    if evidence.above or evidence.risk in ("write", "money") or evidence.tier.name in policy.rule.thresholds:
        return False
    checks = _for_draft(policy, evidence).checks
    return _whole(evidence, checks) and not _stands_alone(evidence, checks)


def worth_confirming(evidence: Evidence, policy: Policy) -> bool:
    """Say whether the caller can be asked if the largest tier's draft is what they want, where it may not be used.

    So it is where all of it was said and it holds half of what was, and where performing it only tells. What writes or
    costs money is read back in any case.
    """
    checks, findings = policy.checks, evidence.findings
    asks = any(action.name in ("clarify", "handoff") for action in evidence.draft.actions)
    if asks or evidence.above or evidence.risk in ("write", "money"):
        return False
    return findings.completeness >= checks.completeness_when_seconded and findings.correctness >= checks.correctness


def below(policy: Policy, tier: str, drafts: Iterable[Draft]) -> Draft | None:
    """Give, of a turn's whole drafts, that of the next smaller tier."""
    smaller = next((one.name for one, larger in pairwise(policy.tiers) if larger.name == tier), None)
    return next((draft for draft in drafts if draft.tier == smaller), None)


def risk_of(draft: Draft, findings: Findings, policy: RiskPolicy) -> Risk:
    """Give the worst class of what the draft would do."""
    found: set[Risk] = {policy.actions.get(action.name, "read") for action in draft.actions}
    if findings.irreversible and not found & {"write", "money"}:
        found.add("write")
    for risk in reversed(RISKS):
        if risk in found:
            return risk
    return "read"


def _for_draft(policy: Policy, evidence: Evidence) -> Policy:
    seconded = evidence.seconded or evidence.support == 1
    return replace(policy, checks=policy.checks.for_draft(evidence.risk, seconded=bool(seconded)))


def _whole(evidence: Evidence, checks: CheckPolicy) -> bool:
    findings = evidence.findings
    return findings.completeness >= checks.completeness and findings.correctness >= checks.correctness


def _stands_alone(evidence: Evidence, checks: CheckPolicy) -> bool:
    """Whether too little of the largest tier's draft is what another reading of the turn has as well."""
    return not evidence.above and evidence.support is not None and evidence.support < checks.support


def _checks_failed(evidence: Evidence, policy: Policy) -> list[str]:
    """Whatever can't be undone is checked under every rule; that something bears out the largest tier's draft, too."""
    support = evidence.support or 0.0
    alone = [f"support {support:.2f} < {policy.checks.support:.2f}"] if _stands_alone(evidence, policy.checks) else []
    if not policy.rule.with_checks and evidence.risk in ("read", "quote"):
        return alone
    findings, checks = evidence.findings, policy.checks
    pairs = {
        "completeness": (findings.completeness, checks.completeness),
        "correctness": (findings.correctness, checks.correctness),
    }
    return [f"{name} {value:.2f} < {least:.2f}" for name, (value, least) in pairs.items() if value < least] + alone


def _risk_failed(judgement: Judgement, evidence: Evidence, policy: Policy) -> list[str]:
    risk, failed = evidence.risk, list[str]()
    margin = policy.risk.margins.get(risk, 0.0)
    least = 0.5 if judgement.rule in ("static", "utility") else policy.rule.least(evidence.tier.name)
    if judgement.rule != "single" and margin and judgement.score < min(1.0, least + margin):
        failed.append(f"{risk}: {judgement.rule} {judgement.score:.2f} < {min(1.0, least + margin):.2f}")
    return failed
