"""A write that outlasts the deadline. The caller gets the floor back, and hears what it came to when it has ended.

It is neither cancelled nor begun again: whether it happened is known only from its own end.
"""

from __future__ import annotations

from dataclasses import replace

from voice.cascade import acting, speaking
from voice.cascade.commands import Command, Record
from voice.cascade.events import Performed, TimerFired
from voice.cascade.state import State, Step, then
from voice.cascade.work import Unfinished


def deadline_passed(state: State, event: TimerFired) -> Step:
    """Let the turn go, so that others can be answered; its write goes on."""
    turn = state.current(event.generation)
    if not turn:
        return state, []
    record = Record("unfinished", turn.number, {"actions": [action.as_dict() for action in turn.actions or ()]})
    late = Unfinished(state.generation, turn, state.dialogue)
    return replace(state, turn=None, unfinished=late, generation=state.generation + 1), [record]


def is_of(state: State, event: Performed) -> bool:
    """Say whether this is what the late write came to."""
    return state.unfinished is not None and event.generation == state.unfinished.generation


def performed(state: State, event: Performed) -> Step:
    """Keep what the write came to until the caller can be told."""
    late = state.unfinished
    assert late
    record = acting.carried_out(event.outcome, late.turn.number, stale=False)
    late = replace(late, outcome=event.outcome)
    return replace(state, wrote=(*state.wrote, *event.outcome.wrote), unfinished=late), [record]


def told(state: State, commands: list[Command]) -> Step:
    """Say that a write is late, or what it came to, as soon as nobody has the floor; after what else was commanded.

    A dialogue that has moved on stays, and knows of it, unless what is said asks for a yes: that must not approve
    anything else.
    """
    late = state.unfinished
    busy = state.turn or state.speaking or state.caller_speaking or state.ended or state.passed_on
    if not late or busy:
        return state, commands
    if outcome := late.outcome:
        if state.moved_on and outcome.unheard is None:
            outcome = replace(outcome, dialogue=state.knowing_of_late_write().dialogue)
        turn, handing_off = replace(late.turn, outcome=outcome, performing=False), state.handing_off
        state, answered = acting.answer(replace(state, turn=turn, unfinished=None))
        return replace(state, handing_off=handing_off or state.handing_off), [*commands, *answered]
    text = state.policy.filler.unfinished
    if late.told or not text or state.handing_off:
        return state, commands
    state = replace(state, unfinished=replace(late, told=True))
    return then(commands, speaking.say(state, (text,), "prompt"))
