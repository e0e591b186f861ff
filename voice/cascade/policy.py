"""Everything that can be set about a decision, in one immutable value. `voice.config` builds it from a profile."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from voice.cascade.delivery import DeliveryPolicy
from voice.cascade.fitted import Fitted
from voice.cascade.judging_policy import RISKS as RISKS
from voice.cascade.judging_policy import CheckPolicy as CheckPolicy
from voice.cascade.judging_policy import Risk as Risk
from voice.cascade.judging_policy import RiskPolicy as RiskPolicy
from voice.cascade.judging_policy import RulePolicy as RulePolicy
from voice.cascade.judging_policy import Targets as Targets
from voice.cascade.judging_policy import Weights as Weights
from voice.cascade.words import Reading

HUMAN = "human"
READ_BACK = "read_back"
"""What a gate may ask for besides a tier."""

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
        expected_prompt_tokens: What a prompt takes, for reserving budget where it is not known.
        most_seconds: The longest that a draft may take, for reserving budget.
        attempts: How many requests a draft can become (tried again, or asked twice at once), for reserving budget.
        fine_tuned: Whether the model has learned the desk's turns, so that the desk words its prompt accordingly.
        sees_reading: Whether it learned to weigh what the rules read, and is shown it.
    """

    name: str
    input_price: float = 0.0
    output_price: float = 0.0
    expected_seconds: float = 1.0
    max_output_tokens: int = 256
    expected_prompt_tokens: int = 1200
    most_seconds: float = 30.0
    attempts: int = 1
    fine_tuned: bool = False
    sees_reading: bool = False

    def price(self, prompt_tokens: int, output_tokens: int) -> float:
        """Give the money for a call of this many tokens."""
        return (prompt_tokens * self.input_price + output_tokens * self.output_price) / 1_000_000

    def shown(self, reading: Reading) -> Reading:
        """Give a reading as the prompt may show it.

        A fine-tuned tier that did not learn to weigh the rules' actions reads the turn by itself.
        """
        return reading if self.sees_reading or not self.fine_tuned else replace(reading, actions=None)

    @property
    def most(self) -> float:
        """The most that one call can cost, as far as is known before its prompt is."""
        return self.most_for(self.expected_prompt_tokens)

    def most_for(self, prompt_tokens: int) -> float:
        """Give the most that one call can cost whose prompt has so many tokens."""
        return self.attempts * self.price(prompt_tokens, self.max_output_tokens)


@dataclass(frozen=True, slots=True)
class RouterPolicy:
    """When a turn skips the small tier.

    The weights add up to a complexity in 0…1. They are hand-set, not learned: what they stand for is that the smaller
    tier's success falls with legs, requests and self-corrections while the larger one's falls less.

    ``code_alone`` names the actions that a certain reading by rules carries out without any model; the argument that
    was just asked for always is. Small models get "yes" and "no" wrong more often than code does.

    Words that the transcriber was less sure of than ``heard_confidence``, times how near something else comes that
    could be meant, are asked about by the desk before it acts on them; 0 never does. Of 130 spoken turns heard by
    Whisper base, phone lines among them, 11 use a place, day or code below 0.4, and 8 of those were read wrongly; of
    10 between 0.4 and 0.5 it were 4.

    From a complexity of ``both_from`` up to ``straight_to_larger`` the two tiers start at once: it costs more and waits
    less, which pays where they don't share a processor.
    """

    code_alone: tuple[str, ...] = ("confirm", "repeat", "chat", "handoff")

    heard_confidence: float = 0.4
    straight_to_larger: float = 0.5
    both_from: float = 1.0
    per_extra_leg: float = 0.5
    per_extra_request: float = 0.3
    correction: float = 0.25
    per_entity_over_four: float = 0.1
    per_word_over_thirty: float = 0.01


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


BudgetMode = Literal["off", "observe", "enforce"]
"""Whether limits are not looked at, looked at and recorded, or held."""


PERIODS = ("turn", "call", "hour")
"""What a budget can have limits for."""


@dataclass(frozen=True, slots=True)
class BudgetPolicy:
    """Limits for a turn, a call, and an hour of all calls together; None is no limit.

    Attributes:
        mode: What is done where a limit would be overstepped.

    What is limited: ``money``; ``model_calls``, those included that are thrown away while the caller speaks on;
    ``tool_calls``, the actions that a desk carries out; ``seconds`` that models run. A model call is reserved at the
    most that it can cost and settled at what it did.

    Raises:
        ValueError: a limit is negative or not finite, which would limit nothing.
    """

    mode: BudgetMode = "enforce"
    money_per_turn: float | None = None
    money_per_call: float | None = None
    money_per_hour: float | None = None
    model_calls_per_turn: int | None = 8
    model_calls_per_call: int | None = None
    model_calls_per_hour: int | None = None
    tool_calls_per_turn: int | None = 6
    tool_calls_per_call: int | None = None
    tool_calls_per_hour: int | None = None
    seconds_per_turn: float | None = None
    seconds_per_call: float | None = None
    seconds_per_hour: float | None = None

    def __post_init__(self) -> None:
        limits = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "mode"}
        for name, limit in limits.items():
            if limit is not None and not 0 <= limit < math.inf:
                raise ValueError(f"{name} must be a finite number, at least 0, got {limit}: leave it out for no limit")

    def limit(self, what: str, period: str) -> float | None:
        """Give the limit of ``money``, ``model_calls``, ``tool_calls`` or ``seconds`` for a period."""
        return getattr(self, f"{what}_per_{period}")

    def limits(self, what: str) -> bool:
        """Say whether any period limits this, or would if the budget were enforced."""
        return self.mode != "off" and any(self.limit(what, period) is not None for period in PERIODS)


