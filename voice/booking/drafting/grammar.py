"""What a tier may answer with, built anew for each turn: what was not heard cannot be said.

The wire form is terse, since every token costs time: the first key of an action is its name and holds its main
argument, ``{"do":[{"search":[{"from":"Boston","to":"Denver"}],"nonstop":true}]}``. `parse` gives actions of the
vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from voice.booking.context import TurnContext
from voice.booking.drafting.leg_grammar import legs_schema
from voice.booking.drafting.open_grammar import ALL_TOPICS, MISSING, open_schema
from voice.booking.drafting.sayable import Sayable, closed, unique
from voice.booking.drafting.wire import MAIN, notation, parse, wire
from voice.booking.reading.renewing import names_the_old
from voice.booking.talk.courtesies import asks_again, wants_person
from voice.booking.talk.topics import OTHER
from voice.booking.wishes import cues
from voice.cascade.words import Action, Reading

__all__ = ["MAIN", "notation", "parse", "turn_schema", "wire"]

_CONDITION = re.compile(r"\b(?:or|if|otherwise|failing|alternativ\w+|backup|second choice)\b", re.IGNORECASE)


def turn_schema(reading: Reading, context: TurnContext, *, fine_tuned: bool = False) -> dict[str, Any]:
    """Give this turn's schema. Pure and quick. A fine-tuned model is held to the vocabulary only: see `open_schema`."""
    if fine_tuned:
        return open_schema(reading.text)
    turn = Sayable(reading, context)
    names = _candidates(turn)
    actions = reading.actions or ()
    if len(actions) > 1:
        extra = [name for name in names if name not in {action.name for action in actions}]
        places = [
            _either([action.name, *extra], turn, but=actions[:index] + actions[index + 1 :])
            for index, action in enumerate(actions)
        ]
        do = {"type": "array", "prefixItems": places, "items": False, "minItems": len(places), "maxItems": len(places)}
    else:
        do = {"type": "array", "items": _either(names, turn), "minItems": 1, "maxItems": 1}
    return {"type": "object", "properties": {"do": do}, "required": ["do"], "additionalProperties": False}


def _either(names: Sequence[str], turn: Sayable, *, but: Sequence[Action] = ()) -> dict[str, Any]:
    """Give the schema of one of these actions. ``but`` are those of the list's other places."""
    other = {str(action.args.get("topic")) for action in but if action.name == "policy"}
    options = [_action_schema(name, turn, alone=len(names) == 1 and not but, other=other) for name in names]
    return options[0] if len(options) == 1 else {"anyOf": options}


def _candidates(turn: Sayable) -> list[str]:
    """Give the actions that the turn gives any cause for; all of them where it gives none."""
    names = [action.name for action in turn.reading.actions or ()]
    kinds = {span.kind for span in turn.spans if (span.kind, span.name) != ("count", "bags")} - {"person"}
    hints = {name for name, pattern in cues.INTENTS.items() if pattern.search(turn.text)}
    hints |= {name for name, asks in (("repeat", asks_again), ("handoff", wants_person)) if asks(turn.text)}
    if turn.answers:
        hints.add("confirm")
    if (turn.topics or OTHER.search(turn.text)) and (cues.QUESTION.search(turn.text) or not names):
        hints.add("policy")
    if kinds & {"place", "date", "price"} or (turn.context.searching and kinds):
        hints.add("search")
    if "code" in kinds and not hints & {"change", "cancel", "bags"}:
        hints.add("lookup")
    if turn.context.bookings and kinds & {"date", "time", "cabin"}:
        hints.add("change")
    hints -= _groundless(turn, hints, kinds, names)
    if turn.context.asked == "offer" and turn.offers:
        hints.add("book")
    found = [name for name in MAIN if name in hints or name in names]
    vague = found == ["search"] and not kinds and not cues.NONSTOP.search(turn.text)
    vague = vague or (found == ["chat"] and not turn.reading.certain)  # off the topic, or not understood
    if found and not vague:
        return found
    unfit = {
        "clarify",
        *(() if turn.answers else ("confirm",)),
        *(() if turn.context.offers and turn.offers else ("book",)),
    }
    return [name for name in MAIN if name not in unfit]


