"""What is decided about a turn: who reads it, whether a draft is used, what is carried out and answered."""

from __future__ import annotations

import math
from dataclasses import replace

from voice.cascade import acting, asking, gates, speaking
from voice.cascade.delivery import wish
from voice.cascade.doubts import doubted
from voice.cascade.events import (
    CancelDrafts,
    Command,
    Drafted,
    Drafting,
    Examine,
    Examined,
    Performed,
    Prepare,
    Record,
    TimerFired,
    WasRead,
)
from voice.cascade.policy import HUMAN, READ_BACK
from voice.cascade.router import Route, route
from voice.cascade.routing_features import Facts
from voice.cascade.rules import Evidence, below, judge, last_resort, risk_of, score, worth_confirming
from voice.cascade.state import State, Step, Turn, then
from voice.cascade.voting import put_to_vote
from voice.cascade.words import Action, Draft, Reading


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


def drafting(state: State, event: Drafting) -> Step:
    """Judge a draft by its beginning: it agrees with the rules' reading, or it has gone wrong already."""
    turn = state.current(event.generation)
    draft = event.draft
    if not turn or turn.actions is not None or turn.draft or not turn.runs(draft.tier):
        return state, []
    assert turn.reading
    early = state.policy.early
    if (
        draft.logprobs
        and math.exp(draft.logprobs[-1]) < early.abandon_below
        and asking.may_escalate(state, turn, draft.tier)
    ):
        turn = replace(turn, draft=draft, running=turn.without(draft.tier))
        why = f"token {len(draft.logprobs)} has a probability of {math.exp(draft.logprobs[-1]):.2f}"
        abandon: list[Command] = [CancelDrafts(state.generation, draft.tier)]
        return then(abandon, asking.refuse(state.with_turn(turn), event.at, (why,)))
    actions = turn.reading.actions
    wire = next((wire for wire in turn.reading.wires if wire.startswith(draft.text)), "")
    agrees = bool(actions) and wire and len(draft.text) >= early.agree_share * len(wire)
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
    tokens = draft.prompt_tokens, draft.output_tokens
    reserved = state.budget.reserved_for(draft.tier, event.generation)
    early = reserved is not None and reserved.used
    state = replace(state, budget=state.budget.settle(tier, event.generation, *tokens, event.at))
    turn = state.current(event.generation)
    running = turn.runs(draft.tier) if turn else None
    waits = turn is not None and running is not None and turn.actions is None
    united = draft
    if turn and turn.reading and waits and not turn.setback:  # what led to a setback has no vote
        smaller = [one for one in turn.written if state.policy.rank(one.tier) < state.policy.rank(draft.tier)]
        united = put_to_vote(draft, smaller, turn.reading, state.read_only)
    record = Record(
        "drafted",
        reserved.turn if reserved else turn.number if turn else state.turns,
        {
            "tier": draft.tier,
            "actions": [action.as_dict() for action in draft.actions],
            "voted": [action.as_dict() for action in united.actions] if united != draft else None,
            "text": draft.text,
            "logprobs": [round(value, 4) for value in draft.logprobs],
            "tokens": draft.tokens,
            "error": None if early and draft.error == "cancelled" else draft.error,
            "early": early,
            "seconds": round(event.at - reserved.since, 4) if reserved else None,
            "notes": draft.notes,
            "prompt_tokens": draft.prompt_tokens,
            "output_tokens": draft.output_tokens,
            "estimated": draft.estimated,
            "cost": tier.price(draft.prompt_tokens, draft.output_tokens),
            "spent": state.budget.spent,
            "stale": turn is None,
        },
    )
    if not turn or not running or turn.actions is not None:
        return state, [record]
    if not draft.error:
        state = state.measured(tier, event.at - running.since, draft.output_tokens)
    written = turn.written if draft.error else (*turn.written, draft)
    turn = replace(turn, running=turn.without(draft.tier), draft=united, written=written)
    state = state.with_turn(turn)
    if draft.error or not draft.actions:
        return then([record], asking.pass_over(state, event.at, draft.error or "no actions"))
    assert turn.reading
    return state, [record, Examine(state.generation, draft.tier, united.actions, turn.reading, state.dialogue)]


