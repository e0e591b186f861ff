"""Facts that an agent made up are found, misheard ones are let pass."""

from __future__ import annotations

import pytest

from voice.bench.measured.grounding import claims, ungrounded

KNOWN = (
    "I found a nonstop from Boston to Denver on Friday, December 11th at 3:35 PM for $251 on flight LK 475.",
    "The first checked bag is $35. Your confirmation code is J, F, 6, 7, F, Q.",
    "I want to leave on the fourth of January around two hundred dollars",
)


@pytest.mark.parametrize(
    "reply",
    [
        "A nonstop on December 11 at 3.35 p.m. for $251, flight LK-475.",
        "That is 335 PM for two hundred fifty one dollars.",
        "The first bag is $1.35, your code is J-F-6-7-F-Q.",  # "is 35" as a listener may write it
        "Your code is JF67SQ.",
        "On January 4th, for $200?",
        "It is $2501, or $20051, or $200501.",  # "two fifty one"
        "Could you spell the code again, letter by letter? A B C",
        "",
    ],
)
def test_what_a_tool_or_the_caller_said_is_grounded(reply: str):
    assert ungrounded(reply, KNOWN) == ()


@pytest.mark.parametrize(
    ("reply", "made_up"),
    [
        ("It is $199 at 3:35 PM.", ("$199",)),
        ("It leaves at 7:15 a.m. on December 12th.", ("7:15 a.m", "December 12")),
        ("You are on flight 822.", ("flight 822",)),
        ("It is $2151 or $2510.", ("$2151", "$2510")),
        ("Your code is X, Y, 9, 9, Z, B.", ("X, Y, 9, 9, Z, B",)),
        ("It is $199. As I said, $199.", ("$199",)),
    ],
)
def test_what_nobody_said_is_named(reply: str, made_up: tuple[str, ...]):
    assert ungrounded(reply, KNOWN) == made_up


def test_only_facts_with_a_form_of_their_own_count():
    assert claims("I have 3 options for 2 people, one stop, in row 14.") == []
