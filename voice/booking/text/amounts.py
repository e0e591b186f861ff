"""Prices and counts as callers say them."""

from __future__ import annotations

import re

from voice.booking.text.numerals import CARDINAL, TENS, UNITS, cardinal
from voice.booking.text.people import count_people
from voice.booking.text.spans import Span, longest_first
from voice.booking.text.wording import Wording

_UNDER = (
    r"(?:(?:\w+n['’]t|cannot|not|never|hate to|(?:don't|do not) want to)(?: \w+){0,3} (?:more than|over|above|past|"
    r"beyond|exceed)|"
    r"(?:nothing|anything) (?:over|above)(?: is| would be)? (?:too|out)?|under|below|less than|(?:no|not) more than|"
    r"not over|up to|at most|max(?:imum)?(?: of)?|within|cheaper than|fewer than|(?:budget|ceiling)(?: is| of| at|:)?|"
    r"cap(?:ped)?(?: (?:it|that|things|us|me))?(?: is| at| of)?|limit(?: is| of)?|spend(?:ing)?|"
    r"cost(?:ing)?)(?:\s+(?:about|around|roughly|like))?"
)
_ONES = "|".join(list(UNITS)[1:10])
_SHORT = rf"(?:{_ONES})[\s-]+(?:(?:{'|'.join(TENS)})(?:[\s-]+(?:{_ONES}))?)"
_NUMBER = rf"(?:{_SHORT}|{CARDINAL}(?:\.\d\d)?)"
_NOT_MONEY = (
    r"(?!\s*(?:[ap]\.?m\b|o'clock|people|persons|passengers?|bags?|nights?|days?|weeks?|months?|hours?|stops?|tickets?|"
    r"seats?|pounds|kilos?|of us|adults?|kids|children|:|/))"
)
_PRICES = tuple(
    Wording(pattern)
    for pattern in (
        r"[$£€]\s?\d[\d,]*(?:\.\d+)?k?(?!\d)",
        rf"\b(?:{_SHORT}|{CARDINAL}|a)\s*(?:us\s+)?(?:dollars?|bucks|usd|euros?|quid|pounds|grand)\b",
        rf"\b(?:{_UNDER})\s+(?P<n>{_NUMBER})\b{_NOT_MONEY}",
        rf"\b(?P<n>{_NUMBER}),?\s+(?:tops|max(?:imum)?|at (?:the )?(?:very )?most|at the outside|"
        r"or (?:less|under|below|cheaper)|"
        r"is (?:about )?(?:my|our|the|her|his) (?:\w+ )?(?:limit|max\w*|ceiling|budget|cap))\b",
        rf"\b(?P<n>{_NUMBER})\s+(?:total|each|per\s+(?:person|passenger)|a\s+(?:person|head)|altogether|all\s+in)\b",
    )
)
_WEIGHED = Wording(r"\b(?:weigh\w*|heavy|bags?|suitcases?|luggage|baggage|overweight)\b")
_NO_FARE = Wording(
    r"['’]?\s+(?:(?:a|an|per)\s+(?:night|month|week|year|day|hour|kilo|metre|pound)\b|"
    r"(?:he|she|they|it|i|we)(?:['’]d)? (?:paid|gave|cost)\b|"
    r"worth\b|(?:in|for) (?:the )?(?:deposit|rent)\b)",
)
_BARE_AMOUNT = Wording(rf"\b{_NUMBER}\b{_NOT_MONEY}")
_LEAST_PRICE = 40  # a bare number below this is no fare


def find_prices(text: str) -> list[Span]:
    """Find amounts of money, without the words around them ("under")."""
    spans: list[Span] = []
    for pattern in _PRICES:
        for match in pattern.finditer(text):
            group = "n" if "n" in pattern.groupindex else 0
            amount = resolve_price(match[group])
            if match.group().endswith("pounds") and _WEIGHED.search(text):
                continue
            if _NO_FARE.match(text, match.end()):
                continue
            if amount is not None and (group == 0 or amount >= _LEAST_PRICE):
                said = match[group].rstrip(" ,")
                spans.append(Span(match.start(group), match.start(group) + len(said), said, "price"))
    return longest_first(spans)


def find_amount(text: str) -> Span | None:
    """Find a bare number that may be a fare, as said in answer to a question for one: "six fifty"."""
    for match in _BARE_AMOUNT.finditer(text):
        if (resolve_price(match.group()) or 0) >= _LEAST_PRICE:
            return Span(match.start(), match.end(), match.group(), "price")
    return None


def resolve_price(said: str) -> int | None:
    """Read an amount in whole US dollars: "$1,200", "twelve hundred dollars", "two fifty". None if it is none."""
    text = re.sub(r"\b(?:us|dollars?|bucks|usd|euros?|pounds|quid|and zero cents)\b|[$£€?!]", " ", said.casefold())
    text = re.sub(rf"^\s*(?:{_UNDER})\s+", "", text).strip(" .,")
    if text.endswith("grand"):
        thousands = cardinal(re.sub(r"^an?\b", "one", text.removesuffix("grand").strip()))
        return thousands * 1000 if thousands else None
    if match := re.fullmatch(r"([\d,]+)(?:\.(\d+))?\s*(k?)", text):
        whole = match[1].replace(",", "")
        if match[3] and whole:
            return int(float(f"{whole}.{match[2] or 0}") * 1000)
        return int(whole) if whole else None
    if re.fullmatch(_SHORT, text):
        first, rest = re.split(r"[\s-]+", text, maxsplit=1)
        return UNITS[first] * 100 + (cardinal(rest) or 0)
    return cardinal(text)


