"""What a model learns from a labelled turn."""

import random
import re

from voice.bench.turns.labelled import LabelledTurn
from voice.booking.drafting.open_grammar import open_schema
from voice.booking.drafting.wire import parse
from voice.booking.written.scoring import is_exact
from voice.cascade.words import Reading
from voice.finetuning.examples import example_of, places_of, varied

TRIP = LabelledTurn(
    "t1",
    "Oslo to Bergen on Monday, then Bergen to Tromso Friday morning, two of us, under $300.",
    (
        {
            "action": "search",
            "max_price": "$300|under $300",
            "pax": "two of us|two",
            "legs": [
                {"date": "Monday", "from": "Oslo", "to": "Bergen"},
                {"from": "Bergen", "to": "Tromso", "date": "Friday", "time": "morning"},
            ],
        },
    ),
)
CODE = LabelledTurn(
    "t2",
    "Cancel it, the code is X-ray 7 kilo 9 Papa 2.",
    ({"action": "cancel", "code": "X7K9P2"},),
    context={"agent": "Which booking?"},
)


def read_back(turn: LabelledTurn) -> list[dict[str, object]]:
    return [action.as_dict() for action in parse(example_of(turn).answer, Reading(turn.text))]


def test_the_answer_is_what_the_label_asks_for_and_leaves_out_what_goes_without_saying():
    assert is_exact(TRIP.expect, read_back(TRIP))
    assert example_of(TRIP).answer == (
        "search/from Oslo/to Bergen/date Monday//to Tromso/date Friday/time morning/pax two of us/max_price $300"
    )


def test_the_model_is_shown_the_transcript_as_rules_tidied_it_with_codes_joined():
    system, asked = example_of(CODE).messages
    assert system.role == "system"
    assert asked.content == "Agent: Which booking?\nCaller: Cancel it, the code is X7K9P2."
    assert read_back(CODE) == [{"action": "cancel", "code": "X7K9P2"}]


def test_a_varied_turn_flies_elsewhere_on_other_days_and_still_fits_its_label():
    places = ["Lima", "Quito", "Cusco", *places_of([TRIP])]
    for seed in range(20):
        other = varied(TRIP, places, random.Random(seed))
        assert not {"Oslo", "Bergen", "Tromso"} & {*places_of([other])}
        assert all(place in other.text for place in places_of([other]))
        assert "two of us" in other.text
        assert is_exact(other.expect, read_back(other))


def test_a_fine_tuned_tier_may_say_any_words_but_only_codes_that_were_found():
    held = open_schema("Cancel it, the code is X7K9P2.")["pattern"]
    assert re.fullmatch(held, "cancel X7K9P2")
    assert not re.fullmatch(held, "cancel X7K9P3")
    assert re.fullmatch(open_schema("Cancel it.")["pattern"], "cancel X7K9P3")
    assert re.fullmatch(held, example_of(TRIP).answer)


def test_a_tier_that_sees_the_rules_reading_is_shown_it_after_the_transcript():
    shown = example_of(CODE, shows_reading=True).messages[-1].content
    assert shown == f"{example_of(CODE).messages[-1].content}\nRules: cancel X7K9P2"


def test_what_is_chosen_and_not_copied_is_written_as_the_schema_has_it():
    turn = LabelledTurn(
        "t3", "Yes, and is there a Meal?", ({"action": "confirm", "answer": "yes"},), context={"agent": "Shall I?"}
    )
    assert example_of(turn).answer == "confirm yes"
