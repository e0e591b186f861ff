"""What is done where an event could not be taken in: an error of the program's own costs a turn, never the call."""

from __future__ import annotations

from dataclasses import replace

from voice.cascade import speaking
from voice.cascade.events import (
    Broke,
    CallerSpoke,
    CancelDrafts,
    Command,
    Drafted,
    Event,
    Examined,
    Heard,
    Performed,
    Record,
    SpeechDone,
    TimerFired,
    WasRead,
)
from voice.cascade.state import State, Step


def broke(state: State, event: Broke) -> Step:
    """Give up the turn that the lost event was about, and say so if the caller waits for an answer."""
    lost, turn = event.lost, state.turn
    where = {"where": type(lost).__name__, "error": event.error}
    commands: list[Command] = [Record("error", turn.number if turn else state.turns, where)]
    costs = _costs_the_turn(state, lost)
    state = _in_spite_of_it(state, lost)
    if not costs:
        return state, commands
    waits = (turn is not None and turn.final) or (isinstance(lost, Heard) and lost.final)
    if turn and turn.running:
        commands.append(CancelDrafts(state.generation))
    if turn and turn.outcome and turn.outcome.wrote:
        state = replace(state, dialogue=turn.outcome.dialogue, news=(*state.news, *turn.outcome.say))
    state = replace(state, turn=None, generation=state.generation + 1, waiting=None, resuming=None, cut=None)
    if not waits or state.caller_speaking or state.passed_on:
        return state, commands
    wrote = isinstance(lost, Performed) and bool(lost.outcome.wrote)
    news, sentences = state.news, state.news if wrote else (*state.news, event.say)
    state, said = speaking.say(replace(state, news=(), telling=news), sentences, "answer")
    return state, [*commands, *said]


def _costs_the_turn(state: State, lost: Event) -> bool:
    """Say whether nothing would come of the turn under way, or of what was said. A write goes on, and ends it."""
    if isinstance(lost, Heard):
        waits = state.turn is not None and state.turn.final
        return not state.writing and (lost.final or not waits)
    if isinstance(lost, TimerFired):
        return lost.name != "filler" and lost.generation == state.generation and not state.writing
    return isinstance(lost, WasRead | Drafted | Examined | Performed) and lost.generation == state.generation


def _in_spite_of_it(state: State, lost: Event) -> State:
    """Keep what holds whatever the error was: who speaks, and what was written."""
    match lost:
        case CallerSpoke():
            return replace(state, caller_speaking=True)
        case Heard(final=True):
            return replace(state, caller_speaking=False)
        case SpeechDone(utterance=number):
            return replace(state, speaking=tuple(each for each in state.speaking if each.number != number))
        case Performed(generation=generation, outcome=outcome):
            if state.unfinished and state.unfinished.generation == generation:
                state = replace(state, unfinished=None)
            if not outcome.wrote:
                return state
            wrote, news = (*state.wrote, *outcome.wrote), (*state.news, *outcome.say)
            return replace(state, dialogue=outcome.dialogue, wrote=wrote, news=news, cut=None)
        case _:
            return state
