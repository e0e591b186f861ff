"""Who is asked for a draft, and what is done when nobody can give one that may be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.cascade import acting, gates, voting
from voice.cascade.budget import most
from voice.cascade.commands import Examine, Record, StartDraft
from voice.cascade.policy import Tier
from voice.cascade.router import Route
from voice.cascade.state import State, Step, then
from voice.cascade.words import Action, Draft, Outcome
from voice.cascade.work import Lack, Running, Turn

RULES = "rules"
"""Stands where a tier's name does when the reading by rules is examined like a draft."""

_ANSWERED_BADLY = ("broken_json", "declined", "no actions")
"""How errors begin that tell of the answer; all others are trouble of the provider, which may refuse every request."""

_TOLD_TOKENS, _LINE_TOKENS = 100, 4
"""What a prompt has besides the problems that it tells of: at the most, in all and for each."""

_FAILURES_TO_HAND_OFF = 2
"""Turns in a row that nobody could answer."""


def ask_tiers(state: State, turn: Turn, at: float) -> Step:
    """Start the drafts that the route calls for. While the caller can go on, that is limited."""
    speculation = state.policy.speculation
    assert turn.routing
    if not turn.final and state.thrown_away >= speculation.most_per_turn:
        return state, []
    smallest, *larger = state.policy.tiers
    needed = gates.least_tier(turn.reading.actions or (), state.policy) if turn.reading else None
    if needed and needed != smallest and (needed != larger[0] or turn.routing.route is Route.DRAFT):
        if not turn.final and not speculation.larger:
            return state, []
        return start(state.with_turn(replace(turn, escalated=True)), needed, at)
    match turn.routing.route:
        case Route.LARGER if larger:
            if not turn.final and not speculation.larger:
                return state, []
            return start(state.with_turn(replace(turn, escalated=True)), larger[0], at)
        case Route.BOTH if larger and (turn.final or speculation.larger):
            state, commands = start(state.with_turn(replace(turn, escalated=True)), larger[0], at)
            if not (state.turn and state.turn.running) or state.turn.runs(smallest.name):
                return state, commands
            return then(commands, start(state, smallest, at))
        case _:
            return start(state, smallest, at)


def start(
    state: State, tier: Tier, at: float, problems: tuple[str, ...] = (), carried_out: tuple[Action, ...] = ()
) -> Step:
    """Ask a tier, if the budget allows it; else make do with less."""
    turn = state.turn
    assert turn
    reading, budget = turn.reading, state.budget
    assert reading
    prompt = _prompt_tokens(turn, tier, problems, carried_out)
    why = budget.refusal(tier, prompt)
    refused = (
        [Record("budget", turn.number, {"tier": tier.name, "enforced": budget.enforced, **why.as_dict()})]
        if why
        else []
    )
    if why and budget.enforced:
        if turn.running:
            return state, [*refused]
        return then([*refused], _ask_less(state, tier, at, f"budget: {tier.name} {why}", "budget"))
    turn = replace(
        turn,
        running=(*turn.running, Running(tier.name, at)),
        tried=turn.tried | {tier.name},
        draft=None,
        scores=None,
        judged_early=False,
    )
    seconds = budget.seconds_for(tier)
    within = seconds if seconds < tier.most_seconds else None
    state = replace(state, turn=turn, budget=budget.reserve(tier, state.generation, at, prompt))
    return state, [
        *refused,
        StartDraft(state.generation, tier.name, reading, state.dialogue, problems, carried_out, within),
        Record("draft_started", turn.number, {"tier": tier.name, "reserved": most(tier, prompt)}),
    ]


def _prompt_tokens(
    turn: Turn, tier: Tier, problems: tuple[str, ...] = (), carried_out: tuple[Action, ...] = ()
) -> int | None:
    """Give the most that a prompt has which also tells of a failed attempt; no text has more tokens than bytes."""
    known = turn.prompts.get(tier.name)
    if known is None or tier.fine_tuned or not (problems or carried_out):
        return known
    told = [*problems, *(str(action.as_dict()) for action in carried_out)]
    most_bytes = sum(2 * len(text.encode(errors="replace")) for text in told)  # JSON escapes some
    return known + _TOLD_TOKENS + most_bytes + _LINE_TOKENS * len(told)


