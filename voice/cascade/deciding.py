"""What is decided about a turn: who reads it, what is carried out and answered."""

from __future__ import annotations

from dataclasses import replace

from voice.cascade import acting, asking, gates, speaking
from voice.cascade.commands import CancelDrafts, Command, Prepare, Record
from voice.cascade.delivery import wish
from voice.cascade.doubts import doubted
from voice.cascade.events import Performed, TimerFired, WasRead
from voice.cascade.policy import HUMAN, READ_BACK
from voice.cascade.router import Route, route
from voice.cascade.routing_features import Facts
from voice.cascade.state import State, Step, then
from voice.cascade.words import Action, Reading
from voice.cascade.work import Turn


def was_read(state: State, event: WasRead) -> Step:
    """Route the turn."""
    turn = state.current(event.generation)
    if not turn or turn.reading:
        return state, []
    reading = event.reading
    if in_doubt := doubted(reading, turn.words, state.policy.router.heard_confidence):
        reading = replace(reading, doubted=in_doubt)
    facts = Facts(
        state.read_only,
        state.failures + state.repairs,
        min((confidence for _, confidence in turn.words), default=1.0),
        state.answered[-1].source if state.answered else "",
    )
    routing = route(reading, state.policy, facts)
    turn = replace(turn, reading=reading, mention=event.mention, prompts=event.prompts, routing=routing)
    commands: list[Command] = [
        Record(
            "route",
            turn.number,
            {
                **routing.as_dict(),
                "reading": [action.as_dict() for action in reading.actions or ()],
                "entities": [entity.text for entity in reading.entities],
                "read": reading.as_dict(),
                "facts": facts.as_dict(),
                "legs": reading.legs,
                "requests": reading.requests,
                "corrected": reading.corrected,
                "doubted": reading.doubted,
                "speculative": not turn.final,
            },
        )
    ]
    if routing.route is Route.CODE:
        turn = replace(turn, actions=reading.actions, source="code")
    elif routing.route is Route.ASK:
        turn = replace(turn, actions=_ask(reading, state.read_only), source="code")
    elif routing.route is Route.LARGER and not turn.final:
        commands += speaking.prepare_filler(state, turn)
    return then(commands, advance(state.with_turn(turn), event.at))


def advance(state: State, at: float) -> Step:
    """Do the next thing that the turn is ready for."""
    turn = state.turn
    if not turn or not turn.reading:
        return state, []
    if turn.outcome:
        return acting.answer(state) if turn.final and not state.caller_speaking else (state, [])
    if turn.actions is not None:
        return _through_the_gates(state, turn, at) if not turn.performing else (state, [])
    if not turn.routing or turn.running or turn.draft:
        return state, []
    if turn.gave_up:
        return asking.fall_back(state, turn.gave_up, turn.lack) if turn.final else (state, [])
    return asking.ask_tiers(state, turn, at)


def _through_the_gates(state: State, turn: Turn, at: float) -> Step:
    """Carry out what was accepted, unless an action needs more than whoever understood it."""
    gate = gates.unmet(turn.actions or (), turn.source, state.read_only, state.policy)
    if not gate or turn.source in ("fallback", "gate"):
        return acting.perform(state)
    record = Record("gate", turn.number, {"action": gate.action, "needs": gate.need, "source": turn.source})
    if gate.need == HUMAN:
        turn = replace(turn, actions=(Action("handoff"),), source="gate")
    elif gate.need == READ_BACK:
        turn = replace(turn, actions=(asking.read_back(turn.actions or ()),), source="gate")
    else:
        return then([record], asking.climb(state, turn, state.policy.tier(gate.need), at))
    return then([record], acting.perform(state.with_turn(turn)))


def performed(state: State, event: Performed) -> Step:
    """Keep the outcome until it may be spoken; a write of a turn that is no more is told with the next answer."""
    outcome = event.outcome
    turn = state.current(event.generation)
    record = acting.carried_out(outcome, turn.number if turn else state.turns, stale=turn is None)
    state = replace(state, wrote=(*state.wrote, *outcome.wrote))
    if not turn:
        if not outcome.wrote:
            return state, [record]
        return state.knowing_of(outcome), [record]
    if not state.waiting and (switched := asking.switch(state, turn, outcome, event.at)):
        return then([record], switched)
    state = state.with_turn(replace(turn, performing=False, outcome=outcome))
    if state.waiting:
        return state, [record]
    commands: list[Command] = [record]
    if not turn.final and not wish(turn.text):  # it may be spoken in another way
        commands += [Prepare(text) for text in outcome.say]
    return then(commands, advance(state, event.at))


def deadline_passed(state: State, event: TimerFired) -> Step:
    """Make do with the larger tier's draft if that is there, or with the rules; else ask the caller."""
    turn = state.current(event.generation)
    if not turn or not turn.final or turn.outcome or turn.performing or not turn.reading:
        return state, []
    commands: list[Command] = [CancelDrafts(state.generation)] if turn.running else []
    if turn.held and not turn.draft:
        return then(commands, asking.take_up_held(state, turn.held, event.at))
    return then(commands, asking.narrow(state, "the deadline passed", "deadline"))


def _ask(reading: Reading, read_only: frozenset[str]) -> tuple[Action, ...]:
    """Have the desk ask about misheard words: it knows what it can't make out in a request that is read so far."""
    actions = reading.actions or ()
    if actions and all(action.name in read_only for action in actions):
        return actions
    return (Action("clarify", {"missing": "request", "heard": reading.misheard[0]}),)
