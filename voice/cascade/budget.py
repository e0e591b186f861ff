"""What may still be spent. A model call is reserved before it starts, so that no limit can be overshot.

Three accounts are kept: of the turn, of the call, and of the hour. The hour is shared by all calls of a process, so a
call is told what is left of it (`voice.cascade.events.Allowance`) and counts its own changes until it is told again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from voice.cascade.policy import BudgetPolicy, Tier
from voice.cascade.refusals import Refusal

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Amount:
    """What something costs: money, calls of models and of tools, seconds that models ran."""

    money: float = 0.0
    model_calls: int = 0
    tool_calls: int = 0
    seconds: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.money + other.money,
            self.model_calls + other.model_calls,
            self.tool_calls + other.tool_calls,
            self.seconds + other.seconds,
        )

    def __sub__(self, other: Amount) -> Amount:
        return Amount(
            self.money - other.money,
            self.model_calls - other.model_calls,
            self.tool_calls - other.tool_calls,
            self.seconds - other.seconds,
        )

    def of(self, what: str) -> float:
        """Give one of the four, by name."""
        return float(getattr(self, what))


WHAT = tuple(field.name for field in fields(Amount))
"""Names of the four."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is set aside for a draft under way: the draft of a tier in a generation, started at ``since``.

    ``used`` is whether its beginning was enough, so that what comes of the rest is no waste.
    """

    generation: int
    tier: str
    turn: int
    since: float
    amount: Amount
    used: bool = False


@dataclass(frozen=True, slots=True)
class Budget:
    """The running accounts of one call. What is reserved counts as spent until it is settled.

    Attributes:
        policy: The limits.
        number: The turn that is being worked on.
        turn: What was spent on it.
        call: What was spent on all turns.
        pending: What is reserved, a draft each.
        hour_left: What the hour's limits still allow all calls together, as last told; absent is no limit.
        since_told: What this call added to it since then.
    """

    policy: BudgetPolicy = field(default_factory=BudgetPolicy)
    number: int = 0
    turn: Amount = field(default_factory=Amount)
    call: Amount = field(default_factory=Amount)
    pending: tuple[Reservation, ...] = ()
    hour_left: Mapping[str, float] = field(default_factory=dict[str, float])
    since_told: Amount = field(default_factory=Amount)

    @property
    def spent(self) -> float:
        """Money spent in this call."""
        return self.call.money

    @property
    def reserved(self) -> float:
        """Money set aside in this call."""
        return self.held.money

    @property
    def held(self) -> Amount:
        """All that is set aside in this call."""
        return sum((each.amount for each in self.pending), Amount())

    @property
    def enforced(self) -> bool:
        """Whether a refusal forbids; otherwise it is only recorded."""
        return self.policy.mode == "enforce"

    def for_turn(self, number: int) -> Budget:
        """Work on this turn; the limits of a turn count anew if it is another one."""
        return self if number == self.number else replace(self, number=number, turn=Amount())

    def told(self, left: Mapping[str, float]) -> Budget:
        """Note what is left of the hour."""
        return replace(self, hour_left=dict(left), since_told=Amount())

    # ---- models

    def refusal(self, tier: Tier, prompt_tokens: int | None = None) -> Refusal | None:
        """Say which limit forbids a call to this tier, or None. Time must suffice for what the tier usually needs.

        Args:
            tier: Who would be asked.
            prompt_tokens: The most that its prompt has; None where that is not known.
        """
        return self._forbids(Amount(most(tier, prompt_tokens), 1, 0, tier.expected_seconds))

    def seconds_for(self, tier: Tier) -> float:
        """Give the time that a call to this tier may take: its own limit, or what is left."""
        left = [limit - used.of("seconds") for _, limit, used in self._limits("seconds")]
        return min([tier.most_seconds, *left]) if self.enforced else tier.most_seconds

    def reserve(self, tier: Tier, generation: int, at: float, prompt_tokens: int | None = None) -> Budget:
        """Set aside the most that a call to this tier can cost.

        Raises:
            ValueError: a limit forbids it; ask `refusal` first.
        """
        if self.enforced and (why := self.refusal(tier, prompt_tokens)):
            raise ValueError(f"the budget forbids it: it {why}")
        amount = Amount(most(tier, prompt_tokens), 1, 0, self.seconds_for(tier))
        made = Reservation(generation, tier.name, self.number, at, amount)
        return replace(self, pending=(*self.pending, made), since_told=self.since_told + amount)

    def reserved_for(self, tier: str, generation: int) -> Reservation | None:
        """Give what is set aside for a draft."""
        return next((each for each in self.pending if (each.generation, each.tier) == (generation, tier)), None)

    def used(self, tier: str, generation: int) -> Budget:
        """Note that the beginning of a draft was enough."""
        found = self.reserved_for(tier, generation)
        return replace(
            self, pending=tuple(replace(each, used=True) if each is found else each for each in self.pending)
        )

    def settle(self, tier: Tier, generation: int, prompt_tokens: int, output_tokens: int, at: float) -> Budget:
        """Replace what was set aside by what the call cost. Cancelled work is settled too."""
        money = tier.price(prompt_tokens, output_tokens)
        found = self.reserved_for(tier.name, generation)
        if found is None:
            return self._spend(Amount(money), self.number)
        pending = tuple(each for each in self.pending if each is not found)
        released = replace(self, pending=pending, since_told=self.since_told - found.amount)
        return released._spend(Amount(money, 1, 0, at - found.since), found.turn)

    # ---- tools

    def tools_refusal(self, count: int) -> Refusal | None:
        """Say which limit forbids ``count`` more actions, or None."""
        return self._forbids(Amount(tool_calls=count))

    def use_tools(self, count: int) -> Budget:
        """Count actions that are carried out."""
        return self._spend(Amount(tool_calls=count), self.number)

    # ---- accounts

    def _spend(self, amount: Amount, turn: int) -> Budget:
        return replace(
            self,
            turn=self.turn + amount if turn == self.number else self.turn,
            call=self.call + amount,
            since_told=self.since_told + amount,
        )

    def _limits(self, what: str) -> list[tuple[str, float, Amount]]:
        """Give each period that limits this, with its limit and what was used of it."""
        of_turn = sum((each.amount for each in self.pending if each.turn == self.number), self.turn)
        limits = [
            ("turn", self.policy.limit(what, "turn"), of_turn),
            ("call", self.policy.limit(what, "call"), self.call + self.held),
            ("hour", self.hour_left.get(what), self.since_told),
        ]
        return [(period, limit, used) for period, limit, used in limits if limit is not None]

    def _forbids(self, amount: Amount) -> Refusal | None:
        if self.policy.mode == "off":
            return None
        for what in WHAT:
            if not amount.of(what):
                continue
            for period, limit, used in self._limits(what):
                if used.of(what) + amount.of(what) > limit + _ROUNDING:
                    return self._refusal(what, period, amount.of(what), max(0.0, limit - used.of(what)))
        return None

    def _refusal(self, what: str, period: str, needed: float, left: float) -> Refusal:
        mine = [each.amount for each in self.pending if period != "turn" or each.turn == self.number]
        held = sum(mine, Amount())
        limit = self.policy.limit(what, period)
        return Refusal(
            what=what,
            period=period,
            needed=needed,
            limit=left if limit is None else limit,
            left=left,
            spent=(self.turn if period == "turn" else self.call).of(what),
            reserved=held.of(what),
        )


def most(tier: Tier, prompt_tokens: int | None) -> float:
    """Give the most that a call to a tier can cost, with a prompt of so many tokens at the most."""
    return tier.most if prompt_tokens is None else tier.most_for(prompt_tokens)
