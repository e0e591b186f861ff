"""Filler in a stall: how long a draft that is late is still expected to take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cascade.script import SEARCH, STRONG, TWO_TIERS, Script
from voice.cascade.policy import Policy, Tier

GAP = TWO_TIERS.filler.gap_seconds


def waiting(expected_seconds: float, lasts: float, policy: Policy = TWO_TIERS) -> Script:
    """A turn that ended at 0, whose draft began at 0.1 and comes at ``lasts``; None of its fillers is spoken long."""
    quick = Tier("fast", expected_seconds=expected_seconds)
    script = Script(replace(policy, tiers=(quick, STRONG)))
    script.hears(0.1, "Boston to Denver.", spoke_until=0.0)
    script.reads(0.1)
    at = policy.filler.onset_seconds
    while at < lasts:
        script.fires(at, "filler")
        if script.state.speaking:
            script.finishes_speaking(at + 0.4)
            at += 0.4
        at += GAP
    script.drafts(lasts, SEARCH)
    return script


def first_filler(script: Script) -> float | None:
    """When the first filler was said, counted from the first look."""
    records = script.recorded("filler")
    looks = [number for number, record in enumerate(records) if record.data["text"]]
    return TWO_TIERS.filler.onset_seconds + looks[0] * GAP if looks else None


@pytest.mark.parametrize("expected", [0.15, 0.35, 0.5, 0.65])
def test_a_stall_of_a_quick_tier_is_covered_about_a_second_into_it(expected: float) -> None:
    script = waiting(expected, lasts=7.0)
    at = first_filler(script)
    assert at is not None
    assert at <= expected + 1.0
    assert len(script.said("filler")) > 2


@pytest.mark.parametrize(("expected", "lasts"), [(0.35, 0.8), (0.5, 0.9), (0.65, 0.95), (0.5, 0.55)])
def test_a_draft_of_a_quick_tier_that_is_a_little_late_gets_no_filler(expected: float, lasts: float) -> None:
    assert waiting(expected, lasts).said("filler") == []


def test_a_slow_tier_that_is_a_little_late_is_expected_to_take_half_its_time_again() -> None:
    script = waiting(2.0, lasts=2.9)
    assert script.recorded("filler")[-1].data["expected_wait_seconds"] == 1.0
