"""Second opinions: a sampled share of accepted turns is read by a larger tier too, off the call's path.

Nothing of it is spoken or carried out; the trace tells whether both agree, for `voice tune` to learn from.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from voice.cascade.commands import CancelDrafts, Command, Examine, Record, StartDraft
from voice.cascade.events import Drafted, Examined
from voice.cascade.state import State, Step
from voice.cascade.work import Shadow, Turn

_TRIES = 2
"""How often a second opinion is asked for that had to make way for the caller."""


def sampled(call_id: str, turn: int, share: float) -> bool:
    """Say whether a turn is among the share; the same turn of the same call always is, or never."""
    return zlib.crc32(f"{call_id}/{turn}".encode()) < share * 2**32


def answered(state: State, turn: Turn) -> State:
    """Note a turn that is being answered, if it is among the sampled ones; before the dialogue goes on."""
    policy = state.policy
    larger = policy.larger(turn.source) if policy.rank(turn.source) >= 0 else None
    if larger is None or not turn.reading or not sampled(state.call_id, turn.number, policy.shadow.share):
        return state
    prompt = turn.prompts.get(larger.name)
    shadow = Shadow(
        turn.number, larger.name, turn.reading, state.dialogue, turn.actions or (), turn.source, prompt_tokens=prompt
    )
    return replace(state, shadows=(*state.shadows, shadow)[-policy.shadow.most_waiting :])


def when_idle(state: State, commands: list[Command], at: float) -> Step:
    """Ask for a second opinion once nobody speaks and nothing is under way, after what else was commanded."""
    heard = state.turn or state.speaking or state.caller_speaking or state.ended
    busy = heard or state.shadow or state.unfinished or state.handing_off or state.passed_on
    if busy or not state.shadows:
        return state, commands
    shadow, *waiting = state.shadows
    state = replace(state, shadows=tuple(waiting))
    tier = state.policy.tier(shadow.tier)
    if state.budget.enforced and (why := state.budget.refusal(tier, shadow.prompt_tokens)):
        return state, [*commands, Record("shadow", shadow.turn, {"tier": tier.name, **why.as_dict()})]
    seconds = state.budget.seconds_for(tier)
    budget = state.budget.reserve(tier, state.generation, at, shadow.prompt_tokens)
    state = replace(state, budget=budget, shadow=replace(shadow, tries=shadow.tries + 1, since=at))
    draft = StartDraft(
        state.generation, tier.name, shadow.reading, shadow.dialogue, seconds=seconds, shadow=shadow.turn
    )
    return state, [*commands, draft]


def make_way(state: State, commands: list[Command]) -> Step:
    """The caller speaks: their turn comes first."""
    if not state.shadow or not state.policy.shadow.make_way:
        return state, commands
    return state, [*commands, CancelDrafts(state.generation, shadow=True)]


def drafted(state: State, event: Drafted) -> Step:
    """Settle the bill of a second opinion, record it beside the first, and have it checked, for the trace alone."""
    draft, shadow = event.draft, state.shadow
    tier = state.policy.tier(draft.tier)
    tokens = draft.prompt_tokens, draft.output_tokens
    state = replace(state, budget=state.budget.settle(tier, event.generation, *tokens, event.at))
    state = replace(state, shadow_spent=state.shadow_spent + tier.price(*tokens))
    if not shadow or shadow.turn != event.shadow:
        return state, []
    again = draft.error == "cancelled" and shadow.tries < _TRIES and not state.ended
    state = replace(state, shadow=None, shadows=(shadow, *state.shadows) if again else state.shadows)
    record = Record(
        "shadow",
        shadow.turn,
        {
            "tier": draft.tier,
            "source": shadow.source,
            "agrees": None if draft.error else draft.actions == shadow.actions,
            "actions": [action.as_dict() for action in draft.actions],
            "accepted": [action.as_dict() for action in shadow.actions],
            "text": draft.text,
            "logprobs": [round(value, 4) for value in draft.logprobs],
            "tokens": draft.tokens,
            "error": draft.error,
            "seconds": round(event.at - shadow.since, 4),
            "share": state.policy.shadow.share,
            "prompt_tokens": draft.prompt_tokens,
            "output_tokens": draft.output_tokens,
            "estimated": draft.estimated,
            "cost": tier.price(*tokens),
        },
    )
    commands: list[Command] = [record]
    if not draft.error and draft.actions:
        number, reading, dialogue = shadow.turn, shadow.reading, shadow.dialogue
        commands.append(Examine(event.generation, draft.tier, draft.actions, reading, dialogue, number))
    return when_idle(state, commands, event.at)


def examined(state: State, event: Examined) -> Step:
    """Record what the desk's checks say of a second opinion."""
    found = event.findings
    data = {
        "tier": event.tier,
        "scores": {
            "completeness": found.completeness,
            "correctness": found.correctness,
            "agreement": found.agreement,
        },
        "problems": found.problems,
        "irreversible": found.irreversible,
    }
    return state, [Record("shadow_checked", event.shadow, data)]
