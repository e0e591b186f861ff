"""How many people a list of them is: "my wife and our two kids", "two adults and a child", "Anna and me".

A wrong number is a wrong price, so nothing is guessed: where "the kids" may be any number, or a baby may need no seat,
there is no number, and it has to be asked for.
"""

from __future__ import annotations

import re

from voice.booking.text.numerals import UNITS, cardinal

FEW = rf"(?:\d{{1,2}}|{'|'.join(list(UNITS)[1:])})"
_ONE_RELATIVE = (
    r"(?:step|grand|god|ex-?|co-?|great-?(?:grand)?)?(?:wife|husband|spouse|partner|son|daughter|brother|sister|mother|"
    r"father|child|kid|friend|boss|colleague|worker|manager|director|assistant|cousin|aunt|auntie|uncle|niece|nephew|"
    r"boyfriend|girlfriend|fianc[eé]e?|mom|mum|mommy|mummy|dad|daddy|ma|pa|gran|granny|grandma|grandpa|grandad|"
    r"granddad|nan|nana|nanny|au pair|carer|roommate|flatmate|housemate|neighbou?r|buddy|mate|pal|hubby|wifey|missus|"
    r"companion|secretary|client|teammate|classmate|teenager|teen|boy|girl|man|woman|lady|guy|other half|"
    r"better half|significant other|best friend|in-law)(?:-in-law)?"
)
_PAIR = (
    r"(?:step|god)?(?:parents|twins)(?:-in-law)?|twin (?:boys|girls|sons|daughters|brothers|sisters)|in-laws|folks|"
    r"other two"
)
_SEVERAL = (
    r"(?:(?:step|grand|great-?grand|god)?(?:kids|children|sons|daughters|brothers|sisters|friends|colleagues|cousins|"
    r"aunts|uncles|nieces|nephews|boys|girls|lads|guys|men|women|siblings|mates|pals|buddies|coworkers|workmates|"
    r"teammates|teenagers|teens|clients|neighbou?rs|others|grandparents)|family|team|crew|band|group|lot|rest)"
)
_LAP = re.compile(r"\b(?:bab(?:y|ies)|infants?|newborns?|toddlers?|little ones?)\b", re.IGNORECASE)
_OWNER = r"(?:(?:both|all|all of|each of|just|only|also|even) )?(?:my|our|his|her|their|the|your|this|that|these|those)"
_KIND = r"(?:(?!and\b|or\b|with\b|of\b)[\w'-]+ ){0,2}?"
_ITEMS = (
    (re.compile(r"(?:i|me|myself|him|her|he|she|himself|herself|someone|somebody)"), 1),
    (re.compile(r"both\b.*"), 2),
    (re.compile(rf"(?:{_OWNER} )?{_KIND}(?:{_PAIR})"), 2),
    (
        re.compile(rf"(?:{_OWNER} |an? |one |another )?{_KIND}(?:{_ONE_RELATIVE}|person|passenger|adult|grown-?up)"),
        1,
    ),
    (re.compile(r"(?:an? |the )?(?:couple|pair)(?: of\b.*)?"), 2),
    (re.compile(rf"(?:{_OWNER} )?{_KIND}triplets"), 3),
)
_MANY = re.compile(rf"\b{_SEVERAL}\b", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?:{_OWNER} )?(?:just |only |all |us )*(?P<n>{FEW})\b(?: .*)?|"
    rf"(?:.* )?(?:family|party|group|crew|team) of (?P<of>{FEW})"
)
_ALTOGETHER = re.compile(rf"\b(?P<n>{FEW})(?: \w+)? (?:in (?:all|total)|altogether)\b", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:,|&|\b(?:and|plus|with|as well as|along with|together with)\b)\s*", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b(me|myself|people|persons|passengers|of us)\s+(?=(?:me|myself|my|our|\w+ adults?)\b)", re.IGNORECASE
)
"""Where a list is said without a pause: "four people me my husband and the kids"."""
_NAMED = re.compile(r"\b((?:my|our|his|her) (?:\w+ )?[a-z]+) [A-Z][a-z]+$")
_IDLE = re.compile(
    r"^(?:(?:so|it's|that's|there's|there are|we're|for|just|only|also|then|even|and|is|oh|well|first) )+|"
    r"(?: (?:too|also|as well|please|together|alone|only|there|then|instead|of course|in (?:all|total)))+$"
)
_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-zà-ÿ'’-]+(?: [A-Z][a-zà-ÿ'’-]+)?")
_PEOPLE = re.compile(rf"{FEW} (?:people|persons|passengers|of (?:us|you|them))\b")


def count_people(said: str) -> int | None:
    """Count the people of a list; None if any part of it can't be counted with certainty."""
    text = _BESIDE.sub(r"\1, ", " ".join(said.replace("’", "'").split())).strip(" .,!?")
    if whole := _ALTOGETHER.search(text):
        return cardinal(whole["n"])
    parts = [part for part in (_IDLE.sub("", part.strip(" .")) for part in _PARTS.split(text)) if part]
    each = [_count(part) for part in parts]
    if len(parts) > 1:
        counted = any(one is not None for one in each)
        each = [
            1 if one is None and counted and _NAME.fullmatch(part) else one
            for one, part in zip(each, parts, strict=True)
        ]
    if not each or any(one is None for one in each):
        return None
    first, *rest = (one or 0 for one in each)
    if len(rest) > 1 and first == sum(rest) and _PEOPLE.match(parts[0].casefold()):
        return first  # "four people, me, my wife and the two kids" says it twice
    return first + sum(rest)


def is_several(said: str) -> bool:
    """Whether words name people whose number they don't tell: "the kids", "my family", "our baby"."""
    return count_people(said) is None and bool(_MANY.search(said) or _LAP.search(said))


def has_baby(said: str) -> bool:
    """Whether a child is among them that may fly on a lap."""
    return bool(_LAP.search(said))


def _count(part: str) -> int | None:
    """Count one part of a list."""
    said = _NAMED.sub(r"\1", part).casefold()
    if _LAP.search(said):
        return None
    if number := _NUMBER.fullmatch(said):
        return cardinal(number["n"] or number["of"])
    return next((count for pattern, count in _ITEMS if pattern.fullmatch(said)), None)
