"""A wording means what its pattern means, wherever it is tried."""

import re
from pathlib import Path

import pytest

from voice.bench.desks import airline
from voice.bench.turns.labelled import load_turns
from voice.booking.context import TurnContext
from voice.booking.reading.reader import read
from voice.booking.talk.topics import TOPICS
from voice.booking.text.openings import necessary
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_TURNS = Path(__file__).parents[1] / "data" / "turns" / "dev.jsonl"


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        (r"\b(?:the )?(?:first|last) flight\b", {"the ", "firs", "last"}),
        (r"\bi(?:'d| would) like\b", {"i'd ", "i wo"}),
        (r"(?<![\w-])cancel\w*", {"canc"}),
        (r",? (?:and|but) not\b", None),
        (r"\b\w+ing\b", None),
    ],
)
def test_a_match_begins_with_one_of_the_openings_of_its_pattern(pattern: str, begins: set[str] | None) -> None:
    assert necessary(pattern, re.IGNORECASE)[0] == begins


def test_a_text_needs_the_rarer_word_of_a_phrase_as_well() -> None:
    _, needs = necessary(r"\b(?:get|have)\b[^.?!]* (?:money|cash)\b", re.IGNORECASE)
    assert {"mone", "cash"} in needs


@pytest.mark.parametrize("wording", [*cues.INTENTS.values(), *TOPICS.values(), cues.LEG, cues.OFFER, cues.QUESTION])
def test_a_wording_finds_what_its_pattern_finds(wording: Wording) -> None:
    pattern = re.compile(wording.pattern, re.IGNORECASE)
    for text in (turn.text for turn in load_turns(_TURNS, desk=airline())):
        for end in (len(text), len(text) // 2):
            spans = [match.span() for match in wording.finditer(text, 0, end)]
            assert spans == [match.span() for match in pattern.finditer(text, 0, end)], text
        assert wording.sub("#", text) == pattern.sub("#", text)


def test_a_stop_on_the_way_alone_is_read_as_no_leg() -> None:
    assert read("via Amsterdam.", TurnContext()).legs == 0
