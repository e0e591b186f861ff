"""What became of a turn: repaired by the caller within two turns, or not; and what became of the call."""

from __future__ import annotations

import re
from dataclasses import replace

from voice.cascade.commands import Command, Record
from voice.cascade.state import State, Step
from voice.cascade.words import OutcomeKind
from voice.cascade.work import Answered, Turn

_TURNS = 2
"""Turns within which a caller repairs what was misunderstood."""

_REPAIR = re.compile(
    r"(?:(?:no|nope|nah|wait|sorry|hey|hold on|actually|but)[\s,.!]+)*"
    r"(?:i (?:said|meant|asked)\b|i did(?:n't| not) (?:say|ask|mean)\b|not what i\b"
    r"|(?:that's|that is|it's|this is) (?:wrong|not (?:what|right|correct|it\b))"
    r"|you (?:misunderstood|misheard|got (?:that|it|me) wrong))"
    r"|(?:no|nope)[\s,.!]+not\b",
    re.I,
)


def is_repair(text: str) -> bool:
    """Say whether a caller objects to how the last turn was understood ("No, I said Austin"); a mere no does not."""
    return _REPAIR.match(text.strip().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")) is not None


def answered(state: State, turn: Turn) -> Step:
    """Remember a turn that is being answered; one that nobody repaired in time was probably understood."""
    assert turn.outcome
    kept = (*state.answered, Answered(turn.number, turn.source, turn.outcome.kind))
    settled, kept = kept[:-_TURNS], kept[-_TURNS:]
    handed_off = state.handed_off or turn.outcome.kind is OutcomeKind.HANDOFF
    return replace(state, answered=kept, handed_off=handed_off), [_outcome(each, repaired=False) for each in settled]


def said(state: State, turn: Turn) -> Step:
    """Look whether the caller repairs an earlier turn: the last one that was not just a question back."""
    if not state.answered or not is_repair(turn.text):
        return state, []
    meant = [each for each in state.answered if each.kind is not OutcomeKind.CLARIFY] or [*state.answered]
    kept = tuple(each for each in state.answered if each is not meant[-1])
    record = _outcome(meant[-1], repaired=True, by=turn.number, text=turn.text)
    return replace(state, answered=kept, repairs=state.repairs + 1), [record]


def ended(state: State) -> list[Command]:
    """Record what is still open, and what became of the call as a whole."""
    last = state.answered[-1].kind if state.answered else None
    task = (
        "written"
        if state.wrote
        else "handed_off"
        if state.handed_off
        else "answered"
        if last is OutcomeKind.ANSWER
        else "unanswered"
    )
    call = {"task": task, "wrote": state.wrote, "turns": state.turns, "repairs": state.repairs}
    return [*(_outcome(each, repaired=False) for each in state.answered), Record("outcome", state.turns, call)]


def _outcome(each: Answered, *, repaired: bool, **more: object) -> Record:
    data = {"source": each.source, "outcome": each.kind, "repaired": repaired, **more}
    return Record("outcome", each.number, data)
