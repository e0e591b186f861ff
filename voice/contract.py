"""Holds a desk to `voice.ports.Desk` where it is asked, so that a slip is named there and not far from its cause."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from voice.cascade.words import Action, Findings, Outcome, Reading
from voice.ports import Desk, Message

_MEMBERS = tuple(name for name in vars(Desk) if not name.startswith("_"))


def check_desk(desk: object) -> None:
    """Look whether all is there that a call will ask for.

    Raises:
        TypeError: something is missing, or this is a class and no desk.
    """
    if isinstance(desk, type):
        raise TypeError(f"a desk is needed, got the class {desk.__name__}: give {desk.__name__}(…) instead")
    kind = type(desk).__name__
    if missing := [name for name in _MEMBERS if not hasattr(desk, name)]:
        raise TypeError(f"{kind} is no desk: it lacks {', '.join(missing)} (see voice.ports.Desk)")
    read_only = getattr(desk, "read_only", None)
    if isinstance(read_only, str) or not isinstance(read_only, Collection):
        raise TypeError(f"{kind}.read_only must be a frozenset of action names, got {read_only!r}")


def as_reading(given: object) -> Reading:
    """Take what `Desk.read` gave. Raises TypeError if it is no reading."""
    if not isinstance(given, Reading):
        raise TypeError(f"read must return a Reading, got {_shown(given)}")
    if given.actions is not None and not _all_are(Action, given.actions):
        raise TypeError(f"the actions of a Reading must be a tuple of Action, or None, got {_shown(given.actions)}")
    return given


def as_mention(given: object) -> tuple[str, ...]:
    """Take what `Desk.mention` gave. Raises TypeError if it is no sequence of words."""
    if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(word, str) for word in given):
        raise TypeError(f"mention must return a sequence of str, got {_shown(given)}")
    return tuple(given)


def as_messages(given: object) -> list[Message]:
    """Take what `Desk.prompt` gave. Raises TypeError if it is no sequence of messages, or an empty one."""
    if not isinstance(given, Sequence) or not given or not _all_are(Message, tuple(given)):
        raise TypeError(f"prompt must return a sequence of at least one Message, got {_shown(given)}")
    return list(given)


def as_schema(given: object) -> Mapping[str, Any]:
    """Take what `Desk.schema` gave. Raises TypeError if it is no mapping."""
    if not isinstance(given, Mapping):
        raise TypeError(f"schema must return a mapping, got {_shown(given)}")
    return given


def as_actions(given: object) -> tuple[Action, ...]:
    """Take what `Desk.parse` gave. Raises TypeError if it is no sequence of actions."""
    if not isinstance(given, Sequence) or not _all_are(Action, tuple(given)):
        raise TypeError(f"parse must return a tuple of Action, got {_shown(given)}")
    return tuple(given)


def as_findings(given: object) -> Findings:
    """Take what `Desk.examine` gave. Raises TypeError if it is no findings."""
    if not isinstance(given, Findings):
        raise TypeError(f"examine must return Findings, got {_shown(given)}")
    return given


def as_outcome(given: object) -> Outcome:
    """Take what `Desk.perform` gave. Raises TypeError if it is no outcome."""
    if not isinstance(given, Outcome):
        raise TypeError(f"perform must return an Outcome, got {_shown(given)}")
    return given


def _all_are(kind: type, given: object) -> bool:
    return isinstance(given, tuple) and all(isinstance(one, kind) for one in given)


def _shown(given: object) -> str:
    """Name a value by what it is: what is said in it may be long or private, and this stands in a log."""
    if given is None:
        return "None"
    kind = type(given).__name__
    if isinstance(given, list | tuple):
        return (
            f"a {kind} of {', '.join(sorted({type(one).__name__ for one in given}))}" if given else f"an empty {kind}"
        )
    return f"a value of type {kind}"
