"""What is done where an event could not be taken in: an error of the program's own costs a turn, never the call."""

from __future__ import annotations

from dataclasses import replace

from voice.cascade import speaking, turns
from voice.cascade.commands import CancelDrafts, Command, Record, SetTimer
from voice.cascade.events import (
    Broke,
    CallerSpoke,
    Drafted,
    Event,
    Examined,
    Heard,
    Performed,
    SpeechDone,
    TimerFired,
    WasRead,
)
from voice.cascade.state import Cut, State, Step, Utterance


def broke(state: State, event: Broke) -> Step:
    """Give up the turn that the lost event was about, and say so if the caller waits for an answer."""
    lost, turn = event.lost, state.turn
    where = {"where": type(lost).__name__, "error": event.error}
    commands: list[Command] = [Record("error", turn.number if turn else state.turns, where)]
    costs = _costs_the_turn(state, lost)
    state, kept = _in_spite_of_it(state, lost)
    commands += kept
    if costs:
        state, more = _given_up(state, event)
        commands += more
    if not (state.turn or state.speaking or state.caller_speaking or state.passed_on or state.ended):
        commands.append(SetTimer(state.generation, "idle", state.policy.idle.seconds))
    return state, commands


def _given_up(state: State, event: Broke) -> Step:
    """Let the turn go; what is to be said of it waits for a caller who makes a sound, which may be a cough."""
    lost, turn, commands = event.lost, state.turn, list[Command]()
    waits = (turn is not None and turn.final) or (isinstance(lost, Heard) and lost.final)
    if turn and turn.running:
        commands.append(CancelDrafts(state.generation))
    if turn and turn.outcome and turn.outcome.wrote:
        state = state.knowing_of(turn.outcome)
    told = isinstance(lost, Performed) and bool(lost.outcome.wrote) and not state.waiting
    state = replace(state, turn=None, generation=state.generation + 1, waiting=None, resuming=None, cut=None)
    if not waits or state.passed_on:
        return state, commands
    news, sentences = state.news, state.news if told else (*state.news, event.say)
    if state.caller_speaking:
        unsaid = tuple(Utterance(0, text, "answer") for text in sentences)  # each gets its number when it is said
        return replace(state, cut=Cut(unsaid, state.dialogue, None, state.given, telling=news)), commands
    state, said = speaking.say(replace(state, news=(), telling=news), sentences, "answer")
    return state, [*commands, *said]


def _costs_the_turn(state: State, lost: Event) -> bool:
    """Say whether nothing would come of the turn under way, or of what was said. A write goes on, and ends it."""
    if isinstance(lost, Heard):
        waits = state.turn is not None and state.turn.final
        return not state.writing and (lost.final or not waits)
    if isinstance(lost, TimerFired):
        return lost.name != "filler" and state.current(lost.generation) is not None and not state.writing
    if not isinstance(lost, WasRead | Drafted | Examined | Performed):
        return False
    turn = state.current(lost.generation)
    if not turn or isinstance(lost, WasRead | Performed):
        return turn is not None
    if isinstance(lost, Drafted):
        return turn.runs(lost.draft.tier) is not None
    return turn.actions is None


def _in_spite_of_it(state: State, lost: Event) -> Step:
    """Keep what holds whatever the error was: who speaks, what a draft cost, and what was written."""
    match lost:
        case CallerSpoke(at=at, since=since):
            return turns.caller_spoke(state, at if since is None else since)
        case Heard(final=True):
            return replace(state, caller_speaking=False), []
        case SpeechDone(utterance=number):
            return replace(state, speaking=tuple(each for each in state.speaking if each.number != number)), []
        case Drafted():
            return _settled(state, lost), []
        case Performed(generation=generation, outcome=outcome):
            state = replace(state, wrote=(*state.wrote, *outcome.wrote))
            if state.unfinished and state.unfinished.generation == generation:
                return replace(state, unfinished=replace(state.unfinished, outcome=outcome)), []
            if not outcome.wrote:
                return state, []
            return state.knowing_of(outcome), []
        case _:
            return state, []


def _settled(state: State, lost: Drafted) -> State:
    """Settle the bill of a draft; a second opinion stands in the way of no other."""
    draft = lost.draft
    if not state.budget.reserved_for(draft.tier, lost.generation):
        return state
    tier, tokens = state.policy.tier(draft.tier), (draft.prompt_tokens, draft.output_tokens)
    state = replace(state, budget=state.budget.settle(tier, lost.generation, *tokens, lost.at))
    if not lost.shadow:
        return state
    return replace(state, shadow=None, shadow_spent=state.shadow_spent + tier.price(*tokens))
