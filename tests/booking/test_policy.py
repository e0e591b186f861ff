from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voice.booking.airline.policy import load_policy

BASICS = ("baggage", "cancellation", "changes", "refunds", "check_in", "pets", "children", "seats", "meals")
TOPICS = (*BASICS, "delays", "documents", "wifi", "payment", "other")
CABINS = ("economy", "premium", "business")
BOOKED = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_short_answer_whose_amounts_are_fees(topic: str) -> None:
    policy = load_policy()
    say, facts = policy.answer(topic)
    assert 1 <= len(say) <= 3
    assert all(len(sentence) < 130 and sentence.endswith(".") and "{" not in sentence for sentence in say)
    assert all(int(fact.removeprefix("$")) in policy.fees.values() for fact in facts)


def test_an_unknown_topic_gets_the_general_answer() -> None:
    assert load_policy().answer("unicorns") == load_policy().answer("other")


def test_bags_cost_what_the_answer_says() -> None:
    policy = load_policy()
    assert policy.bag_fee("economy", 1, 0, 1) == policy.fees["first_bag"]
    assert policy.bag_fee("economy", 1, 0, 2) == policy.fees["first_bag"] + policy.fees["second_bag"]
    assert policy.bag_fee("economy", 2, 0, 2) == 2 * policy.fees["first_bag"]
    assert policy.bag_fee("economy", 1, 2, 1) == policy.fees["more_bag"]
    assert policy.bag_fee("business", 1, 0, 2) == 0


def test_cancelling_is_free_for_a_day_if_the_flight_is_not_near() -> None:
    policy, departs = load_policy(), BOOKED + timedelta(10)
    assert policy.cancel_fee("economy", BOOKED, departs, BOOKED + timedelta(hours=23)) == 0
    assert policy.cancel_fee("economy", BOOKED, departs, BOOKED + timedelta(hours=25)) == policy.fees["cancel_economy"]
    assert policy.cancel_fee("economy", BOOKED, departs, departs - timedelta(hours=23)) is None
    assert policy.cancel_fee("business", BOOKED, departs, departs - timedelta(hours=23)) == 0


def test_what_is_said_of_cancelling_holds_as_the_fees_have_it() -> None:
    policy, hour = load_policy(), timedelta(hours=1)
    _, fresh, late = policy.answer("cancellation")[0]
    assert fresh == "Within 24 hours it's free, if you booked at least 2 days before the flight."
    assert policy.cancel_fee("economy", BOOKED, BOOKED + timedelta(2), BOOKED + hour) == 0
    assert policy.cancel_fee("economy", BOOKED, BOOKED + timedelta(2) - hour, BOOKED + hour) != 0
    assert late == "In the last 24 hours before departure only business gets a refund."
    fees = [policy.cancel_fee(cabin, BOOKED, BOOKED + timedelta(10), BOOKED + timedelta(10) - hour) for cabin in CABINS]
    assert fees == [None, None, 0]


def test_a_flight_may_be_changed_until_shortly_before_it_leaves() -> None:
    policy = load_policy()
    assert policy.changeable(BOOKED + timedelta(hours=3), BOOKED)
    assert not policy.changeable(BOOKED + timedelta(hours=1), BOOKED)


def test_a_policy_file_whose_answer_names_an_unknown_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policies.toml"
    path.write_text('version = "1"\n[fees]\n[rules]\n[topics]\nother = ["It costs {nothing_known}."]\n')
    with pytest.raises(ValueError, match="nothing_known"):
        load_policy(path)


def test_a_policy_file_without_a_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policies.toml"
    path.write_text('version = "1"\n')
    with pytest.raises(ValueError, match="add fees, rules, topics"):
        load_policy(path)
