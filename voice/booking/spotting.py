"""Everything in a transcript that can fill an argument, from all finders, without overlaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from voice.booking.codes.locators import find_codes
from voice.booking.dates.finding import find_dates
from voice.booking.dates.times import find_times
from voice.booking.places.areas import area_of
from voice.booking.places.beside import find_beside
from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.places.names import is_city
from voice.booking.places.ordinary import NOT_PLACES, PERSONS
from voice.booking.text.amounts import find_counts, find_prices
from voice.booking.text.spans import CERTAIN, Span
from voice.booking.text.wording import Wording
from voice.sounds import squeeze

_NUMBER = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
_FOLK = (
    r"(?:people|persons?|passengers?|adults?|grown-?ups?|travell?ers?|kids?|child(?:ren)?|infants?|bab(?:y|ies)|guys|girls|men|"
    r"women|friends|colleagues|students|seniors|teenagers)"
)
_KIN = (
    r"(?:(?:step|grand|god)?(?:sons?|daughters?|brothers?|sisters?|mother|father|parents|kids?|child(?:ren)?)(?:-in-law)?|"
    r"wife|husband|partner|spouse|mom|mum|dad|friends?|boss|colleagues?|coworkers?|boyfriend|girlfriend|fianc[eé]e?|"
    r"cousins?|aunt|uncle|nieces?|nephews?|assistant|grandma|grandpa|team|family|twins|boys?|girls?|baby|toddler|infant)"
)
_ONE = (
    rf"(?:(?:my|our|his|her) (?:{_NUMBER} )?(?:\w+ )?{_KIN}|me|I|myself|him|her|them|us|"
    rf"the (?:{_NUMBER} )?(?:kids|children|baby)|"
    rf"(?:{_NUMBER}|an?|one|another) (?:{_FOLK}|{_KIN})|(?-i:[A-Z])[a-z]+(?= and (?:me|myself)\b))"
)
_GROUP = rf"{_ONE}(?:(?:,? and |, ){_ONE})*"
_NEXT = rf"(?:{_ONE}|(?:(?:{_NUMBER}|one) )?{_KIN}\b|the (?:{_NUMBER} )?{_KIN}\b)"
_PEOPLE = Wording(
    r"\b(?!us,? and I\b)(?:(?:with )?(?P<group>(?:(?:me|myself) (?=my |our ))?"
    rf"{_ONE}(?:(?:, |,? and |,? plus ){_NEXT})*,? (?:and|plus) {_NEXT})|"
    rf"(?P<folk>{_NUMBER} (?:guys|girls|men|women|friends|colleagues|students|seniors|teenagers))|"
    rf"(?:with )(?P<with>(?:my|our) (?:{_NUMBER} )?(?:\w+ )?{_KIN})|"
    rf"(?:a )?(?P<family>(?:family|group|party) of {_NUMBER}))\b",
)
_PERSON = Wording(
    rf"\b(?:(?:just|only)(?: for)? (?P<only>{_GROUP}|she|he|they|"
    r"(?-i:[A-Z])[a-z]+(?= (?:go|fl|come|travel|return|continue)\w*\b))|"
    r"(?P<alone>I|he|she|they|"
    r"(?-i:[A-Z])[a-z]+)(?= (?:\w+ ){1,4}?(?:alone|on (?:my|his|her|their) own|by (?:my|him|her|them)sel\w+)\b)|"
    rf"for (?P<for>{_GROUP})|(?P<kin>my (?:\w+ )?{_KIN}))\b",
)
_CABIN = Wording(
    r"\b(?:premium economy|(?:first|business|economy|coach|main|standard)[\s-](?:class|cabin)|premium|economy|"
    r"(?<!the )coach|"
    r"business(?! (?:trip|days?|meeting|hours|travel|about|of)|(?<=the business) with|(?<=on business))|"
    r"(?<=in )first(?! (?:the|to|on)))\b",
)
_EXTRA_TIMES = Wording(
    r"\b(?:(?:an?|one|two|three|a few|a couple of|half an|\d) hours? (?:earlier|later)|"
    r"(?:the )?(?:first|last|earliest|latest) (?:plane|flight)(?= (?:out|from|to|of)\b)|"
    r"as (?:early|late|soon) as (?:possible|you can)|"
    r"(?:a bit |a little |much |(?<=any )|(?<=something )|(?<=anything )|(?<=\ba )|(?<=\ban )|(?<=\bthe )|(?<=\bjust )|"
    r"(?<=leave )|(?<=go )|(?<=fly ))(?:earlier|later)\b(?: in the (?:day|morning|afternoon|evening))?"
    r"(?! than| this| today| (?:days?|dates?)\b)|"
    r"(?:earlier|later) (?:in the (?:day|morning|afternoon|evening)|(?=(?:flight|one|departure|time)\b))|"
    r"(?:earlier|later)(?= (?:that|the same) day\b)|"
    r"(?:early|late) in the (?:day|morning|afternoon|evening)|"
    r"(?:early|late)(?! (?:morning|afternoon|evening|night)))\b",
)
_SHIFTS = Wording(
    r"\b(?:push|mov|bring|postpon|delay|shift|chang|leav|fly|go)\w*\b[^.?!]{0,30}?\b(?:back|forward|up|out|by|"
    r"for)\s+(?:by\s+)?(?P<date>(?:an?|one|two|three|four|a few|a couple of)\s+(?:days?|weeks?))(?=\W|$)",
)
_NO_TIME = Wording(r"(?:the )?(?:first|last|earliest|latest) one|about one")
_NAME = r"(?-i:[A-Z])(?:[\w]|['’](?!s\b))+(?: (?-i:[A-Z])(?:[\w]|['’](?!s\b))+){0,2}"
_UNKNOWN_NAME = Wording(
    r"\b(?:(?:flights?|fly|flying|go|going|get|travel|trip|tickets?|leave|leaving|depart|departing|back|home|way|out|"
    r"headed|it) )?(?P<prep>from|"
    r"to|into|out of|reach|(?:live|lives|living|based|sitting|staying|be|land|arrive) in) "
    rf"(?P<name>{_NAME})|"
    rf"(?<![\w'’-])(?P<dated>{_NAME})(?= (?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)\b| on (?:\w{{3,6}}day)\b)|"
    rf"(?<=\w, )(?P<row>{_NAME})(?=[,.](?:\s|$))|"
    rf"\b(?:in|at|near|visit|see|via|through|for|leaves?|it's|it is|then) (?P<city>{_NAME})|"
    rf"(?<![\w'’-])(?P<first>{_NAME})(?= (?:back |down |up |over |out |across |on |straight )?(?:to|into|"
    r"from) (?-i:[A-Z])|"
    r"(?: is|['’]s) where (?:i|we)\b)",
)
_NO_PLACE = Wording(
    r"(?:I|The|A|An|My|Your|It|On|In|At|And|Is|Are|Can|Could|What|How|Yes|No|Hi|Hello|Please|So|Then|But|Well|Now|Just|"
    r"Also|Right|Christmas|Easter|Thanksgiving|New Year|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:s?day)?\b",
)
_OPENER = re.compile(r"(?:So|Then|But|Well|Now|Just|Also|Right)\s+(?=[A-Z])")
"""A word that begins a sentence and is no part of the name behind it."""
_CLOCK_NEXT = Wording(r"\s+(?:\d{1,2}(?::\d\d)?(?!\w*(?:st|nd|rd|th)\b)|noon|midnight|lunch)")
_COURTESY = Wording(r"\bhow(?:'s| are| is) (?:you|it|everything|things)(?: \w+)?\s+$")
_GREETS = Wording(r"\b(?:good|have an? (?:\w+ )?)\s*$")
_GREETING = Wording(r"(?:morning|afternoon|evening)\b(?=\s*(?:[.,!]|to you|all|there|sir|madam|ma'am|love))")
_OPENING = Wording(r"^\W*(?:(?:oh|ah|hi|hello|hey|yes|well|and)\W+)*$")
_OTHER_THING = Wording(
    r"\s+(?:person|people|types?|owls?|birds?|larks?|shows?|news|papers?|rush|traffic|shifts?|sickness|coffee|tea|"
    r"class(?:es)?|meetings?|appointments?|calls?|prayers?|session|lecture|surgery|job|practice|mass|service at)\b",
)
"""What a part of the day names and does not ask for: "I'm no morning person"."""
_ORDINAL = Wording(r"the (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)")
_NOUN = Wording(
    r" (?!(?:of|to|from|in|into|at|and|or|then|please|if|for|with|is|it|would|we|i|but|on|as|by|after|before|until|"
    r"till|"
    r"morning|afternoon|evening|night|that|so|too|also|instead|rather|when|because|since|he|she|they|my|the|works?|"
    r"suits?|will|could|can|not|just|only|around|about|early|late|back|home|out|again|via|through|there|nonstop|"
    r"direct|maybe|perhaps|january|february|march|april|may|june|july|august|september|october|november|december)\b)"
    r"[a-z]",
)
_DOUBTFUL = 0.3
_TITLED = Wording(r"\b(?:mr|mrs|ms|dr|prof|lady|lord|sir|captain)\b\.?\s+(?:(?-i:[A-Z])[\w'’-]+ )?$")
_FROM_PLACE = re.compile(r" from (?-i:[A-Z])")
_TO_PLACE = Wording(r"\b(?:to|into|from|in|for|via|at|of|visit|reach|toward|towards|leaving|departing)\s+$")
_NOT_TIMES = Wording(
    r"\b(?:good|my|his|her|our|how|so|am|are|hours?|minutes?|days?|was|were|is|it's|running|too|get|that|rather|"
    r"quite)\s+$",
)


def _named(pattern: Wording, kind: str) -> Callable[[str], Iterable[Span]]:
    def find(text: str) -> Iterable[Span]:
        for match in pattern.finditer(text):
            group = match.lastgroup or 0
            yield Span(
                match.start(group), match.end(group), match[group], kind, "passengers" if kind == "count" else ""
            )

    return find


def _find_extra_times(text: str) -> Iterable[Span]:
    for match in _EXTRA_TIMES.finditer(text):
        if not _NOT_TIMES.search(text, 0, match.start()):
            yield Span(match.start(), match.end(), match.group(), "time")


def _trimmed(text: str, span: Span) -> Span:
    """Leave a sentence's full stop out of a name, and the "after" of "after 4 PM" out of a date."""
    if span.kind == "date" and span.text.casefold().endswith(" after") and _CLOCK_NEXT.match(text, span.end):
        return replace(span, text=span.text[:-6], end=span.end - 6)
    if span.text.endswith(".") and not re.search(r"\b\w\.\s?\w\.$", span.text):
        return replace(span, text=span.text[:-1], end=span.end - 1)
    if span.kind == "place" and re.match(r" City\b", text[span.end :]):
        return replace(span, text=f"{span.text} City", end=span.end + 5)
    return span


