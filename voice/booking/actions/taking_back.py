"""What a turn takes back before it goes on: the proposal is off, whatever it was read as. No farewell approves one."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.turn import Turn
from voice.booking.dialogue import COLLEAGUE, AddBags, BookingDialogue, BookTrip
from voice.booking.talk.taking_back import only_leaves, takes_back, wants_no_bag
from voice.booking.talk.verdicts import verdict
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_NO, _YES = Action("confirm", {"answer": "no"}), {"answer": "yes"}
_UNREAD = frozenset({"clarify", "chat", "repeat"})
_BAGS_PRICED = Wording(
    r"\b(?:cost|price|charge|how much|what(?:'s| is| would| will))\b[^.?!]*?\b"
    r"(?P<count>(?:two|three|four|five|[2-5])"
    r"(?: (?:more|extra|additional|other|checked))*|"
    r"(?:a|one)(?= (?:\w+ )?(?:bag|suitcase)\b[^.?!]*\b(?:instead|on top|to (?:it|my|our|the|that))\b)|"
    r"(?:another|an (?:extra|additional)|one more|one extra))"
    r"(?: (?:checked|big|large))? (?:bags?|suitcases?|cases?|pieces of luggage)\b(?! (?:are|is) (?:free|included))"
)


def off_the_table(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Put a no before what a turn asks for where it begins by taking back what was proposed or asked.

    A search in the place of a search, a change in the place of a change, says by itself what holds.
    """
    text, asked = turn.reading.text, dialogue.asked
    if dialogue.pending is None and (asked is None or asked.guess == COLLEAGUE):
        return actions
    if only_leaves(text) and any(_approves(one) for one in actions):
        return [Action("chat")]
    bags = dialogue.pending is not None and isinstance(dialogue.pending.write, AddBags)
    if not (takes_back(text) or (bags and wants_no_bag(text))) or verdict(text) == "yes":
        return actions
    if any(one.name == "confirm" for one in actions):
        kept = [_NO if _approves(one) else one for one in actions]
        return [*kept, *_asked_besides(turn)] if kept == [_NO] else kept
    waits = dialogue.pending.origin.name if dialogue.pending else asked.action.name if asked else ""
    same = ("search", "book") if waits in ("search", "book") else (waits,)
    if any(one.name in (*same, "handoff") and one.args for one in actions):
        return actions
    rest = [one for one in actions if one.name not in _UNREAD] or ([] if "?" not in text else list(actions))
    return [_NO, *(one for one in rest if one.name not in ("clarify", *same) or one.args)]


def _asked_besides(turn: Turn) -> Sequence[Action]:
    """Give what the rules read in a turn that asks something, as far as it is told or quoted."""
    read = turn.reading.actions or () if "?" in turn.reading.text else ()
    return [one for one in read if one.name in ("policy", "bags", "lookup")]


def priced_bags(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the bags whose price is asked for, where there is a booking that they would be for: a quote tells it."""
    offered = dialogue.pending is not None and isinstance(dialogue.pending.write, BookTrip)
    if not dialogue.bookings or dialogue.search is not None or offered:
        return actions
    at = next((at for at, one in enumerate(actions) if one == Action("policy", {"topic": "baggage"})), None)
    asked = _BAGS_PRICED.search(turn.reading.text.replace("’", "'"))
    if at is None or asked is None or any(one.name == "bags" for one in actions):
        return actions
    return [*actions[:at], Action("bags", {"count": asked["count"]}), *actions[at + 1 :]]


def _approves(action: Action) -> bool:
    return action.name == "confirm" and action.args == _YES
