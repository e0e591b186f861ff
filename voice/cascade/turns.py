"""What the caller does: speaks, pauses, yields the floor, speaks again, hangs up."""

from __future__ import annotations

from dataclasses import replace

from voice.cascade import afterwards, asking, deciding, speaking
from voice.cascade.commands import CancelDrafts, Command, Deliver, Read, Record, SetTimer, StopSpeaking
from voice.cascade.delivery import delivered, wish
from voice.cascade.events import CallStarted, Heard
from voice.cascade.state import Cut, Resuming, State, Step, then
from voice.cascade.words import Reading
from voice.cascade.work import Turn

_BACKCHANNELS = frozenset({"mhm", "mm", "mmhmm", "mm hmm", "uh huh", "uhhuh", "hm", "hmm", "uh", "um", "ah", "oh"})
_LISTENING = frozenset(["okay", "ok", "right", "alright", "sure", "great", "good", "fine", "cool", "perfect", "thanks"])
_LISTENING_PHRASES = frozenset(
    {"all right", "thank you", "i see", "got it", "no problem", "no worries", "take your time"}
)
"""Said while the caller waits for an answer they have only heard that it is coming."""

_WITHDRAWALS = frozenset({"never mind", "nevermind", "forget it", "forget about it", "forget that", "scrap that"})

_WORDS_TO_RESUME = 3
"""Fewer answer what the caller heard of the agent's answer, as a "yes" does, and are no second half of a turn."""


def started(state: State, event: CallStarted) -> Step:
    """Greet, if there is a greeting."""
    state = replace(
        state,
        call_id=event.call_id,
        dialogue=event.dialogue,
        read_only=event.read_only,
        remember=event.remember,
        pace=dict(event.pace),
        weights=event.weights,
    )
    return speaking.say(state, (event.greeting,), "greeting") if event.greeting else (state, [])


def caller_spoke(state: State, at: float) -> Step:
    """Be silent. What was not heard of an answer was not said: a question at its end can't be answered.

    A caller who goes on as soon as the answer begins had only paused: the turn is taken up where it was. ``at`` is when
    their voice began.
    """
    state = replace(state, caller_speaking=True, prompted=0)
    if not state.speaking:
        return state, []
    unsaid = [utterance.text for utterance in state.speaking]
    kind = state.speaking[0].kind
    sentences = tuple(utterance for utterance in state.speaking if utterance.kind != "filler")
    state = replace(state, cut=Cut(sentences, state.dialogue, state.unheard, state.given, state.news, state.telling))
    commands: list[Command] = [
        StopSpeaking(),
        Record("barge_in", state.turns, {"during": kind, "unsaid": unsaid}),
    ]
    if any(utterance.kind == "answer" for utterance in state.speaking):
        given = state.given
        state = replace(state, news=(*state.news, *state.telling), telling=())  # what was done must be told
        if state.unheard is not None:
            state = replace(state, dialogue=state.unheard, unheard=None)
        if given and at - given.spoke_until <= state.policy.resume_seconds:
            state = replace(state, given=None, resuming=Resuming(given, state.dialogue))
    return replace(state, speaking=()), commands


def heard(state: State, event: Heard) -> Step:
    """Begin, go on with, or finish a turn; speak from here on as the caller asks for in it."""
    wanted = wish(event.text) if event.final and state.policy.delivery.enabled else None
    if wanted is None:
        return _taken_in(state, event, nothing=_is_noise(event.text))
    delivery = delivered(state.delivery, wanted, state.policy.delivery)
    state = replace(state, delivery=delivery)
    how = {"rate": delivery.rate, "gain_db": delivery.gain_db}
    commands: list[Command] = [Record("delivery", state.turns, {"text": event.text, **how}), Deliver(delivery)]
    working = state.turn is not None and state.turn.final
    return then(commands, _taken_in(state, event, nothing=wanted.alone and working))


def _taken_in(state: State, event: Heard, *, nothing: bool) -> Step:
    """Take a hearing for what it asks; ``nothing`` says that it asks nothing."""
    speaking_on = state.caller_speaking and not event.final
    state = replace(state, caller_speaking=speaking_on, turn_weights=event.weights)
    turn = state.turn
    if event.deaf and not state.writing:
        return _not_heard(state, event)
    if nothing or (turn and turn.final and _only_waits(turn, event.text)):
        # A cough, a murmur, or an "okay" to a filler: what was under way goes on, what was held back is spoken now.
        if event.final:
            return _heard_nothing(state, event.at)
        return state, []
    if event.final:
        state = replace(state, cut=None)
    if state.resuming:
        state, event = _resumed(state, state.resuming, event)
    if state.writing:
        return (replace(state, waiting=_with_what_waits(state.waiting, event)) if event.final else state), []
    if turn and not turn.final and turn.text == event.text:
        if not event.final:
            return state, []
        turn = replace(turn, final=True, spoke_until=event.spoke_until, number=state.turns + 1)
        state = replace(state, turn=turn, turns=state.turns + 1)
        state, commands = _committed(state, event.at)
        return then(commands, deciding.advance(state, event.at))
    if not event.final and not state.policy.speculation.enabled:
        return state, []
    if turn and turn.final:
        return _amend(state, event) if event.final else (state, [])
    return _begin(state, event)


def _not_heard(state: State, event: Heard) -> Step:
    """Something was said that nobody heard: ask for it again, and the second time hand off."""
    commands: list[Command] = [CancelDrafts(state.generation)] if state.turn and state.turn.running else []
    turn = Turn(state.turns + 1, "", True, event.spoke_until, reading=Reading(""))
    state = replace(
        state,
        generation=state.generation + 1,
        turns=state.turns + 1,
        turn=turn,
        budget=state.budget.for_turn(turn.number),
        cut=None,
        resuming=None,
    )
    return then(commands, asking.fall_back(state, "the ears failed"))


