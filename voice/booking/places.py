"""Cities and airports as callers say them, and as they are misheard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from voice.booking.network import all_airports, distance_km, network
from voice.booking.ordinary import CASED_NAMES, NOT_PLACES, PERSONS, WORD_CODES
from voice.booking.sounds import likeness, sound_key, squeeze
from voice.booking.spans import Span, longest_first

FUZZY = 0.72
"""A misheard name below this likeness is no place at all. Set so that ordinary sentences give no place."""

_WORD = re.compile(r"(?<!['’])[^\W\d_](?:(?:[\w.]|['’](?!s\b))*\w)?(?:\.(?=\w\b|\s|$))?", re.UNICODE)
"""A word, without the "'s" of "Denver's where we live"."""
_BEFORE = re.compile(
    r"(?:^|\W)(?P<firm>from|to|into|in|via|through|towards?|out of|leaving|departing|visit(?:ing)?|fly(?:ing)?|between|"
    r"reach(?:ing)?|heading for|headed for|near|"
    r"(?:not|change|connect(?:ing)?|stop|layover|stay(?:ing)?) (?:in|at))\W+(?:the\s+)?$|"
    r"(?:^|\W)(?P<loose>for|and|then|or|at|not|instead|make that|i mean|rather|sorry|no)\W+$",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:wife|husband|partner|daughter|son|sister|brother|mother|father|mom|dad|friend|boss|colleague|mrs?|ms|dr|"
    r"names? (?:is|are)|named|called|passengers?)\W+(?:is\W+)?$",
    re.IGNORECASE,
)
_LARGE = re.compile(r"International|Intl|Regional|Municipal|National|Metropolitan")
_PARTS_OF_NAME = re.compile(r"\s*[/,(]\s*|-(?=[A-Z])")
_TAIL = re.compile(r"(?:\s+(?:international|intl))?(?:\s+airport)?(?:,?\s+please)?$", re.IGNORECASE)
_LEAD = re.compile(
    r"^\W*(?:(?:uh+|um+|er|oh|so|well|yes|yeah|no|okay|it's|it is|i said|i meant?|that's|from|to|into|in|the|please)"
    r"\b\W*)+",
    re.IGNORECASE,
)
_DOING = re.compile(r"\w+(?:ing|ed|ly)")
"""A verb or an adverb, in lower case."""
_OPENS = re.compile(r"on|at|by|from|to|in|and|or|the|an?|this|next|tomorrow|today|please", re.IGNORECASE)
_PARTED = re.compile(r"[!?;:]|(?<!\bst)(?<!\bft)(?<!\bmt)\.\s+\w\w|,(?! ?(?:D|Maine))", re.IGNORECASE)
_PAUSED = re.compile(r"[,.!?;:]\s")
_LONGEST = 5  # words in a name
_FIT = 0.06  # two names closer than this are alternatives of each other


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a place name stands for.

    Attributes:
        said: The words as said.
        name: The place's spoken name: a city, or one airport of a city with several.
        airports: IATA codes, most used first.
        timezone: IANA time zone.
        confidence: 0…1; ask below `voice.booking.spans.CERTAIN`.
        alternatives: Names of other places that sound nearly as like.
        served: Whether anything flies there. If not, ``nearest`` is the closest served city.
        nearest: ``""`` for a served place.
    """

    said: str
    name: str
    airports: tuple[str, ...]
    timezone: str
    confidence: float
    alternatives: tuple[str, ...] = ()
    served: bool = True
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    airports: tuple[str, ...]


@cache
def _names() -> Mapping[str, _Place]:
    """Every way to say a served place, squeezed."""
    net, names = network(), dict[str, _Place]()
    for city in net.cities.values():
        place = _Place(city.name, city.airports)
        for said in (city.name, *city.also):
            names[squeeze(said.removeprefix("the "))] = place
    for code, airport in net.airports.items():
        single = len(net.cities[airport.city].airports) == 1
        place = _Place(airport.city if single else airport.name, (code,))
        for said in net.airport_names[code]:
            names.setdefault(squeeze(said), place)
    return names


@cache
def _codes() -> Mapping[str, _Place]:
    net = network()
    return {code.casefold(): _Place(net.spoken(code), (code,)) for code in net.airports}


@cache
def _beginnings() -> frozenset[str]:
    """What names and codes of served places begin with: words that begin otherwise need no further look."""
    return frozenset(key[:length] for key in (*_names(), *_codes()) for length in range(1, len(key) + 1))


