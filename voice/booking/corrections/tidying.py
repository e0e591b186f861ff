"""Self-corrections, fillers and negated mentions, rewritten so that only what the caller settled on is left.

A correction is a cue ("no wait", "or rather", "scratch that") with something of the same kind on both sides: the new
one takes the old one's place, and everything else that was said stays where it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from voice.booking.corrections.cues import INVERTS, IS_STRONG, LINK, STRONG, WIPES, cues_in
from voice.booking.corrections.denials import undenied
from voice.booking.corrections.excuses import excused
from voice.booking.corrections.second_thoughts import reconsidered
from voice.booking.corrections.settling import settled
from voice.booking.places.roles import role_of
from voice.booking.spotting import spot
from voice.booking.talk.taking_back import only_opens
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_FILLERS = Wording(
    r"(?<![\w'-])(?:u+h+|u+m+|u+r+|e+r+m?|e+h+m*|a+hm+|em|h+m+|mm+|(?<!do )(?<!did )you know(?! what)|"
    r"(?!let me (?:think|see|check|look)(?: (?:at |in )?my \w+)?\W*$)"  # it is all that is said behind an okay
    r"let me (?:think|see|check|look)(?! (?:it|about|on|over))(?: (?:at |in )?my \w+)?|let's see|"
    r"how (?:do |can )?(?:you|we|i|one) (?:say|call)(?: (?:it|that|this))?(?: in english)?|how to say(?: it)?|"
    r"what's the word|what do you call it|how should i put it|so to say|if you will|"
    r"you see(?! (?:if|whether|what|any|my|the|it))|i don't know how to say)(?![\w'-])[,.…?]*\s*",
)
_STUTTER = Wording(
    r"\b(to|from|the|on|in|at|an?|and|for|of|my|we|I|I'd|I'm|it's|is|can|could|want|need|so|"
    r"then)(?:[,….-]*\s+\1\b)+(?!')",
)
_DESCRIBES = Wording(r"\b(?:that|it|which|this)(?:'s| is| was) (?P<article>an? )?$")
_VAGUE = Wording(r"\b(?:some|any)(?:where|place)\b(?: \w+){0,3}$")
"""What is said of a place that is only then named: "somewhere warm, make it Phoenix"."""
_AFTERWARDS = Wording(
    r"[\s,]*\b(?:i mean(?:t)?|i meant to say|rather|actually|sorry|i should say|it should be|instead|is better|"
    r"is right|would be better|correction|pardon|excuse me)\b[\s,]*(?=[,.;?!]|$|\b(?:from|to|on|at|and|for)\b)",
)
_NAMED_TO_DROP = Wording(
    r"[\s,.;]*\b(?:forget|skip|scrap|scratch|drop|ignore|did i say)(?: about)?\s+(?:(?:to|from|on|in|at|the)\s+)*$",
)
_LINKS = Wording(rf"^(?:[\s,]*{LINK}\b)+")
_GAP = Wording(r"[\s,]*(?:(?:to|from|on|at|in|the|of|going|leaving)\b[\s,]*)*")
_BARE_NUMBER = Wording(
    r"(?:\$?\d[\d,]*|(?:the )?\d{1,2}(?:st|nd|rd|th)|(?:twenty[ -])?(?:one|two|three|four|five|six|seven|eight|nine)|"
    r"ten|(?:one|two|three|four|five|six|seven|eight|nine|twelve|fifteen) hundred(?: and \w+)?)\b(?!:)",
)
_NEGATED = Wording(
    r"[\s,;]*\b(?:and )?(?:instead of|rather than|(?<!if )not)\s+(?:(?:to|from|on|in|at|the|for|leaving|a|an)\s+)*$",
)
_NEW_THOUGHT = Wording(r"\b(?:is|are|can|could|would|do|does|what|how|why|also|add|if|no|any|not)\b")
_ADDITION = Wording(r"^[\s,.;]*(?:and|but)\b")
_DANGLING = Wording(r"\b(to|from|on|in|at|for|the|and),\s")
_VERBS = r"(?:cancel|change|move|book|add|look up|find|upgrade)"
_VERB_SWAP = Wording(
    rf"\b{_VERBS}\b(?P<object>(?: (?:my|our|the|that|this|it|booking|reservation|trip|flight|"
    r"[A-Z0-9]{6}))*)[\s,.…-]*(?:(?:actually|"
    rf"oh|ah)[\s,]*)?(?:(?:{STRONG}|no|nope)\b[\s,.…-]*)+(?:(?:just|rather|instead|please|i'd rather|i'd like|"
    r"i would like|can you|could you|(?:i (?:want|need|meant) )?to|"
    rf"(?:don't|do not) {_VERBS}(?: (?:it|that|this|anything))?)[\s,.]+)*(?={_VERBS}\b)",
)
_ONLY_FILLED = Wording(r"[\s,.…-]*(?:(?:on|at|the)\s+)*")
_ONLY_PAUSE = Wording(r"[\s,.;…–—-]*(?:(?:oops|oh|no|uh|sorry|wait|or|to|from|on|at|the|in)\b[\s,]*)*")
_SAID_OF = Wording(r"(?:['’]s|['’]ll|\s+(?:is|was|has|will|takes))\s+\w")
"""Behind a value of which something is said, and which no plain \"no\" takes back."""
_MOST_CORRECTIONS = 6