def _groundless(turn: Sayable, hints: set[str], kinds: set[str], names: Sequence[str]) -> set[str]:
    """Give the hints that more particular ones take the ground from."""
    gone: set[str] = set()
    if not (turn.context.offers and turn.offers):
        gone.add("book")
    if "policy" in names and not {"cancel", "change"} & {*names}:
        gone |= (
            {"cancel", "change"} if cues.HYPOTHETICAL.search(turn.text) or cues.RULE_WORDS.search(turn.text) else set()
        )
    elsewhere = hints & {"policy", "lookup", "cancel", "change", "book", "bags"} - gone
    if "search" not in names and not kinds & {"place", "date"} and elsewhere and not turn.context.searching:
        gone.add("search")
    if "change" in names and "search" not in names and sum(span.kind == "place" for span in turn.spans) < 2:
        gone.add("search")
    if "bags" not in names and not turn.said("count"):
        gone.add("bags")
    if "book" in names and not kinds & {"place", "date"}:
        gone |= {"search", "change"}
    if "handoff" in names or ([*names] == ["confirm"] and not kinds):
        gone |= hints - {"confirm"}
    return gone - {*names}


def _action_schema(name: str, turn: Sayable, *, alone: bool, other: set[str]) -> dict[str, Any]:
    codes = turn.said("code")
    code = {"enum": codes or [""]}
    by_rule = [action for action in turn.reading.actions or () if action.name == name]
    match name:
        case "search":
            return _search_schema(turn)
        case "book":
            return closed({"book": {"enum": turn.offers}})
        case "lookup":
            return closed({"lookup": code})
        case "change" | "cancel":
            fields: dict[str, Any] = {name: code}
            required = [name]
            if turn.legs:
                fields["leg"] = {"enum": turn.legs}
            if name == "change":
                fields |= _news(turn)
            if alone or by_rule:
                sure = by_rule[0].args if by_rule else fields
                required += [key for key in fields if key != name and key in sure]
            return closed(fields, required)
        case "bags":
            counts = turn.said("count", "bags") or turn.said("count") or turn.numbers
            fields = {"bags": {"enum": counts or [""]}}
            return closed(
                fields | ({"code": {"enum": codes}} if codes else {}), ["bags", *(["code"] if codes and alone else [])]
            )
        case "policy":
            topics = [*turn.topics, *(["other"] if OTHER.search(turn.text) else [])]
            return closed({"policy": {"enum": [topic for topic in topics if topic not in other] or list(ALL_TOPICS)}})
        case "confirm":
            return closed({"confirm": {"enum": turn.answers or ["yes", "no"]}})
        case "clarify":
            return closed({"clarify": {"enum": list(MISSING)}})
        case _:
            return closed({name: {"const": True}})


def _news(turn: Sayable) -> dict[str, Any]:
    """Give what a change may set, in the order of the wire."""
    fields: dict[str, Any] = {}
    for key in ("date", "time"):
        said = [span.text for span in turn.spans if span.kind == key]
        new = [span.text for span in turn.spans if span.kind == key and not names_the_old(turn.text, span)]
        if said:
            fields[key] = {"enum": unique(new or said)}
    for key in ("from", "to"):
        places = [span.text for span, role in turn.places if role in (key, "") and span.text not in " ".join(turn.legs)]
        if places:
            fields[key] = {"enum": unique(places)}
    if cabins := turn.said("cabin"):
        fields["cabin"] = {"enum": cabins}
    return fields


def _search_schema(turn: Sayable) -> dict[str, Any]:
    fields: dict[str, Any] = {"search": legs_schema(turn)}
    people = [span for span in turn.spans if (span.kind, span.name) == ("count", "passengers")]
    whole = unique(span.text for span in people if all(span.start != rider.start for rider in turn.riders))
    for key, said in (("pax", whole), ("cabin", turn.said("cabin")), ("max_price", turn.said("price"))):
        if said:
            fields[key] = {"enum": said}
    if cues.wants_nonstop(turn.text):
        fields["nonstop"] = {"const": True}
    if fallbacks := _fallbacks(turn):
        fields["else"] = {"enum": fallbacks}
    shared = len(turn.reading.actions or ()) > 1
    by_rule = next((action.args for action in turn.reading.actions or () if action.name == "search"), None)
    open_keys = {"pax", "cabin"} if shared else {"pax"} - by_rule.keys() if by_rule is not None else set[str]()
    return closed(fields, [key for key in fields if key not in open_keys])


def _fallbacks(turn: Sayable) -> list[str]:
    """Give what may stand for what to try otherwise: what rules found, and what is said after the condition."""
    found = next((str(a.args["fallback"]) for a in turn.reading.actions or () if "fallback" in a.args), None)
    condition = _CONDITION.search(turn.text)
    if found is None or condition is None:
        return [] if found is None else [found]
    later = [s for s in turn.spans if s.kind in ("place", "date", "time") and s.start > condition.start()]
    return unique([found, *(span.text for span in later if span.text not in found)])
