"""A whole profile: what a process is made of, and the core's policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, Field
from pydantic.dataclasses import dataclass as checked

from voice.cascade.delivery import DeliveryPolicy
from voice.cascade.fitted import Fitted
from voice.cascade.policy import (
    BudgetPolicy,
    CheckPolicy,
    EarlyPolicy,
    FillerPolicy,
    IdlePolicy,
    Policy,
    RiskPolicy,
    RouterPolicy,
    RulePolicy,
    ShadowPolicy,
    SpeculationPolicy,
)
from voice.config.parts import (
    BackgroundSettings,
    DeskSettings,
    Gate,
    HandOffSettings,
    PolicySettings,
    SttSettings,
    TraceSettings,
    TtsSettings,
    TurnEndSettings,
)
from voice.config.tiers import STRICT, TierSettings


def _numbers(limits: Any) -> Any:
    """Refuse what would become a number: ``true`` is no amount of money, and neither is ``"0.1"``."""
    if isinstance(limits, Mapping):
        for name, value in cast("Mapping[str, Any]", limits).items():
            if name != "mode" and isinstance(value, bool | str):
                raise ValueError(f"{name} must be a number, got {value!r}")
    return limits


class Config(BaseModel):
    """Everything that a process needs to know."""

    model_config = STRICT
    name: str
    pipeline: str = "cascade"
    greeting: str = ""
    keys: dict[str, str] = Field(default_factory=lambda: {"0": "A person, please.", "1": "Yes.", "2": "No."})
    deadline_seconds: Annotated[float, Field(gt=0)] = 15.0
    resume_seconds: Annotated[float, Field(ge=0)] = 2.5
    stt: SttSettings = SttSettings()
    turn_end: TurnEndSettings = TurnEndSettings()
    tts: TtsSettings = TtsSettings()
    background: BackgroundSettings = BackgroundSettings()
    tiers: Annotated[tuple[TierSettings, ...], Field(min_length=1)]
    desk: DeskSettings = Field(default_factory=DeskSettings)
    trace: TraceSettings = TraceSettings()
    router: checked(RouterPolicy, config=STRICT) = RouterPolicy()  # type: ignore[valid-type]
    checks: checked(CheckPolicy, config=STRICT) = CheckPolicy()  # type: ignore[valid-type]
    rule: checked(RulePolicy, config=STRICT) = RulePolicy()  # type: ignore[valid-type]
    risk: checked(RiskPolicy, config=STRICT) = RiskPolicy()  # type: ignore[valid-type]
    switch_on_failure: bool = True
    gates: dict[str, Gate] = {}
    learned: PolicySettings = Field(default=PolicySettings(), alias="policy")
    fitted: Fitted | None = Field(default=None, exclude=True)
    budget: Annotated[checked(BudgetPolicy, config=STRICT), BeforeValidator(_numbers)] = BudgetPolicy()  # type: ignore[valid-type]
    filler: checked(FillerPolicy, config=STRICT) = FillerPolicy()  # type: ignore[valid-type]
    early: checked(EarlyPolicy, config=STRICT) = EarlyPolicy()  # type: ignore[valid-type]
    idle: checked(IdlePolicy, config=STRICT) = IdlePolicy()  # type: ignore[valid-type]
    hand_off: HandOffSettings = HandOffSettings()
    delivery: checked(DeliveryPolicy, config=STRICT) = DeliveryPolicy()  # type: ignore[valid-type]
    shadow: checked(ShadowPolicy, config=STRICT) = ShadowPolicy()  # type: ignore[valid-type]
    speculation: checked(SpeculationPolicy, config=STRICT) = SpeculationPolicy()  # type: ignore[valid-type]

    @property
    def embedded_models(self) -> list[str]:
        """Name the models that run here."""
        parts = *self.tiers, self.stt, self.tts
        return [part.model for part in parts if part.provider != "openai"]

    def policy(self) -> Policy:
        """Give the core's part."""
        return Policy(
            tiers=tuple(tier.tier() for tier in self.tiers),
            router=self.router,
            checks=self.checks,
            rule=self.rule,
            risk=self.risk,
            gates=self.gates,
            switch_on_failure=self.switch_on_failure,
            fitted=self.fitted,
            budget=self.budget,
            filler=self.filler,
            deadline_seconds=self.deadline_seconds,
            resume_seconds=self.resume_seconds,
            early=self.early,
            idle=self.idle,
            hand_off=self.hand_off.policy(),
            delivery=self.delivery,
            shadow=self.shadow,
            speculation=self.speculation,
        )
