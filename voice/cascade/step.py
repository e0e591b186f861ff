"""The one function that owns every transition: `step(state, event) -> (state, commands)`.

Invariants kept here, each with a test:

- Nothing is spoken or written for a turn before the caller yielded the floor.
- Nothing is spoken whose checks did not pass; every spoken answer is an `Outcome` of the desk.
- Nothing is spoken while the caller speaks, and nothing for a turn after its barge-in.
- A turn is escalated at most once.
- Every draft that was started is settled, however it ends.
- Results of an old generation change nothing, except that a write that happened is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from voice.cascade import filler
from voice.cascade.deferral import judge, last_resort, score
from voice.cascade.events import (
    CallEnded,
    CallerSpoke,
    CallStarted,
    CancelDrafts,
    Command,
    Drafted,
    Event,
    Examine,
    Examined,
    HandOff,
    Heard,
    Perform,
    Performed,
    Read,
    Record,
    Say,
    SetTimer,
    SpeechDone,
    SpeechKind,
    StartDraft,
    StopSpeaking,
    TimerFired,
    WasRead,
)
from voice.cascade.policy import Tier
from voice.cascade.router import Route, route
from voice.cascade.state import State, Turn, Utterance
from voice.cascade.words import Action, OutcomeKind, Reading

Step = tuple[State, list[Command]]

_BACKCHANNELS = frozenset({"mhm", "mm", "mmhmm", "mm hmm", "uh huh", "uhhuh", "hm", "hmm", "uh", "um", "ah", "oh"})


def step(state: State, event: Event) -> Step:
    """Take one event in, give the next state and what to do, in order."""
    if state.ended and not isinstance(event, Drafted | Performed):
        return state, []
    match event:
        case CallStarted():
            return _started(state, event)
        case CallerSpoke():
            return _caller_spoke(state)
        case Heard():
            return _heard(state, event)
        case WasRead():
            return _was_read(state, event)
        case Drafted():
            return _drafted(state, event)
        case Examined():
            return _examined(state, event)
        case Performed():
            return _performed(state, event)
        case SpeechDone():
            return _speech_done(state, event)
        case TimerFired():
            return _timer_fired(state, event)
        case CallEnded():
            return _ended(state)
        case _:
            assert_never(event)


# ---- the caller


def _started(state: State, event: CallStarted) -> Step:
    state = replace(state, call_id=event.call_id, dialogue=event.dialogue, read_only=event.read_only)
    return _say(state, (event.greeting,), "greeting") if event.greeting else (state, [])


def _caller_spoke(state: State) -> Step:
    state = replace(state, caller_speaking=True)
    if not state.speaking:
        return state, []
    unsaid = [utterance.text for utterance in state.speaking]
    kind = state.speaking[0].kind
    state = replace(state, speaking=())
    return state, [StopSpeaking(), Record("barge_in", state.turns, {"during": kind, "unsaid": unsaid})]


def _heard(state: State, event: Heard) -> Step:
    state = replace(state, caller_speaking=state.caller_speaking and not event.final)
    turn = state.turn
    if _is_noise(event.text):
        # A cough or a murmur: what was under way goes on, and what was held back is spoken now.
        return _advance(state, event.at) if event.final and turn and turn.final else (state, [])
    if turn and turn.performing and turn.final:
        return replace(state, waiting=event if event.final else state.waiting), []
    if turn and not turn.final and turn.text == event.text:
        if not event.final:
            return state, []
        turn = replace(turn, final=True, spoke_until=event.spoke_until, number=state.turns + 1)
        state = replace(state, turn=turn, turns=state.turns + 1)
        state, commands = _committed(state, event.at)
        return _then(commands, _advance(state, event.at))
    if not event.final and not state.policy.speculate:
        return state, []
    if turn and turn.final:
        return _amend(state, event) if event.final else (state, [])
    return _begin(state, event)


def _amend(state: State, event: Heard) -> Step:
    """The caller speaks again before the answer: a write stands and is told first, all else is amended by it."""
    turn = state.turn
    assert turn
    outcome = turn.outcome
    if outcome and outcome.wrote:
        state = replace(state, dialogue=outcome.dialogue, news=(*state.news, *outcome.say))
        return _begin(state, event)
    return _begin(state, replace(event, text=f"{turn.text} {event.text}"))


def _begin(state: State, event: Heard) -> Step:
    """Start working on a hearing; whatever was under way is stale from here on."""
    commands: list[Command] = []
    if state.turn and state.turn.running:
        commands.append(CancelDrafts(state.generation))
    turns = state.turns + event.final
    turn = Turn(turns if event.final else turns + 1, event.text, event.final, event.spoke_until)
    state = replace(state, generation=state.generation + 1, turns=turns, turn=turn, budget=state.budget.next_turn())
    commands.append(Read(state.generation, event.text, state.dialogue))
    if event.final:
        state, more = _committed(state, event.at)
        commands += more
    return state, commands


def _committed(state: State, at: float) -> Step:
    """The caller yielded the floor: the wait begins to count."""
    turn = state.turn
    assert turn
    elapsed = at - turn.spoke_until
    policy = state.policy
    commands: list[Command] = [
        Record("turn", turn.number, {"text": turn.text, "silence_seconds": round(elapsed, 3)}),
        SetTimer(state.generation, "deadline", max(0.0, policy.deadline_seconds - elapsed)),
    ]
    if policy.filler.enabled:
        commands.append(SetTimer(state.generation, "filler", max(0.0, policy.filler.onset_seconds - elapsed)))
    return state, commands


# ---- deciding


def _was_read(state: State, event: WasRead) -> Step:
    turn = _current(state, event.generation)
    if not turn or turn.reading:
        return state, []
    routing = route(event.reading, state.policy)
    turn = replace(turn, reading=event.reading, mention=event.mention, routing=routing)
    state = state.with_turn(turn)
    commands: list[Command] = [
        Record(
            "route",
            turn.number,
            {
                "route": routing.route,
                "complexity": round(routing.complexity, 3),
                "reason": routing.reason,
                "reading": [action.as_dict() for action in event.reading.actions or ()],
                "entities": [entity.text for entity in event.reading.entities],
                "legs": event.reading.legs,
                "requests": event.reading.requests,
                "corrected": event.reading.corrected,
                "speculative": not turn.final,
            },
        )
    ]
    if routing.route is Route.CODE:
        state = state.with_turn(replace(turn, actions=event.reading.actions, source="code"))
    elif routing.route is Route.ASK:
        state = state.with_turn(replace(turn, actions=_ask(event.reading, state.read_only), source="code"))
    return _then(commands, _advance(state, event.at))


def _ask(reading: Reading, read_only: frozenset[str]) -> tuple[Action, ...]:
    """Have the desk ask about misheard words: it knows what it can't make out in a request that is read so far."""
    actions = reading.actions or ()
    if actions and all(action.name in read_only for action in actions):
        return actions
    return (Action("clarify", {"missing": "request", "heard": reading.misheard[0]}),)


