"""People who fly as well: "for my wife too", "my husband is coming", "one more passenger". They add to the party."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.text.amounts import resolve_count
from voice.booking.text.numerals import UNITS, cardinal
from voice.booking.text.wording import Wording

_FEW = rf"(?:\d|{'|'.join(list(UNITS)[1:10])})"
_KIN = (
    r"(?:wife|husband|partner|spouse|son|daughter|brother|sister|mother|father|mom|mum|dad|friend|boss|colleague|"
    r"coworker|boyfriend|girlfriend|fianc[eé]e?|cousin|aunt|uncle|niece|nephew|assistant|sons|daughters|brothers|"
    r"sisters|kids|children|parents|friends|colleagues|grandparents|boys|girls|grandmother|grandfather|grandma|"
    r"grandpa|kid|child|mother-in-law|father-in-law)"
)
_SEATS = r"(?:persons?|people|passengers?|adults?|travell?ers?|tickets?|seats?|kids?|child(?:ren)?|of us)"
_ONE = rf"(?:(?:my|our) (?:{_FEW} )?(?:\w+ )?{_KIN}|(?:{_FEW}|an?) {_KIN})"
_MORE = (
    rf"(?:(?:another|a second) {_SEATS}|"
    rf"(?:{_FEW} more|(?:an?|{_FEW}) (?:additional|extra|further)|someone else)(?: {_SEATS})?)"
)
_PEOPLE = rf"(?P<who>{_MORE}|{_ONE}(?:(?:,| and|, and) {_ONE})*)"
_LEAD = (
    r"\W*(?:(?:and|but|okay|ok|oh|well|so|sorry|actually|wait|hm+|um|uh|yes|please|also|then|no|fine|great|"
    r"sure|perfect|(?:what|how)(?: about)?(?: if)?|if|"
    r"how much (?:(?:is|would|will|does) (?:it|that)(?: be| cost)? )?(?:if|when)|"
    r"(?:can|could) (?:you|we|i)|i(?:'d| would)? (?:want|need|like)(?: to)?|we need|it's)\b\W*)*"
)
_TOO = r"(?:\W*\b(?:as well|too|also|along|please|then|with (?:me|us)|on (?:the|that) (?:flight|booking))\b)*\W*"
_COMES = r"(?:com(?:e|es|ing)|join(?:s|ing)?|fl(?:y|ies|ying)|travel(?:s|ing|ling)?|go(?:es|ing)?|tag(?:s|ging)? along)"
_ADDED = (
    Wording(rf"{_LEAD}(?:(?:for|add|plus|with|bring(?:ing)?|includ(?:e|ing)|book)\b )?{_PEOPLE}{_TOO}"),
    Wording(
        rf"{_LEAD}{_PEOPLE}(?:'s|'ll| is| are| will| would| wants?| needs?| has| have)?(?: be)?(?: like)?(?: to)? "
        rf"{_COMES}(?: (?:with )?(?:me|us))?{_TOO}"
    ),
    Wording(
        rf"{_LEAD}i(?:'m|'ll| am| will)(?: be)? (?:travell?ing|flying|going|bringing|coming|fly|travel) (?:with )?"
        rf"{_PEOPLE}{_TOO}"
    ),
    Wording(
        rf"{_LEAD}(?:can|could|may|might|is it okay if) {_PEOPLE} (?:also |please )?{_COMES}"
        rf"(?: (?:with )?(?:me|us))?{_TOO}"
    ),
    Wording(rf"{_LEAD}there(?:'s|'ll| is| are| will)(?: be)? {_PEOPLE}{_TOO}"),
    Wording(
        rf"{_LEAD}(?:how much|what)(?:'s| is| would| will| does)?(?: (?:it|that|this|the (?:price|fare|total|cost)))?"
        rf"(?: (?:be|cost|come to))?(?: then| in total)? "
        rf"(?:with|for me and|for us and|including|plus|if (?:i|we) (?:bring|take|add)(?: along)?) {_PEOPLE}{_TOO}"
    ),
)
_ALONG = r"(?:along|too|as well|also|with (?:me|us))"
_COME_ALONG = (
    Wording(
        rf"\b{_PEOPLE}(?:'s|'ll|'d| is| are| will| would| can| could| wants?| decide[sd]?)?(?: also)?(?: be)?(?: like)?"
        rf"(?: to)? {_COMES} {_ALONG}\b"
    ),
    Wording(rf"\b(?:bring(?:ing)?|tak(?:e|ing)) {_PEOPLE} {_ALONG}\b"),
)
_RECOUNTED = Wording(
    rf"{_LEAD}(?:make (?:it|that)|it'?s|it'll be|it will be|that's|we're|we are|we'll be|we will be|there'?ll be|"
    rf"there are|there's)(?: now)? (?P<n>{_FEW})(?: {_SEATS})?(?: now)?\W*"
    rf"(?:(?:because|since|as|so|and)\b\W*)?{_PEOPLE}(?:'s|'ll| is| are| will| would| wants?| decided| has decided)?"
    rf"(?: also)?(?: be)?(?: to)? {_COMES}(?: (?:with )?(?:me|us))?{_TOO}"
)
_TOLD = r"(?:of us|people|persons?|passengers?|travell?ers?|adults?|tickets?|seats?)"
_ALL_OF_US = Wording(
    r"\W*(?:(?:no|nope|sorry|wait|oh|but|hold on|hang on|actually|and|well|okay|ok|um|uh|i said|i meant|"
    r"that's wrong)\b\W*)*"
    r"(?:(?:we're|we are|we'll be|it's|it is|it was|it should (?:be|have been)|there(?:'s| are| were)|"
    r"make (?:it|that)|i need|that should be|(?:that|it) (?:was|is) for|for|we need)\s+)?"
    r"(?:(?:for|only|just|all|the) )*"
    rf"(?P<n>{_FEW}|both)(?: {_TOLD})?(?:,? (?:and )?not (?:for )?(?:just |only )?{_FEW}(?: {_TOLD})?)?"
    r"(?:\W*\b(?:in all|altogether|in total|please|though|flying|travell?ing|going)\b)*\W*"
)
_NOT_ALONE = re.compile(
    r"\b(?:we|of us|people|persons?|passengers?|travell?ers|adults?|tickets?|seats?|not)\b", re.IGNORECASE
)
_ONLY_FOR = Wording(rf"{_LEAD}for (?:someone else|{_ONE}(?:(?:,| and|, and) {_ONE})*)(?:\W*\b(?:please|then)\b)*\W*")
"""Says who flies, and not who flies as well: "it's for my wife"."""
_ADDS = Wording(r"\W*(?:and|also|plus)\b")
_LAPS = re.compile(r"\b(?:baby|babies|infants?|newborn|toddler)\b", re.IGNORECASE)
_KINDS = {"adults": r"(?:adults?|grown-?ups?)", "children": r"(?:child(?:ren)?|kids?)"}
_ONLY = Wording(
    rf"\W*(?:(?:no|sorry|actually|oh|wait|and|well|just|only|make it|make that|it's|there(?:'s| is| are)|i mean)\b\W*)*"
    rf"(?P<n>{_FEW}) (?P<what>adults?|child(?:ren)?|kids?)(?:\W*\b(?:only|then|please|instead)\b)*\W*"
)


@lru_cache(maxsize=64)
def companions(text: str) -> int:
    """Give how many people a turn adds to a party, if it says nothing else; else 0.

    A baby adds nobody: it flies on a lap.
    """
    said = text.replace("’", "'")
    if _ONLY_FOR.fullmatch(said) and not _ADDS.match(said):
        return 0
    for pattern in _ADDED:
        if (match := pattern.fullmatch(said)) and not _LAPS.search(said):
            who = match["who"].casefold()
            number = re.match(rf"{_FEW}(?= more| additional| extra| further)", who)
            return (cardinal(number[0]) or 1) if number else (resolve_count(who) or 1)
    return 0


def companions_said(text: str) -> str:
    """Give the words for the people whom a turn adds; ``""`` if it adds none."""
    if not companions(text):
        return ""
    said = text.replace("’", "'")
    return next(match["who"] for pattern in _ADDED if (match := pattern.fullmatch(said)))


def recounted(text: str) -> str:
    """Give how many all are now that somebody comes as well: "make it three, my brother is coming"; else ``""``."""
    found = _RECOUNTED.fullmatch(text.replace("’", "'"))
    return found["n"] if found else ""


def party_told(text: str) -> str:
    """Give how many people a turn says there are, if it says nothing else: "no, we're four"; else ``""``."""
    said = text.replace("’", "'")
    match = _ALL_OF_US.fullmatch(said)
    return match["n"] if match and _NOT_ALONE.search(said) else ""


def come_along(text: str) -> str:
    """Give the words for the people who are said to come as well, whatever else a turn says; ``""`` if none are."""
    said = text.replace("’", "'")
    found = next((match for pattern in _COME_ALONG if (match := pattern.search(said))), None)
    return found["who"] if found and not _LAPS.search(found["who"]) else ""


def with_part(before: str, text: str) -> str:
    """Give a party of adults and children with one of the two numbers put right: "only one child"; else ``""``."""
    if not (match := _ONLY.fullmatch(text.replace("’", "'"))):
        return ""
    kind = next(kind for kind, words in _KINDS.items() if re.fullmatch(words, match["what"], re.IGNORECASE))
    part = re.compile(rf"\b{_FEW} {_KINDS[kind]}\b", re.IGNORECASE)
    other = _KINDS["children" if kind == "adults" else "adults"]
    if not part.search(before) or not re.search(rf"\b{other}\b", before, re.IGNORECASE):
        return ""
    return part.sub(f"{match['n']} {match['what']}", before, count=1)
