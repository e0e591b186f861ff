"""What callers deny to have said: "Did I say Auckland? I said Oakland.", "I never said Boston, I said Austin."."""

from __future__ import annotations

from itertools import pairwise

from voice.booking.spotting import spot
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_KINDS = ("place", "date", "time", "price", "count")
_SAY = r"(?:say|said|mean|meant|ask(?:ed)? for|want(?:ed)?|tell you|told you)"
_BEFORE = r"(?:(?:to|from|on|at|in|for|about|the) )*"
_DENIES = Wording(
    r"(?:\b(?:no|but|wait|oh|hey|sorry|hang on|hold on)\b[\s,.]*)*"
    rf"\b(?:did i (?:really |just )?{_SAY}|(?:i|we) (?:didn['’]?t|did not|never|don['’]?t|do not) {_SAY}|"
    rf"(?:you|they)(?:['’]ve| have)? (?:said|heard|got|put|wrote|understood)|why|who said)\s+{_BEFORE}$",
)
_SAYS = Wording(
    rf"(?:\s*,?\s*but\s+|\s*[,.;?!]?\s*(?:(?:but|no|and|well|because)\b,?\s*)*(?:(?:i|we)(?:['’]d| would)? "
    rf"(?:clearly |actually |definitely )?(?:{_SAY}|need(?:ed)?|like)|it['’]?s|it (?:is|was|should be)|"
    rf"that should be)\s+)(?P<before>{_BEFORE})",
)


def undenied(text: str) -> str | None:
    """Keep of a value that is denied, and the one said instead of it, only the latter; None if nothing is denied."""
    spans = spot(text)
    for old, new in pairwise(spans):
        denied, said = _DENIES.search(text, 0, old.start), _SAYS.fullmatch(text[old.end : new.start])
        if denied and said and old.kind == new.kind and old.kind in _KINDS and not _same(old, new):
            return text[: denied.start()] + said["before"] + text[new.start :]
    return None


def _same(old: Span, new: Span) -> bool:
    return (old.name or old.text).casefold() == (new.name or new.text).casefold()