def _advance(state: State, at: float) -> Step:
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
    tiers = state.policy.tiers
    if turn.routing.route is Route.DRAFT:
        return _draft(state, tiers[0], at)
    if turn.final:
        # The larger model is started for a whole turn only: half an itinerary would cost as much.
        return _draft(state.with_turn(replace(turn, escalated=True)), tiers[1], at)
    return state, []


def _draft(state: State, tier: Tier, at: float, problems: tuple[str, ...] = ()) -> Step:
    turn = state.turn
    assert turn
    assert turn.reading
    if why := state.budget.refusal(tier):
        refused = Record("budget", turn.number, {"tier": tier.name, "refused": why})
        return _then([refused], _fall_back(state, f"budget: {why}"))
    reading = turn.reading
    turn = replace(turn, running=tier.name, running_since=at, draft=None, scores=None)
    state = replace(state, turn=turn, budget=state.budget.reserve(tier))
    return state, [
        StartDraft(state.generation, tier.name, reading, state.dialogue, problems),
        Record("draft_started", turn.number, {"tier": tier.name, "reserved": tier.most}),
    ]


def _drafted(state: State, event: Drafted) -> Step:
    draft = event.draft
    tier = state.policy.tier(draft.tier)
    state = replace(state, budget=state.budget.settle(tier, draft.prompt_tokens, draft.output_tokens))
    turn = _current(state, event.generation)
    record = Record(
        "drafted",
        turn.number if turn else state.turns,
        {
            "tier": draft.tier,
            "actions": [action.as_dict() for action in draft.actions],
            "text": draft.text,
            "error": draft.error,
            "prompt_tokens": draft.prompt_tokens,
            "output_tokens": draft.output_tokens,
            "cost": tier.price(draft.prompt_tokens, draft.output_tokens),
            "spent": state.budget.spent,
            "stale": turn is None,
        },
    )
    if not turn or turn.running != draft.tier:
        return state, [record]
    state = state.measured(draft.tier, event.at - turn.running_since)
    turn = replace(turn, running=None, draft=draft)
    state = state.with_turn(turn)
    if draft.error or not draft.actions:
        state, commands = _refuse(state, event.at, (draft.error or "no actions",))
        return state, [record, *commands]
    assert turn.reading
    return state, [
        record,
        Examine(state.generation, draft.tier, draft.actions, turn.reading, state.dialogue),
    ]


