"""What is decided about a turn: who reads it, whether a draft is used, what is carried out and answered."""

from __future__ import annotations

import math
from dataclasses import replace

from voice.cascade import speaking
from voice.cascade.deferral import judge, last_resort, score
from voice.cascade.events import (
    CancelDrafts,
    Command,
    Drafted,
    Drafting,
    Examine,
    Examined,
    HandOff,
    Perform,
    Performed,
    Prepare,
    Record,
    StartDraft,
    TimerFired,
    WasRead,
)
from voice.cascade.policy import Tier
from voice.cascade.router import Route, route
from voice.cascade.state import Running, State, Step, Turn, then
from voice.cascade.words import Action, Draft, OutcomeKind, Reading

_FAILURES_TO_HAND_OFF = 2
"""Turns in a row that nobody could answer."""


def was_read(state: State, event: WasRead) -> Step:
    """Route the turn."""
    turn = state.current(event.generation)
    if not turn or turn.reading:
        return state, []
    reading = event.reading
    routing = route(reading, state.policy)
    turn = replace(turn, reading=reading, mention=event.mention, routing=routing)
    commands: list[Command] = [
        Record(
            "route",
            turn.number,
            {
                "route": routing.route,
                "complexity": round(routing.complexity, 3),
                "reason": routing.reason,
                "reading": [action.as_dict() for action in reading.actions or ()],
                "entities": [entity.text for entity in reading.entities],
                "legs": reading.legs,
                "requests": reading.requests,
                "corrected": reading.corrected,
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
    if not turn or not turn.reading or not turn.routing:
        return state, []
    if turn.outcome:
        return _answer(state) if turn.final and not state.caller_speaking else (state, [])
    if turn.actions is not None:
        return _perform(state) if not turn.performing else (state, [])
    if turn.running or turn.draft:
        return state, []
    if turn.gave_up:
        return _fall_back(state, turn.gave_up) if turn.final else (state, [])
    return _ask_tiers(state, turn, at)


def drafting(state: State, event: Drafting) -> Step:
    """Judge a draft by its beginning: it agrees with the rules' reading, or it has gone wrong already."""
    turn = state.current(event.generation)
    draft = event.draft
    if not turn or turn.actions is not None or turn.draft or not turn.runs(draft.tier):
        return state, []
    assert turn.reading
    early = state.policy.early
    if draft.logprobs and math.exp(draft.logprobs[-1]) < early.abandon_below and _may_escalate(state, turn, draft.tier):
        turn = replace(turn, draft=draft, running=turn.without(draft.tier))
        why = f"token {len(draft.logprobs)} has a probability of {math.exp(draft.logprobs[-1]):.2f}"
        abandon: list[Command] = [CancelDrafts(state.generation, draft.tier)]
        return then(abandon, _refuse(state.with_turn(turn), event.at, (why,)))
    wire, actions = turn.reading.wire, turn.reading.actions
    agrees = bool(actions) and wire.startswith(draft.text) and len(draft.text) >= early.agree_share * len(wire)
    if not agrees or turn.judged_early or not _sure_so_far(draft, early.agree_confidence):
        return state, []
    draft = replace(draft, actions=actions or ())
    state = state.with_turn(replace(turn, draft=draft, judged_early=True))
    record = Record("agreed", turn.number, {"tier": draft.tier, "text": draft.text, "of": wire})
    return state, [record, Examine(state.generation, draft.tier, draft.actions, turn.reading, state.dialogue)]


def drafted(state: State, event: Drafted) -> Step:
    """Settle the bill of a draft, and have it examined if anybody waits for it."""
    draft = event.draft
    tier = state.policy.tier(draft.tier)
    state = replace(state, budget=state.budget.settle(tier, draft.prompt_tokens, draft.output_tokens))
    turn = state.current(event.generation)
    record = Record(
        "drafted",
        turn.number if turn else state.turns,
        {
            "tier": draft.tier,
            "actions": [action.as_dict() for action in draft.actions],
            "text": draft.text,
            "logprobs": [round(value, 4) for value in draft.logprobs],
            "tokens": draft.tokens,
            "error": draft.error,
            "prompt_tokens": draft.prompt_tokens,
            "output_tokens": draft.output_tokens,
            "cost": tier.price(draft.prompt_tokens, draft.output_tokens),
            "spent": state.budget.spent,
            "stale": turn is None,
        },
    )
    running = turn.runs(draft.tier) if turn else None
    if not turn or not running or turn.actions is not None:
        return state, [record]
    if not draft.error:
        state = state.measured(tier, event.at - running.since, draft.output_tokens)
    turn = replace(turn, running=turn.without(draft.tier), draft=draft)
    state = state.with_turn(turn)
    if draft.error or not draft.actions:
        return then([record], _refuse(state, event.at, (draft.error or "no actions",)))
    assert turn.reading
    return state, [record, Examine(state.generation, draft.tier, draft.actions, turn.reading, state.dialogue)]


def examined(state: State, event: Examined) -> Step:
    """Use the draft, or not."""
    turn = state.current(event.generation)
    if not turn or not turn.draft or turn.draft.tier != event.tier or turn.actions is not None:
        return state, []
    policy = state.policy
    scores = score(turn.draft, event.findings)
    judgement = judge(scores, policy.checks)
    at_the_top = policy.larger(event.tier) is None
    sure_enough = at_the_top and not event.findings.irreversible and last_resort(scores, policy.checks)
    draft, still_running = turn.draft, turn.runs(event.tier)
    accepted = judgement.verdict == "accept" or sure_enough
    if still_running and event.findings.irreversible:
        accepted = False  # a write waits for the whole draft
    record = Record(
        "checked",
        turn.number,
        {
            "tier": event.tier,
            "scores": scores.as_dict(),
            "thresholds": judgement.thresholds,
            "failed": judgement.failed,
            "problems": event.findings.problems,
            "early": still_running is not None,
            "verdict": "accept" if accepted else "wait" if still_running else "escalate",
        },
    )
    turn = replace(turn, scores=scores)
    if not accepted and still_running:
        return state.with_turn(replace(turn, draft=None)), [record]
    if not accepted:
        why = event.findings.problems or judgement.failed
        return then([record], _refuse(state.with_turn(turn), event.at, why))
    commands: list[Command] = [record]
    if turn.running:
        commands.append(CancelDrafts(state.generation))
    if still_running:
        tier = policy.tier(event.tier)
        state = state.measured(tier, event.at - still_running.since, len(draft.logprobs))
    turn = replace(turn, running=(), actions=draft.actions, source=event.tier)
    return then(commands, advance(replace(state, turn=turn, failures=0), event.at))


def performed(state: State, event: Performed) -> Step:
    """Keep the outcome until it may be spoken; a write of a turn that is no more is told with the next answer."""
    outcome = event.outcome
    turn = state.current(event.generation)
    record = Record(
        "performed",
        turn.number if turn else state.turns,
        {
            "outcome": outcome.kind,
            "say": outcome.say,
            "facts": outcome.facts,
            "data": outcome.data,
            "wrote": outcome.wrote,
            "error": outcome.error,
            "stale": turn is None,
        },
    )
    if not turn:
        if not outcome.wrote:
            return state, [record]
        return replace(state, dialogue=outcome.dialogue, news=(*state.news, *outcome.say)), [record]
    state = state.with_turn(replace(turn, performing=False, outcome=outcome))
    if state.waiting:
        return state, [record]
    commands: list[Command] = [record]
    if not turn.final:
        commands += [Prepare(text) for text in outcome.say]
    return then(commands, advance(state, event.at))


def deadline_passed(state: State, event: TimerFired) -> Step:
    """Ask the caller, where no tier has answered in time."""
    turn = state.current(event.generation)
    if not turn or not turn.final or turn.outcome or turn.performing or not turn.reading:
        return state, []
    commands: list[Command] = [CancelDrafts(state.generation)] if turn.running else []
    return then(commands, _fall_back(state, "the deadline passed"))


def _ask(reading: Reading, read_only: frozenset[str]) -> tuple[Action, ...]:
    """Have the desk ask about misheard words: it knows what it can't make out in a request that is read so far."""
    actions = reading.actions or ()
    if actions and all(action.name in read_only for action in actions):
        return actions
    return (Action("clarify", {"missing": "request", "heard": reading.misheard[0]}),)


def _ask_tiers(state: State, turn: Turn, at: float) -> Step:
    """Start the drafts that the route calls for. While the caller can go on, that is limited."""
    speculation = state.policy.speculation
    assert turn.routing
    if not turn.final and state.thrown_away >= speculation.most_per_turn:
        return state, []
    smallest, *larger = state.policy.tiers
    match turn.routing.route:
        case Route.LARGER if larger:
            if not turn.final and not speculation.larger:
                return state, []
            return _draft(state.with_turn(replace(turn, escalated=True)), larger[0], at)
        case Route.BOTH if larger and (turn.final or speculation.larger):
            state, commands = _draft(state.with_turn(replace(turn, escalated=True)), larger[0], at)
            if not (state.turn and state.turn.running):
                return state, commands
            return then(commands, _draft(state, smallest, at))
        case _:
            return _draft(state, smallest, at)


def _draft(state: State, tier: Tier, at: float, problems: tuple[str, ...] = ()) -> Step:
    turn = state.turn
    assert turn
    assert turn.reading
    if why := state.budget.refusal(tier):
        refused = Record("budget", turn.number, {"tier": tier.name, "refused": why})
        if turn.running:
            return state, [refused]
        return then([refused], _fall_back(state, f"budget: {why}"))
    turn = replace(turn, running=(*turn.running, Running(tier.name, at)), draft=None, scores=None, judged_early=False)
    state = replace(state, turn=turn, budget=state.budget.reserve(tier))
    assert turn.reading
    return state, [
        StartDraft(state.generation, tier.name, turn.reading, state.dialogue, problems),
        Record("draft_started", turn.number, {"tier": tier.name, "reserved": tier.most}),
    ]


def _may_escalate(state: State, turn: Turn, tier: str) -> bool:
    larger = state.policy.larger(tier)
    return larger is not None and (turn.runs(larger.name) is not None or not turn.escalated)


def _sure_so_far(draft: Draft, least: float) -> bool:
    return not draft.logprobs or math.exp(sum(draft.logprobs) / len(draft.logprobs)) >= least


def _refuse(state: State, at: float, problems: tuple[str, ...]) -> Step:
    """A draft can't be used: ask the next tier, once; then the caller, never a guess."""
    turn = state.turn
    assert turn
    assert turn.draft
    if turn.running:
        # Another tier is at it already.
        return state.with_turn(replace(turn, draft=None)), []
    larger = state.policy.larger(turn.draft.tier)
    if larger is None or turn.escalated:
        return _fall_back(state, problems[0] if problems else "no tier could answer")
    if not turn.final and not state.policy.speculation.larger:
        # Keep the verdict; the larger tier is asked when the caller has finished.
        routing = turn.routing
        assert routing
        turn = replace(turn, draft=None, routing=replace(routing, route=Route.LARGER, reason="; ".join(problems)))
        return state.with_turn(turn), []
    state = state.with_turn(replace(turn, escalated=True))
    state, commands = _draft(state, larger, at, problems)
    return state, [Record("escalate", turn.number, {"to": larger.name, "because": problems}), *commands]


def _fall_back(state: State, why: str) -> Step:
    """No tier can answer this turn: ask the caller to say it another way, and the second time hand off."""
    turn = state.turn
    assert turn
    if not turn.final:
        return state.with_turn(replace(turn, draft=None, gave_up=why)), []
    failures = state.failures + 1
    asks = failures < _FAILURES_TO_HAND_OFF
    action = Action("clarify", {"missing": "request"}) if asks else Action("handoff")
    turn = replace(turn, actions=(action,), source="fallback", running=())
    state = replace(state, turn=turn, failures=failures)
    record = Record("fall_back", turn.number, {"because": why, "action": action.as_dict()})
    return then([record], _perform(state))


def _perform(state: State) -> Step:
    turn = state.turn
    assert turn
    assert turn.reading
    reading, actions, commands = turn.reading, turn.actions or (), list[Command]()
    if not turn.final and any(action.name not in state.read_only for action in actions):
        return state, []
    if why := state.budget.tools_refusal(len(actions)):
        actions = (Action("handoff"),)
        commands.append(Record("budget", turn.number, {"refused": why}))
    else:
        state = replace(state, budget=state.budget.use_tools(len(actions)))
    state = state.with_turn(replace(turn, actions=actions, performing=True))
    done = [action.as_dict() for action in actions]
    return state, [
        *commands,
        Record("perform", turn.number, {"actions": done, "source": turn.source}),
        Perform(state.generation, actions, reading, state.dialogue, f"{state.call_id}/{turn.number}"),
    ]


def _answer(state: State) -> Step:
    """Speak the outcome and commit what the desk remembers."""
    turn = state.turn
    assert turn
    assert turn.outcome
    outcome = turn.outcome
    sentences = (*state.news, *outcome.say)
    generation = state.generation + 1
    state = replace(
        state, turn=None, dialogue=outcome.dialogue, unheard=outcome.unheard, news=(), generation=generation
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
    state, commands = speaking.say(state, sentences, "answer")
    if outcome.kind is OutcomeKind.HANDOFF:
        commands.append(HandOff())
    return state, [record, *commands]
