"""A booking that is only told of, with its code: it is looked up. Nothing is said of it that could be changed."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.talk import WAITS
from voice.booking.actions.turn import Step, Turn
from voice.booking.dialogue import BookingDialogue
from voice.booking.talk.taking_back import without_hold
from voice.booking.wishes import cues
from voice.cascade.words import Action

_NEWS = frozenset({"date", "time", "cabin", "to", "pax"})
"""What a booking may be changed to."""
_ACTS = ("lookup", "change", "cancel", "bags")


def told_only(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Look a booking up whose code comes with a change of nothing, with a check of one, or with what nobody made out.

    Not where the words ask for a change: then what is to be changed is asked for.
    """
    text = turn.reading.text
    if not dialogue.asked and without_hold(text) and (wish := _bare_wish(turn)):
        return [wish]  # whatever was made of it, its code comes next
    if len(actions) != 1 or dialogue.asked or dialogue.pending or not text or "?" in text or _wants(text):
        return actions
    nested = actions[0].args.get("actions") if actions[0].name == "clarify" else None
    said = [Action.from_dict(one) for one in nested] if isinstance(nested, Sequence) else [*actions]
    match said:
        case [Action("change", args)] if "code" in args and not args.keys() & _NEWS:
            code = str(args["code"])
        case [Action("clarify")] if not actions[0].args.get("because"):
            code = next((str(one.args.get("code") or "") for one in _read(turn)), "")
        case _:
            return actions
    return [Action("lookup", {"code": code})] if code and code not in dialogue.bookings else actions


def _bare_wish(turn: Turn) -> Action | None:
    """Give the one act on a booking that the rules read with certainty, without any more."""
    read = turn.reading.actions or ()
    bare = turn.reading.certain and len(read) == 1 and all(one.name in _ACTS and not one.args for one in read)
    return next(iter(read), None) if bare else None


def _read(turn: Turn) -> Sequence[Action]:
    """Give the look-up that the rules read in a turn, where they read nothing else."""
    read = turn.reading.actions or ()
    doubtful = (*turn.reading.misheard, *turn.reading.doubted)
    return read if len(read) == 1 and read[0].name == "lookup" and read[0].args.get("code") not in doubtful else ()


def _wants(text: str) -> bool:
    """Whether words ask for anything to be done with a booking."""
    acts = (*(cues.INTENTS[name] for name in ("change", "cancel", "bags")), cues.SHIFTS, cues.PLAN_FAILS, cues.INSTEAD)
    return any(one.search(text) for one in acts)


def waiting(turn: Turn, step: Step) -> Step:
    """Wait for a code that the caller goes to find, and don't ask for it."""
    if step.data.get("asked") != "code" or not step.ask or not without_hold(turn.reading.text):
        return step
    return Step(step.dialogue, (WAITS,), "", data={**step.data, "waits": True}, kind=step.kind)
