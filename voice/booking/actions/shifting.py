"""A whole trip that is moved by weeks: "the week after, same days", "the whole trip two weeks earlier"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.dates.words import NUMBER, count_of
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.spotting import spot
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_WHOLE = Wording(
    r"\bsame (?:week)?days\b|\b(?:both|all)(?: of)?(?: the| my| our| them)?(?: flights| ways| days| dates)?\b|"
    r"\b(?:the )?(?:whole|entire) (?:trip|thing)\b|\beverything\b"
)
"""What says that every flight of the trip is meant."""
_SAME_DAY = Wording(r"\bsame (?:week)?day\b")
_WEEKS = re.compile(
    rf"(?:(?:the|(?P<n>{NUMBER})) )?weeks? "
    r"(?P<way>later|after(?:wards?)?(?: that)?|on|earlier|before(?: that)?|sooner)|"
    r"(?:the )?(?:following|next) week",
    re.IGNORECASE,
)
_BACK = ("earlier", "before", "sooner")
_READS = frozenset({"search", "clarify", "chat", "change", "book"})


def moved_by_weeks(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search for every flight of the trip that was read back, so many weeks on; else what was read."""
    text, pending, search = turn.reading.text, dialogue.pending, dialogue.search
    if pending is None or not isinstance(pending.write, BookTrip) or search is None:
        return actions
    flights = pending.write.trip.legs
    if not (_WHOLE.search(text) or (len(flights) == 1 and _SAME_DAY.search(text))):
        return actions
    found = [action for action in actions if action.name != "confirm"]
    days = [span.text for span in spot(text) if span.kind == "date" and not _SAME_DAY.search(span.text)]
    weeks = _WEEKS.fullmatch(days[0]) if len(days) == 1 else None
    if weeks is None or len(legs_said(search)) != len(flights):
        return actions
    if any(action.name not in _READS or "code" in action.args for action in found):
        return actions
    later = timedelta(weeks=count_of(weeks["n"] or "a"))
    later = -later if (weeks["way"] or "").split(" ")[0].casefold() in _BACK else later
    more = next((dict(action.args) for action in found if action.name == "search"), {})
    hours = [str(leg["time"]) for action in found for leg in legs_said(action) if leg.get("time")]
    hour = {"time": hours[0]} if len(hours) == len(flights) == 1 else {}
    legs = [{"date": (flight.departs.date() + later).isoformat(), **hour} for flight in flights]
    rest = [action for action in actions if action.name == "confirm"]
    return [*rest, Action("search", {**more, "legs": legs})]