def _examined(state: State, event: Examined) -> Step:
    turn = _current(state, event.generation)
    if not turn or not turn.draft or turn.draft.tier != event.tier or turn.actions is not None:
        return state, []
    policy = state.policy
    scores = score(turn.draft, event.findings)
    judgement = judge(scores, policy.checks)
    at_the_top = policy.larger(event.tier) is None
    sure_enough = at_the_top and not event.findings.irreversible and last_resort(scores, policy.checks)
    accepted = judgement.verdict == "accept" or sure_enough
    state = state.with_turn(replace(turn, scores=scores))
    record = Record(
        "checked",
        turn.number,
        {
            "tier": event.tier,
            "scores": scores.as_dict(),
            "thresholds": judgement.thresholds,
            "failed": judgement.failed,
            "problems": event.findings.problems,
            "verdict": "accept" if accepted else "escalate",
        },
    )
    if not accepted:
        state, commands = _refuse(state, event.at, event.findings.problems or judgement.failed)
        return state, [record, *commands]
    state = replace(state, turn=replace(turn, scores=scores, actions=turn.draft.actions, source=event.tier), failures=0)
    return _then([record], _advance(state, event.at))


def _refuse(state: State, at: float, problems: tuple[str, ...]) -> Step:
    """A draft can't be used: ask the next tier, once; then the caller, never a guess."""
    turn = state.turn
    assert turn
    assert turn.draft
    larger = state.policy.larger(turn.draft.tier)
    if larger is None or turn.escalated:
        return _fall_back(state, problems[0] if problems else "no tier could answer")
    if not turn.final:
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
    failures = state.failures + 1
    action = Action("clarify", {"missing": "request"}) if failures < 2 else Action("handoff")
    turn = replace(turn, actions=(action,), source="fallback", running=None)
    state = replace(state, turn=turn, failures=failures)
    record = Record("fall_back", turn.number, {"because": why, "action": action.as_dict()})
    return _then([record], _perform(state))


# ---- doing


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


def _performed(state: State, event: Performed) -> Step:
    outcome = event.outcome
    turn = _current(state, event.generation)
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
        heard, state = state.waiting, replace(state, waiting=None)
        return _then([record], _amend(state, replace(heard, at=event.at)))
    return _then([record], _advance(state, event.at))


