"""Whatever is worth most: quality against money and waiting, by what was measured of each tier."""

from __future__ import annotations

from dataclasses import dataclass

from voice.cascade.fitted import Fitted
from voice.cascade.policy import RulePolicy, Targets, Tier
from voice.cascade.rules.evidence import Evidence, Judgement, Verdict
from voice.cascade.rules.features import features


@dataclass(frozen=True, slots=True)
class Utility:
    """Accept, escalate or ask, whichever has the largest expected utility U = w_q Q - w_c C - w_l L.

    Cascading as one decision with routing, after "A Unified Approach to Routing and Cascading for LLMs"
    (arXiv 2410.10347): what a further tier adds is its estimated quality less its price. Q is the calibrated
    probability of being right; C and L are money and seconds still to be spent, as shares of what the dearest and the
    slowest tier take on average. What the draft itself cost is spent either way and does not count. The score is
    (1 + U(accept) - U(best other)) / 2 with weights that add up to 1, so that 0.5 is where both are worth the same.

    Targets come first: a tier that would break ``max_cost`` or ``max_seconds`` can't be asked, a draft that breaks
    ``min_quality`` or ``max_risk`` can't be used; if nothing is left, the caller is asked.
    """

    policy: RulePolicy
    fitted: Fitted
    name: str = "utility"

    @property
    def version(self) -> str:
        """That of what was learned."""
        return self.fitted.version

    def judge(self, evidence: Evidence) -> Judgement:
        """Compare what each way on is worth."""
        targets, weights = self.policy.targets, evidence.weights or self.policy.weights
        total = weights.quality + weights.cost + weights.latency
        quality, cost, latency = weights.quality / total, weights.cost / total, weights.latency / total
        here = self._probability(evidence)
        accept = quality * here
        escalate, failed = [0.0], list[str]()
        if least := _least(targets):
            failed += [f"right with {here:.2f} < {least:.2f}"] if here < least else []
        tiers = self.fitted.tiers
        dearest = max((fit.price for fit in tiers.values()), default=0.0)
        slowest = max((fit.seconds for fit in tiers.values()), default=0.0)
        allowed = [tier for tier in evidence.above if self._allowed(tier, evidence.spent, targets)]
        for tier in allowed:
            fit = tiers[tier.name]
            worth = quality * self._probability_above(evidence, tier)
            worth -= cost * _share(fit.price, dearest) + latency * _share(fit.seconds, slowest)
            escalate.append(worth)
        other = max(escalate) if allowed else 0.0
        ask = quality * self.policy.ask_value
        if accept < max(other, ask):
            failed.append(f"utility {accept:.2f} < {max(other, ask):.2f}")
        verdict: Verdict = "accept" if not failed else "escalate" if allowed and other >= ask else "ask"
        score = min(1.0, max(0.0, (1 + accept - max(other, ask)) / 2))
        thresholds = {"utility": 0.5, **({"right": least} if least else {})}
        return Judgement(verdict, score, thresholds, tuple(failed), self.name, self.version)

    def _probability(self, evidence: Evidence) -> float:
        fit = self.fitted.tiers.get(evidence.tier.name)
        return fit.right.probability(features(evidence)) if fit else 1.0

    def _probability_above(self, evidence: Evidence, tier: Tier) -> float:
        """Of the next tier by this turn's evidence; of those beyond it by that, and by how often they do better."""
        fit, larger = self.fitted.tiers.get(evidence.tier.name), self.fitted.tiers[tier.name]
        if fit is None or fit.above is None:
            return larger.success
        following = fit.above.probability(features(evidence))
        next_one = self.fitted.tiers.get(evidence.above[0].name, larger)
        gain = larger.success - next_one.success
        return min(1.0, max(0.0, following + gain))

    def _allowed(self, tier: Tier, spent: float, targets: Targets) -> bool:
        fit = self.fitted.tiers.get(tier.name)
        if fit is None:
            return False
        affordable = targets.max_cost is None or spent + fit.price <= targets.max_cost
        return affordable and (targets.max_seconds is None or fit.seconds <= targets.max_seconds)


def _least(targets: Targets) -> float:
    return max(targets.min_quality or 0.0, 0.0 if targets.max_risk is None else 1 - targets.max_risk)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
