"""The JSON that a tier may answer with, built anew for each turn: what was not heard cannot be said.

The wire form is terse, since every token costs time: the first key of an action is its name and holds its main
argument, ``{"do":[{"search":[{"from":"Boston","to":"Denver"}],"nonstop":true}]}``. `parse` gives actions of the
vocabulary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voice.booking import cues
from voice.booking.context import TurnContext
from voice.booking.courtesies import asks_again, wants_person
from voice.booking.itinerary import BACK, chained, is_celebrated, riders, ways_back
from voice.booking.replies import answers_heard
from voice.booking.roles import role_of
from voice.booking.rules import cabin_of, names_the_old
from voice.booking.spans import Span
from voice.booking.spotting import spot
from voice.booking.topics import TOPICS
from voice.cascade.words import Action, Reading

MAIN: Mapping[str, str] = {
    "search": "legs",
    "book": "offer",
    "lookup": "code",
    "change": "code",
    "cancel": "code",
    "bags": "count",
    "policy": "topic",
    "confirm": "answer",
    "clarify": "missing",
    "repeat": "",
    "chat": "",
    "handoff": "",
}
"""Every action, and the argument that stands behind its name on the wire."""

ALL_TOPICS = (*TOPICS, "other")
MISSING = ("from", "to", "date", "time", "pax", "code", "count", "offer", "topic")
_FREE: dict[str, Any] = {"type": "string"}
_MOST_LEGS = 6
_CONDITION = re.compile(r"\b(?:or|if|otherwise|failing|alternativ\w+|backup|second choice)\b", re.IGNORECASE)


def turn_schema(reading: Reading, context: TurnContext) -> dict[str, Any]:
    """Give this turn's schema. Pure and quick."""
    turn = _Turn(reading, context)
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


def _either(names: Sequence[str], turn: _Turn, *, but: Sequence[Action] = ()) -> dict[str, Any]:
    """Give the schema of one of these actions. ``but`` are those of the list's other places."""
    other = {str(action.args.get("topic")) for action in but if action.name == "policy"}
    options = [_action_schema(name, turn, alone=len(names) == 1 and not but, other=other) for name in names]
    return options[0] if len(options) == 1 else {"anyOf": options}