def _answer(state: State) -> Step:
    """Speak the outcome and commit what the desk remembers."""
    turn = state.turn
    assert turn
    assert turn.outcome
    outcome = turn.outcome
    sentences = (*state.news, *outcome.say)
    state = replace(state, turn=None, dialogue=outcome.dialogue, news=(), generation=state.generation + 1)
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
    state, commands = _say(state, sentences, "answer")
    if outcome.kind is OutcomeKind.HANDOFF:
        commands.append(HandOff())
    return state, [record, *commands]


# ---- speaking


def _say(state: State, sentences: tuple[str, ...], kind: SpeechKind) -> Step:
    commands: list[Command] = []
    for text in sentences:
        number = state.utterances + 1
        state = replace(state, utterances=number, speaking=(*state.speaking, Utterance(number, text, kind)))
        commands.append(Say(number, text, kind))
    return state, commands


def _speech_done(state: State, event: SpeechDone) -> Step:
    left = tuple(utterance for utterance in state.speaking if utterance.number != event.utterance)
    if len(left) == len(state.speaking):
        return state, []
    state = replace(state, speaking=left)
    turn = state.turn
    if left or not turn or not turn.final or turn.outcome or not state.policy.filler.enabled:
        return state, []
    return state, [SetTimer(state.generation, "filler", state.policy.filler.gap_seconds)]


def _timer_fired(state: State, event: TimerFired) -> Step:
    turn = _current(state, event.generation)
    if not turn or not turn.final or turn.outcome:
        return state, []
    match event.name:
        case "filler":
            return _fill(state, turn, event.at)
        case "deadline":
            if turn.performing or not turn.reading:
                return state, []
            commands: list[Command] = [CancelDrafts(state.generation)] if turn.running else []
            return _then(commands, _fall_back(state, "the deadline passed"))
        case _:
            assert_never(event.name)


def _fill(state: State, turn: Turn, at: float) -> Step:
    if state.speaking or state.caller_speaking:
        return state, []
    remaining = _remaining_seconds(state, turn, at)
    text = filler.phrase(turn.phrases, remaining, turn.mention, state.used_fillers, state.policy.filler)
    record = Record(
        "filler",
        turn.number,
        {"text": text, "position": turn.phrases, "expected_wait_seconds": round(remaining, 3)},
    )
    if text is None:
        # Look again: the answer may take longer than expected.
        again = SetTimer(state.generation, "filler", state.policy.filler.gap_seconds)
        return state, [record, again] if turn.phrases < state.policy.filler.most_phrases else [record]
    state = replace(
        state,
        turn=replace(turn, phrases=turn.phrases + 1),
        used_fillers=state.used_fillers | {text, *_parts(text)},
    )
    state, commands = _say(state, (text,), "filler")
    return state, [record, *commands]


def _remaining_seconds(state: State, turn: Turn, at: float) -> float:
    """How long the answer is still expected to take. A draft that is overdue is expected to take half as long again."""
    if not turn.running:
        return 0.0
    tier = state.policy.tier(turn.running)
    expected = state.expected_seconds(tier)
    elapsed = at - turn.running_since
    return expected - elapsed if elapsed < expected else 0.5 * expected


def _parts(text: str) -> tuple[str, ...]:
    """The opener inside a phrase counts as used too."""
    return (f"{text.split(',')[0]}.",)


def _ended(state: State) -> Step:
    commands: list[Command] = [CancelDrafts(state.generation)] if state.turn and state.turn.running else []
    state = replace(state, ended=True, speaking=())
    return state, [*commands, StopSpeaking(), Record("ended", state.turns, {"spent": state.budget.spent})]


# ---- helpers


def _current(state: State, generation: int) -> Turn | None:
    return state.turn if generation == state.generation and not state.ended else None


def _is_noise(text: str) -> bool:
    words = "".join(character for character in text.lower() if character.isalnum() or character == " ").strip()
    return not words or words in _BACKCHANNELS


def _then(commands: list[Command], following: Step) -> Step:
    """Give the following step with these commands before its own."""
    state, more = following
    return state, [*commands, *more]