@lru_cache(maxsize=256)
def tidy(text: str) -> tuple[str, bool]:
    """Rewrite a transcript, and say whether the caller corrected themselves.

    Fillers and stutters go, corrected values are replaced, and so are values that are only named to be excluded
    ("the 12th instead of the 13th", "Dallas, not Houston").
    """
    text, restarted = _mended(text)
    text = _DANGLING.sub(r"\1 ", _STUTTER.sub(r"\1", _FILLERS.sub("", text))).strip()
    text, swapped = _VERB_SWAP.subn(_without_verb, text)
    corrected = bool(swapped) or restarted
    for _ in range(_MOST_CORRECTIONS):
        repaired = (
            _drop_negated(text)
            or settled(text)
            or excused(text)
            or reconsidered(text)
            or _drop_named(text)
            or undenied(text)
            or _repair(text)
            or _repaired_behind(text)
        )
        if repaired is None:
            break
        text, corrected = repaired, True
    text = re.sub(r"\s+([,.?!;])", r"\1", re.sub(r"\s{2,}", " ", text))
    return re.sub(r"([,;])(?:\s*[,;])+", r"\1", text).strip(" ,;"), corrected


def _without_verb(match: re.Match[str]) -> str:
    """Keep the code of a request that was taken back: "Cancel QT44LZ, no, change it" is about that booking."""
    code = re.search(r"\b(?=\w*\d)[A-Z0-9]{6}\b", match["object"])
    return f"{code.group()}, " if code else ""


def _mended(text: str) -> tuple[str, bool]:
    """Take the second of two dates, times, prices or counts that only a filler parts: "Tuesday, er, Wednesday"."""
    spans = spot(text)
    for old, new in pairwise(spans):
        gap = text[old.end : new.start]
        same = old.kind == new.kind and old.kind in ("date", "time", "price", "count")
        if same and _FILLERS.search(gap) and _ONLY_FILLED.fullmatch(_FILLERS.sub("", gap)):
            return text[: old.start] + text[new.start :], True
    return text, False


def _repair(text: str) -> str | None:
    """Carry out the first correction in the text; None if there is none."""
    spans = spot(text)
    for match in cues_in(text):
        strong = bool(IS_STRONG.search(match["cue"]))
        if _VAGUE.search(text, 0, match.start()):
            continue
        if not strong and _ADDITION.match(match["cue"]):
            continue
        before = [span for span in spans if span.end <= match.start() + 1]
        after = [span for span in spans if span.start >= match.start("links")]
        if INVERTS.search(match["cue"]) and sum(span.kind == "place" for span in after) > 1:
            return _turned(text, match, before, after) or _without_last_sentence(text[: match.start()]) + text[
                match.end("cue") :
            ].lstrip(" ,.;")
        swaps = _swaps(text, match, before, after, reach=40 if strong else 8)
        if swaps:
            return _swapped(text, match.start(), swaps)
        if (number := _number_swap(text, match, before)) is not None:
            return number
        if WIPES.search(match["cue"]) and only_opens(text[: match.start()]):
            continue  # it takes back what was said before this turn
        if WIPES.search(match["cue"]) and re.search(r"\w{3}", text[match.end() :]):
            return _without_last_sentence(text[: match.start()]) + text[match.end("cue") :].lstrip(" ,.;")
    return None


def _turned(text: str, cue: re.Match[str], before: list[Span], after: list[Span]) -> str | None:
    """Exchange two places that were said the wrong way round, and are said again the right one."""
    old, new = ([span for span in side if span.kind == "place"][:2] for side in (before, after))
    if len(old) < 2 or len(before) < 3 or {span.name for span in old} != {span.name for span in new}:
        return None
    made = text[: cue.start()] + text[new[1].end :]
    for span, right in sorted(zip(old, new, strict=True), key=lambda pair: -pair[0].start):
        made = made[: span.start] + right.text + made[span.end :]
    return made


def _swaps(text: str, cue: re.Match[str], before: list[Span], after: list[Span], reach: int) -> list[tuple[Span, Span]]:
    """Pair each value right after the cue with the value that it replaces."""
    swaps: list[tuple[Span, Span]] = []
    end = cue.end("cue")
    for new in after:
        gap = _LINKS.sub("", text[end : new.start].lstrip(" ,.;:…–—?!-")) if not swaps else text[end : new.start]
        if len(gap) > (reach if not swaps else 12) or (swaps and not _GAP.fullmatch(gap)) or re.search(r"[.?!]\s", gap):
            break
        if _NEW_THOUGHT.search(gap):
            break
        describes = _DESCRIBES.search(text, 0, new.start) if new.kind == "date" else None
        if describes and (describes["article"] or _day_instead(text, new, after)):
            continue  # "hold on, that's a Sunday, the 15th then"
        old = _replaced(text, new, [span for span in before if span not in (pair[0] for pair in swaps)], cue)
        if old is None or (swaps and _of_another_leg(old, swaps[0][0], before)):
            break
        swaps.append((old, new))
        end = new.end
    return swaps


