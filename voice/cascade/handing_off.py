"""The caller is passed to a person: once they heard that they are, and not if they spoke again before."""

from __future__ import annotations

from dataclasses import replace

from voice.cascade.commands import Command, HandOff, HangUp, Record
from voice.cascade.state import State, Step


def done(state: State, commands: list[Command]) -> Step:
    """Do it as soon as nobody has the floor, after what else was commanded."""
    busy = state.turn or state.speaking or state.caller_speaking or state.ended
    if not state.handing_off or busy:
        return state, commands
    follows = state.policy.hand_off.then
    state = replace(state, handing_off=False, passed_on=True, shadows=())
    ends: list[Command] = [HangUp()] if follows == "end" else []
    return state, [*commands, Record("hand_off", state.turns, {"then": follows}), HandOff(), *ends]
