"""Whatever a model or a caller comes up with, the desk answers."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.booking.callers import Caller
from voice.booking.codes.locators import find_codes
from voice.booking.dates.finding import find_dates
from voice.booking.dates.times import find_times
from voice.booking.desk import BookingDesk
from voice.booking.places.finding import find_places
from voice.booking.text.amounts import find_counts, find_prices
from voice.cascade.words import Action, OutcomeKind

NAMES = (
    "search",
    "book",
    "lookup",
    "change",
    "cancel",
    "bags",
    "policy",
    "confirm",
    "clarify",
    "repeat",
    "chat",
    "handoff",
)
SAID = (
    "Boston,Denver,Osaka,Nowhere,QT44LZ,ABC123,tomorrow,next Friday,the tenth,two,one,yes,no,back,the first one,"
    "the return,before noon,later,business,$200,a week later,baggage,banana,,me and my wife,date,code"
)
ARGUMENTS = "pax cabin max_price nonstop fallback offer code leg date time from to count topic answer missing"

value: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(SAID.split(",")), st.integers(-3, 3000), st.none(), st.booleans()
)
leg = st.dictionaries(st.sampled_from(["from", "to", "date", "time", "who"]), value, max_size=5)
args = st.fixed_dictionaries(
    {},
    optional={
        "legs": st.lists(leg, max_size=3) | value,
        **dict.fromkeys(ARGUMENTS.split(), value),
    },
)
action = st.builds(Action, st.sampled_from(NAMES), args)


def test_any_actions_get_an_answer_and_only_a_yes_writes(desk: BookingDesk) -> None:
    calls = 0

    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(turns=st.lists(st.lists(action, max_size=3), min_size=1, max_size=4))
    def run(turns: list[list[Action]]) -> None:
        nonlocal calls
        calls += 1
        caller = Caller(desk, f"any-{calls}")
        for actions in turns:
            pending = caller.dialogue.pending
            outcome = asyncio.run(caller.does(*actions))
            assert outcome.say
            assert all(sentence.strip() for sentence in outcome.say)
            assert outcome.kind is not OutcomeKind.FAILED
            if outcome.wrote:
                assert pending is not None
                assert any(a.name == "confirm" and a.args.get("answer") in ("yes", True) for a in actions)

    run()


@given(text=st.text(max_size=200))
def test_any_text_is_searched_for_everything_without_an_error(text: str) -> None:
    for find in (find_places, find_dates, find_times, find_prices, find_counts, find_codes):
        for span in find(text):
            assert text[span.start : span.end] == span.text


def test_a_very_long_turn_is_searched_in_good_time() -> None:
    text = (
        "I'd like to go from Boston to Bostin on the tenth at nine, for two hundred dollars, QT 44 LZ, and then " * 40
    )
    for find in (find_places, find_dates, find_times, find_prices, find_counts, find_codes):
        assert find(text) is not None