def examined(state: State, event: Examined) -> Step:
    """Use the draft, or not."""
    turn = state.current(event.generation)
    if not turn or not turn.draft or turn.draft.tier != event.tier or turn.actions is not None:
        return state, []
    assert turn.reading
    if event.tier == asking.RULES:
        return _rules_examined(state, turn, event)
    policy = state.policy
    evidence = Evidence(
        turn.reading,
        turn.draft,
        event.findings,
        policy.tier(event.tier),
        policy.above(event.tier),
        state.failures + state.repairs,
        risk_of(turn.draft, event.findings, policy.risk),
        state.budget.spent / max(1, state.turns),
        state.turn_weights or state.weights,
        below(policy, event.tier, turn.written),
    )
    scores, judgement = score(evidence), judge(evidence, policy)
    sure_enough = last_resort(evidence, policy)
    draft, still_running = turn.draft, turn.runs(event.tier)
    gate = gates.unmet(draft.actions, event.tier, state.read_only, policy)
    too_small = gate and policy.rank(gate.need) >= 0
    accepted = (judgement.verdict == "accept" or sure_enough) and not too_small
    if still_running and event.findings.irreversible:
        accepted = False  # a write waits for the whole draft
    refused = "ask" if judgement.verdict == "ask" and not too_small else "escalate"
    record = Record(
        "checked",
        turn.number,
        {
            "tier": event.tier,
            "scores": scores.as_dict(),
            **judgement.as_dict(),
            "irreversible": event.findings.irreversible,
            "risk": evidence.risk,
            "problems": event.findings.problems,
            "early": still_running is not None,
            "gate": gate,
            "verdict": "accept" if accepted else "wait" if still_running else refused,
        },
    )
    turn = replace(turn, scores=scores)
    if not accepted and still_running:
        return state.with_turn(replace(turn, draft=None)), [record]
    if not accepted:
        why = (
            event.findings.problems or judgement.failed or (f"{gate.action} needs {gate.need}" if gate else "not sure",)
        )
        if refused == "ask" and not turn.running:
            return then([record], asking.fall_back(state.with_turn(turn), "; ".join(why)))
        if worth_confirming(evidence, policy) and not (turn.running or turn.setback or gate):
            return then([record], asking.confirm(state.with_turn(turn)))
        need = policy.tier(gate.need) if gate and too_small else None
        return then([record], asking.refuse(state.with_turn(turn), event.at, why, need))
    commands: list[Command] = [record]
    if turn.running:
        commands.append(CancelDrafts(state.generation))
    if still_running:
        tier = policy.tier(event.tier)
        state = state.measured(tier, event.at - still_running.since, len(draft.logprobs))
        state = replace(state, budget=state.budget.used(event.tier, event.generation))
    turn = replace(turn, running=(), actions=draft.actions, source=event.tier)
    return then(commands, advance(state.with_turn(turn), event.at))


def _rules_examined(state: State, turn: Turn, event: Examined) -> Step:
    """Use the reading by rules, where no tier can be asked, if nothing is left out and nothing wrong in it."""
    findings, checks = event.findings, state.policy.checks
    assert turn.reading
    whole = findings.completeness >= checks.completeness and findings.correctness >= checks.correctness
    accepted = whole and (turn.reading.certain or not findings.irreversible)
    record = Record(
        "checked",
        turn.number,
        {
            "tier": event.tier,
            "scores": {"completeness": findings.completeness, "correctness": findings.correctness},
            "thresholds": {"completeness": checks.completeness, "correctness": checks.correctness},
            "failed": (),
            "problems": findings.problems,
            "verdict": "accept" if accepted else "ask",
        },
    )
    if not accepted:
        return then([record], asking.fall_back(state.with_turn(turn), turn.gave_up, turn.lack))
    turn = replace(turn, actions=turn.reading.actions, source=event.tier)
    return then([record], advance(state.with_turn(turn), event.at))


def performed(state: State, event: Performed) -> Step:
    """Keep the outcome until it may be spoken; a write of a turn that is no more is told with the next answer."""
    outcome = event.outcome
    turn = state.current(event.generation)
    record = acting.carried_out(outcome, turn.number if turn else state.turns, stale=turn is None)
    state = replace(state, wrote=(*state.wrote, *outcome.wrote))
    if not turn:
        if not outcome.wrote:
            return state, [record]
        return replace(state, dialogue=outcome.dialogue, news=(*state.news, *outcome.say)), [record]
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
    """Ask the caller, where no tier has answered in time."""
    turn = state.current(event.generation)
    if not turn or not turn.final or turn.outcome or turn.performing or not turn.reading:
        return state, []
    commands: list[Command] = [CancelDrafts(state.generation)] if turn.running else []
    return then(commands, asking.narrow(state, "the deadline passed", "deadline"))


def _ask(reading: Reading, read_only: frozenset[str]) -> tuple[Action, ...]:
    """Have the desk ask about misheard words: it knows what it can't make out in a request that is read so far."""
    actions = reading.actions or ()
    if actions and all(action.name in read_only for action in actions):
        return actions
    return (Action("clarify", {"missing": "request", "heard": reading.misheard[0]}),)


def _sure_so_far(draft: Draft, least: float) -> bool:
    return not draft.logprobs or math.exp(sum(draft.logprobs) / len(draft.logprobs)) >= least
