"""What a tier is told, what it may say, and whether what it said was heard."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from voice.cascade.words import Action, Findings, Reading
from voice.ports import Message

ARGUMENTS = {
    "hours": {"day": "day"},
    "reserve": {"party": "party", "children": "children", "day": "day", "time": "time"},
    "move": {"booking": "day", "day": "day", "time": "time"},
    "handoff": {},
}
"""What a tier can ask for: each action's arguments, and the kind of words that fill them."""

VOCABULARY = {name: dict.fromkeys(arguments, ()) for name, arguments in ARGUMENTS.items()} | {
    "confirm": {"answer": ("yes", "no")}
}
"""What a labelled turn can ask for: as above, in any words, and a yes or no."""

_TASK = """\
You read what a restaurant's caller says and write what they ask for, as JSON, one action for each request, in order.
hours: when it is open. reserve: a new table. move: another time for a table they have; "booking" is the day it is on
now. handoff: anything else. Copy the words as said."""
_SHOTS = (
    ("Are you open on Tuesday?", '{"actions":[{"action":"hours","day":"Tuesday"}]}'),
    ("I'd like a table for three.", '{"actions":[{"action":"reserve","party":"three"}]}'),
    (
        "Can we be five on Monday at six, one of them a child, and shift our Thursday table to ten?",
        '{"actions":[{"action":"reserve","party":"five","children":"one","day":"Monday","time":"six"},'
        '{"action":"move","booking":"Thursday","time":"ten"}]}',
    ),
)


def prompt(reading: Reading, question: str) -> Sequence[Message]:
    """Give the task, examples, and what was asked and said."""
    shots = [
        message
        for said, meant in _SHOTS
        for message in (Message("user", f"Caller: {said}"), Message("assistant", meant))
    ]
    asked = f"Agent: {question}\n" if question else ""
    return [Message("system", _TASK), *shots, Message("user", f"{asked}Caller: {reading.text}")]


def schema(reading: Reading) -> Mapping[str, Any]:
    """Allow one action for each request, with the words that were heard."""
    options = [
        _object({"action": {"const": name}, **_heard(kinds, reading)}, required=["action"])
        for name, kinds in ARGUMENTS.items()
    ]
    count = {"minItems": reading.requests, "maxItems": reading.requests}
    return _object({"actions": {"type": "array", "items": {"anyOf": options}, **count}}, required=["actions"])


def parse(text: str) -> tuple[Action, ...]:
    """Read what the schema allows. Raises ValueError for anything else."""
    try:
        return tuple(Action.from_dict(action) for action in json.loads(text)["actions"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no actions in {text!r}") from error


def examine(actions: Sequence[Action], reading: Reading) -> Findings:
    """Look whether everything heard is used, and everything used was heard. A yes is nothing for a tier to say."""
    heard = [(entity.kind, entity.text) for entity in reading.entities]
    used = [
        (ARGUMENTS.get(action.name, {}).get(name, name), said)
        for action in actions
        for name, said in action.args.items()
    ]
    left = [f"{said} was not used" for kind, said in heard if (kind, said) not in used]
    wrong = [f"{said} is no {kind} that was heard" for kind, said in used if (kind, said) not in heard]
    wrong += [f"{action.name} is not for a tier to say" for action in actions if action.name not in ARGUMENTS]
    lacking = max(0, reading.requests - len(actions))
    left += ["a request was left out"] * lacking
    complete = max(0.0, 1 - len(left) / max(1, len(heard) + lacking))
    return Findings(complete, 0.0 if wrong else 1.0, problems=(*left, *wrong))


def _object(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _heard(kinds: Mapping[str, str], reading: Reading) -> dict[str, Any]:
    said = {kind: [entity.text for entity in reading.entities if entity.kind == kind] for kind in kinds.values()}
    return {name: {"enum": list(dict.fromkeys(said[kind]))} for name, kind in kinds.items() if said[kind]}
