"""What is spoken: the utterances under way, and the filler that covers a wait."""

from __future__ import annotations

from dataclasses import replace

from voice.cascade import filler
from voice.cascade.commands import Command, Expect, HangUp, Prepare, Record, Say, SetTimer, SpeechKind
from voice.cascade.events import SpeechDone, TimerFired
from voice.cascade.state import State, Step, Utterance
from voice.cascade.work import Turn

_OVERDUE_SHARE = 0.5
"""A draft that is overdue is expected to take as much longer as this share of what it was expected to take, or as it is
late already, if that is more: a stall of a quick tier is noticed after `FillerPolicy.least_wait_seconds`."""


def say(state: State, sentences: tuple[str, ...], kind: SpeechKind) -> Step:
    """Speak sentences after whatever is being spoken."""
    commands: list[Command] = []
    for text in sentences:
        number = state.utterances + 1
        state = replace(state, utterances=number, speaking=(*state.speaking, Utterance(number, text, kind)))
        commands.append(Say(number, text, kind))
    return state, commands


def answer(state: State, sentences: tuple[str, ...]) -> Step:
    """Speak what answers the caller; where nothing is said, their silence counts from now on."""
    state, commands = say(state, sentences, "answer")
    if not state.speaking:
        commands.append(SetTimer(state.generation, "idle", state.policy.idle.seconds))
    return state, commands


def speech_done(state: State, event: SpeechDone) -> Step:
    """Something was heard to its end, or the voice failed: look whether the wait goes on."""
    done = next((utterance for utterance in state.speaking if utterance.number == event.utterance), None)
    if not done:
        return state, []
    left = tuple(utterance for utterance in state.speaking if utterance is not done)
    state = replace(state, speaking=left)
    if event.played and done.kind == "answer":
        state = replace(state, telling=())
    if not event.played and done.kind == "answer" and state.unheard is not None:
        state = replace(state, dialogue=state.unheard, unheard=None)  # no yes approves what the voice did not say
    elif not any(utterance.kind == "answer" for utterance in left):
        state = replace(state, unheard=None)
    turn = state.turn
    if not left and not turn:
        return state, [SetTimer(state.generation, "idle", state.policy.idle.seconds), Expect(state.dialogue)]
    if left or not turn or not turn.final or turn.outcome or not state.policy.filler.enabled:
        return state, []
    return state, [SetTimer(state.generation, "filler", state.policy.filler.gap_seconds)]


def filler_due(state: State, event: TimerFired) -> Step:
    """Hold the floor, if the answer will take longer than a filler is worth."""
    turn = state.current(event.generation)
    if not turn or not turn.final or turn.outcome or state.speaking or state.caller_speaking:
        return state, []
    policy = state.policy.filler
    since = (event.at if turn.desk_since is None else turn.desk_since) if turn.performing else None
    turn = replace(turn, desk_since=since)
    state = state.with_turn(turn)
    remaining = remaining_seconds(state, turn, event.at)
    waited = event.at - turn.spoke_until
    way_out = policy.way_out if waited >= policy.way_out_after_seconds and not state.writing else ""
    if way_out and way_out not in state.used_fillers:
        text: str | None = way_out
    else:
        text = filler.phrase(turn.phrases, remaining, turn.mention, state.used_fillers, policy)
    record = Record(
        "filler", turn.number, {"text": text, "position": turn.phrases, "expected_wait_seconds": round(remaining, 3)}
    )
    again = SetTimer(state.generation, "filler", policy.gap_seconds)
    if text is None:
        # Look again: the answer may take longer than expected.
        return state, [record, again] if waited < policy.way_out_after_seconds + 1.0 else [record]
    state = replace(
        state,
        turn=replace(turn, phrases=turn.phrases + 1),
        used_fillers=state.used_fillers | {text, *filler.parts(text)},
    )
    state, commands = say(state, (text,), "filler")
    return state, [record, *commands]


def caller_is_silent(state: State, event: TimerFired) -> Step:
    """Ask whether the caller is still there."""
    if event.generation != state.generation or state.turn or state.speaking:
        return state, []
    idle = state.policy.idle
    if state.caller_speaking:
        return state, [SetTimer(state.generation, "idle", idle.seconds)]
    record = Record("silence", state.turns, {"seconds": idle.seconds, "prompts": state.prompted})
    if state.prompted >= len(idle.prompts):
        return state, [record, HangUp()] if idle.hang_up else [record]
    # Who waits for a write is not asked whether they are there.
    text = (state.unfinished and state.policy.filler.unfinished) or idle.prompts[state.prompted]
    state, commands = say(replace(state, prompted=state.prompted + 1), (text,), "prompt")
    return state, [record, *commands]


def prepare_filler(state: State, turn: Turn) -> list[Command]:
    """Have the words that were heard rendered, while the caller may still go on."""
    policy = state.policy.filler
    text = filler.phrase(0, policy.way_out_after_seconds, turn.mention, state.used_fillers, policy)
    return [Prepare(text)] if text else []


def remaining_seconds(state: State, turn: Turn, at: float) -> float:
    """How long the answer is still expected to take: as long as the quickest draft that is under way.

    A desk is expected to be done at once, and one that is not, to take as long again as it has.
    """
    left: list[float] = []
    for running in turn.running:
        expected = state.expected_seconds(state.policy.tier(running.tier), turn.tokens)
        elapsed = at - running.since
        overdue = elapsed - expected
        left.append(-overdue if overdue < 0 else max(_OVERDUE_SHARE * expected, overdue))
    if turn.performing and turn.desk_since is not None:
        left.append(at - turn.desk_since)
    return min(left, default=0.0)
