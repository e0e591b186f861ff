"""What cancelling would come to, told without a question: a yes to it asks for the cancellation, and does none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.turn import Step, Turn
from voice.booking.dialogue import BookingDialogue, CancelBooking
from voice.booking.talk.inquiries import inquiries
from voice.booking.text.wording import Wording
from voice.cascade.words import Action, Outcome

_THAT = Wording(r"\b(?:that|it|this) take\b")
_READS = ("repeat", "lookup", "chat", "clarify", "policy")


def refund_time(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Tell how long a refund takes, where "How long does that take?" is said of a cancellation; None elsewhere."""
    write = dialogue.pending.write if dialogue.pending else dialogue.done
    if not (isinstance(write, CancelBooking) or dialogue.quoted) or dialogue.search is not None:
        return None
    text = turn.reading.text
    if inquiries(text) != ("duration",) or not _THAT.search(text) or not all(one.name in _READS for one in actions):
        return None
    say, facts = turn.policy.answer("refunds")
    told = [sentence for sentence in say if "days" in sentence] or [*say]
    return Step(dialogue, tuple(told), facts=tuple(f for f in facts if f in " ".join(told)), data={"about": ["refund"]})


def taken_up(dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the cancellation that a yes asks for right behind its sum; what was said else stays as it is."""
    if not dialogue.quoted or dialogue.pending or dialogue.asked or any(one.name == "cancel" for one in actions):
        return actions
    cancel = Action("cancel", {"code": dialogue.quoted})
    return [cancel if one.name == "confirm" and one.args.get("answer") == "yes" else one for one in actions]


def with_quoted(outcome: Outcome) -> Outcome:
    """Remember the booking whose refund was just told, where nothing was asked that a yes would answer."""
    dialogue = outcome.dialogue
    told = any("refund" in (one.get("about") or ()) for one in outcome.data)
    if not isinstance(dialogue, BookingDialogue):
        return outcome
    if dialogue.quoted:
        dialogue = replace(dialogue, quoted="")
        outcome = replace(outcome, dialogue=dialogue)
    if not told or not dialogue.bookings:
        return outcome
    if dialogue.pending or dialogue.asked or dialogue.search or isinstance(dialogue.done, CancelBooking):
        return outcome
    return replace(outcome, dialogue=replace(dialogue, quoted=dialogue.bookings[-1]))
