"""Holds labels to a desk's vocabulary: its actions with their arguments, and the values of those that are a closed set.

A label that nothing can match would count every right answer as wrong, so it is refused where it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from voice.config.near import near
from voice.ports import Allowed

OPEN = "open"
"""Beside any action's arguments: others than those are allowed."""


def check(vocabulary: Mapping[str, Mapping[str, Allowed]]) -> None:
    """Look whether this is a vocabulary as `voice.ports.Vocabulary` describes it.

    Raises:
        ValueError: it is not.
    """
    for action, arguments in cast("Mapping[object, object]", vocabulary).items():
        if not isinstance(arguments, Mapping):
            raise ValueError(f"the vocabulary's {action!r} must be a mapping of arguments, got {arguments!r}")
        for name, allowed in cast("Mapping[object, object]", arguments).items():
            if allowed is not bool and (isinstance(allowed, str) or not isinstance(allowed, Collection)):
                wanted = "a collection of texts, a mapping or bool"
                raise ValueError(f"the vocabulary's {action}.{name} must be {wanted}, got {allowed!r}")


def problem_of(expect: object, vocabulary: Mapping[str, Mapping[str, Allowed]] | None) -> str | None:
    """Say what is wrong with a label, its actions in their flat form; None if nothing is.

    Args:
        expect: The label.
        vocabulary: What it may say; None to look only whether it is a list of actions.
    """
    if not isinstance(expect, list):
        return f"'expect' must be a list of actions, got {expect!r}"
    for action in cast("list[object]", expect):
        if not isinstance(action, dict) or not isinstance(cast("dict[str, object]", action).get("action"), str):
            return f"each expected action is an object with an 'action', got {action!r}"
        if vocabulary is not None and (problem := _of_action(cast("dict[str, Any]", action), vocabulary)):
            return problem
    return None


def _of_action(action: Mapping[str, Any], vocabulary: Mapping[str, Mapping[str, Allowed]]) -> str | None:
    name = action["action"]
    if name not in vocabulary:
        return _unknown("there is no action", name, vocabulary)
    arguments: Mapping[str, Allowed] = {**vocabulary[name], OPEN: bool}
    for key, value in action.items():
        if key == "action":
            continue
        if key not in arguments:
            return _unknown(f"{name!r} has no argument", key, arguments)
        if problem := _of_value(key, value, arguments[key]):
            return problem
    return None


def _of_value(key: str, value: object, allowed: Allowed) -> str | None:
    if isinstance(allowed, type):
        return None if isinstance(value, bool) else f"{key!r} is true or false, got {value!r}"
    if isinstance(allowed, Mapping):
        return _of_objects(key, value, allowed)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return f"{key!r} must be a text, got {value!r}"
    for part in str(value).split("|"):
        if not part.strip():
            return f"{key!r} has an empty alternative: {value!r}"
        if allowed and part.strip() not in allowed:
            return _unknown(f"{key!r} can't be", part.strip(), allowed)
    return None


def _of_objects(key: str, value: object, keys: Mapping[str, Collection[str]]) -> str | None:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in cast("list[object]", value)):
        return f"{key!r} must be a list of objects with {', '.join(map(repr, keys))}, got {value!r}"
    for one in cast("list[dict[str, object]]", value):
        for name, part in one.items():
            if name not in keys:
                return _unknown(f"one of {key!r} has no", name, keys)
            if problem := _of_value(name, part, keys[name]):
                return problem
    return None


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    meant = near(name, known)
    return f"{what} {name!r}: " + (f"did you mean {meant!r}?" if meant else f"use one of {', '.join(known)}")
