"""How many people fly, where a turn tells it in words: "with my wife and our daughter", "my girlfriend comes along".

A party that is told in pieces never gets smaller by itself: whoever is named beside those known is added to them, and
what can't be counted for certain is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.dialogue import BookingDialogue
from voice.booking.itinerary.riders import riders
from voice.booking.offers.resolving import counted
from voice.booking.spotting import spot
from voice.booking.text.amounts import resolve_count
from voice.booking.text.people import count_people, is_several
from voice.booking.text.wording import Wording
from voice.booking.wishes.companions import come_along
from voice.cascade.words import Action

UNCOUNTED = "all of us"
"""A party of whom only some are known: there is no number in it, so it is asked for."""
_CALLER = re.compile(r"\b(?:I|me|myself|us|we|both)\b", re.IGNORECASE)
_WITH = Wording(r"\b(?:with|bringing|taking|accompanied by|joined by)\s+$")
_FLIES_WITH = Wording(
    r"\b(?:travel(?:l?ing)?|fly(?:ing)?|go(?:ing)?|com(?:e|ing)|be(?:ing)?|i'm|i am) (?:with|bringing|taking)\s+$"
)
_MEETS = Wording(
    r"\b(?:meet(?:s|ings?)?|lunch|dinner|breakfast|drinks?|coffee|appointments?|interviews?|calls?|talk(?:s|ing)?|"
    r"speak(?:ing)?|stay(?:s|ing)?|liv(?:e|es|ing)|be(?:ing)?|tim(?:e|es)|christmas|thanksgiving|easter|new year|"
    r"holidays?|weekend|days?|weeks?|celebrat\w+|work(?:s|ing)?|conference|check(?:ing)?|discuss\w*|reunion|wedding|"
    r"party|deal|game|date|spoke|talked|problems?|issues?|agreed?|okay|fine|catch up|hang out|negotiat\w+) "
    r"(?:up |in [A-Z]\w+ )?with\s+$",
)
"""Before those whom the caller is with, or asks, and does not fly with."""
_CHILDREN = Wording(
    r"\s+(?:other |small |little |young |more )?"
    r"(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|infants?|others|more|friends?|colleagues?)\b"
)
_WHOLE = re.compile(
    r"(?:all |the |just |us )*\w+(?: (?:of us|people|persons?|passengers?|tickets?|seats?))?", re.IGNORECASE
)
_RELATIVES = re.compile(r"\b(?:my|our|his|her|friends?|colleagues?|kids|children|others)\b", re.IGNORECASE)
_SOME = Wording(
    r"\b(?:with|bringing|taking) "
    r"(?P<who>(?:my|our|the) (?:\w+ )?(?:kids|children|boys|girls|twins|baby|toddler|infant))\b"
)
_SETS = Wording(
    r"\b(?:for|just|only|be|it's|we're|we are|make it|make that|tickets?|seats?|book|add|plus)\b(?: \w+)?\s+$"
)
"""Before a party that is told as all of it."""


@dataclass(frozen=True, slots=True)
class _Party:
    """A stretch of a turn that tells who flies. ``total`` where it is a number of all of them."""

    text: str
    start: int
    end: int
    total: bool


def whole_party(turn: Turn, dialogue: BookingDialogue, action: Action) -> Action:
    """Give an action with the party of each search in it as it is: also of one that is only to be said back."""
    if action.name != "clarify" or not action.args.get("actions"):
        return _with_party(turn, dialogue, action)
    read = [_with_party(turn, dialogue, Action.from_dict(one)).as_dict() for one in action.args["actions"]]
    return Action("clarify", {**action.args, "actions": read})


def _with_party(turn: Turn, dialogue: BookingDialogue, action: Action) -> Action:
    """Give a search with its party as it is with the caller and with those known before, where a turn tells of it."""
    if action.name != "search":
        return action
    action = _without_shared_riders(action)
    text, pax = turn.reading.text, str(action.args.get("pax") or "")
    known, before = known_party(dialogue)
    said = _chosen(text, pax)
    if more := come_along(text):
        if said is None or said.text in more or more in said.text:
            return _for(action, _added(more, known))
        return _for(action, said.text) if pax else action
    if said is None or said.total:
        told = pax or any(counted(leg.get("who")) for leg in legs_said(action))
        if said is not None and (pax or (not told and legs_said(action))):
            return _for(action, said.text)
        if not told and not said and known == 1 and (some := _SOME.search(text)) and not _met(text, some.start("who")):
            return _for(action, f"with {some['who']}")
        return action
    if _met(text, said.start):
        return Action("search", {key: value for key, value in action.args.items() if key != "pax"})
    if not pax and not legs_said(action):
        return action
    if any(counted(leg.get("who")) for leg in legs_said(action)):
        return action
    caller = bool(_CALLER.search(said.text))
    if not caller and _in_company(text, said):
        whole = resolve_count(f"with {said.text}")
        again = before and (said.text.casefold() in before.casefold() or (_is_bare(before) and whole == known))
        return _for(action, before if again else f"with {said.text}" if known == 1 else UNCOUNTED)
    many = resolve_count(said.text)
    if not caller and dialogue.asked and dialogue.asked.argument == "pax" and re.search(r"\b(?:my|our)\b", said.text):
        return _for(action, UNCOUNTED)  # "How many of you?" "My wife and two kids."
    if not caller and known and many and many < known and not _SETS.search(text[: said.start]):
        return Action("search", {key: value for key, value in action.args.items() if key != "pax"})
    return _for(action, said.text)


def _is_bare(pax: str) -> bool:
    """Whether a party is only a number, so that a list of as many people may be the same ones."""
    return not re.search(r"\b(?:my|our|and|with|me|I)\b", pax)


def known_party(dialogue: BookingDialogue) -> tuple[int | None, str]:
    """Give how many fly as far as told, 1 before it was, None where they can't be counted; and the words for it."""
    search = dialogue.asked.action if dialogue.asked else dialogue.search
    if search is None or search.name != "search":
        return 1, ""
    pax = str(search.args.get("pax") or "")
    riding = max([counted(leg.get("who")) or 1 for leg in legs_said(search)], default=1)
    many = resolve_count(pax) if pax else riding
    return (max(many, riding) if many else None), pax


