"""What a change, a cancellation or bags come to: the sum first, and all that a yes approves."""

import pytest

from tests.booking.callers import Caller, assert_speakable
from voice.booking.offers.speech import Teller
from voice.booking.offers.terms import change_price, giving_back


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "Move the return of QT44LZ to the 16th.",
            (
                "For $60 in all I can move it to Wednesday, December 16th at 1:05 PM.",
                "That's Denver to Boston, with a $50 change fee and $10 more in fare.",
            ),
        ),
        (
            "Change M2P6WD to Portland.",
            (
                "You get $48 back, and you can fly from Seattle to Portland instead, "
                "on Friday, December 4th at 6:50 AM.",
            ),
        ),
        (
            "Upgrade the first flight of QT44LZ to business.",
            (
                "For $575 in all I can put you in business class.",
                "That's Boston to Denver on Friday, December 11th at 8:40 AM, with a $50 change fee and "
                "$525 more in fare.",
            ),
        ),
        (
            "Cancel QT44LZ.",
            ("You get $359 back, after a $75 fee.", "That's booking Q, T, 4, 4, L, Z, Boston to Denver and back."),
        ),
        ("Add a bag to K8J3FV.", ("It's $35 for one checked bag, on booking K, 8, J, 3, F, V.",)),
        ("Add a bag to R4T9XK.", ("One checked bag is free, on both flights of booking R, 4, T, 9, X, K.",)),
    ],
)
async def test_the_sum_comes_first_and_all_that_is_approved_is_read_back(
    caller: Caller, said: str, answer: tuple[str, ...]
) -> None:
    outcome = await caller.says(said)
    assert outcome.say[:-1] == answer
    assert outcome.say[-1].startswith("Shall I ")
    assert_speakable(outcome)


@pytest.mark.parametrize(
    ("fee", "difference", "said"),
    [
        (0, 0, "There is no fee, and the fare is the same."),
        (50, 0, "It's just the $50 change fee."),
        (0, 10, "It's $10 more in fare, without a change fee."),
        (50, -60, "You get $10 back: a $50 change fee and $60 less in fare."),
        (50, -50, "It costs nothing more: a $50 change fee and $50 less in fare."),
        (80, 10, "It's $90 in all: an $80 change fee and $10 more in fare."),
    ],
)
def test_the_price_of_a_change_is_told_in_one_sentence(fee: int, difference: int, said: str) -> None:
    assert change_price(fee, difference, Teller()) == said


def test_nothing_comes_back_for_the_reason_that_holds() -> None:
    assert giving_back(0, 75, Teller()) == "You get nothing back, since the fee of $75 takes all of it."
    assert giving_back(0, 0, Teller()) == "You get nothing back, since it leaves so soon."
