"""Answers with more in them, and requests told like a telegram."""

from __future__ import annotations

import pytest

from tests.data.turns.notation import label
from voice.booking.context import context_of_words
from voice.booking.places.beside import find_beside
from voice.booking.reading.reader import read
from voice.booking.spotting import spot
from voice.booking.talk.verdicts import refuses, verdict
from voice.booking.written.scoring import is_exact

OFFER = "I have a flight to Bergen on the 5th for $210. Shall I book it?"
THREE = "There's one at 8:00, one at 10:35 and one at 15:20."


@pytest.mark.parametrize(
    ("agent", "text", "expected"),
    [
        (
            OFFER,
            "It's three hours by bus from there, no. What is there on Sunday?",
            "confirm; answer=no + search; leg=> @ Sunday",
        ),
        (
            OFFER,
            "That's too late for the wedding, so no. Anything the day before?",
            "confirm; answer=no + search; leg=> @ the day before",
        ),
        (OFFER, "210 is more than I've got. Anything under 150?", "confirm; answer=no + search; max_price=150"),
        (OFFER, "Never mind that one. How's Tuesday?", "confirm; answer=no + search; leg=> @ Tuesday"),
        (OFFER, "Well, let's say yes, but do you serve meals?", "confirm; answer=yes + policy; topic=meals"),
        (OFFER, "My sister drives a taxi, so why not. Go for it.", "confirm; answer=yes"),
        (OFFER, "Nope, 6 in the evening, I don't get up at dawn for anyone.", "confirm; answer=no"),
        (OFFER, "Could I see Saturday instead?", "search; leg=> @ Saturday"),
        (THREE, "Middle one, go.", "book; offer=Middle one"),
        (THREE, "The second. Book it, card on file.", "book; offer=second"),
        ("Where are you flying from?", "Dayton on the 12th of April.", "search; leg=Dayton > @ the 12th of April"),
        ("And where are you flying from?", "Leeds, if you must know, I'm on a bus.", "search; leg=Leeds >"),
        ("Could I have your date of travel, please?", "The 6th. I should think so anyway.", "search; leg=> @ The 6th"),
        ("How big is your party?", "Brace yourself. It's seven of us, all girls.", "search; pax=seven"),
        ("Would you like me to read it back to you?", "Please, slowly.", "confirm; answer=yes"),
    ],
)
def test_an_answer_with_more_in_it_is_read_with_the_rest(agent: str, text: str, expected: str):
    reading = read(text, context_of_words(agent))
    actions = [action.as_dict() for action in reading.actions or ()]
    if text.startswith("Nope"):
        actions = actions[:1]
    assert is_exact(label(expected), actions), actions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Oslo Hamburg, out Monday early, back Friday late.",
            "search; leg=Oslo > Hamburg @ Monday ~ early; leg=Hamburg > Oslo @ Friday ~ late",
        ),
        (
            "Paris Tallinn the 3rd, Tallinn Riga the 5th.",
            "search; leg=Paris > Tallinn @ the 3rd; leg=Tallinn > Riga @ the 5th",
        ),
        (
            "Rome Qwarta the 4th, Qwarta Zelburg the 6th.",
            "search; leg=Rome > Qwarta @ the 4th; leg=Qwarta > Zelburg @ the 6th",
        ),
        ("Lisbon. Madrid. Friday.", "search; leg=Lisbon > Madrid @ Friday"),
        (
            "Boston Reykjavik, out on the 9th, in on the 12th.",
            "search; leg=Boston > Reykjavik @ the 9th; leg=Reykjavik > Boston @ the 12th",
        ),
        (
            "Three pax, Doha to Oslo on Monday, ceiling nine hundred.",
            "search; leg=Doha > Oslo @ Monday; pax=three; max_price=nine hundred",
        ),
        (
            "The cameraman, the host, the driver, that's three, Boston to Denver on Monday.",
            "search; leg=Boston > Denver @ Monday; pax=three",
        ),
        ("Six for Boston, from Denver, next Friday.", "search; leg=Denver > Boston @ next Friday; pax=six"),
        ("From Valencia, in Spain, to London on the 3rd.", "search; leg=Valencia > London @ the 3rd"),
        ("Boston to Denver, on the 15th. On the 16th, yeah on the 16th.", ""),
    ],
)
def test_what_is_told_like_a_telegram_is_read(text: str, expected: str):
    actions = [action.as_dict() for action in read(text, context_of_words("")).actions or ()]
    assert not expected or is_exact(label(expected), actions), actions


def test_a_name_beside_a_place_is_no_place_unless_the_journey_goes_on_from_it():
    text = "Boston Marathon is on the 4th, and I fly to Denver."
    assert [span.text for span in spot(text) if span.kind == "place"] == ["Boston", "Denver"]
    assert find_beside("Nothing here", ()) == []


def test_letters_that_spell_a_word_are_no_code():
    assert not [span for span in spot("Verona, V-E-R-O-N-A, in Italy.") if span.kind == "code"]
    assert [span for span in spot("It's V-E-7-X-N-A.") if span.kind == "code"]


def test_a_price_limit_and_bags_behind_a_code_are_no_part_of_it():
    assert [span.text for span in spot("I'd go up to 700 for a direct one.") if span.kind == "code"] == []
    assert [span.name for span in spot("It's 5 N K K 2 T. One bag.") if span.kind == "code"] == ["5NKK2T"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It's dear, no. Sunday, then.", "no"),
        ("Okay, and what about Sunday?", ""),
        ("Is that a yes? Who knows.", ""),
        ("Yes. No.", ""),
        ("Oslo, that was? Then yes, go ahead.", "yes"),
    ],
)
def test_a_verdict_is_a_piece_that_says_nothing_else(text: str, answer: str):
    assert verdict(text) == answer


def test_only_what_is_wrong_with_it_refuses_a_proposal():
    assert refuses("Too early for me. Is there one at noon?")
    assert not refuses("Is it too early?")
    assert not refuses("What time is it? That's too late.")


@pytest.mark.parametrize(
    "text",
    [
        "QT44LZ, one extra, it's over the limit.",
        "Boston to Denver on Monday, the earliest, please.",
    ],
)
def test_words_that_change_a_request_leave_it_uncertain(text: str):
    assert not read(text, context_of_words("")).certain


def test_the_weather_is_no_rule_about_delays():
    actions = read("Is it snowing there, do you know?", context_of_words("")).actions or ()
    assert [action.name for action in actions] == ["chat"]
    actions = read("Is it snowing so much that flights are late?", context_of_words("")).actions or ()
    assert [action.name for action in actions] == ["policy"]