_PEOPLE = (
    r"(?:people|persons?|passengers?|adults?|travell?ers?|tickets?|seats?|guests?|kids?|child(?:ren)?|infants?|pax)"
)
_FEW = rf"(?:\d{{1,2}}|{'|'.join(list(UNITS)[1:13])})"
_COUPLE = r"(?:me|myself) and my \w+|my \w+ and (?:me|i|myself)"
_BAG = (
    r"(?:(?:extra|additional|more|checked|check-in|check|hold|spare|big|small|large)\s+)*(?:bags?|suitcases?|"
    r"cases?(?! of)|rucksacks?|backpacks?|holdalls?|trunks?|(?:pieces? of )?(?:luggage|baggage)|pieces?)"
)
_COUNTS = tuple(
    (unit, Wording(pattern))
    for unit, pattern in (
        ("passengers", rf"\b(?P<n>{_FEW}\s+{_PEOPLE}(?:\s+and\s+{_FEW}\s+{_PEOPLE})+)\b"),
        (
            "passengers",
            rf"\b(?P<n>{_FEW}|both)\s+(?:more\s+)?(?:of (?:us|them)(?! (?:is|has|needs|wants|gets|was)\b)|{_PEOPLE})\b",
        ),
        (
            "passengers",
            r"\b(?:we(?:'d| would| will|'ll) be|we(?:'re| are)|"
            rf"there(?:'s| are| will be|'ll be)) (?P<n>{_FEW})(?=\s*(?:[.,;!?]|$|"
            r"(?:please|and|in|from|to|on|of|altogether|in total)\b))",
        ),
        (
            "passengers",
            rf"\b(?P<n>{_FEW}|an?\s+(?:couple|pair)(?:\s+of)?|just\s+(?:the\s+)?one)\s+(?:returns?|singles?|"
            rf"one[\s-]ways|round[\s-]trips|{_PEOPLE}|places|spots|fares)\b(?!\s+(?:bags?|class)\b)",
        ),
        (
            "passengers",
            rf"\b(?:that|which|it)(?: now)? makes (?:it |us )?(?P<n>{_FEW})\b(?! (?:stops?|bags?|nights?|days?)\b)",
        ),
        ("passengers", rf"[,.] so (?:that's |we're )?(?P<n>{_FEW})(?=[,.]|$)"),
        ("passengers", rf"[,.] that's (?P<n>{_FEW})(?=[.]|$|, (?-i:[A-Z]))"),
        ("passengers", rf"\bpassenger count(?: is| of|:)? (?P<n>{_FEW})\b"),
        (
            "passengers",
            rf"(?:^|[.!?] )(?P<n>(?!one\b|1\b){_FEW}(?= (?:for|from|to) (?-i:[A-Z]))|"
            rf"{_FEW}(?= in (?:first|business|economy|premium)\b))",
        ),
        ("passengers", rf"^(?P<n>{_FEW})(?=\. (?-i:[A-Z])\w+(?:,| to)\s)"),
        ("passengers", rf"\b(?:party|group) of\s+(?P<n>{_FEW})\b"),
        ("passengers", rf"\bfor\s+(?P<n>{_FEW})(?=\s*(?:[.,;!?]|$|(?:please|and|in|from|to|on|under)\b))"),
        (
            "passengers",
            rf"(?:^|[.,;!?]\s+)(?:(?:just|only|all) )?(?:(?:the|us) )?(?P<n>{_FEW})(?: (?:heads|pax))?"
            r"(?=[.;!?](?:\s|$)|$)(?<=\w\w)",
        ),
        ("passengers", rf"\b(?:just|only) (?P<n>{_FEW})(?=\s*(?:[.,;!?]|$))"),
        ("passengers", rf"\b(?:just|only|for|it's) us (?P<n>{_FEW})\b"),
        (
            "passengers",
            rf"(?:^|[.;!?]\s+)(?P<n>{_FEW})(?= (?:in|on) (?:economy|coach|business|first|premium)\b)",
        ),
        ("passengers", rf"\b(?P<n>just me|only me|myself|by myself|both of us|{_COUPLE})\b"),
        ("bags", rf"\b(?P<n>{_FEW}|an?|another|one more|a couple(?: of)?)\s+{_BAG}\b"),
    )
)


def find_counts(text: str) -> list[Span]:
    """Find numbers of passengers and bags; ``name`` says ``passengers`` or ``bags``. The span is the number alone."""
    spans: list[Span] = []
    for unit, pattern in _COUNTS:
        for match in pattern.finditer(text):
            spans.append(Span(match.start("n"), match.end("n"), match["n"], "count", unit))
    return longest_first(spans)


_BAGS = Wording(rf"\s+{_BAG}\W*$")


def resolve_count(said: str) -> int | None:
    """Read a number of passengers or bags: "two", "both", "my wife and me", "two adults and one child". Or None.

    Who comes "with my wife" is one more.
    """
    said = _BAGS.sub("", said)
    text = " ".join(said.casefold().strip(" .,!?").split())
    if text in ("just me", "only me", "just the one", "by myself", "another", "one more", "a", "an", "single"):
        return 1
    company = text.startswith("with ")
    people = count_people(said.strip()[len("with ") :] if company else said)
    return people + company if people else None
