"""Carries a call out at a desk as its turns are labelled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from voice.cascade.words import Action, Outcome, OutcomeKind
from voice.ports import Desk


class DeskDisagrees(RuntimeError):
    """The desk would not do what a turn is labelled with: the label, or the desk, is wrong."""


async def carry_out(
    call: str, turns: Sequence[tuple[str, Sequence[Action]]], desk: Desk
) -> AsyncIterator[tuple[int, Outcome]]:
    """Do what each turn expects, and give what came of it, with the turn's number from 1.

    A turn that expects nothing gives nothing; one that answers a question and asks for something gives two outcomes.

    Args:
        call: The call's name.
        turns: What is said in each turn, and the actions that it asks for.
        desk: In the state that the call starts from.

    Raises:
        DeskDisagrees: the call can't be carried out as labelled.
    """
    dialogue = desk.open(call)
    for number, (text, expected) in enumerate(turns, start=1):
        for part, actions in enumerate(_settled_first(expected)):
            key = f"{call}-{number}-{part}"
            outcome = await desk.perform(actions, desk.read(text, dialogue), dialogue, key=key)
            _check(f"{call}, turn {number}", actions, outcome)
            dialogue = outcome.dialogue
            yield number, outcome


def said_first(value: Any) -> Any:
    """Give expected arguments with the first of each one's alternatives."""
    match value:
        case str():
            return value.split("|")[0]
        case Mapping():
            return {key: said_first(item) for key, item in value.items() if key != "open"}
        case list() | tuple():
            return [said_first(item) for item in value]
        case _:
            return value


def _settled_first(expected: Sequence[Action]) -> list[list[Action]]:
    """Part the yes or no from what is asked for beside it: the one ends a question, the other may begin one."""
    actions = [Action(action.name, said_first(action.args)) for action in expected]
    answers = [action for action in actions if action.name == "confirm"]
    rest = [action for action in actions if action.name != "confirm"]
    return [part for part in (answers, rest) if part]


def _check(where: str, actions: Sequence[Action], outcome: Outcome) -> None:
    approved = any(action.name == "confirm" and action.args.get("answer") == "yes" for action in actions)
    if outcome.kind is OutcomeKind.FAILED or (approved and not outcome.wrote):
        asked = [action.as_dict() for action in actions]
        raise DeskDisagrees(f"{where}: the desk was asked for {asked} and said {' '.join(outcome.say)!r}")
