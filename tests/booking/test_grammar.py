"""A turn's schema holds what was heard and nothing else, and its answers come back as actions of the vocabulary."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from voice.booking.context import TurnContext
from voice.booking.drafting.grammar import MAIN, notation, parse, turn_schema, wire
from voice.booking.drafting.prompting import PREFIX, turn_messages
from voice.booking.reading.reader import read
from voice.cascade.words import Action

NOTHING = TurnContext()


def schema_of(text: str, context: TurnContext = NOTHING) -> dict[str, Any]:
    return turn_schema(read(text, context), context)


def words_in(node: Any) -> set[str]:
    """Every string that the schema lets a model say."""
    if isinstance(node, dict):
        own = {str(value) for value in node.get("enum", [])} | ({str(node["const"])} if "const" in node else set())
        return own.union(*(words_in(value) for value in node.values()))
    return set().union(*(words_in(item) for item in node)) if isinstance(node, list) else set()


def test_only_what_was_heard_can_be_said():
    said = words_in(schema_of("I want to go to Miami from Chicago on December 14th for two people under $300."))
    assert said == {"Miami", "Chicago", "December 14th", "two", "$300"}


def test_a_place_can_stand_only_where_its_words_put_it():
    schema = schema_of("To Miami from Chicago please.")
    leg = schema["properties"]["do"]["items"]["properties"]["search"]["items"]["properties"]
    assert leg == {"from": {"enum": ["Chicago"]}, "to": {"enum": ["Miami"]}}


def test_values_line_up_with_the_legs_where_there_are_as_many():
    schema = schema_of("Boston to Denver on Friday and then Denver to Austin on Monday.")
    legs = schema["properties"]["do"]["items"]["properties"]["search"]["prefixItems"]
    assert [leg["properties"]["date"]["enum"] for leg in legs] == [["Friday"], ["Monday"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fly into Milan on the 3rd and out of Rome on the 9th, from Boston both ways.", {"Boston", "Milan", "Rome"}),
        ("Ann from Oslo and Ben from Paris, both to Lisbon on the 2nd.", {"Ann", "Ben", "Oslo", "Paris", "Lisbon"}),
        ("Reno to Austin on Saturday. No seats? Then take Sunday.", {"Reno", "Austin", "Saturday", "Sunday"}),
    ],
)
def test_what_the_rules_read_can_be_said(text: str, words: set[str]):
    assert words <= words_in(schema_of(text))


def test_what_the_rules_found_no_place_for_need_not_be_said():
    schema = schema_of(
        "I'm flying Oslo to Paris on the 3rd, Paris to Rome on the 5th, and driving home with my brother."
    )
    search = schema["properties"]["do"]["items"]
    assert "pax" not in search["required"]


def test_confirming_is_possible_only_where_something_was_proposed():
    proposed = TurnContext(proposal=True)
    assert "yes" in words_in(schema_of("Hmm, well, I suppose.", proposed))
    assert "yes" not in words_in(schema_of("Hmm, well, I suppose."))


@pytest.mark.parametrize(
    "action",
    [
        Action(
            "search",
            {"legs": [{"from": "Boston", "to": "Denver"}], "pax": "two", "nonstop": True, "fallback": "Monday"},
        ),
        Action("change", {"code": "QT44LZ", "leg": "return", "date": "Sunday"}),
        Action("cancel"),
        Action("bags", {"count": "two", "code": "QT44LZ"}),
        Action("policy", {"topic": "pets"}),
        Action("confirm", {"answer": "yes"}),
        Action("book", {"offer": "second one"}),
        Action("clarify", {"missing": "code"}),
        Action("search"),
        Action("repeat"),
        Action("chat"),
        Action("handoff"),
    ],
)
def test_what_is_written_reads_back_the_same(action: Action):
    assert parse(wire([action]), read("", NOTHING)) == (action,)
    assert parse(notation([action]), read("", NOTHING)) == (action,)


@pytest.mark.parametrize("write", [wire, notation])
def test_every_action_has_a_wire_form(write: Callable[[list[Action]], str]):
    for name in MAIN:
        assert parse(write([Action(name)]), read("", NOTHING))[0].name == name


def test_the_notation_is_a_line_an_action_and_holds_what_the_open_schema_lets_a_model_say():
    legs = [{"from": "Oslo", "to": "Rome", "date": "12/24"}, {"from": "Milan", "to": "Oslo"}]
    actions = (Action("search", {"legs": legs, "nonstop": True}), Action("cancel", {"code": "QT44LZ"}))
    said = notation(actions)
    assert said == "search/from Oslo/to Rome/date 12/24//from Milan/to Oslo/nonstop\ncancel QT44LZ"
    assert parse(said, read("", NOTHING)) == actions
    assert re.fullmatch(turn_schema(read("", NOTHING), NOTHING, fine_tuned=True)["pattern"], said)


def test_a_slash_or_a_line_break_in_a_value_ends_no_field():
    action = Action("search", {"legs": [{"to": "Rome/Fiumicino\nor so"}]})
    assert notation([action]) == "search/to Rome Fiumicino or so"


def test_a_leg_starts_where_the_one_before_ended_and_back_is_home():
    text = '{"do":[{"search":[{"from":"Oslo","to":"Bergen"},{"to":"Paris"},{"to":"back","date":"Monday"}]}]}'
    (action,) = parse(text, read("", NOTHING))
    assert action.args["legs"] == [
        {"from": "Oslo", "to": "Bergen"},
        {"from": "Bergen", "to": "Paris"},
        {"from": "Paris", "to": "Oslo", "date": "Monday"},
    ]


def test_space_before_json_does_no_harm():
    assert parse('\n {"do":[{"lookup":"QT44LZ"}]}', read("", NOTHING)) == (Action("lookup", {"code": "QT44LZ"}),)


def test_nulls_stand_for_absent_keys():
    text = '{"do":[{"search":[{"from":null,"to":"Paris","date":null}],"pax":null}]}'
    assert parse(text, read("", NOTHING)) == (Action("search", {"legs": [{"to": "Paris"}]}),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "Sure!",
        "fly to Rome",
        "search/to",
        "search /to Rome/",
        '{"do":1}',
        '{"do":[1]}',
        '{"do":[{"fly":"x"}]}',
        '{"do":[{"search":["x"]}]}',
        '{"do":[{}]}',
    ],
)
def test_anything_else_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        parse(text, read("", NOTHING))


def test_all_messages_but_the_last_are_constant():
    first = turn_messages(read("Hello?", NOTHING), NOTHING)
    second = turn_messages(read("To Miami.", NOTHING), TurnContext(agent="Where to?", asked="to"))
    assert first[:-1] == second[:-1] == PREFIX
    assert "Where to?" in second[-1].content


def test_the_examples_of_the_prefix_are_valid():
    for message in PREFIX:
        if message.role == "assistant":
            assert parse(message.content, read("", NOTHING))
            assert json.loads(message.content)


def test_a_wire_leaves_out_where_a_leg_starts_if_that_goes_without_saying_and_keeps_one_order():
    legs = [{"from": "Oslo", "to": "Rome", "date": "Friday"}, {"from": "Rome", "to": "Oslo", "date": "Sunday"}]
    search = Action("search", {"max_price": "$300", "legs": legs, "pax": "two"})
    said = wire([search])
    assert said == (
        '{"do":[{"search":[{"from":"Oslo","to":"Rome","date":"Friday"},{"to":"Oslo","date":"Sunday"}],'
        '"pax":"two","max_price":"$300"}]}'
    )
    assert parse(said, read("", NOTHING))[0].args == search.args
    jaw = [legs[0], {"from": "Milan", "to": "Oslo", "date": "Sunday"}]
    assert '"from":"Milan"' in wire([Action("search", {"legs": jaw})])