def _day_instead(text: str, said: Span, after: list[Span]) -> bool:
    """Whether another day follows one that only describes the first: "no, that's Thanksgiving week, … the 12th"."""
    return any(
        span.kind == "date" and span.start > said.start and not re.search(r"[.?!;]", text[said.end : span.start])
        for span in after
    )


def _of_another_leg(old: Span, first: Span, before: list[Span]) -> bool:
    """Tell whether a value was said before the part that is corrected.

    Another value of the first one's kind between the two starts a new part ("… on the tenth, then from Tokyo to Seoul,
    no wait, Osaka, three days later").
    """
    return any(span.kind == first.kind and old.end <= span.start and span.end <= first.start for span in before)


def _replaced(text: str, new: Span, before: list[Span], cue: re.Match[str]) -> Span | None:
    same = [span for span in before if span.kind == new.kind and (span.kind != "count" or span.name == new.name)]
    if not same:
        return None
    role = role_of(text, new)
    if role:
        opposite = {"from": "to", "to": "from"}.get(role, "")
        same = [span for span in same if role_of(text, span) == role] or [
            s for s in same if role_of(text, s) != opposite
        ]
        if not same:
            return None
    old = same[-1]
    between = text[old.end : cue.start()]
    firm = bool(IS_STRONG.search(cue["cue"]))
    if not firm and (len(between.split()) > 6 or re.search(r"[.?!]", between) or _SAID_OF.match(between)):
        return None
    if old.text.casefold() == new.text.casefold() or (not firm and re.search(r"\b(?:back|return\w*)\b", between)):
        return None
    return old


def _swapped(text: str, cue_start: int, swaps: list[tuple[Span, Span]]) -> str:
    rest = text[swaps[-1][1].end :]
    if swaps[-1][1].kind == "count":
        rest = re.sub(r"^\s+(?:people|passengers|tickets|seats|adults|of us|bags|suitcases)\b", "", rest)
    made = text[:cue_start] + rest
    for old, new in sorted(swaps, key=lambda pair: -pair[0].start):
        made = made[: old.start] + new.text + made[old.end :]
    return made


def _number_swap(text: str, cue: re.Match[str], before: list[Span]) -> str | None:
    """Replace the number of the last count, price or date by a bare number after the cue ("two bags, no, three")."""
    number = _BARE_NUMBER.match(text, cue.end())
    numeric = [span for span in before if span.kind in ("count", "price", "date")]
    if number is None or not numeric or (numeric[-1].kind == "date" and not re.search(r"(?:st|nd|rd|th)$", number[0])):
        return None
    old = numeric[-1]
    unit = re.search(r"\s+(?:dollars|bucks)$", old.text)
    new = number[0] + (unit[0] if unit and old.kind == "price" else "")
    rest = text[number.end() :]
    if unit:
        rest = re.sub(r"^\s+(?:dollars|bucks)\b", "", rest)
    return text[: old.start] + new + text[old.end : cue.start()] + rest


def _drop_negated(text: str) -> str | None:
    """Drop a value that is named only to be excluded, if another one of its kind is left."""
    spans = spot(text)
    for span in spans:
        match = _NEGATED.search(text, 0, span.start)
        if match and any(other.kind == span.kind and other is not span for other in spans):
            rest = text[span.end :]
            return text[: match.start()] + (rest if rest[:1] in ("", ".", "?", "!", ",") else f" {rest.lstrip()}")
    return None


def _drop_named(text: str) -> str | None:
    """Put the next value in the place of one that is dropped by name: "Forget Friday, Saturday is better"."""
    spans = spot(text)
    for index, span in enumerate(spans[:-1]):
        named = _NAMED_TO_DROP.search(text, 0, span.start)
        before = [
            other for other in spans[:index] if (other.kind, other.text.casefold()) == (span.kind, span.text.casefold())
        ]
        new = next((other for other in spans[index + 1 :] if other.kind == span.kind), None)
        if named and before and new and len(text[span.end : new.start]) < 30:
            rest = (
                _AFTERWARDS.sub("", text[new.end :], count=1) if _AFTERWARDS.match(text[new.end :]) else text[new.end :]
            )
            old = before[-1]
            return text[: old.start] + new.text + text[old.end : named.start()] + rest
    return None


def _repaired_behind(text: str) -> str | None:
    """Carry out a correction whose cue stands behind the new value: "Tuesday, Wednesday rather"."""
    spans = spot(text)
    for old, new in pairwise(spans):
        gap = text[old.end : new.start]
        cue = _AFTERWARDS.match(text, new.end)
        if cue and old.kind == new.kind and _ONLY_PAUSE.fullmatch(gap) and re.search(r"[,.;…-]", gap):
            return f"{text[: old.start]}{new.text} {text[cue.end() :]}"
    return None


def _without_last_sentence(text: str) -> str:
    kept = re.split(r"(?<=[.?!])\s+", text.rstrip())[:-1]
    return " ".join(kept) + (" " if kept else "")