def _heard_nothing(state: State, at: float) -> Step:
    """The floor is the agent's again: what was under way goes on; what a pause was heard as was no turn."""
    state, cut, resuming = replace(state, resuming=None, cut=None), state.cut, state.resuming
    turn, commands = state.turn, list[Command]()
    if turn and turn.final:
        return deciding.advance(state, at)
    if turn:
        commands += [CancelDrafts(state.generation)] if turn.running else []
        dialogue = resuming.otherwise if resuming else state.dialogue
        state = replace(state, turn=None, generation=state.generation + 1, thrown_away=0, dialogue=dialogue)
    if cut and cut.unsaid:
        return then(commands, _said_on(state, cut))
    if not state.speaking:
        commands.append(SetTimer(state.generation, "idle", state.policy.idle.seconds))
    return state, commands


def _with_what_waits(waiting: Heard | None, event: Heard) -> Heard:
    """Put what is said during a write behind what was said during it before, unless that is taken back."""
    if waiting is None or _plain(event.text) in _WITHDRAWALS:
        return event
    return replace(event, text=f"{waiting.text} {event.text}", words=(*waiting.words, *event.words))


def _resumed(state: State, resuming: Resuming, event: Heard) -> tuple[State, Heard]:
    """Put the second half of a turn behind its first; each hearing says anew whether it is one."""
    first, dialogue, failures = resuming.first, resuming.otherwise, state.failures
    if len(_plain(event.text).split()) >= _WORDS_TO_RESUME:
        event = replace(event, text=f"{first.text} {event.text}", words=(*first.words, *event.words))
        dialogue, failures = first.dialogue, first.failures
    return replace(state, dialogue=dialogue, failures=failures, resuming=None if event.final else resuming), event


def _said_on(state: State, cut: Cut) -> Step:
    """Nobody took the floor: go on with the sentence that was cut short."""
    state = replace(state, dialogue=cut.dialogue, unheard=cut.unheard, given=cut.given)
    state = replace(state, news=cut.news, telling=cut.telling)
    commands: list[Command] = [Record("said_on", state.turns, {"unsaid": [each.text for each in cut.unsaid]})]
    for each in cut.unsaid:
        state, more = speaking.say(state, (each.text,), each.kind)
        commands += more
    return state, commands


def take_up_what_waited(state: State, commands: list[Command], at: float) -> Step:
    """Turn to what was said while a write was under way, once it is known how that ended, or is late."""
    if not state.waiting or state.writing:
        return state, commands
    event, state = state.waiting, replace(state, waiting=None)
    return then(commands, _amend(state, replace(event, at=at)))


def ended(state: State) -> Step:
    """Let go of everything but a write that is under way."""
    commands: list[Command] = [CancelDrafts(state.generation)] if state.turn and state.turn.running else []
    if state.shadow:
        commands.append(CancelDrafts(state.generation, shadow=True))
    state = replace(state, ended=True, speaking=())
    spent = {"spent": state.budget.spent, "reserved": state.budget.reserved, "second_opinions": state.shadow_spent}
    record = Record("ended", state.turns, spent)
    return state, [*commands, StopSpeaking(), *afterwards.ended(state), record]


def _amend(state: State, event: Heard) -> Step:
    """The caller speaks again before the answer: a write stands and is told first, all else is amended by it."""
    turn = state.turn
    if not turn:
        return _begin(state, event)
    outcome = turn.outcome
    if outcome and outcome.wrote:
        return _begin(state.knowing_of(outcome), event)
    if _plain(event.text) in _WITHDRAWALS:
        return then([Record("withdrawn", turn.number, {"text": turn.text})], _begin(state, event))
    return _begin(state, replace(event, text=f"{turn.text} {event.text}", words=(*turn.words, *event.words)))


def _begin(state: State, event: Heard) -> Step:
    """Start working on a hearing; whatever was under way is stale from here on."""
    commands: list[Command] = []
    thrown_away = state.thrown_away
    if state.turn and state.turn.running:
        commands.append(CancelDrafts(state.generation))
        thrown_away += not state.turn.final
    turns = state.turns + event.final
    turn = Turn(turns if event.final else turns + 1, event.text, event.final, event.spoke_until, event.words)
    state = replace(
        state,
        generation=state.generation + 1,
        turns=turns,
        turn=turn,
        budget=state.budget.for_turn(turn.number),
        thrown_away=thrown_away,
    )
    state = state.knowing_of_late_write()
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
    state, repaired = afterwards.said(state, turn)
    commands: list[Command] = [
        *repaired,
        Record(
            "turn",
            turn.number,
            {"text": turn.text, "silence_seconds": round(elapsed, 3), "thrown_away": state.thrown_away},
        ),
        SetTimer(state.generation, "deadline", max(0.0, policy.deadline_seconds - elapsed)),
    ]
    if policy.filler.enabled:
        commands.append(SetTimer(state.generation, "filler", max(0.0, policy.filler.onset_seconds - elapsed)))
    return replace(state, thrown_away=0), commands


def _is_noise(text: str) -> bool:
    words = _plain(text)
    return not words or words in _BACKCHANNELS


def _only_waits(turn: Turn, text: str) -> bool:
    """Whether this amends nothing: an "okay" where nothing that a yes would approve was asked before the turn."""
    if turn.reading and turn.reading.approves:
        return False
    words = _plain(text)
    return words in _LISTENING_PHRASES or _LISTENING.issuperset(words.split())


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum() or character == " ").strip()
