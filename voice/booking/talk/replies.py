"""Turns that answer the agent: a plain yes or no, exactly what was asked for, or nothing but a courtesy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voice.booking.context import TurnContext
from voice.booking.places.names import is_city
from voice.booking.places.ordinary import not_a_place
from voice.booking.places.roles import role_of
from voice.booking.talk.answers import answer_of, declines
from voice.booking.talk.courtesies import asks_again, is_courtesy, wants_person
from voice.booking.talk.topics import OTHER, TOPICS
from voice.booking.text.amounts import find_amount
from voice.booking.text.leftover import nothing_left, only_talk_left
from voice.booking.text.spans import CERTAIN, Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.booking.wishes.cabins import cabin_of
from voice.cascade.words import Action


@dataclass(frozen=True, slots=True)
class RuleReading:
    """What rules make of a turn. ``actions`` is None where they can't tell; see `voice.cascade.words.Reading`."""

    actions: tuple[Action, ...] | None = None
    certain: bool = False
    requests: int = 1
    legs: int = 0


ASKED_KIND = {
    "from": "place",
    "to": "place",
    "date": "date",
    "time": "time",
    "pax": "count",
    "cabin": "cabin",
    "max_price": "price",
    "code": "code",
    "count": "count",
}
"""The kind of span that answers a question for an argument."""
_MOST_WORDS = 12
"""A courtesy that is longer than this has something else in it."""
_FIRM = r"yes|yeah|yep|yup|sure|of course|absolutely|definitely|certainly|okay|ok|alright|all right|no way|nope|no|nah"
_HEAD = Wording(
    rf"^\W*(?:(?:well|oh|ah|um|uh|hm+|so|er|erm)\b\W*)*(?P<head>(?:{_FIRM})(?!\w))(?:[\s,.!]+(?:{_FIRM}|thanks|"
    r"thank you)(?!\w))*",
)
_PIECE = Wording(r"[\s,.;!]*(?P<piece>[^,.;!?]+?)(?=\s*[,.;!?]|\s+(?:and|but|then)\s|\s*$)")
_ADDS = Wording(r"\W*(?:and|but|then|also|or)\b")
_THANKS = Wording(r"(?:\s*\b(?:thanks|thank you|please|very much|so much|then|for now|dear)\b)+")
_BUT = Wording(
    r"^\W*(?:but|only|except|if|though|although|provided|as long as|unless|on condition|wait|hold on|hang on|"
    r"before (?:that|you|we|i)|(?:just )?(?:one|a) (?:second|sec|moment|minute))\b",
)
_MOST_STRANGE = 2
"""An answer in which more words than these are unknown may be something else."""
MORE = Wording(r"\b(?:anything|something|what) (?:else|more)\b[^?]*\?\s*$")
_NTH = Wording(
    r"\bthe (?:very )?(?:first|second|third|fourth|last|other|former|latter)(?: (?:one|flight|option|choice))?"
    r"(?=\W*(?:$|please\b|then\b|thank))|"
    r"\bthe (?:cheap|quick|fast|short|earl|lat)i?(?:er|est) (?:one|flight|option)\b",
)
"""One of several that were offered, not the one that was read back."""
_NAMES_LEG = Wording(
    r"\b(?:return(?:ing)?|back|home|inbound|outbound|outgoing|onward|going|first|second|third|fourth|last|final|"
    r"way (?:out|there))(?: (?:leg|segment|part|half))?\b",
)
"""The words for one leg of a booking, besides its places."""
_MOMENT = Wording(r"\b(?:a|one|half a|another) (?:quick )?second\b")
_SEVERAL_LEGS = Wording(
    r"\W*(?:the )?(?:both|all|each)(?: of)?(?: (?:them|it|these|those|the))?(?: (?:flights?|legs?|ways))?"
    r"(?:,? please)?\W*",
)
"""More than one leg, of which the desk moves one at a time."""
_RANKED = Wording(r"(?:the )?(?:first|last) (?:flight|plane)")
"""One of the flights of a booking, where it is asked which."""
_FLIGHT = Wording(r"\b(?:one|flight|leg|trip)\b")
_WITH_LEG = ("place", "person", "date", "time")
_MOST_TALK = 2
_NAME_ALONE = Wording(
    r"\W*(?:(?:(?:to|from|it's|it is|in|that's|the|well|so|um|oh)\b|"
    r",)\s*)*(?P<name>(?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w'’-]+){0,2}?)(?:,? (?:please|if you can|if possible|"
    r"[A-Z][a-z]+))?\W*",
)
"""A name and nothing else, where a place is asked for."""
_NAME_FIRST = re.compile(r"\W*(?P<name>[A-Z][^\W\d_]{3,})[,.!]\s")
"""A name before anything else that is said beside it: "Leeds, if you must know"."""
_OFFERS_TO_READ = Wording(r"\b(?:read|repeat|say|spell|go (?:over|through))\b[^?]*\?\s*$")
_WELCOMES = Wording(r"\W*(?:please|yes|yeah|yep|sure|of course|do)\b")
"""The beginning of a yes to being read something: "Please, slowly"."""
_FIRM_ROLE = Wording(r"\b(?:from|to|into|out of|leaving|departing|towards?|heading for|headed for)\s+(?:the\s+)?$")
_NUMBER = r"\d|one|two|three|four|five|six|seven|eight|nine"
_FIRST_NUMBER = Wording(
    rf"\W*(?:(?:just|only|it's|it is|we're|we are|there(?:'s| are| will be)|make it)\s+)*(?P<n>{_NUMBER})\s*[.,]",
)
_ANY_NUMBER = Wording(
    rf"\b(?:{_NUMBER}|just me|none|zero|only (?:me|I)|myself|alone|by myself|a couple|a pair|the pair of us|"
    r"the couple of us|a single|a lone)\b",
)
_OTHER_COUNT = Wording(
    r"\W*(?:(?:no|okay|ok|actually|sorry|oh|and|rather|well)\b\W*)*(?:make (?:it|that) |just |only |better )?"
    rf"(?P<n>{_NUMBER})"
    r"(?: (?:bags?|of them))?(?:,? (?:please|then|instead|rather))*\W*",
)
"""A number said where bags were read back: so many instead."""
_OTHER_LEG = Wording(
    r"\W*(?:(?:no|not that one|sorry|oh|wait|actually|i (?:mean|meant|said)|that's wrong)\b\W*)+"
    r"(?:the |my )?(?P<leg>(?:return|outbound|inbound|first|second|third|last|other)(?: (?:flight|one|leg))?|"
    r"(?:flight|way) (?:back|home|out|there))(?:,? please)?\W*",
)
"""Another flight of the booking than the one that was read back."""
_UNKNOWN = Wording(
    r"\b(?:don't|do not|didn't|can't|cannot|couldn't|haven't|not|no longer|never)\b.*\b(?:have|know|remember|recall|"
    r"find|got|see|received?|with me|at hand)\b|"
    r"\bnot sure\b|\bno idea\b|\b(?:lost|forgot(?:ten)?|misplaced|mislaid|deleted|no clue)\b|"
    r"\bwhere (?:do|can|would|is|should) \b|\bwhat (?:code|number)\b|\bwithout (?:a|the|my) (?:code|number)\b",
)


