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
    r"sure|perfect|(?:can|could) (?:you|we|i)|i(?:'d| would)? (?:want|need|like)(?: to)?|we need|it's)\b\W*)*"
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
