"""What rules make of a caller's words: days, times and numbers, and the answers that need no model."""

from __future__ import annotations

import re

from voice.cascade.words import Action, Entity, Reading

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_N = rf"(?:{'|'.join(_NUMBERS)}|\d{{1,2}})\b"
_KINDS = {
    "party": rf"\b(?:for|of|we are|there are)\s+({_N})",
    "children": rf"\b({_N})(?=\s+(?:of (?:them|us) )?(?:are )?(?:children|kids))",
    "day": rf"\b({'|'.join(DAYS)})\b",
    "time": rf"\b(?:at|to|by|until)\s+({_N})",
}
_BARE = re.compile(
    rf"\W*(?:for |at |on |we are |there are )?({_N}|{'|'.join(DAYS)})(?: of us| people| o'clock|,? then|,? please)*\W*",
    re.I,
)
_YES, _NO = (
    re.compile(rf"\W*(?:{words})(?:[\s,.]+(?:{words}|please|thanks|thank you))*\W*", re.I)
    for words in ("yes|yeah|sure|go ahead|do that|that's right", "no|nope|don't|leave it")
)
_VERBS = (r"\b(?:an? table|reserve|book)\b", r"\b(?:move|change|shift)\b", r"\b(?:open|close|hours)\b")


def number(said: str) -> int:
    """Give the value of "six" or "6"."""
    return int(said) if said.isdigit() else _NUMBERS.index(said.lower()) + 1


def read(text: str, *, asked: str = "", partial: Action | None = None, approves: bool = False) -> Reading:
    """Read a transcript. ``asked`` is the argument that ``partial`` lacks; ``approves`` is whether a yes counts."""
    answer = "yes" if _YES.fullmatch(text) else "no" if _NO.fullmatch(text) else ""
    if answer:
        return Reading(text, (Action("confirm", {"answer": answer}),), certain=True, approves=approves)
    found = sorted(
        (match.start(1), kind, match[1])
        for kind, pattern in _KINDS.items()
        for match in re.finditer(pattern, text, re.I)
    )
    entities = tuple(Entity(kind, said) for _, kind, said in found)
    bare = _BARE.fullmatch(text)
    if asked and partial and bare and (asked == "day") == (bare[1].title() in DAYS):
        filled = Action(partial.name, {**partial.args, asked: bare[1]})
        entities = (Entity(asked, bare[1]),)
        return Reading(text, (filled,), certain=True, asked=True, entities=entities, question=asked, approves=approves)
    requests = sum(bool(re.search(verb, text, re.I)) for verb in _VERBS)
    return Reading(text, entities=entities, requests=max(1, requests), question=asked, approves=approves)