def plain(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading | None:
    """Read a turn that is nothing but an answer or a courtesy; None if there is more in it."""
    if context.proposed == "change" and (other := _OTHER_LEG.fullmatch(text)):
        return RuleReading((Action("change", {"leg": other["leg"]}),))
    if (context.proposal or context.asked == "offer") and all(span.kind == "person" for span in spans):
        answer, sure = answer_of(text)
        if not answer and not _asks_more(cues.KEEPS.sub(" ", text)):
            answer, sure = answer_of(text, strange=_MOST_STRANGE)
        picks = cues.OFFER.search(text) if context.asked == "offer" else context.offers and _NTH.search(text)
        if answer and not picks and not (answer == "yes" and closes(text, context)):
            return RuleReading((Action("confirm", {"answer": answer}),), certain=sure)
    if context.proposed == "bags" and (number := _OTHER_COUNT.fullmatch(text)):
        return RuleReading((Action("bags", {"count": number["n"]}),))
    substance = [span for span in spans if span.kind != "person"]
    chooses = (context.offers or context.asked == "offer") and cues.OFFER.search(_MOMENT.sub(" ", text))
    if not substance and not chooses and is_courtesy(text):
        if context.proposal and (head := answered(text)[0]) and not closes(text, context):
            return RuleReading(tuple(head))
        return RuleReading((Action("chat"),), certain=not context.proposal)
    if wants_person(text) and not any(span.kind in ("code", "place") and span.confidence >= CERTAIN for span in spans):
        return RuleReading((Action("handoff"),), certain=not spans and len(text.split()) <= 14)
    if not substance and asks_again(text) and len(text.split()) <= _MOST_WORDS:
        if context.proposal and _OFFERS_TO_READ.search(context.agent) and _WELCOMES.match(text):
            return RuleReading((Action("confirm", {"answer": "yes"}),))
        return RuleReading((Action("repeat"),), certain=len(text.split()) <= 8)
    return _asked(text, spans, context)


def _asks_more(text: str) -> bool:
    """Whether a turn speaks of anything that the desk does, or to the desk."""
    if asks_again(text) or wants_person(text) or is_courtesy(text):
        return True
    intents = (cues.INTENTS[name] for name in ("cancel", "change", "bags", "lookup"))
    return "?" in text or any(pattern.search(text) for pattern in (*intents, *TOPICS.values(), OTHER, cues.OFFER))


def closes(text: str, context: TurnContext) -> bool:
    """Whether a turn only takes leave where the agent asked for more to do: no "okay" answers that, but a "no" does."""
    if not MORE.search(context.agent):
        return False
    head = _HEAD.match(text)
    return head is None or not re.match(r"no|ye|yu|sure", head["head"], re.IGNORECASE)


def _asked(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading | None:
    """Read the answer to exactly what was asked."""
    asked = context.asked
    if not asked:
        return None
    if asked == "leg":
        return _leg_named(text, spans)
    wanted = ASKED_KIND.get(asked, asked)
    found = [span for span in spans if span.kind == wanted]
    if asked in ("count", "pax") and not found and (number := _ANY_NUMBER.search(text)):
        found = [Span(number.start(), number.end(), number[0], "count")]
    if asked in ("count", "pax") and len(found) != 1 and (first := _FIRST_NUMBER.match(text)):
        found = [Span(first.start("n"), first.end("n"), first["n"], "count")]
        if all(span.kind in ("count", "person") for span in spans):
            spans = found
    if asked == "max_price" and not found and (amount := find_amount(text)):
        found = [amount]
        spans = [span for span in spans if span.end <= amount.start or span.start >= amount.end]
    if (
        asked in ("from", "to")
        and not spans
        and (name := _NAME_ALONE.fullmatch(text))
        and not not_a_place(name["name"])
    ):
        place = name["name"].rstrip(".")
        found = [Span(name.start("name"), name.start("name") + len(place), place, "place", confidence=0.0)]
    if (
        asked in ("from", "to")
        and not spans
        and not found
        and (name := _NAME_FIRST.match(text))
        and is_city(name["name"])
    ):
        found = [Span(name.start("name"), name.end("name"), name["name"], "place", confidence=0.0)]
    unknown = _UNKNOWN.search(text.replace("’", "'")) or (not spans and declines(text))
    if asked == "code" and not found and unknown:
        return RuleReading((Action("clarify", {"missing": "code"}),))
    if len(found) != 1 or any(span not in found and span.kind != "person" for span in spans):
        return None
    value = found[0].name if wanted == "code" else cabin_of(found[0].text) if wanted == "cabin" else found[0].text
    key = "count" if asked == "count" else asked
    sure = found[0].confidence >= CERTAIN and nothing_left(text, found, None)
    role = role_of(text, found[0])
    if asked in ("from", "to") and role and role != asked and _FIRM_ROLE.search(text, 0, found[0].start):
        key, sure = role, False
    if not sure and not (asked in ("count", "pax") and all(span.kind in ("count", "person") for span in spans)):
        elsewhere = text[: found[0].start] + text[found[0].end :]
        if "?" in text or any(cues.INTENTS[name].search(elsewhere) for name in ("cancel", "change", "lookup")):
            return None
    args: dict[str, Any] = {key: value}
    action = context.pending or ("lookup" if asked == "code" else "search")
    if action == "search" and key not in ("pax", "cabin", "max_price"):
        args = {"legs": [args]}
    return RuleReading((Action(action, args),), certain=sure, legs=int("legs" in args))


def _leg_named(text: str, spans: Sequence[Span]) -> RuleReading | None:
    """Read the answer to which flight of a booking is meant, with a new day or time that it gives beside it."""
    if _SEVERAL_LEGS.fullmatch(text):
        return RuleReading((Action("change", {"leg": text.strip(" .!")}),))
    if "?" in text or declines(text) or any(span.kind not in _WITH_LEG for span in spans):
        return None
    if any(cues.INTENTS[name].search(text) for name in ("cancel", "change", "bags", "lookup")):
        return None
    whens = [span for span in spans if span.kind in ("date", "time") and not _RANKED.fullmatch(span.text)]
    apart = "".join(" " if any(span.start <= at < span.end for span in whens) else char for at, char in enumerate(text))
    named = any(span.kind == "place" for span in spans) or bool(_NAMES_LEG.search(apart))
    by_day = any(span.kind == "date" for span in whens) and bool(_FLIGHT.search(apart) or _NAMES_LEG.search(text))
    if not (named or by_day) or not only_talk_left(text, spans, _NAMES_LEG, _MOST_TALK):
        return None
    news = {span.kind: span.text for span in whens if named and not _FLIGHT.match(text[span.end :].lstrip())}
    return RuleReading((Action("change", {"leg": text.strip(" ."), **news}),), nothing_left(text, spans, _NAMES_LEG))


def answered(text: str) -> tuple[list[Action], int]:
    """Take a yes or no from the front of a longer answer, and say where the rest begins. "Yes, but …" is no yes."""
    if cues.CORRECTS.match(text):
        return [], 0
    answer, end = "", 0
    if head := _HEAD.match(text):
        if text[head.end() :].lstrip().startswith("?"):
            return [], 0  # "Yes?" asks what is wanted
        answer, end = ("no" if declines(head["head"]) else "yes"), head.end()
    while piece := _PIECE.match(text, end):
        if _ADDS.match(text, end) or text[piece.end() :].lstrip().startswith("?"):
            break
        said = piece["piece"]
        polarity, _ = answer_of(said)
        if not (polarity and polarity == (answer or polarity)) and not (answer and _THANKS.fullmatch(said)):
            break
        answer, end = answer or polarity, piece.end()
    end += len(text[end:]) - len(text[end:].lstrip(" ,.;!"))
    if not answer:
        return [], 0
    if answer == "yes" and _BUT.match(text[end:]):
        return [], end
    return [Action("confirm", {"answer": answer})], end


def restates(action: Action, context: TurnContext, *, approves: bool) -> bool:
    """Whether an action behind a yes or no only says again what was asked: "yes, cancel it", "yes, in Maine"."""
    if action.name == "book":
        offer, agent = str(action.args.get("offer", "")).casefold(), context.agent.casefold()
        if approves and offer and offer in agent and "is that right?" in agent:
            return True  # "Flying in the evening. Is that right?" "Yes, in the evening."
        return bool(re.fullmatch(r"(?:that|this)(?: one| flight)?", str(action.args.get("offer", "")), re.IGNORECASE))
    if action.name == "bags":
        return approves and context.proposed == "bags" and not action.args  # "yes, add the suitcase"
    if action.name not in ("cancel", "change", "search"):
        return False
    if not approves:
        return not action.args
    legs, agent = action.args.get("legs") or (), context.agent.casefold()
    more = [value for key, value in action.args.items() if key != "legs"]
    if not more and re.search(r"\bdid you (?:say|mean)\b", agent) and [*map(list, legs)] == [["to"]]:
        return True
    return all(str(value).casefold() in agent for leg in legs for value in leg.values()) and all(
        str(value).casefold() in agent for value in more
    )


def answers_heard(text: str) -> list[str]:
    """Give the answers to a proposal that a turn may hold. "Yes, but …" holds no yes."""
    found: list[str] = []
    said, end = answered(text)
    answers = {action.args["answer"] for action in said}
    loose = re.search(r"\b(?:yes|yeah)\b", text, re.IGNORECASE)
    if "yes" in answers or (not end and loose and not _BUT.match(text[loose.end() :])):
        found.append("yes")
    if "no" in answers or (declines(text) and not cues.CORRECTS.match(text)):
        found.append("no")
    return found
