from __future__ import annotations

import math
from dataclasses import replace

import pytest

from voice.cascade.fitted import Fitted, Logistic, RouterFit, mapped
from voice.cascade.policy import Policy, Tier
from voice.cascade.router import Route, route
from voice.cascade.routing_features import Facts, routing_features
from voice.cascade.words import Action, Entity, Reading

TIERS = (Tier("fast"), Tier("strong"))
SEARCH = Reading("Boston to Denver", (Action("search"),), legs=1)
FACTS = Facts(read_only=frozenset({"search"}))


def chance(probability: float) -> Logistic:
    return Logistic(math.log(probability / (1 - probability)))


def policy(code: float, fast: float, strong: float, **settings: float) -> Policy:
    fit = RouterFit(chance(code), {"fast": chance(fast), "strong": chance(strong)})
    return Policy(TIERS, fitted=Fitted("v1", router=replace(fit, **settings)))


def test_without_what_was_learned_the_hand_set_rules_hold() -> None:
    found = route(replace(SEARCH, legs=2), Policy(TIERS), FACTS)
    assert (found.route, found.reason, found.chances) == (Route.LARGER, "complexity 0.50 is at least 0.50", {})


def test_rules_act_alone_when_they_are_likely_right_and_change_nothing() -> None:
    sure = policy(0.95, 0.5, 0.5, code_from=0.9)
    assert route(SEARCH, sure, FACTS).route is Route.CODE
    assert route(SEARCH, sure, Facts()).route is Route.DRAFT, "it is not known to change nothing"
    assert route(SEARCH, policy(0.85, 0.5, 0.5, code_from=0.9), FACTS).route is Route.DRAFT
    assert route(replace(SEARCH, actions=None), sure, FACTS).route is Route.DRAFT


def test_misheard_words_are_asked_about_however_sure_the_models_are() -> None:
    found = route(replace(SEARCH, misheard=("Denber",)), policy(0.99, 0.9, 0.99, code_from=0.5), FACTS)
    assert found.route is Route.ASK


def test_the_larger_tier_is_asked_for_what_it_does_better_not_for_what_is_hard() -> None:
    better = policy(0.1, 0.2, 0.7, larger_gain=0.4, both_gain=0.2)
    assert route(SEARCH, better, FACTS).route is Route.LARGER
    assert route(SEARCH, policy(0.1, 0.2, 0.3, larger_gain=0.4), FACTS).route is Route.DRAFT
    assert route(SEARCH, policy(0.1, 0.4, 0.7, larger_gain=0.4, both_gain=0.2), FACTS).route is Route.BOTH


@pytest.mark.parametrize(("last", "goes"), [("fast", Route.DRAFT), ("strong", Route.LARGER), ("", Route.LARGER)])
def test_near_the_threshold_the_tier_of_the_last_turn_stays(last: str, goes: Route) -> None:
    near = policy(0.1, 0.3, 0.62, larger_gain=0.3, hysteresis=0.05)
    assert route(SEARCH, near, replace(FACTS, last=last)).route is goes


def test_a_router_of_three_tiers_weighs_the_smallest_two() -> None:
    three = replace(policy(0.1, 0.2, 0.7, larger_gain=0.4), tiers=(*TIERS, Tier("huge")))
    assert route(SEARCH, three, FACTS).route is Route.LARGER


def test_the_features_tell_of_the_reading_the_dialogue_and_the_hearing() -> None:
    reading = replace(SEARCH, entities=(Entity("city", "Boston", 0.7), Entity("city", "Denver")), question="date")
    found = routing_features(reading, Facts(heard=0.4, repairs=3))
    assert found["entity:city"] == 2
    assert found["action:search"] == found["question:date"] == found["answers"] == 1
    assert (found["heard"], found["repairs"]) == (pytest.approx(0.6), 2)
    assert found["doubtful"] == pytest.approx(0.3)


def test_a_calibration_map_is_linear_between_its_points_and_flat_beyond() -> None:
    points = ((0.2, 0.1), (0.6, 0.9))
    assert [mapped(value, points) for value in (0.0, 0.2, 0.4, 0.6, 1.0)] == pytest.approx([0.1, 0.1, 0.5, 0.9, 0.9])
    assert mapped(0.3, ()) == 0.3
