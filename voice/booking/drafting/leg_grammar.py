"""The part of a turn's schema that holds the legs of a trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.drafting.sayable import Sayable, closed, unique
from voice.booking.itinerary.leg_builder import BACK
from voice.booking.itinerary.riders import WHOLE

_FREE: dict[str, Any] = {"type": "string"}
_MOST_LEGS = 6


def legs_schema(turn: Sayable) -> dict[str, Any]:
    """Give the legs: one object a leg where what was said lines up with them, else a list of like objects.

    It lines up where there are as many values of a kind as legs: people name them in the order that they fly.
    """
    count = turn.reading.legs
    values = _leg_values(turn)
    doubtful = any(turn.missed.values())
    if not any(values.values()) and not doubtful:
        return {"type": "array", "items": closed({"date": _FREE}, []), "maxItems": 0}
    if count < 2:
        fields = {key: {"enum": unique(said)} for key, said in values.items() if said and key != "who"}
        both = {*values["from"]} & {*values["to"]} if len(turn.places) == 1 else set()
        if both:
            fields = {key: value for key, value in fields.items() if key not in ("from", "to")} | _sole_place(
                turn, both
            )
        leg = _with_rules(_with_missed(fields, [*fields], turn), _rules_legs(turn)[:1])
        return {"type": "array", "items": leg, "minItems": 1, "maxItems": 1}
    lined_up = [
        key for key in ("from", "to", "date", "who") if len(values[key]) == count and _agrees(turn, key, values[key])
    ]
    alone = ("to" in lined_up and not values["date"]) or ("date" in lined_up and not turn.places)
    if (len({*lined_up} - {"who"}) > 1 or alone) and not doubtful:
        legs = [_leg_at(turn, values, index, lined_up) for index in range(count)]
        legs = [_with_rules(leg, [by_rule], index) for index, (leg, by_rule) in enumerate(_paired(legs, turn))]
        return {"type": "array", "prefixItems": legs, "items": False, "minItems": count, "maxItems": count}
    fields = {key: {"enum": unique(said)} for key, said in values.items() if said}
    like = _with_missed(
        fields,
        [key for key in fields if key == "to" or (len(values[key]) >= count and key != "who")],
        turn,
    )
    like = _with_rules(like, _rules_legs(turn))
    most = min(_MOST_LEGS, count + 1)
    return {"type": "array", "items": like, "minItems": max(1, count - 1), "maxItems": most}


def _rules_legs(turn: Sayable) -> Sequence[Mapping[str, Any]]:
    search = next((action for action in turn.reading.actions or () if action.name == "search"), None)
    return search.args.get("legs") or () if search else ()


def _paired(legs: Sequence[dict[str, Any]], turn: Sayable) -> list[tuple[dict[str, Any], Mapping[str, Any] | None]]:
    read = _rules_legs(turn)
    return list(zip(legs, read if len(read) == len(legs) else [None] * len(legs), strict=True))


def _with_rules(schema: dict[str, Any], legs: Sequence[Mapping[str, Any] | None], index: int = 0) -> dict[str, Any]:
    """Let what the rules read for a leg be said too, and nothing be demanded that they found no place for.

    Where a flight starts that follows another goes without saying, and so does home behind a way back.
    """
    read = [leg for leg in legs if leg is not None]
    fields: dict[str, Any] = dict(schema["properties"])
    for leg in read:
        for key, value in leg.items():
            options = fields.get(key, {}).get("enum", [])
            unsaid = (key == "from" and index and not options) or (key == "to" and BACK in options)
            if value not in options and not unsaid:
                fields[key] = {"enum": [*options, value]}
    order = [key for key in ("from", "to", "date", "time", "who") if key in fields]
    required = [key for key in schema["required"] if all(key in leg for leg in read)]
    return closed({key: fields[key] for key in order}, required)


def _agrees(turn: Sayable, key: str, said: Sequence[str]) -> bool:
    """Whether the reading by rules has these values in the same legs: what it moved for a reason is not settled."""
    legs = _rules_legs(turn)
    if len(legs) != len(said):
        return True
    return all(value in (BACK, leg.get(key, value)) for value, leg in zip(said, legs, strict=True))


def _with_missed(fields: Mapping[str, Any], required: Sequence[str], turn: Sayable) -> dict[str, Any]:
    """Give a leg that may also hold, as they were said, words in the place of an argument that no finder took."""
    options = {key: [*schema["enum"]] for key, schema in fields.items()}
    for key, said in turn.missed.items():
        if said:
            options[key] = unique([*options.get(key, ()), *said])
    order = [key for key in ("from", "to", "date", "time", "who") if key in options]
    return closed({key: {"enum": options[key]} for key in order}, required)


def _leg_values(turn: Sayable) -> dict[str, list[str]]:
    """Give what may stand in a leg, each mention once, in the order said."""
    origins = [span for span, role in turn.places if role == "from"] or [span for span, role in turn.places if not role]
    targets = [(span.start, span.text) for span, role in turn.places if role in ("to", "")]
    targets += [(start, BACK) for start in turn.ways_back]
    return {
        "from": [span.text for span in origins],
        "to": [value for _, value in sorted(targets)],
        "date": [span.text for span in turn.dates],
        "time": [span.text for span in turn.spans if span.kind == "time" and not turn.is_fallback(span)],
        "who": [span.text for span in turn.riders if span.name != WHOLE],
    }


def _leg_at(turn: Sayable, values: Mapping[str, list[str]], index: int, lined_up: Sequence[str]) -> dict[str, Any]:
    """Give leg number ``index``: what lines up with the legs is settled, the rest is open."""
    fields: dict[str, Any] = {}
    required: list[str] = []
    for key, said in values.items():
        options = unique(said)
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
    return closed(fields, required)


def _times_at(turn: Sayable, index: int, lined_up: Sequence[str]) -> list[str]:
    """Give the times that belong to a leg: a time is said next to its flight's date or destination."""
    anchors: list[tuple[int, int]] = []
    for key, kind in (("date", "date"), ("to", "place")):
        mentions = turn.dates if kind == "date" else [span for span, role in turn.places if role in ("to", "")]
        if key in lined_up:
            anchors += [(span.start, number) for number, span in enumerate(mentions)]
    times = [span for span in turn.spans if span.kind == "time" and not turn.is_fallback(span)]
    if not anchors:
        return unique(span.text for span in times)
    near = ((min(anchors, key=lambda anchor: abs(anchor[0] - span.start))[1], span.text) for span in times)
    return unique(said for leg, said in near if leg == index)


def _sole_place(turn: Sayable, both: set[str]) -> dict[str, Any]:
    """Give the one place of a turn its key: what was asked for, else where the caller goes."""
    key = turn.context.asked if turn.context.asked in ("from", "to") else "to"
    return {key: {"enum": sorted(both)}}
