from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tuning.outcomes import make
from voice.bench.desks import airline
from voice.bench.turns.outcomes import VotedOutcome
from voice.cascade.policy import Policy, RouterPolicy, RulePolicy, Tier
from voice.cascade.router import Route
from voice.cascade.words import Entity
from voice.tuning.cases import BadData, Case, cases_of, fingerprint, split, tiers_in
from voice.tuning.play import play, summed

TIERS = (Tier("fast"), Tier("strong"))
DRAFT_FIRST = RouterPolicy(straight_to_larger=2.0, both_from=2.0)


def case(*, fast: bool, strong: bool, sure: float = -0.01, legs: int = 1) -> Case:
    """A turn that the tiers get right or wrong; ``sure`` is the small one's log-probability of every token."""
    one = make(1)[0]
    search = {"action": "search", "legs": [{"to": "Denver"}]}
    tiers = {
        name: replace(
            one.tiers[name],
            actions=(search,),
            exact=right,
            completeness=1.0,
            agreement=None,
            logprobs=(sure if name == "fast" else -0.01,) * 5,
        )
        for name, right in (("fast", fast), ("strong", strong))
    }
    reading = replace(one.reading, certain=False, legs=legs)
    return cases_of([replace(one, reading=reading, tiers=tiers)], TIERS, airline())[0]


def test_words_in_doubt_are_asked_about_and_nothing_is_done_with_them() -> None:
    policy, there = Policy(TIERS, router=DRAFT_FIRST), case(fast=False, strong=True)
    rivals = replace(there.outcome.reading, entities=(Entity("place", "Denver", rivalry=0.9),))
    for sure, accepted in ((0.1, False), (0.9, True)):
        heard = replace(there.outcome, reading=rivals, words=(("Denver", sure), ("please", 0.9)))
        (one,) = cases_of([heard], TIERS, airline())
        played = play(one, policy)
        assert (played.by, played.accepted, played.asked) == ("fast", accepted, ("fast",))
        assert summed([played]).wrong == summed([played]).accepted == int(accepted)
    assert play(there, policy).accepted


def test_an_accepted_draft_costs_one_tier_a_refused_one_both() -> None:
    policy = Policy(TIERS, router=DRAFT_FIRST)
    sure = play(case(fast=False, strong=True), policy)
    assert (sure.by, sure.exact, sure.escalated, sure.asked) == ("fast", False, False, ("fast",))
    unsure = play(case(fast=False, strong=True, sure=-1.0), policy)
    assert (unsure.by, unsure.exact, unsure.escalated, unsure.asked) == ("strong", True, True, ("fast", "strong"))
    assert unsure.cost > sure.cost
    assert unsure.seconds > sure.seconds


def test_the_router_may_skip_the_small_tier_or_start_both() -> None:
    skipped = play(case(fast=True, strong=True, legs=2), Policy(TIERS))
    assert (skipped.route, skipped.asked) == (Route.LARGER, ("strong",))
    both = replace(DRAFT_FIRST, both_from=0.1)
    together = play(case(fast=False, strong=True, sure=-1.0, legs=2), Policy(TIERS, router=both))
    alone = play(case(fast=False, strong=True, sure=-1.0, legs=2), Policy(TIERS, router=DRAFT_FIRST))
    assert set(together.asked) == {"fast", "strong"}
    assert together.seconds < alone.seconds
    assert together.cost == alone.cost


def test_a_broken_draft_goes_to_the_next_tier_and_what_nobody_answers_is_asked_again() -> None:
    given = case(fast=False, strong=False)
    broken = {name: replace(one, actions=(), error="broken_json") for name, one in given.outcome.tiers.items()}
    found = play(replace(given, outcome=replace(given.outcome, tiers=broken)), Policy(TIERS, router=DRAFT_FIRST))
    assert (found.by, found.accepted, found.exact) == ("ask", False, False)
    reached = summed([found])
    assert (reached.accepted, reached.wrong, reached.risk) == (0, 0, 0.0)


def test_a_threshold_for_the_largest_tier_has_it_refused_instead_of_used_as_a_last_resort() -> None:
    strict = RulePolicy("chow_average", thresholds={"fast": 0.9, "strong": 0.999})
    found = play(case(fast=False, strong=False, sure=-1.0), Policy(TIERS, router=DRAFT_FIRST, rule=strict))
    assert (found.by, found.escalated) == ("ask", True)


def test_outcomes_that_do_not_belong_together_are_refused() -> None:
    outcomes = make(10)
    with pytest.raises(BadData, match="2 versions"):
        cases_of([outcomes[0], replace(outcomes[1], version="v2")], TIERS, airline())
    with pytest.raises(BadData, match="no outcome of the tier 'huge'"):
        cases_of(outcomes, (Tier("huge"),), airline())
    with pytest.raises(BadData, match="no outcome has split = 'blind'; there are dev, test, train"):
        split(cases_of(outcomes, TIERS, airline()), "blind")
    with pytest.raises(BadData, match="--record"):
        cases_of([], TIERS, airline())


def test_the_fingerprint_names_the_data_whatever_its_order() -> None:
    outcomes = make(10)
    cases = cases_of(outcomes, TIERS, airline())
    assert fingerprint(cases) == fingerprint(cases[::-1]) != fingerprint(cases[1:])
    assert [tier.name for tier in tiers_in(outcomes, (Tier("strong", 5.0),))] == ["fast", "strong"]


def test_what_several_readings_come_to_counts_where_the_smaller_tier_was_asked_and_only_there() -> None:
    there = case(fast=False, strong=False, sure=-1.0)
    strong = there.outcome.tiers["strong"]
    voted = VotedOutcome(({"action": "search"},), 1.0, 1.0, None, (), irreversible=False, exact=True)
    tiers = {**there.outcome.tiers, "strong": replace(strong, voted=voted)}
    (one,) = cases_of([replace(there.outcome, tiers=tiers)], TIERS, airline())
    assert play(one, Policy(TIERS, router=DRAFT_FIRST)).exact
    assert not play(one, Policy(TIERS), routed=Route.LARGER).exact
    assert play(one, Policy(TIERS), routed=Route.BOTH).exact
    assert (one.right("strong"), one.outcome.tiers["strong"].exact) == (True, False)
