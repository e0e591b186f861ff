"""Everything that can be set about a decision, in one immutable value. `voice.config` builds it from a profile."""

from __future__ import annotations

from dataclasses import dataclass, field

PLAIN_TOKENS = 20
"""What a draft of one plain request has."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A model with its price and speed.

    Attributes:
        name: How the trace calls it.
        input_price: Money for a million tokens read.
        output_price: Money for a million tokens written.
        expected_seconds: Time to a whole draft of `PLAIN_TOKENS` tokens, until there are measurements.
        max_output_tokens: The most it may write, for reserving budget.
        expected_prompt_tokens: What a prompt takes, for reserving budget.
    """

    name: str
    input_price: float = 0.0
    output_price: float = 0.0
    expected_seconds: float = 1.0
    max_output_tokens: int = 256
    expected_prompt_tokens: int = 1200

    def price(self, prompt_tokens: int, output_tokens: int) -> float:
        """Give the money for a call of this many tokens."""
        return (prompt_tokens * self.input_price + output_tokens * self.output_price) / 1_000_000

    @property
    def most(self) -> float:
        """The most that one call can cost, as far as is known before it."""
        return self.price(self.expected_prompt_tokens, self.max_output_tokens)


@dataclass(frozen=True, slots=True)
class RouterPolicy:
    """When a turn skips the small tier.

    The weights add up to a complexity in 0…1. They are hand-set, not learned: what they stand for is that the smaller
    tier's success falls with legs, requests and self-corrections while the larger one's falls less.

    ``code_alone`` names the actions that a certain reading by rules carries out without any model; the argument that
    was just asked for always is. Small models get "yes" and "no" wrong more often than code does.

    From a complexity of ``both_from`` up to ``straight_to_larger`` the two tiers start at once: it costs more and waits
    less, which pays where they don't share a processor.
    """

    code_alone: tuple[str, ...] = ("confirm", "repeat", "chat", "handoff")

    straight_to_larger: float = 0.5
    both_from: float = 1.0
    per_extra_leg: float = 0.5
    per_extra_request: float = 0.3
    correction: float = 0.25
    per_entity_over_four: float = 0.1
    per_word_over_thirty: float = 0.01


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """The least score that each check must give for a draft to be accepted.

    Confidence is the geometric mean of the token probabilities (Chow-Average, arXiv 2404.10136). A draft that equals
    the reading by rules needs only ``confidence_when_agreed``.
    """

    completeness: float = 0.8
    correctness: float = 1.0
    confidence: float = 0.85
    confidence_when_agreed: float = 0.5


@dataclass(frozen=True, slots=True)
class EarlyPolicy:
    """When a draft is judged before it is whole.

    Attributes:
        agree_share: A draft that begins with this share of what the reading by rules would be is taken to be it; 1
            waits for the whole draft.
        agree_confidence: The geometric mean of its token probabilities so far must reach this.
        abandon_below: A token less probable than this, where there is a larger tier to ask, ends the draft at once; 0
            never does.
    """

    agree_share: float = 0.6
    agree_confidence: float = 0.7
    abandon_below: float = 0.0


@dataclass(frozen=True, slots=True)
class SpeculationPolicy:
    """What may be done while the caller could still go on. Nothing is spoken or written for it.

    Attributes:
        enabled: Whether drafts and look-ups start at a pause.
        larger: Whether drafts of a larger tier do too: they cost most where the caller goes on.
        most_per_turn: How many drafts may be thrown away in a turn before speculation stops.
    """

    enabled: bool = True
    larger: bool = True
    most_per_turn: int = 4


@dataclass(frozen=True, slots=True)
class BudgetPolicy:
    """Limits for a call; None is no limit. Money is reserved before a model call and settled after it."""

    money_per_call: float | None = None
    model_calls_per_turn: int | None = 4
    model_calls_per_call: int | None = None
    tool_calls_per_turn: int | None = 6


@dataclass(frozen=True, slots=True)
class FillerPolicy:
    """When and how the wait is covered. Seconds count from the end of the caller's speech.

    Onset: 200–500 ms after the turn is rated best; over 4 s of wait hurts whatever is said.
    """

    enabled: bool = True
    onset_seconds: float = 0.45
    least_wait_seconds: float = 0.35
    gap_seconds: float = 0.45
    most_phrases: int = 4
    way_out: str = "This takes longer than it should. You can ask for a person at any time."
    way_out_after_seconds: float = 9.0
    openers: tuple[str, ...] = ("Okay.", "Sure.", "All right.", "Right.", "Got it.")
    mention: str = "{places}."
    mention_joiner: str = ", "
    mention_last_joiner: str = ", then "
    holders: tuple[str, ...] = (
        "Let me look at that.",
        "Just a moment.",
        "Still looking.",
        "Bear with me.",
        "One more moment, please.",
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it. ``tiers`` run from the cheapest to the dearest; one tier makes a single-model agent."""

    tiers: tuple[Tier, ...]
    router: RouterPolicy = field(default_factory=RouterPolicy)
    checks: CheckPolicy = field(default_factory=CheckPolicy)
    budget: BudgetPolicy = field(default_factory=BudgetPolicy)
    filler: FillerPolicy = field(default_factory=FillerPolicy)
    early: EarlyPolicy = field(default_factory=EarlyPolicy)
    speculation: SpeculationPolicy = field(default_factory=SpeculationPolicy)
    deadline_seconds: float = 15.0

    def __post_init__(self) -> None:
        if not self.tiers:
            raise ValueError("a policy needs at least one tier")
        if len({tier.name for tier in self.tiers}) != len(self.tiers):
            raise ValueError("two tiers have the same name")

    def tier(self, name: str) -> Tier:
        """Give the tier of this name."""
        return next(tier for tier in self.tiers if tier.name == name)

    def larger(self, name: str) -> Tier | None:
        """Give the next dearer tier, None at the top."""
        index = [tier.name for tier in self.tiers].index(name)
        return self.tiers[index + 1] if index + 1 < len(self.tiers) else None
