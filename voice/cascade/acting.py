"""What is done about a turn that is understood: actions are carried out, and their outcome is spoken."""

from __future__ import annotations

from dataclasses import replace

from voice.cascade import afterwards, shadowing, speaking
from voice.cascade.commands import Command, Perform, Record, SetTimer
from voice.cascade.state import Given, State, Step
from voice.cascade.words import Action, Outcome, OutcomeKind


def perform(state: State) -> Step:
    """Carry out what was accepted, within the budget. Nothing is written before the caller yielded the floor.

    Nor while an earlier write is under way, or has ended untold: the dialogue may still hold what that one writes. One
    that has ended is told with this turn's answer if the caller has gone on to something else since.
    """
    turn = state.turn
    assert turn
    assert turn.reading
    reading, actions, commands = turn.reading, turn.actions or (), list[Command]()
    if not turn.final and any(action.name not in state.read_only for action in actions):
        return state, []
    if not turn.final and state.budget.enforced and state.budget.tools_refusal(2 * len(actions)):
        return state, []  # a look-up ahead leaves room for the one that counts
    late = state.unfinished
    if late and late.outcome and state.moved_on and state.may_write(actions):
        state = replace(state.knowing_of_late_write(), unfinished=None, news=(*state.news, *late.outcome.say))
        late = None
    if late and state.may_write(actions):
        turn = replace(turn, outcome=Outcome(OutcomeKind.CLARIFY, (), state.dialogue))
        state = replace(state, turn=turn, unfinished=replace(late, told=False))
        return (state, []) if state.caller_speaking else answer(state)
    if turn.source != "fallback":
        why, enforced = state.budget.tools_refusal(len(actions)), state.budget.enforced
        if why:
            commands.append(Record("budget", turn.number, {"enforced": enforced, **why.as_dict()}))
        if why and enforced:
            actions = (Action("handoff"),)
        else:
            state = replace(state, budget=state.budget.use_tools(len(actions)))
    state = state.with_turn(replace(turn, actions=actions, performing=True))
    if state.writing:
        commands.append(SetTimer(state.generation, "deadline", state.policy.deadline_seconds))
    done = [action.as_dict() for action in actions]
    return state, [
        *commands,
        Record("perform", turn.number, {"actions": done, "source": turn.source}),
        Perform(state.generation, actions, reading, state.dialogue, f"{state.call_id}/{turn.number}"),
    ]


def carried_out(outcome: Outcome, turn: int, *, stale: bool) -> Record:
    """Give the line of the trace about what came of actions."""
    return Record(
        "performed",
        turn,
        {
            "outcome": outcome.kind,
            "say": outcome.say,
            "facts": outcome.facts,
            "data": outcome.data,
            "wrote": outcome.wrote,
            "error": outcome.error,
            "problems": outcome.problems,
            "stale": stale,
        },
    )


def answer(state: State) -> Step:
    """Speak the outcome and commit what the desk remembers."""
    turn = state.turn
    assert turn
    assert turn.outcome
    outcome = turn.outcome
    sentences = (*state.news, *outcome.say)
    state, settled = afterwards.answered(shadowing.answered(state, turn), turn)
    generation = state.generation + 1
    failures = state.failures + 1 if turn.source == "fallback" else 0
    final_word = bool(outcome.wrote) or outcome.kind is OutcomeKind.HANDOFF
    state = replace(
        state,
        turn=None,
        given=None if final_word else Given(turn.text, turn.spoke_until, state.dialogue, turn.words, state.failures),
        failures=failures,
        dialogue=outcome.dialogue,
        unheard=outcome.unheard,
        news=(),
        telling=sentences if outcome.wrote else (),
        handing_off=outcome.kind is OutcomeKind.HANDOFF,
        generation=generation,
    )
    record = Record(
        "answer",
        turn.number,
        {
            "source": turn.source,
            "outcome": outcome.kind,
            "escalated": turn.escalated,
            "say": sentences,
            "fillers": turn.phrases,
        },
    )
    state, commands = speaking.answer(state, sentences)
    return state, [record, *settled, *commands]