@cache
def _unserved() -> Mapping[str, str]:
    """Cities of the world that nothing flies to: squeezed name → airport code. United States first.

    Of a double name ("Denpasar-Bali Island", "Sarasota/Bradenton") each part is a name too.
    """
    found: dict[str, str] = {}
    for code, record in sorted(all_airports().items(), key=lambda item: item[1]["country"] != "US"):
        if code not in network().airports and record["city"] and _LARGE.search(record["name"]):
            for name in (record["city"], *_PARTS_OF_NAME.split(record["city"])):
                found.setdefault(squeeze(name.removesuffix(" Island")), code)
    served, sounds = tuple(_names()), {sound_key(name) for name in _names()}

    def taken(name: str) -> bool:
        # A village that is spelled and sounds almost like a served city is taken for the city: Sidney for Sydney.
        return name in _names() or (sound_key(name) in sounds and float(likeness(name, served).max()) >= 0.9)

    return {name: code for name, code in found.items() if name and not taken(name)}


@cache
def _sounding() -> tuple[str, ...]:
    """The names that are long enough to be known by their sound."""
    return tuple(name for name in _names() if len(name) > 2)


@lru_cache(maxsize=4096)
def _ranked(said: str) -> tuple[tuple[float, _Place], ...]:
    """The served places most like a misheard name, best first, one entry a place."""
    best: dict[_Place, float] = {}
    names, places = _sounding(), _names()
    for name, score in zip(names, likeness(said, names).tolist(), strict=True):
        place = places[name]
        best[place] = max(score, best.get(place, 0.0))
    ranked = sorted(((score, place) for place, score in best.items()), key=lambda item: (-item[0], item[1].name))
    return tuple(ranked[:4])


@lru_cache(maxsize=1024)
def rival_of(said: str) -> tuple[str, float]:
    """Give the served place whose name sounds most like a known one's, and how alike they are, 0…1."""
    match = resolve_place(said)
    if match is None or not match.served:
        return "", 0.0
    others = tuple(sorted({place.name for place in _names().values()} - {match.name}))
    alike = likeness(squeeze(match.name), tuple(map(squeeze, others)))
    return others[int(alike.argmax())], float(alike.max())


@cache
def _cities() -> frozenset[str]:
    return frozenset(squeeze(record["city"]) for record in all_airports().values())


def is_city(said: str) -> bool:
    """Whether words are the name of some city with an airport, served or not."""
    return squeeze(said) in _cities()


def resolve_place(said: str) -> PlaceMatch | None:
    """Say which place the words mean; None where they are like no place at all.

    A place that is not served is found by its exact name only, with ``served`` False.
    """
    text = said.strip(" \t\n.,!?;:")
    for key in (squeeze(text), squeeze(_TAIL.sub("", text)), squeeze(_TAIL.sub("", _LEAD.sub("", text)))):
        place = _names().get(key) or _codes().get(key)
        if place:
            return _match(said, place, 1.0)
    key = squeeze(_TAIL.sub("", text))
    if key in _unserved() and not (key in NOT_PLACES and text.islower()):
        return _unserved_match(said, _unserved()[key])
    bare = _TAIL.sub("", _LEAD.sub("", text))
    if not squeeze(bare) or squeeze(bare) in NOT_PLACES:
        return None
    ranked = _ranked(bare)
    score, place = ranked[0]
    if score < FUZZY:
        return None
    others = tuple(other.name for close, other in ranked[1:] if score - close < _FIT and close >= FUZZY)
    return _match(said, place, score - (0.1 if others else 0.0), others)


def find_places(text: str) -> list[Span]:
    """Find places in a transcript, in the order said; the longest match wins.

    Exact names and codes are found anywhere. Misheard ones only where a place is expected (after "from", "to", "via" …)
    or where they are the whole answer. Places that nothing flies to are found by their name in capitals, unless it is a
    person's or an ordinary word too.
    """
    words = list(_WORD.finditer(text))
    exact = longest_first(_exact(text, words))
    exact = longest_first([*exact, *_elsewhere(text, words, exact)])
    best = sorted(_fuzzy(text, words, exact), key=lambda span: -span.confidence)
    kept: list[Span] = []
    for span in best:
        if not any(_overlap(span, other) for other in kept):
            kept.append(span)
    return sorted([*exact, *kept], key=lambda span: span.start)


def _match(said: str, place: _Place, confidence: float, others: tuple[str, ...] = ()) -> PlaceMatch:
    zone = network().airports[place.airports[0]].timezone
    return PlaceMatch(said, place.name, place.airports, zone, confidence, others)