def _affordable(
    state: State, turn: Turn, tier: Tier, problems: tuple[str, ...] = (), carried_out: tuple[Action, ...] = ()
) -> bool:
    prompt = _prompt_tokens(turn, tier, problems, carried_out)
    return not (state.budget.enforced and state.budget.refusal(tier, prompt))


def may_escalate(state: State, turn: Turn, tier: str) -> bool:
    """Say whether a larger tier than this is at work, has answered, or may still be asked."""
    larger = state.policy.larger(tier)
    return larger is not None and (turn.runs(larger.name) is not None or turn.held is not None or not turn.escalated)


def take_up(state: State, draft: Draft, at: float) -> Step:
    """Have a draft examined, or pass over a tier that gave none."""
    turn = state.turn
    assert turn
    assert turn.reading
    state = state.with_turn(replace(turn, draft=draft))
    if draft.error or not draft.actions:
        return pass_over(state, at, draft.error or "no actions")
    return state, [Examine(state.generation, draft.tier, draft.actions, turn.reading, state.dialogue)]


def take_up_held(state: State, held: Draft, at: float) -> Step:
    """Take up what came too early: beside the smaller tier's, it is worth what it would be if it had come now."""
    turn = state.turn
    assert turn
    state = state.with_turn(replace(turn, held=None, running=()))
    voted = put_to_vote(state, held)
    actions = [action.as_dict() for action in voted.actions]
    record = Record("taken_up", turn.number, {"tier": held.tier, "voted": actions if voted != held else None})
    return then([record], take_up(state, voted, at))


def put_to_vote(state: State, draft: Draft) -> Draft:
    """Unite a draft with what smaller readers made of the turn; what led to a setback has no vote."""
    turn, rank = state.turn, state.policy.rank
    if not turn or not turn.reading or turn.setback:
        return draft
    smaller = [one for one in turn.written if rank(one.tier) < rank(draft.tier)]
    return voting.put_to_vote(draft, smaller, turn.reading, state.read_only)


def refuse(state: State, at: float, problems: tuple[str, ...], need: Tier | None = None) -> Step:
    """A draft can't be used: ask the next tier, or the one that is needed, once; then the caller, never a guess."""
    turn = state.turn
    assert turn
    assert turn.draft
    if turn.running:
        # Another tier is at it already.
        return state.with_turn(replace(turn, draft=None)), []
    if turn.held:
        return take_up_held(state, turn.held, at)
    larger = need or state.policy.larger(turn.draft.tier)
    if larger is None or turn.escalated:
        return fall_back(state, problems[0] if problems else "no tier could answer")
    if not turn.final and not state.policy.speculation.larger:
        # Keep the verdict; the larger tier is asked when the caller has finished.
        routing = turn.routing
        assert routing
        turn = replace(turn, draft=None, routing=replace(routing, route=Route.LARGER, reason="; ".join(problems)))
        return state.with_turn(turn), []
    state = state.with_turn(replace(turn, escalated=True))
    state, commands = start(state, larger, at, problems)
    if not (state.turn and state.turn.runs(larger.name)):
        return state, commands
    return state, [Record("escalate", turn.number, {"to": larger.name, "because": problems}), *commands]


def confirm(state: State) -> Step:
    """Have the desk say what the draft understood, and ask whether that is right."""
    turn = state.turn
    assert turn
    assert turn.draft
    turn = replace(turn, actions=(read_back(turn.draft.actions),), source=turn.draft.tier)
    return acting.perform(state.with_turn(turn))


def read_back(actions: Sequence[Action]) -> Action:
    """Give the action that asks the caller whether this is what they want."""
    return Action("clarify", {"missing": "confirmation", "actions": [action.as_dict() for action in actions]})


def pass_over(state: State, at: float, error: str) -> Step:
    """A tier gave nothing: ask a larger one; where none is left, a smaller one that was not asked yet, or the rules."""
    turn = state.turn
    assert turn
    assert turn.draft
    broken = error.startswith(_ANSWERED_BADLY)
    if broken or turn.has_another or (state.policy.larger(turn.draft.tier) and not turn.escalated):
        return refuse(state, at, (error,))
    return _ask_less(state, state.policy.tier(turn.draft.tier), at, f"{turn.draft.tier}: {error}", "provider")