@dataclass(frozen=True, slots=True)
class FillerPolicy:
    """When and how the wait is covered. Seconds count from the end of the caller's speech.

    Onset: 200–500 ms after the turn is rated best; over 4 s of wait hurts whatever is said. ``unfinished`` is said of a
    write that the deadline found under way; it holds also with ``enabled`` off, since the caller must know.
    """

    enabled: bool = True
    onset_seconds: float = 0.45
    least_wait_seconds: float = 0.35
    gap_seconds: float = 0.45
    most_phrases: int = 4
    way_out: str = "This takes longer than it should. You can ask for a person at any time."
    way_out_after_seconds: float = 9.0
    unfinished: str = "I'm still working on that. I'll tell you what comes of it."
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
class ShadowPolicy:
    """Which accepted turns a larger tier reads too, off the call's path, so that the trace shows where they differ.

    Attributes:
        share: Of the turns that a smaller tier answered, 0…1. Which ones, the call's id and the turn's number tell.
        most_waiting: How many wait for a moment when nobody speaks; older ones are let go.
        make_way: Whether one is cancelled, and billed, when the caller speaks. Turn it off where tiers share no
            processor.

    Raises:
        ValueError: the share is none, or nothing could wait.
    """

    share: float = 0.0
    most_waiting: int = 2
    make_way: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"share must lie in 0…1, got {self.share}")
        if self.most_waiting < 1:
            raise ValueError(f"most_waiting must be at least 1, got {self.most_waiting}")


@dataclass(frozen=True, slots=True)
class IdlePolicy:
    """What is said to a caller who has said nothing for ``seconds`` since the agent's last word.

    One prompt comes after the other; after the last one the agent hangs up, if ``hang_up`` says so.
    """

    seconds: float = 20.0
    prompts: tuple[str, ...] = ("Are you still there?", "I'm still here if you need me.")
    hang_up: bool = False


@dataclass(frozen=True, slots=True)
class HandOffPolicy:
    """What follows once the caller has heard that they are passed to a person.

    Attributes:
        then: ``end`` ends the call; on a phone line the provider's own flow goes on. ``hold`` keeps the line open and
            the agent silent, for whoever takes the call over.
    """

    then: Literal["end", "hold"] = "end"


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it. ``tiers`` run from the cheapest to the dearest; one tier makes a single-model agent.

    ``fitted`` is what was learned from recorded outcomes; without it, hand-set rules hold. ``gates`` says, by the name
    of an action, all that it needs: the least tier that must have understood it, ``read_back``, ``human``.
    ``switch_on_failure`` has a larger tier read a turn again whose actions' arguments did not work at the desk.
    """

    tiers: tuple[Tier, ...]
    router: RouterPolicy = field(default_factory=RouterPolicy)
    checks: CheckPolicy = field(default_factory=CheckPolicy)
    budget: BudgetPolicy = field(default_factory=BudgetPolicy)
    filler: FillerPolicy = field(default_factory=FillerPolicy)
    early: EarlyPolicy = field(default_factory=EarlyPolicy)
    idle: IdlePolicy = field(default_factory=IdlePolicy)
    hand_off: HandOffPolicy = field(default_factory=HandOffPolicy)
    delivery: DeliveryPolicy = field(default_factory=DeliveryPolicy)
    speculation: SpeculationPolicy = field(default_factory=SpeculationPolicy)
    shadow: ShadowPolicy = field(default_factory=ShadowPolicy)
    rule: RulePolicy = field(default_factory=RulePolicy)
    risk: RiskPolicy = field(default_factory=RiskPolicy)
    switch_on_failure: bool = True
    gates: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    fitted: Fitted | None = None
    deadline_seconds: float = 15.0
    resume_seconds: float = 2.5

    def __post_init__(self) -> None:
        if not self.tiers:
            raise ValueError("a policy needs at least one tier")
        if len({tier.name for tier in self.tiers}) != len(self.tiers):
            raise ValueError("two tiers have the same name")
        known = {*(tier.name for tier in self.tiers), READ_BACK, HUMAN}
        for action, needs in self.gates.items():
            if unknown := {*needs} - known:
                raise ValueError(
                    f"the gate of {action!r} needs {', '.join(sorted(unknown))}: use {', '.join(sorted(known))}"
                )

    def tier(self, name: str) -> Tier:
        """Give the tier of this name."""
        return next(tier for tier in self.tiers if tier.name == name)

    def larger(self, name: str) -> Tier | None:
        """Give the next dearer tier, None at the top."""
        index = self.rank(name)
        return self.tiers[index + 1] if index + 1 < len(self.tiers) else None

    def below(self, name: str) -> tuple[Tier, ...]:
        """Give the cheaper tiers, the cheapest first."""
        return self.tiers[: self.rank(name)]

    def rank(self, name: str) -> int:
        """Give a tier's place, counted from the cheapest; the rules', or code's, is below all."""
        return next((index for index, tier in enumerate(self.tiers) if tier.name == name), -1)

    def above(self, name: str) -> tuple[Tier, ...]:
        """Give all dearer tiers, the cheapest first."""
        return self.tiers[[tier.name for tier in self.tiers].index(name) + 1 :]
