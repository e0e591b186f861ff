"""What a draft leaves out of a change that rules read, or says in words of its own, taken from the rules' reading.

Taught models drop the day of a change, or put it where the flight is named. What they say beyond that stays, and all of
it is read back before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.dates.times import resolve_time_window
from voice.booking.places.finding import find_places
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.cascade.words import Action, Reading

_NEWS = ("date", "time")
_NAMES_WAY = Wording(
    r"\b(?:return(?:ing)?|back|home|inbound|outbound|outgoing|onward|going|go|out|there|first|second|third|fourth|fifth|"
    r"last|final|middle|other|both|all|each|every|connecting|whole|everything|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
)
_TO_DAY = Wording(r"\bto the \w+(?:st|nd|rd|th|first|second|third)\b")
_WAY_HOME = Wording(r"\b(?:return(?:ing)?|home|inbound|way back|flight back)\b")
_IDLE_WORDS = "a an bit flight flights half leg my one our part portion segment that the this to trip way"
_IDLE = frozenset(_IDLE_WORDS.split())
_WORD = re.compile(r"[^\W_][\w'’-]*")


def borrowed(actions: Sequence[Action], reading: Reading) -> tuple[Action, ...]:
    """Give a draft with what rules read of the same change, cancellation or refined search."""
    rules = reading.actions or ()
    if _takes_back_too_much(actions, reading):
        return tuple(rules)
    actions = [_as_change(action, actions, rules) for action in actions]
    return tuple(_joined(action, actions, rules) for action in actions)


def _takes_back_too_much(actions: Sequence[Action], reading: Reading) -> bool:
    """Whether a draft only declines what is put right: "No, I said the nineteenth."."""
    rules = reading.actions or ()
    declines = [(action.name, action.args.get("answer")) for action in actions] == [("confirm", "no")]
    change = _only("change", rules) if len(rules) == 1 else None
    news = change is not None and any(change.args.get(key) for key in _NEWS)
    return declines and news and bool(cues.CORRECTS.match(reading.text))


def _as_change(action: Action, actions: Sequence[Action], rules: Sequence[Action]) -> Action:
    """Give a search that names no place as the change that rules read in its stead."""
    legs = action.args.get("legs") or ()
    bare = action.name == "search" and len(legs) <= 1 and not action.args.keys() - {"legs", "cabin", "nonstop"}
    placed = any({"from", "to", "who"} & leg.keys() for leg in legs)
    other = _only("change", actions) or _only("search", rules) or not _only("change", rules)
    if not bare or placed or other:
        return action
    cabin = {"cabin": action.args["cabin"]} if "cabin" in action.args else {}
    return Action("change", {**(legs[0] if legs else {}), **cabin})


def _joined(action: Action, actions: Sequence[Action], rules: Sequence[Action]) -> Action:
    known = _only(action.name, rules)
    if known is None or _only(action.name, actions) is None:
        return action
    others = " ".join(_values(one) for one in actions if one is not action)
    match action.name:
        case "change":
            args = _with_ends(_with_leg(action.args, known.args), known.args)
            return Action("change", _with_news(args, known.args, others))
        case "cancel":
            return Action("cancel", _with_leg(action.args, known.args))
        case "search":
            return _refined(action, known, others)
        case _:
            return action


def _refined(action: Action, known: Action, others: str) -> Action:
    """Give a search of one flight that says no place, with the day and the time that were said of it."""
    ours, theirs = action.args.get("legs") or (), known.args.get("legs") or ()
    if len(ours) != 1 or len(theirs) != 1 or any(_goes_somewhere(leg) for leg in (*ours, *theirs)):
        return action
    return Action("search", {**action.args, "legs": [_with_news(ours[0], theirs[0], others)]})


def _goes_somewhere(leg: Mapping[str, Any]) -> bool:
    return bool(leg.get("from")) or leg.get("to") not in (None, "back", "home")


def _with_news(said: Mapping[str, Any], known: Mapping[str, Any], others: str) -> dict[str, Any]:
    """Give a flight with the day and the time that it leaves out, unless they stand elsewhere in the draft."""
    args = dict(said)
    used = f"{others} {' '.join(str(value) for value in said.values())}".casefold()
    for key in _NEWS:
        read, own = str(known.get(key) or ""), str(args.get(key) or "")
        if read and (_means(key, own, read) if own else read.casefold() not in used):
            args[key] = read
    return args


def _means(key: str, own: str, read: str) -> bool:
    """Whether a draft's words are the rules' in other ones, or a part of them, or have the nonstop with them."""
    small, large = own.casefold(), read.casefold()
    if " or " in large and small in large:
        return True
    plain = " ".join(cues.NONSTOP.sub(" ", small).split())
    return key == "time" and (window := resolve_time_window(plain)) is not None and window == resolve_time_window(large)


def _with_leg(said: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    args, own, read = dict(said), str(said.get("leg") or ""), str(known.get("leg") or "")
    if own and not (_NAMES_WAY.search(_TO_DAY.sub(" ", own)) or find_places(own)):
        own = ""
        del args["leg"]
    if read and (not own or (_content(own, known) <= _content(read, {}) and _way(own) <= _way(read))):
        args["leg"] = read
    return args


def _with_ends(said: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Give a change with the two ends that it leaves out, and no more than the place where one has other words too."""
    args = dict(said)
    ends = {key: str(known.get(key) or "") for key in ("from", "to")}
    if all(ends.values()) and not {"leg", "from", "to"} & args.keys():
        return {**args, **ends}
    for key, read in ends.items():
        if read and str(args.get(key) or "").casefold().startswith(f"{read.casefold()} "):
            args[key] = read
    return args


def _content(leg: str, known: Mapping[str, Any]) -> set[str]:
    """Give the words that choose a leg, without those that rules read as the new time of the change."""
    words = _WORD.findall(_WAY_HOME.sub("back", leg).casefold())
    return {*words} - _IDLE - {*_WORD.findall(str(known.get("time") or "").casefold())}


def _way(leg: str) -> set[str]:
    """Give whether a place that names a leg is its start or its end, as far as that was said."""
    return {*_WORD.findall(leg.casefold())} & {"from", "to"}


def _only(name: str, actions: Sequence[Action]) -> Action | None:
    found = [action for action in actions if action.name == name]
    return found[0] if len(found) == 1 else None


def _values(action: Action) -> str:
    legs = action.args.get("legs") or ()
    said = [*(value for leg in legs for value in leg.values()), *action.args.values()]
    return " ".join(value for value in said if isinstance(value, str)).casefold()