def parse(text: str, reading: Reading) -> tuple[Action, ...]:
    """Turn a tier's answer into actions.

    Raises:
        ValueError: it is no JSON, or not of the vocabulary.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("do"), list):
        raise ValueError(f"an answer needs its actions under 'do', got {text[:80]!r}")
    actions: list[Action] = []
    for item in data["do"]:
        action = _parsed(item)
        if action not in actions:
            actions.append(action)
    return tuple(actions)


def wire(actions: Iterable[Action]) -> str:
    """Write actions as a tier would: the inverse of `parse`, for few-shots and tests."""
    done: list[dict[str, Any]] = []
    for action in actions:
        main = MAIN[action.name]
        item: dict[str, Any] = {action.name: action.args.get(main, [] if main == "legs" else "") if main else True}
        item |= {("else" if key == "fallback" else key): value for key, value in action.args.items() if key != main}
        done.append(item)
    return json.dumps({"do": done}, separators=(",", ":"), ensure_ascii=False)


def _parsed(item: Any) -> Action:
    if not isinstance(item, dict) or not item:
        raise ValueError(f"an action is an object with its name as the first key, got {item!r}")
    fields = {key: value for key, value in item.items() if value is not None}
    name = next(iter(fields), "")
    if name not in MAIN:
        raise ValueError(f"no action {name!r}; there are {', '.join(MAIN)}")
    args = {
        ("fallback" if key == "else" else key): value for key, value in fields.items() if key != name and value != ""
    }
    main = fields[name]
    if name == "search":
        legs = main if isinstance(main, list) else []
        if not all(isinstance(leg, dict) for leg in legs):
            raise ValueError(f"the legs of a search are objects, got {main!r}")
        filled = chained([{key: value for key, value in leg.items() if value not in (None, "")} for leg in legs])
        args = {**({"legs": [dict(leg) for leg in filled]} if filled else {}), **args}
    elif MAIN[name] and isinstance(main, str) and main:
        args = {MAIN[name]: main, **args}
    if "cabin" in args:
        args["cabin"] = cabin_of(str(args["cabin"]))
    return Action(name, args)


class _Turn:
    """What this turn offers to choose from."""

    def __init__(self, reading: Reading, context: TurnContext) -> None:
        self.reading, self.context, self.text = reading, context, reading.text
        self.spans = spot(reading.text)
        self.places = [(span, role_of(self.text, span)) for span in self.spans if span.kind == "place"]
        self.dates = [
            s for s in self.spans if s.kind == "date" and not is_celebrated(self.text, s) and not self.is_fallback(s)
        ]
        self.riders = riders(self.text, self.spans)
        self.ways_back = ways_back(self.text, self.spans)
        self.legs = _unique(match["leg"].strip() for match in cues.LEG.finditer(self.text))
        self.offers = _unique(match["offer"].strip() for match in cues.OFFER.finditer(self.text))
        asked = context.proposal or context.asked == "offer"
        unclear = context.proposal and not reading.actions
        self.answers = ["yes", "no"] if unclear else answers_heard(self.text) if asked else []
        self.numbers = _unique(re.findall(r"\b(?:\d|one|two|three|four|five|six)\b", self.text, re.IGNORECASE))
        chosen = [str(action.args["offer"]) for action in reading.actions or () if "offer" in action.args]
        self.offers = _unique([*self.offers, *chosen])
        self.topics = [topic for topic, pattern in TOPICS.items() if pattern.search(self.text)]

    def said(self, kind: str, name: str = "") -> list[str]:
        """Give the values of a kind, as said."""
        return _unique(_value(span) for span in self.spans if span.kind == kind and (not name or span.name == name))

    def is_fallback(self, span: Span) -> bool:
        """Whether a value is what the caller would take otherwise."""
        return any(span.text in str(action.args.get("fallback", "")) for action in self.reading.actions or ())


def _candidates(turn: _Turn) -> list[str]:
    """Give the actions that the turn gives any cause for; all of them where it gives none."""
    names = [action.name for action in turn.reading.actions or ()]
    kinds = {span.kind for span in turn.spans if (span.kind, span.name) != ("count", "bags")} - {"person"}
    hints = {name for name, pattern in cues.INTENTS.items() if pattern.search(turn.text)}
    hints |= {name for name, asks in (("repeat", asks_again), ("handoff", wants_person)) if asks(turn.text)}
    if turn.answers:
        hints.add("confirm")
    if (turn.topics or cues.OTHER_TOPIC.search(turn.text)) and (cues.QUESTION.search(turn.text) or not names):
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
    if found and not vague:
        return found
    unfit = {
        "clarify",
        *(() if turn.answers else ("confirm",)),
        *(() if turn.context.offers and turn.offers else ("book",)),
    }
    return [name for name in MAIN if name not in unfit]


def _groundless(turn: _Turn, hints: set[str], kinds: set[str], names: Sequence[str]) -> set[str]:
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


def _action_schema(name: str, turn: _Turn, *, alone: bool, other: set[str]) -> dict[str, Any]:
    codes = turn.said("code")
    code = {"enum": codes or [""]}
    by_rule = [action for action in turn.reading.actions or () if action.name == name]
    match name:
        case "search":
            return _search_schema(turn)
        case "book":
            return _object({"book": {"enum": turn.offers}})
        case "lookup":
            return _object({"lookup": code})
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
            return _object(fields, required)
        case "bags":
            counts = turn.said("count", "bags") or turn.said("count") or turn.numbers
            fields = {"bags": {"enum": counts or [""]}}
            return _object(
                fields | ({"code": {"enum": codes}} if codes else {}), ["bags", *(["code"] if codes and alone else [])]
            )
        case "policy":
            topics = [*turn.topics, *(["other"] if cues.OTHER_TOPIC.search(turn.text) else [])]
            return _object({"policy": {"enum": [topic for topic in topics if topic not in other] or list(ALL_TOPICS)}})
        case "confirm":
            return _object({"confirm": {"enum": turn.answers or ["yes", "no"]}})
        case "clarify":
            return _object({"clarify": {"enum": list(MISSING)}})
        case _:
            return _object({name: {"const": True}})


def _news(turn: _Turn) -> dict[str, Any]:
    """Give what a change may set, in the order of the wire."""
    fields: dict[str, Any] = {}
    for key in ("date", "time"):
        said = [span.text for span in turn.spans if span.kind == key]
        new = [span.text for span in turn.spans if span.kind == key and not names_the_old(turn.text, span)]
        if said:
            fields[key] = {"enum": _unique(new or said)}
    for key in ("from", "to"):
        places = [span.text for span, role in turn.places if role in (key, "") and span.text not in " ".join(turn.legs)]
        if places:
            fields[key] = {"enum": _unique(places)}
    if cabins := turn.said("cabin"):
        fields["cabin"] = {"enum": cabins}
    return fields


def _search_schema(turn: _Turn) -> dict[str, Any]:
    fields: dict[str, Any] = {"search": _legs_schema(turn)}
    people = [span for span in turn.spans if (span.kind, span.name) == ("count", "passengers")]
    whole = _unique(span.text for span in people if all(span.start != rider.start for rider in turn.riders))
    for key, said in (("pax", whole), ("cabin", turn.said("cabin")), ("max_price", turn.said("price"))):
        if said:
            fields[key] = {"enum": said}
    if cues.NONSTOP.search(turn.text):
        fields["nonstop"] = {"const": True}
    if fallbacks := _fallbacks(turn):
        fields["else"] = {"enum": fallbacks}
    shared = len(turn.reading.actions or ()) > 1
    return _object(fields, [key for key in fields if not (shared and key in ("pax", "cabin"))])


def _legs_schema(turn: _Turn) -> dict[str, Any]:
    """Give the legs: one object a leg where what was said lines up with them, else a list of like objects.

    It lines up where there are as many values of a kind as legs: people name them in the order that they fly.
    """
    count = turn.reading.legs
    values = _leg_values(turn)
    if not any(values.values()):
        return {"type": "array", "items": _object({"date": _FREE}, []), "maxItems": 0}
    if count < 2:
        fields = {key: {"enum": _unique(said)} for key, said in values.items() if said and key != "who"}
        both = {*values["from"]} & {*values["to"]} if len(turn.places) == 1 else set()
        if both:
            fields = {key: value for key, value in fields.items() if key not in ("from", "to")} | _sole_place(
                turn, both
            )
        return {"type": "array", "items": _object(fields), "minItems": 1, "maxItems": 1}
    lined_up = [key for key in ("from", "to", "date", "who") if len(values[key]) == count]
    alone = ("to" in lined_up and not values["date"]) or ("date" in lined_up and not turn.places)
    if len({*lined_up} - {"who"}) > 1 or alone:
        legs = [_leg_at(turn, values, index, lined_up) for index in range(count)]
        return {"type": "array", "prefixItems": legs, "items": False, "minItems": count, "maxItems": count}
    fields = {key: {"enum": _unique(said)} for key, said in values.items() if said}
    like = _object(fields, [key for key in fields if key == "to" or (len(values[key]) >= count and key != "who")])
    most = min(_MOST_LEGS, count + 1)
    return {"type": "array", "items": like, "minItems": max(1, count - 1), "maxItems": most}


def _leg_values(turn: _Turn) -> dict[str, list[str]]:
    """Give what may stand in a leg, each mention once, in the order said."""
    origins = [span for span, role in turn.places if role == "from"] or [span for span, role in turn.places if not role]
    targets = [(span.start, span.text) for span, role in turn.places if role in ("to", "")]
    targets += [(start, BACK) for start in turn.ways_back]
    return {
        "from": [span.text for span in origins],
        "to": [value for _, value in sorted(targets)],
        "date": [span.text for span in turn.dates],
        "time": [span.text for span in turn.spans if span.kind == "time" and not turn.is_fallback(span)],
        "who": [span.text for span in turn.riders],
    }


def _leg_at(turn: _Turn, values: Mapping[str, list[str]], index: int, lined_up: Sequence[str]) -> dict[str, Any]:
    """Give leg number ``index``: what lines up with the legs is settled, the rest is open."""
    fields: dict[str, Any] = {}
    required: list[str] = []
    for key, said in values.items():
        options = _unique(said)
        if key in lined_up:
            options = [said[index]]
        elif key == "from" and len(said) == 1:
            options = said if index == 0 else []
        elif key == "to" and index == 0:
            options = [place for place in options if place != BACK]
        elif key == "time":
            options = _times_at(turn, index, lined_up)
        if options:
            fields[key] = {"enum": options}
            required += [key] if key in (*lined_up, "time") or (key == "from" and len(said) == 1) else []
    return _object(fields, required)


def _times_at(turn: _Turn, index: int, lined_up: Sequence[str]) -> list[str]:
    """Give the times that belong to a leg: a time is said next to its flight's date or destination."""
    anchors: list[tuple[int, int]] = []
    for key, kind in (("date", "date"), ("to", "place")):
        mentions = turn.dates if kind == "date" else [span for span, role in turn.places if role in ("to", "")]
        if key in lined_up:
            anchors += [(span.start, number) for number, span in enumerate(mentions)]
    times = [span for span in turn.spans if span.kind == "time" and not turn.is_fallback(span)]
    if not anchors:
        return _unique(span.text for span in times)
    near = ((min(anchors, key=lambda anchor: abs(anchor[0] - span.start))[1], span.text) for span in times)
    return _unique(said for leg, said in near if leg == index)


def _sole_place(turn: _Turn, both: set[str]) -> dict[str, Any]:
    """Give the one place of a turn its key: what was asked for, else where the caller goes."""
    key = turn.context.asked if turn.context.asked in ("from", "to") else "to"
    return {key: {"enum": sorted(both)}}


def _fallbacks(turn: _Turn) -> list[str]:
    """Give what may stand for what to try otherwise: what rules found, and what is said after the condition."""
    found = next((str(a.args["fallback"]) for a in turn.reading.actions or () if "fallback" in a.args), None)
    condition = _CONDITION.search(turn.text)
    if found is None or condition is None:
        return []
    later = [s for s in turn.spans if s.kind in ("place", "date", "time") and s.start > condition.start()]
    return _unique([found, *(span.text for span in later if span.text not in found)])


def _object(properties: Mapping[str, Any], required: Sequence[str] | None = None) -> dict[str, Any]:
    keys = list(properties if required is None else required)
    return {"type": "object", "properties": dict(properties), "required": keys, "additionalProperties": False}


def _value(span: Span) -> str:
    return span.name if span.kind == "code" else span.text


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
