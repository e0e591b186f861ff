"""What may still be spent. A model call is reserved before it starts, so the limit can't be overshot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from voice.cascade.policy import BudgetPolicy, Tier


@dataclass(frozen=True, slots=True)
class Budget:
    """The running account of one call. Money that is reserved counts as spent until it is settled."""

    policy: BudgetPolicy = field(default_factory=BudgetPolicy)
    spent: float = 0.0
    reserved: float = 0.0
    model_calls: int = 0
    model_calls_this_turn: int = 0
    tool_calls_this_turn: int = 0

    def next_turn(self) -> Budget:
        """Start counting the limits of a turn anew."""
        return replace(self, model_calls_this_turn=0, tool_calls_this_turn=0)

    def refusal(self, tier: Tier) -> str | None:
        """Say which limit forbids a call to this tier, or None."""
        limits = self.policy
        if limits.model_calls_per_turn is not None and self.model_calls_this_turn >= limits.model_calls_per_turn:
            return f"{limits.model_calls_per_turn} model calls in this turn"
        if limits.model_calls_per_call is not None and self.model_calls >= limits.model_calls_per_call:
            return f"{limits.model_calls_per_call} model calls in this call"
        if limits.money_per_call is not None and self.spent + self.reserved + tier.most > limits.money_per_call:
            return f"{limits.money_per_call:g} of money in this call"
        return None

    def reserve(self, tier: Tier) -> Budget:
        """Set the most that a call can cost aside.

        Raises:
            ValueError: a limit forbids it; ask `refusal` first.
        """
        if why := self.refusal(tier):
            raise ValueError(f"the budget of {why} is used up")
        return replace(
            self,
            reserved=self.reserved + tier.most,
            model_calls=self.model_calls + 1,
            model_calls_this_turn=self.model_calls_this_turn + 1,
        )

    def settle(self, tier: Tier, prompt_tokens: int, output_tokens: int) -> Budget:
        """Replace what was set aside by what the call cost. Cancelled work is settled too."""
        return replace(
            self,
            reserved=max(0.0, self.reserved - tier.most),
            spent=self.spent + tier.price(prompt_tokens, output_tokens),
        )

    def tools_refusal(self, count: int) -> str | None:
        """Say which limit forbids ``count`` more actions in this turn, or None."""
        limit = self.policy.tool_calls_per_turn
        if limit is not None and self.tool_calls_this_turn + count > limit:
            return f"{limit} actions in this turn"
        return None

    def use_tools(self, count: int) -> Budget:
        """Count actions that are carried out."""
        return replace(self, tool_calls_this_turn=self.tool_calls_this_turn + count)
