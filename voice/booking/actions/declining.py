"""What the desk can't do, told as that, with who can; complaints; and a yes that has a condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voice.booking.actions.turn import Step, Turn, with_colleague
from voice.booking.airline.bookings import load_booking
from voice.booking.dialogue import COLLEAGUE, AddBags, BookingDialogue, CancelBooking, ChangeLeg, Proposal
from voice.booking.offers.speech import Teller
from voice.booking.offers.terms import price
from voice.booking.talk.aftertalk import asks_why, cannot, flies, is_conditional, is_upset
from voice.booking.talk.answers import answer_of, has_answer
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_READS = frozenset({"repeat", "chat", "policy", "clarify", "lookup", "bags", "cancel", "confirm"})
_OFF = ("chat", "clarify", "bags", "cancel", "policy")
_ASKING = ("repeat", "chat", "policy", "clarify", "lookup")


_FEE = Wording(r"\b(?:fees?|charg\w+|penalt\w+)\b")
_RULE_OF: Mapping[type, str] = {CancelBooking: "cancellation", ChangeLeg: "changes", AddBags: "baggage"}
"""The topic of the rules that a proposal's fee comes from."""


def declined(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that asks for what the desk can't do, or that complains; None if it does neither."""
    text = turn.reading.text
    if not text or any("code" in action.args for action in actions):
        return None
    if not all(action.name in _READS or action.name == "search" for action in actions):
        return None
    wants = cannot(text)
    if "send" in wants and all(action.name in _ASKING for action in actions):
        return _cant_send(dialogue)
    off = "bags_off" in wants or ("bag_off" in wants and _added_bags(dialogue))
    if off and dialogue.pending is None and all(action.name in _OFF for action in actions):
        return with_colleague(dialogue, "I can only add bags, and a colleague can take them off.")
    if "elsewhere" in wants and not flies(text) and all(_is_loose(action) for action in actions):
        return Step(dialogue, ("I only book flights, no hotels, cars or trains.",))
    if "revive" in wants and dialogue.pending is None and _is_cancelled(turn, dialogue):
        return Step(dialogue, ("A cancelled booking can't be brought back.", "I can find you a new flight, though."))
    soft = all(action.name in ("chat", "clarify", "policy") for action in actions)
    if soft and dialogue.pending and ("waive" in wants or is_upset(text) or asks_why(text)):
        return _stands(turn, dialogue, dialogue.pending, wants)
    if soft and "waive" in wants:
        return with_colleague(dialogue, "I can't waive or lower fees.")
    return with_colleague(dialogue, "I'm sorry about that.") if is_upset(text) and soft else None


def _added_bags(dialogue: BookingDialogue) -> bool:
    """Whether bags for the latest booking are what was written last."""
    done = dialogue.done
    return isinstance(done, AddBags) and done.locator == dialogue.bookings[-1]


def _stands(turn: Turn, dialogue: BookingDialogue, proposal: Proposal, wants: Sequence[str]) -> Step:
    """Tell a caller who is unhappy with a sum what it is made of, and one who asks why there is a fee its rule."""
    teller, text = Teller(), turn.reading.text
    of_fee = isinstance(proposal.write, CancelBooking) or bool(_FEE.search(text))
    rule = _RULE_OF.get(type(proposal.write), "") if of_fee and asks_why(text) else ""
    if rule and not is_upset(text) and "waive" not in wants:
        (say, *_), facts = turn.policy.answer(rule)
        told = tuple(fact for fact in facts if fact in say)
        return Step(
            dialogue, (f"That's our rule: {say[0].lower() if say[0].isalpha() else say[0]}{say[1:]}",), facts=told
        )
    sorry = ("I can't waive or lower fees.",) if "waive" in wants else ()
    sorry = sorry or (("I'm sorry about that.",) if is_upset(text) else ())
    return Step(dialogue, (*sorry, price(proposal.write, teller)), facts=teller.facts, data={"about": ["price"]})


def _is_loose(action: Action) -> bool:
    """Whether an action holds nothing that the desk could do, at most a place."""
    if action.name == "search":
        return action.args.keys() <= {"legs"} and all(
            leg.keys() <= {"to", "date"} for leg in action.args.get("legs") or ()
        )
    return action.name in ("chat", "clarify") or (action.name == "policy" and action.args.get("topic") == "other")


def conditional(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Tell what a proposal comes to again where a yes has a condition: it approves nothing. None if it has none."""
    text, pending = turn.reading.text, dialogue.pending
    unread = all(action.name in ("clarify", "chat", "repeat") for action in actions)
    if pending is None or not unread or not is_conditional(text) or answer_of(text)[0]:
        return None
    if not has_answer(text) and not text.casefold().lstrip().startswith(("only", "if", "as long")):
        return None
    teller = Teller()
    return Step(dialogue, (price(pending.write, teller),), facts=teller.facts, data={"about": ["price"]})


def without_old_offer(dialogue: BookingDialogue, actions: Sequence[Action]) -> BookingDialogue:
    """Forget a colleague who was offered once the caller goes on to something else."""
    asked = dialogue.asked
    offered = asked is not None and asked.guess == COLLEAGUE and asked.argument == "request"
    answers = any(action.name in ("confirm", "clarify", "repeat", "chat") for action in actions) or not actions
    return replace(dialogue, asked=None) if offered and not answers else dialogue


def _cant_send(dialogue: BookingDialogue) -> Step:
    teller = Teller()
    code = f"All you need is your code, {teller.code(dialogue.bookings[-1])}." if dialogue.bookings else ""
    say = ("I can't send anything from here.", code) if code else ("I can't send anything from here.",)
    return Step(dialogue, say, facts=teller.facts)


def _is_cancelled(turn: Turn, dialogue: BookingDialogue) -> bool:
    if not dialogue.bookings:
        return False
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    return booking is not None and booking.cancelled