def switch(state: State, turn: Turn, outcome: Outcome, at: float) -> Step | None:
    """Have a larger tier read a turn again whose arguments did not work, with the work so far; None if that is no use.

    Not where anything was, or may have been, written; nor where two readings agree, which a third would do too.
    """
    rank = state.policy.rank(turn.source)
    larger = state.policy.larger(turn.source) if rank >= 0 else None
    agreed = turn.scores is not None and turn.scores.agreement
    if not (state.policy.switch_on_failure and outcome.problems and larger) or turn.escalated or agreed:
        return None
    actions = turn.actions or ()
    if outcome.wrote or any(action.name not in state.read_only for action in actions):
        return None
    if not turn.final and not state.policy.speculation.larger:
        return None
    if not _affordable(state, turn, larger, outcome.problems, actions):
        return None
    again = replace(turn, actions=None, performing=False, setback=outcome, escalated=True)
    record = Record("switch", turn.number, {"to": larger.name, "because": outcome.problems})
    return then([record], start(state.with_turn(again), larger, at, outcome.problems, actions))


def climb(state: State, turn: Turn, need: Tier, at: float) -> Step:
    """Have a tier read what code or rules have understood, since an action may not be carried out on less."""
    if turn.escalated or RULES in turn.tried or not _affordable(state, turn, need):
        return fall_back(state.with_turn(replace(turn, actions=None)), f"{need.name} can't be asked", "gate")
    if not turn.final and not state.policy.speculation.larger:
        return state, []
    turn = replace(turn, actions=None, source="", escalated=True, draft=None)
    return start(state.with_turn(turn), need, at)


def narrow(state: State, why: str, lack: Lack) -> Step:
    """There is no budget or no time for a tier: have the reading by rules examined, else ask the caller."""
    turn = state.turn
    assert turn
    assert turn.reading
    actions = turn.reading.actions
    if not actions or turn.setback or RULES in turn.tried:
        return fall_back(state, why, lack)
    draft = Draft(RULES, actions)
    examine = Examine(state.generation, RULES, actions, turn.reading, state.dialogue)
    turn = replace(turn, draft=draft, running=(), tried=turn.tried | {RULES}, gave_up=why, lack=lack)
    return state.with_turn(turn), [
        Record("narrow", turn.number, {"because": why, "lack": lack, "to": RULES}),
        examine,
    ]


def fall_back(state: State, why: str, lack: Lack = "draft") -> Step:
    """Nobody can answer this turn: ask the caller to say it another way, and the second time hand off."""
    turn = state.turn
    assert turn
    if not turn.final:
        return state.with_turn(replace(turn, draft=None, gave_up=why, lack=lack)), []
    if turn.setback:
        state = state.with_turn(replace(turn, draft=None, running=(), outcome=turn.setback))
        return acting.answer(state) if not state.caller_speaking else (state, [])
    asks = state.failures + 1 < _FAILURES_TO_HAND_OFF
    because = {} if lack == "draft" else {"because": lack}
    action = Action("clarify", {"missing": "request", **because}) if asks else Action("handoff")
    turn = replace(turn, actions=(action,), source="fallback", running=(), draft=None)
    state = state.with_turn(turn)
    record = Record("fall_back", turn.number, {"because": why, "action": action.as_dict()})
    return then([record], acting.perform(state))


def _ask_less(state: State, without: Tier, at: float, why: str, lack: Lack) -> Step:
    """Ask the largest tier below that can be afforded and was not asked yet; else narrow."""
    turn = state.turn
    assert turn
    below = [tier for tier in state.policy.below(without.name) if tier.name not in turn.tried]
    affordable = [tier for tier in below if _affordable(state, turn, tier)]
    if not affordable:
        return narrow(state, why, lack)
    record = Record("narrow", turn.number, {"because": why, "lack": lack, "to": affordable[-1].name})
    # A draft that was refused for want of budget is no escalation; one that failed is the only one of its turn.
    turn = replace(turn, escalated=turn.escalated and lack != "budget", draft=None)
    return then([record], start(state.with_turn(turn), affordable[-1], at))