def _unserved_match(said: str, code: str) -> PlaceMatch:
    record = all_airports()[code]
    return PlaceMatch(said, record["city"], (code,), record["tz"], 0.9, (), served=False, nearest=_nearest(code))


@lru_cache(maxsize=1024)
def _nearest(code: str) -> str:
    record, airports = all_airports()[code], network().airports.values()
    return min(airports, key=lambda a: distance_km((record["lat"], record["lon"]), (a.latitude, a.longitude))).city


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _windows(words: list[re.Match[str]], longest: int) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    for first in range(len(words)):
        for last in range(first, min(first + longest, len(words))):
            yield words[first], words[last]


def _position(text: str, start: int) -> str:
    """Say how far a place is expected at ``start``: "firm", "loose" or ""."""
    before = _BEFORE.search(text[max(0, start - 40) : start])
    return (before.lastgroup or "") if before else ""


def _exact(text: str, words: list[re.Match[str]]) -> Iterator[Span]:
    names, codes, beginnings = _names(), _codes(), _beginnings()
    for first, last in _windows(words, _LONGEST):
        if squeeze(first[0]) not in beginnings:
            continue
        start, end = first.start(), last.end()
        said = text[start:end]
        key = squeeze(said)
        if not (key in codes or key in names) or _PARTED.search(said):
            continue
        spelled = first is not last and all(len(part) == 1 for part in re.findall(r"\w+", said))
        if place := codes.get(key):
            upper = said.isupper() and (spelled or " " not in said)
            sure = key not in WORD_CODES and first is last and bool(_position(text, start))
            if upper or sure:
                yield Span(start, end, said, "place", place.name)
        if (place := names.get(key)) and not _PERSON.search(text[:start]):
            cased = not said.islower() or _position(text, start) == "firm" or len(words) == 1
            if key not in CASED_NAMES or cased:
                end -= len(said) - len(said.rstrip(".")) if not re.search(r"\w\.\w\.$", said) else 0
                yield Span(start, end, text[start:end], "place", place.name)


def _elsewhere(text: str, words: list[re.Match[str]], served: list[Span]) -> Iterator[Span]:
    for first, last in _windows(words, 3):
        if not first[0][0].isupper() or not last[0][0].isupper():
            continue
        start, end = first.start(), last.end()
        said, key = text[start:end], squeeze(text[start:end])
        if key not in _unserved():
            continue
        if _PAUSED.search(said) or any(start < span.end and span.start < end for span in served):
            continue
        alone = len(words) <= 3 and not text[:start].strip() and len(said) > 3
        if alone or not (key in PERSONS or key in NOT_PLACES or _PERSON.search(text[:start])):
            yield Span(start, end, said, "place", all_airports()[_unserved()[key]]["city"], 0.9)


def _fuzzy(text: str, words: list[re.Match[str]], taken: list[Span]) -> Iterator[Span]:
    cased = not text[1:].islower()
    lead = _LEAD.match(text)
    opening = lead.end() if lead else 0
    whole = 0 < len([word for word in words if word.start() >= opening]) <= 3
    positions = {word.start(): _position(text, word.start()) for word in words}
    for first, last in _windows(words, 3):
        start, end = first.start(), last.end()
        said = text[start:end].rstrip(".")
        end = start + len(said)
        if any(start < span.end and span.start < end for span in taken):
            continue
        if _PAUSED.search(said) or any(squeeze(part) in NOT_PLACES for part in said.split()[:1]):
            continue
        if first is not last and _OPENS.fullmatch(last.group()):
            continue  # "Lyon on" is Lyon, and what follows is about something else
        position = positions[start]
        alone = whole and start == opening and last is words[-1]
        if not (position or alone) or squeeze(said) in NOT_PLACES or len(squeeze(said)) < 4:
            continue
        named = said[0].isupper()
        if not named and _DOING.fullmatch(said):
            continue
        if position == "firm" and named and squeeze(said) in _unserved():
            record = all_airports()[_unserved()[squeeze(said)]]
            yield Span(start, end, said, "place", record["city"], 0.9)
            continue
        score, place = _ranked(said)[0]
        strict = (0.1 if position == "loose" and not alone else 0.0) + (0.1 if cased and not named else 0.0)
        if score >= FUZZY + strict and not any(squeeze(part) in NOT_PLACES for part in said.split()[1:] if score < 0.8):
            others = tuple(name.name for close, name in _ranked(said)[1:] if score - close < _FIT and close >= FUZZY)
            yield Span(start, end, said, "place", place.name, score - (0.1 if others else 0.0), others)
