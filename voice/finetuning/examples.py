"""What a model learns from: a labelled turn as the prompt that it will see in a call, and the answer that is right."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voice.bench.turns.labelled import LabelledTurn
from voice.booking.context import context_of_words
from voice.booking.drafting.notation import LEG_KEYS
from voice.booking.drafting.prompting import turn_messages
from voice.booking.drafting.wire import notation
from voice.booking.reading.reader import read
from voice.cascade.words import Action
from voice.ports import Message

_CHOSEN = ("confirm", "policy", "clarify")
"""Actions with an argument that is not copied."""
_CODE = re.compile(r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}\b")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "april", "june", "july", "august", "september", "october", "november", "december")


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt, and what the model should write."""

    messages: tuple[Message, ...]
    answer: str


def example_of(turn: LabelledTurn, *, shows_reading: bool = False) -> Example:
    """Make an example of a turn: of a value's alternatives, the first one that stands in the transcript.

    ``shows_reading`` is for a tier that sees what the rules read.
    """
    context = context_of_words(turn.agent, _bookings(turn))
    reading = read(turn.text, context)
    shown = reading if shows_reading else replace(reading, actions=None)
    messages = turn_messages(shown, context, fine_tuned=True)
    return Example(messages, notation(_action(reading.text, expected) for expected in turn.expect))


def varied(turn: LabelledTurn, places: Sequence[str], chance: random.Random) -> LabelledTurn:
    """Give the turn with other places, weekdays and months, and codes where they are written as such.

    What stays is how the caller speaks: that is what a model should learn, not where they fly.
    """
    swaps = _shuffled(_WEEKDAYS, chance) | _shuffled(_MONTHS, chance)
    named = [place for place in places_of([turn]) if re.search(rf"\b{re.escape(place)}\b", turn.text)]
    fresh = [place for place in places if place.casefold() not in turn.text.casefold()]
    swaps |= {old.casefold(): new for old, new in zip(named, chance.sample(fresh, len(named)), strict=True)}
    for code in _CODE.findall(" ".join([turn.text, *_bookings(turn)])):
        swaps[code.casefold()] = _code_like(code, chance)
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(swaps, key=len, reverse=True)))})\b", re.IGNORECASE)

    def swapped(text: str) -> str:
        return words.sub(lambda match: _cased(swaps[match[0].casefold()], match[0]), text)

    return replace(
        turn,
        text=swapped(turn.text),
        context=_mapped(turn.context, swapped),
        expect=tuple(_mapped(expected, swapped) for expected in turn.expect),
    )


def places_of(turns: Sequence[LabelledTurn]) -> list[str]:
    """Give the places that turns fly from and to, each once, in order."""
    legs = [leg for turn in turns for expected in turn.expect for leg in [expected, *(expected.get("legs") or ())]]
    named = [part for leg in legs for key in ("from", "to") for part in str(leg.get(key, "")).split("|")]
    return list(dict.fromkeys(name for name in named if name[:1].isupper()))


def _bookings(turn: LabelledTurn) -> Sequence[str]:
    return tuple(turn.context.get("bookings") or ())


def _action(text: str, expected: Mapping[str, Any]) -> Action:
    args = {key: value for key, value in expected.items() if key not in ("action", "open")}
    if expected["action"] in _CHOSEN:
        return Action(str(expected["action"]), {key: value.split("|")[0] for key, value in args.items()})
    args = {key: _spelled(text, value) for key, value in args.items()}
    if legs := args.get("legs"):
        args["legs"] = [{key: leg[key] for key in LEG_KEYS if key in leg} for leg in legs]
    return Action(str(expected["action"]), args)


def _spelled(text: str, value: Any) -> Any:
    """Give a value as it stands in the transcript."""
    if isinstance(value, Mapping):
        return {key: _spelled(text, part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(text, part) for part in value]
    if not isinstance(value, str):
        return value
    options = value.split("|")
    for option in options:
        if match := re.search(rf"(?<!\w){re.escape(option)}(?!\w)", text, re.IGNORECASE):
            return match[0]
    return options[0]


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: part if key == "action" else _mapped(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(part, change) for part in value]
    return value


def _shuffled(words: Sequence[str], chance: random.Random) -> dict[str, str]:
    return dict(zip(words, chance.sample(words, len(words)), strict=True))


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() and word.islower() else word


def _code_like(code: str, chance: random.Random) -> str:
    return "".join(chance.choice("23456789" if char.isdigit() else "ABCDEFGHJKLMNPQRSTUVWXYZ") for char in code)