def _find_unknown_names(text: str) -> Iterable[Span]:
    """Find names that stand where a place should and match none: something is said there, and it was not understood."""
    for match in _UNKNOWN_NAME.finditer(text):
        group = next(key for key, said in match.groupdict().items() if said and key != "prep")
        start, said = match.start(group), match[group]
        if opener := _OPENER.match(said):
            start, said = start + opener.end(), said[opener.end() :]
        if group in ("city", "dated", "row") and (not is_city(said) or squeeze(said) in NOT_PLACES | PERSONS):
            continue
        opening = said if group != "first" else said.split()[0]
        if _NO_PLACE.match(said) or (squeeze(opening) in NOT_PLACES and not is_city(opening)):
            continue
        known = resolve_place(said)
        name, confidence = (known.name, known.confidence) if known else ("", _DOUBTFUL)
        if area_of(said):
            name, confidence = "", CERTAIN  # a country is heard well, and asked about for its cities
        yield Span(start, match.end(group), said, "place", name, confidence)


def _find_plain_times(text: str) -> Iterable[Span]:
    return [
        span
        for span in find_times(text)
        if not (
            _NO_TIME.fullmatch(span.text)
            or _GREETS.search(text, 0, span.start)
            or _OTHER_THING.match(text, span.end)
            or (len(text) > span.end + 1 and _GREETING.match(text, span.start) and _OPENING.match(text[: span.start]))
        )
    ]


