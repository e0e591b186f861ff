"""The same things said in many ways: tersely, politely, with hesitation, in British English, in a second language."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.data.turns.notation import label
from voice.booking.context import context_of_words
from voice.booking.reading.reader import read
from voice.booking.written.scoring import is_exact

_TABLE, _TRIPS = (
    tomllib.loads(Path(__file__).with_name(name).read_text("utf-8")) for name in ("phrasings.toml", "trips.toml")
)
_TURNS = _TABLE["turns"] | _TRIPS["turns"]
_BOOKED = ("QT44LZ",)


@pytest.mark.parametrize("sort", _TURNS)
def test_every_phrasing_is_read_as_what_it_asks_for(sort: str):
    wrong: list[str] = []
    for text, expected, *said_before in _TURNS[sort]:
        situation = said_before[0] if said_before else ""
        context = context_of_words(_TABLE["agent"].get(situation, ""), _BOOKED if situation == "booked" else ())
        actions = [action.as_dict() for action in read(text, context).actions or ()]
        if not is_exact(label(expected), actions):
            wrong.append(f"{text!r} gives {actions}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_what_is_certain_is_right():
    """A certain reading may be acted on without a model: none of the phrasings has one that is wrong."""
    certain = 0
    for rows in _TURNS.values():
        for text, expected, *said_before in rows:
            situation = said_before[0] if said_before else ""
            context = context_of_words(_TABLE["agent"].get(situation, ""), _BOOKED if situation == "booked" else ())
            reading = read(text, context)
            if reading.certain:
                certain += 1
                assert is_exact(label(expected), [action.as_dict() for action in reading.actions or ()]), text
    assert certain > 100
