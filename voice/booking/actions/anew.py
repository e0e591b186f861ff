"""The trip of a booking that was cancelled, or is about to be, once more: "the same thing, but on Friday"."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.again import like_booking
from voice.booking.actions.confirming import is_yes
from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import Booking, known_locators, load_booking
from voice.booking.dialogue import BookingDialogue, CancelBooking
from voice.booking.places.meanings import resolve_place
from voice.booking.spotting import spot
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_SAME = Wording(
    r"\b(?:same (?:as (?:before|last time|that)|again|thing|trips?|flights?|route|journey|one|but|way|places?|cities|"
    r"for|on)|"
    r"(?:book|fly|get|do|find|take|need|want)\b[^.?!]{0,40}\b(?:again|once more)|re-?book(?:ed)?(?: it| me| that)?|"
    r"(?:just )?like (?:before|that one|the (?:old|last) one))\b"
)
_BACK = Wording(r"\b(?:back|return(?:ing)?|home)(?: flight)?(?: (?:is|be|on|for|the|then|should be))*\W*$")
_TURNS = frozenset({"change", "search", "clarify", "chat", "repeat"})


def anew(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search for the trip of a cancelled booking where a turn wants that again, else the actions as they are.

    A booking that is being cancelled can't be moved: a new day beside that, or after it, is one of a new trip.
    """
    said = turn.reading.text
    cancels = next((one for one in actions if one.name == "cancel"), None)
    locator = _cancelled(turn, dialogue, actions, cancels)
    wishes = [one for one in actions if one.name not in ("cancel", "confirm", "policy")]
    if not locator or len(wishes) != 1 or wishes[0].name not in _TURNS:
        return actions
    wish = wishes[0]
    if str(wish.args.get("code") or locator) != locator:
        return actions
    dates = [span for span in spot(said) if span.kind == "date"]
    moved = wish.name == "change" and bool(wish.args.get("date"))
    if not moved and not _SAME.search(said):
        return actions
    booking = turn.store.read(lambda session: load_booking(session, locator))
    if booking is None or not _goes_there(booking, wish, dialogue):
        return actions
    search = _like(turn, dialogue, booking, dates, wish)
    return [search if one is wish else one for one in actions]


def _cancelled(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action], cancels: Action | None) -> str:
    """Give the booking that was cancelled last, or is by this very turn; ``""`` if none is."""
    if cancels is not None:
        code = str(cancels.args.get("code") or "")
        return code if code in turn.store.read(known_locators) else ""
    write = dialogue.pending.write if dialogue.pending else None
    if isinstance(write, CancelBooking):
        return write.locator if any(is_yes(one) for one in actions) else ""
    done = dialogue.done
    latest = dialogue.bookings[-1] if dialogue.bookings else ""
    return done.locator if write is None and isinstance(done, CancelBooking) and done.locator == latest else ""


def _goes_there(booking: Booking, wish: Action, dialogue: BookingDialogue) -> bool:
    """Whether the places of a wish, as far as it names any, are those of the booking."""
    asked = dialogue.asked.action if dialogue.asked and dialogue.asked.action.name == "search" else None
    legs = [*legs_said(wish), *(legs_said(asked) if asked else ())] or [wish.args]
    ends = {end for one in booking.legs for end in (one.leg.origin, one.leg.destination)}
    said = [str(leg[key]) for leg in legs for key in ("from", "to") if leg.get(key)]
    places = [resolve_place(one) for one in said if one not in ("back", "home")]
    return all(place is not None and ends & set(place.airports) for place in places)


def _like(turn: Turn, dialogue: BookingDialogue, booking: Booking, dates: Sequence[Span], wish: Action) -> Action:
    said, asked = turn.reading.text, dialogue.asked
    back = [one for one in dates if _BACK.search(said[: one.start])]
    out = [one.text for one in dates if one not in back]
    if not out and asked and asked.action.name == "search":
        out = [str(leg["date"]) for leg in legs_said(asked.action)[:1] if leg.get("date")]
    many = next((one.text for one in spot(said) if (one.kind, one.name) == ("count", "passengers")), "")
    search = like_booking(turn, booking, len(booking.passengers), out[0] if out else "")
    legs = [dict(leg) for leg in legs_said(search)]
    if not out:
        for leg in legs:
            del leg["date"]  # what is to be otherwise is the day
    later = back[0].text if back else out[1] if len(out) > 1 else ""
    if later and len(legs) > 1:
        legs[-1] = {**legs[-1], "date": later}
    elif later:
        legs.append({"from": legs[0]["to"], "to": legs[0]["from"], "date": later})
    more = {key: wish.args[key] for key in ("cabin", "max_price", "nonstop") if wish.args.get(key)}
    hour = wish.args.get("time") or next((leg.get("time") for leg in legs_said(wish)), "")
    if hour:
        legs[0]["time"] = str(hour)
    return Action("search", {**search.args, **more, "legs": legs, **({"pax": many} if many else {})})
