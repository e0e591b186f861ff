"""What a desk's labelled turns are held against: how they begin, what their labels may say, and whether one is met."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from voice.bench.turns import scoring, vocabulary
from voice.bench.turns.turn_desk import DeskFailed, TurnDesk
from voice.cascade.routing_features import Facts
from voice.cascade.words import Action, Dialogue
from voice.contract import check_desk
from voice.ports import Allowed, AsksInstead, Compares, Desk, Resumes, Vocabulary

_OF_THE_CORE: Mapping[str, Mapping[str, Allowed]] = {"clarify": {"missing": ()}, "handoff": {}}


class Yardstick:
    """A desk, to be measured: asks it for what it offers of `voice.ports.Resumes` and the like, and does without.

    Args:
        desk: Nothing is carried out at it.
        name: Tells it from other desks, in recordings.

    Attributes:
        facts: What a router knows of a labelled turn, which stands alone: nothing was answered before it.

    Raises:
        TypeError: it is no whole desk.
        ValueError: its vocabulary is none.
    """

    def __init__(self, desk: Desk, name: str = "") -> None:
        check_desk(desk)
        self.name = name
        self.facts = Facts(read_only=desk.read_only)
        self._desk = desk
        self._vocabulary: Mapping[str, Mapping[str, Allowed]] | None = None
        if isinstance(desk, Vocabulary):
            vocabulary.check(desk.vocabulary)
            self._vocabulary = {**_OF_THE_CORE, **desk.vocabulary}

    @property
    def desk(self) -> Desk:
        """The desk itself."""
        return self._desk

    @property
    def actions(self) -> Collection[str] | None:
        """Names of all that the desk can do; None if it does not tell."""
        return None if self._vocabulary is None else self._vocabulary.keys()

    def dialogue(self, context: Mapping[str, Any]) -> Dialogue:
        """Give the dialogue that a turn begins with.

        Raises:
            ValueError: the desk knows no such context.
        """
        if isinstance(self._desk, Resumes):
            return self._desk.resume(context)
        if any(context.values()):
            raise ValueError(
                "'context' says what came before, and this desk can't take a call up there: give it a method "
                "'resume' (voice.ports.Resumes), or leave 'context' out"
            )
        return self._desk.open("")

    def begin(self, context: Mapping[str, Any]) -> TurnDesk:
        """Give the desk as a turn with this context finds it; raises ValueError as `dialogue` does."""
        return TurnDesk(self._desk, self.dialogue(context))

    def problem_of(self, expect: object) -> str | None:
        """Say what is wrong with a label, its actions in their flat form; None if nothing is."""
        return vocabulary.problem_of(expect, self._vocabulary)

    def is_exact(self, expected: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> bool:
        """Say whether these actions are exactly what a label asks for, both in their flat form.

        Raises:
            DeskFailed: the desk, which compares itself, could not.
        """
        if not isinstance(self._desk, Compares):
            return scoring.is_exact(expected, actions)
        try:
            return bool(self._desk.is_exact(expected, actions))
        except Exception as error:
            raise DeskFailed("is_exact", error) from error

    def asks_instead(self, actions: Sequence[Action], doubted: Sequence[str]) -> bool:
        """Say whether the desk would ask about misheard words, and do nothing else for now."""
        return isinstance(self._desk, AsksInstead) and bool(self._desk.asked_instead(actions, doubted))