def _find_firm_codes(text: str) -> Iterable[Span]:
    return [span for span in find_codes(text) if span.confidence >= 0.4 and not _spells_word(text, span)]


def _spells_word(text: str, code: Span) -> bool:
    """Whether letters only spell a word that is said beside them: "Verona, V-E-R-O-N-A"."""
    word = code.name.replace("0", "O").replace("1", "I")
    return word.isalpha() and bool(re.search(rf"\b{word}\b", f"{text[: code.start]} {text[code.end :]}", re.IGNORECASE))


def _is_person(text: str, span: Span) -> bool:
    """Whether a name is somebody's: behind a title, or said to come from a place and not known for sure as one."""
    if _TITLED.search(text, 0, span.start):
        return True
    return span.confidence < 0.9 and bool(
        _FROM_PLACE.match(text, span.end) and not _TO_PLACE.search(text, 0, span.start)
    )


def _is_rank(text: str, span: Span) -> bool:
    """Whether an ordinal in words ranks a thing, and is no day of a month: "the second violin"."""
    return bool(_ORDINAL.fullmatch(span.text) and _NOUN.match(text, span.end))


_FINDERS: tuple[Callable[[str], Iterable[Span]], ...] = (
    _find_firm_codes,
    find_prices,
    find_dates,
    _named(_SHIFTS, "date"),
    find_places,
    _find_extra_times,
    _find_plain_times,
    _named(_CABIN, "cabin"),
    _named(_PEOPLE, "count"),
    find_counts,
    _named(_PERSON, "person"),
    _find_unknown_names,
)
"""In the order of precedence: where two overlap, the earlier finder has it."""


@lru_cache(maxsize=512)
def spot(text: str) -> tuple[Span, ...]:
    """Find all spans in the order said: codes, prices, dates, places, times, cabins, counts and persons."""
    kept: list[Span] = []
    for finder in _FINDERS:
        for span in (_trimmed(text, span) for span in finder(text)):
            if span.kind == "date" and (_COURTESY.search(text, 0, span.start) or _is_rank(text, span)):
                continue
            if span.kind == "place" and _is_person(text, span):
                continue
            if not any(span.overlaps(other) for other in kept):
                kept.append(span)
    kept += find_beside(text, kept)
    return tuple(sorted(kept, key=lambda span: span.start))
