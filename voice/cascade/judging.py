"""Whether a draft is used: judged by its beginning, when it is whole, or not at all."""

from __future__ import annotations

import math
from dataclasses import replace

from voice.cascade import asking, gates
from voice.cascade.commands import CancelDrafts, Command, Examine, Record
from voice.cascade.deciding import advance
from voice.cascade.events import Drafted, Drafting, Examined
from voice.cascade.router import Route
from voice.cascade.rules import Evidence, below, judge, last_resort, risk_of, score, worth_confirming
from voice.cascade.state import State, Step, then
from voice.cascade.words import Draft
from voice.cascade.work import Turn


def drafting(state: State, event: Drafting) -> Step:
    """Judge a draft by its beginning: it agrees with the rules' reading, or it has gone wrong already.

    Not that of the larger of two tiers that were started at once: the smaller one's comes first.
    """
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
    if turn.routing and turn.routing.route is Route.BOTH and state.policy.rank(draft.tier) > 0:
        return state, []
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
    """Settle the bill of a draft, and have it examined if anybody waits for it.

    Of two tiers that were started at once the smaller one's is examined first, whichever came first: what is made of
    them does not depend on it.
    """
    draft = event.draft
    tier = state.policy.tier(draft.tier)
    tokens = draft.prompt_tokens, draft.output_tokens
    reserved = state.budget.reserved_for(draft.tier, event.generation)
    early = reserved is not None and reserved.used
    state = replace(state, budget=state.budget.settle(tier, event.generation, *tokens, event.at))
    turn = state.current(event.generation)
    running = turn.runs(draft.tier) if turn else None
    waits = turn is not None and running is not None and turn.actions is None
    held = turn is not None and waits and _comes_too_early(state, turn, draft)
    united = asking.put_to_vote(state, draft) if waits and not held else draft
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
    turn = replace(turn, running=turn.without(draft.tier), written=written)
    if held:
        return state.with_turn(replace(turn, held=draft)), [record]
    return then([record], asking.take_up(state.with_turn(turn), united, event.at))


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
        (state.budget.spent - _price_of_held(state, turn)) / max(1, state.turns),
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
        if refused == "ask" and not turn.has_another:
            return then([record], asking.fall_back(state.with_turn(turn), "; ".join(why)))
        if worth_confirming(evidence, policy) and not (turn.has_another or turn.setback or gate):
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
    turn = replace(turn, running=(), held=None, actions=draft.actions, source=event.tier)
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


def _comes_too_early(state: State, turn: Turn, draft: Draft) -> bool:
    """Whether a smaller tier is still at it, or its draft is being examined."""
    rank = state.policy.rank
    smaller = any(rank(running.tier) < rank(draft.tier) for running in turn.running)
    return smaller or (turn.draft is not None and turn.draft.tier != draft.tier)


def _price_of_held(state: State, turn: Turn) -> float:
    """Give what a draft cost that counts only once the one before it was judged."""
    held = turn.held
    return state.policy.tier(held.tier).price(held.prompt_tokens, held.output_tokens) if held else 0.0


def _sure_so_far(draft: Draft, least: float) -> bool:
    return not draft.logprobs or math.exp(sum(draft.logprobs) / len(draft.logprobs)) >= least
