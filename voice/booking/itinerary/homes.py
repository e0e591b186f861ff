"""Where a trip begins and ends, if a caller says so beside the flights: "we live in Omaha", "Newark both ways"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_BEFORE = Wording(
    r"\b(?:(?:i|we|he|she|they)(?:'m| am|'re| are|'s| is)? (?:(?:all|both|currently|now) )?(?:lives?|living|based|"
    r"located|starting and (?:end|finish)ing) (?:in|near|around|out of|at)|"
    r"(?P<starts>(?:i|we) (?:start|begin|end|finish)(?: (?:and|&) (?:start|begin|end|finish))?(?: up| again)? (?:in|"
    r"at|from))|"
    r"(?<!way )(?<!flight )(?<!trip )(?<!journey )(?<!leg )(?:home|base|start|home base|home airport|starting"
    r" point|point of departure)(?:'s| is| (?:would|"
    r"will) be|:)|"
    r"(?:home|base|start) (?:city|airport|town) (?:is|would be))(?: (?:in|at|near|from))?\s+$|"
    r"(?P<now>(?:^|[.;,]|\bso|\bwell|\band)\s*(?:i|we)(?:'m|'re| am| are)(?: (?:here|currently|over))? (?:in|at))\s+$",
)
_AFTER = Wording(
    r"(?:,? (?:and )?(?:which|that|it)(?:'s| is)|,? is|['’]s|,? being|"
    r",? where)?,? ?(?:always )?(?:(?:my|our|the) )?(?:home(?: (?:base|town|airport|city))?(?=[.,;!]|$)|base\b|"
    r"(?:nearest|closest|local|usual|own) (?:\w+ )?(?:airport|city|one)\b|"
    r"where (?:i|we|he|she|they|it)(?:'m|'re|'s| am| are| all)?(?: both| all)? "
    r"(?:live|lives|start|starts|begin|based|from|leave)|"
    r"(?:(?:at|on|for) )?(?:both|either|each) (?:ends?|sides?)\b|(?:both|each|either) ways?\b|"
    r"(?:there and back|coming and going)\b)",
)
_AND_BACK = Wording(r",?\s+and (?:then )?(?:back|home)(?: again)? (?:in)?to\s+")
_ENDS = Wording(r"\s*(?:[.,;!]|$|and (?:(?:i|we) )?(?:end|finish|come back))")
_REACHED = Wording(r"\b(?:to|into|back in|back at|home in|be in|reach|visit)\s+$")


def homes_of(text: str, places: Sequence[Span]) -> tuple[Span | None, tuple[Span, ...]]:
    """Find the place where a trip begins and ends.

    Returns:
        Its first mention or None, and those mentions that say nothing else, and so are no place of a leg.
    """
    home: Span | None = None
    only: list[Span] = []
    for first, second in pairwise(places):
        if first.name == second.name and _AND_BACK.fullmatch(text[first.end : second.start]):
            home = first
            only += [first, second] if len(places) > 2 else []
    for span in places:
        before, after = _BEFORE.search(text, 0, span.start), _AFTER.match(text, span.end)
        if not (before or (after and after.end() > span.end)):
            continue
        if before and before.lastgroup and not _ENDS.match(text, span.end):
            continue  # "We start in Rome on May 2nd" is where a leg starts, with all that belongs to it
        home = home or span
        if before or not _REACHED.search(text, 0, span.start):
            only.append(span)
    return home, tuple(only)
