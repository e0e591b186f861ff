"""The one function that owns every transition: `step(state, event) -> (state, commands)`.

What the caller does is in `turns`, what is decided about a turn in `deciding`, whether a draft is used in `judging`,
what is spoken in `speaking`, second opinions are in `shadowing`, errors in `breaking`, what is done once the floor is
free in `unfinished` and `handing_off`; they are called from nowhere else.

Invariants kept there, each with a test:

- Nothing is spoken or written for a turn before the caller yielded the floor.
- Nothing is spoken whose checks did not pass; every spoken answer is an `Outcome` of the desk.
- Nothing is spoken while the caller speaks, and nothing for a turn after its barge-in.
- A turn is escalated at most once.
- What is done about a turn depends on its drafts, and not on which of two tiers that were asked at once answers first.
- Every draft that was started is settled, however it ends.
- Results of an old generation change nothing, except that a write that happened is told.
- A write that has begun is neither cancelled nor begun again, and while one is under way no other begins.
- What was written is known to every dialogue from then on, if the desk can remember it.
- A caller who was passed to a person hears nothing more of the agent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from voice.cascade import breaking, deciding, handing_off, judging, shadowing, speaking, turns, unfinished
from voice.cascade.events import (
    Allowance,
    Broke,
    CallEnded,
    CallerSpoke,
    CallStarted,
    Drafted,
    Drafting,
    Event,
    Examined,
    Heard,
    Performed,
    SpeechDone,
    TimerFired,
    WasRead,
)
from voice.cascade.state import State, Step


def step(state: State, event: Event) -> Step:
    """Take one event in, give the next state and what to do, in order."""
    about = event.lost if isinstance(event, Broke) else event
    if state.ended and not isinstance(about, Drafted | Performed):
        return state, []
    if state.passed_on and isinstance(event, CallerSpoke | Heard | TimerFired):
        return state, []
    if isinstance(event, Allowance):  # what would follow from it is carried out by nobody
        return _taken(state, event)
    return handing_off.done(*unfinished.told(*_taken(state, event)))  # the caller hears of a write first


def _taken(state: State, event: Event) -> Step:
    match event:
        case CallStarted():
            return turns.started(state, event)
        case CallerSpoke(at=at, since=since):
            return shadowing.make_way(*turns.caller_spoke(state, at if since is None else since))
        case Heard():
            return turns.heard(state, event)
        case WasRead():
            return deciding.was_read(state, event)
        case Drafting():
            return judging.drafting(state, event)
        case Drafted(shadow=shadow) if shadow:
            return shadowing.drafted(state, event)
        case Drafted():
            return judging.drafted(state, event)
        case Examined(shadow=shadow) if shadow:
            return shadowing.examined(state, event)
        case Examined():
            return judging.examined(state, event)
        case Performed() if unfinished.is_of(state, event):
            return unfinished.performed(state, event)
        case Performed():
            outdated = deciding.performed(state, event)
            return turns.take_up_what_waited(*outdated, event.at)
        case SpeechDone():
            return shadowing.when_idle(*speaking.speech_done(state, event), event.at)
        case TimerFired(name="filler"):
            return speaking.filler_due(state, event)
        case TimerFired(name="idle"):
            return speaking.caller_is_silent(state, event)
        case TimerFired() if state.writing:
            return turns.take_up_what_waited(*unfinished.deadline_passed(state, event), event.at)
        case TimerFired():
            return deciding.deadline_passed(state, event)
        case Allowance():
            return replace(state, budget=state.budget.told(event.left)), []
        case Broke():
            return breaking.broke(state, event)
        case CallEnded():
            return turns.ended(state)
        case _:
            assert_never(event)