def kept_party(dialogue: BookingDialogue, search: Action, text: str) -> Action:
    """Give a trip that is told anew to the party that it was sought for, unless it says who flies.

    Flights of a trip whose flights not all fly keep those who fly them.
    """
    many, before = known_party(dialogue)
    told = search.args.get("pax") or any(leg.get("who") for leg in legs_said(search))
    if told or many == 1 or any(span.kind == "person" for span in spot(text)):
        return search
    riders = {_ends(leg): leg.get("who") for leg in legs_said(dialogue.search)} if dialogue.search else {}
    legs = legs_said(search)
    if any(riders.values()) and legs and all(riders.get(_ends(leg)) for leg in legs):
        return Action("search", {**search.args, "legs": [{**leg, "who": riders[_ends(leg)]} for leg in legs]})
    return _for(search, before if resolve_count(before) == many else str(many) if many else before)


def _ends(leg: Mapping[str, Any]) -> tuple[str, str]:
    return str(leg.get("from") or "").casefold(), str(leg.get("to") or "").casefold()


def _added(more: str, known: int | None) -> str:
    many = count_people(more)
    return str(known + many) if known and many else UNCOUNTED


def _for(action: Action, pax: str) -> Action:
    """Put the party of a search; who flies a leg of a trip that all fly together is the same people."""
    legs = legs_said(action)
    args = {**action.args, "pax": pax}
    if len(legs) == 1 and "who" in legs[0]:
        args["legs"] = [{key: value for key, value in legs[0].items() if key != "who"}]
    return Action("search", args)


def _without_shared_riders(action: Action) -> Action:
    """Take those who fly each leg as the party: only of a trip whose legs differ is "who" said of one of them."""
    legs = legs_said(action)
    whos = {str(leg.get("who") or "") for leg in legs}
    who = next(iter(whos), "")
    if len(whos) != 1 or not who or not (resolve_count(who) or is_several(who)):
        return action
    bare: Sequence[Mapping[str, Any]] = [{key: value for key, value in leg.items() if key != "who"} for leg in legs]
    return Action("search", {"pax": who, **action.args, "legs": bare})


def _chosen(text: str, pax: str) -> _Party | None:
    """Give the stretch that tells the party: the list that a reading took a part of, or the number of them all."""
    spans = [span for span in spot(text) if (span.kind, span.name) == ("count", "passengers")]
    found = [_Party(span.text, span.start, span.end, _is_total(text, span.text, span.end)) for span in spans]
    totals, lists = [one for one in found if one.total], [one for one in found if not one.total]
    if pax and not any(_holds(one.text, pax) for one in found):
        match = re.search(rf"\b{re.escape(pax)}\b", text, re.IGNORECASE)
        return _Party(match[0], match.start(), match.end(), _is_total(text, pax, match.end())) if match else None
    if pax:
        lists = [one for one in lists if _holds(one.text, pax)] or lists
        found = [one for one in found if _holds(one.text, pax)]
    elif (len({resolve_count(one.text) for one in found}) > 1 and not totals) or riders(text, spot(text)):
        return None
    if len(totals) == 1 and lists:
        whole, listed = resolve_count(totals[0].text) or 0, resolve_count(lists[0].text)
        if listed is None or whole >= listed:
            return totals[0]
        return _Party(UNCOUNTED, totals[0].start, totals[0].end, total=True)  # "two of us, with our three kids"
    return found[-1] if found else None


def _holds(whole: str, part: str) -> bool:
    return bool(re.search(rf"\b{re.escape(part)}\b", whole, re.IGNORECASE))


def _is_total(text: str, said: str, end: int) -> bool:
    """Whether words are a number of all who fly: "four", "three of us", "five people", and not "two kids"."""
    number = _WHOLE.fullmatch(said)
    return bool(number and resolve_count(said)) and not (_CHILDREN.match(text, end) or _CHILDREN.search(said))


def _in_company(text: str, said: _Party) -> bool:
    """Whether the caller says of these that they fly with them."""
    if not _WITH.search(text[: said.start]):
        return False
    return bool(
        _RELATIVES.search(said.text) or _CHILDREN.match(text, said.end) or _FLIES_WITH.search(text[: said.start])
    )


def _met(text: str, start: int) -> bool:
    return bool(_MEETS.search(text[:start]))
