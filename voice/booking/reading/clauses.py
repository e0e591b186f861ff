"""What each clause of a turn asks for, apart from searching."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from voice.booking.context import TurnContext
from voice.booking.reading.leg_words import leg_in, legs_in
from voice.booking.reading.wondering import only_wonders
from voice.booking.talk.courtesies import wants_person
from voice.booking.talk.topics import OTHER, TOPICS
from voice.booking.text.leftover import nothing_left
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_SUBJECT = r"(?:i|we|you|they|he|she|it|there|the|this|that|these|my|our|your|one|an?|some\w+|any\w*)"
_AUXILIARY = r"(?:can|could|may|might|must|would|will|shall|should|do|does|did|is|are|am|was|has|have)"
_ASKS = rf"(?:{_AUXILIARY} {_SUBJECT}|what(?:'?s)?|how|when|where|which|who|why|whether)"
_DOES = (
    r"(?:find|book|tell|say|explain|add|put|cancel|annul|delete|remove|change|move|switch|shift|alter|amend|look|check|"
    r"pull|include|remind|upgrade|let|give|see|get (?:me|us|an?|the|my)|show|search|keep|drop|take|make|send|help|"
    r"rebook|reschedule|postpone|reserve|buy)"
)
_WANTS = (
    r"(?:(?:i|we)(?:'d|'ll|'m|'ve|'re| want| need| would| could| also| have| must| will| wish| prefer| like| wonder|"
    r" was| am| think)|"
    r"please|if (?:i|we)|have it|the (?:return|outbound|inbound|first|second|other|last|baggage))"
)
_ALSO = (
    r"(?:,?\s+(?:also|then|maybe|please|by the way|besides|additionally|in addition|secondly|second|at the same time|"
    r"furthermore|too|another thing|one more (?:thing|question)|while (?:we're|you're|i'm) (?:at it|here|there)),?)*"
)
_SPLIT = Wording(
    r"[.?!;…]+\s+|"
    rf",?\s+(?:and|but|also|plus|then|so|as well as)\b{_ALSO},?\s+(?=(?:also\b|{_ASKS}\b|{_DOES}\b|{_WANTS}\b|"
    r"(?:ask|know|hear|learn|talk) (?:about|more|if|whether|what|how)\b))|"
    rf",{_ALSO}\s+(?=(?:{_AUXILIARY} {_SUBJECT}|how (?:much|many|long|early|big|heavy)|what (?:is|are|do|does|about)|"
    r"(?:move|change|cancel|annul|add|switch|find|book me|put|look (?:\w+ )?up|pull (?:\w+ )?up|upgrade|then "
    r"(?:add|move|change|book|cancel))|"
    r"(?:say|tell|explain|remind)(?: to)? me)\b)|"
    r",?\s+(?:and|but|while|whereas)\s+(?=(?:on|for|with|as for|in) (?-i:(?=\w*\d)[A-Z0-9]{6})\b)",
)
_BARE_COMMA = Wording(rf",{_ALSO}\s+")
_OWN = Wording(
    r"\b(?:(?:my|our|his|her|their|the|this|that|existing|a) (?:\w+ )?(?:bookings?|reservations?|trips?|flights?|"
    r"tickets?|itinerary|return|departure|outbound)|"
    r"booking|reservation|it|that|this|me|us|leg|everything)\b",
)
_NEW_FLIGHT = Wording(
    r"\b(?:put|get|place)(?:ting)? (?:me|us|him|her|them) on(?:to)? (?:a|an|any|some\w*|the (?:first|next|earliest))\b",
)
_MY_BOOKING = Wording(
    r"\b(?:my|our|his|her|their|the|this|existing) (?:\w+ )?(?:booking|reservation|trip|flight|ticket|itinerary|"
    r"return|departure|outbound)s?\b",
)
_IT = Wording(r"\b(?:my|our|the|that|this) (?:\w+ )?(?:booking|reservation|trip|flight|ticket)", 0)
_RENAMES = Wording(
    r"\b(?:chang(?:e|ing)|correct(?:ing)?|fix(?:ing)?|put right|amend|alter|updat(?:e|ing))\b (?:the |my |our |a |her "
    r"|his |"
    r"their )?(?:spelling of )?(?:\w+ )?(?:(?:sur|last |first )?names?\b(?! of the)|spelling\b)|"
    r"\bnames?(?:'s| is| was|s)?(?: \w+){0,2} (?:misspelled|misspelt|spelled wrong|spelt wrong|spelled incorrectly|"
    r"wrong)\b"
)
"""A name on a ticket is to be another one."""
_PAYS = Wording(r"pay\w*")
"""A verb that is about what is paid for, where that has a topic of its own: "do I pay to change?"."""
_ADD_BAG = Wording(
    r"\b(?:add(?:ing)?|put|include|(?:throw|toss|pop|stick|chuck|sling|whack|bung|shove)(?: (?:in|on))?|book|"
    r"check(?:ing)?|buy|purchase|need|want|get)\b[^.?!]{0,40}$",
)
_INCLUDES = Wording(
    r"\W*(?:(?:and|so|but) )?(?:does|is|are|do) (?:it|that|this|they|the \w+) (?:include|come with|have)\b"
)
"""Asks what is part of the fare, and adds nothing."""
_OF_THOSE = Wording(r"\bof (?:those|these|them|the (?:two|three|lot))\b|\bthen\b|\bplease\b")
_WEAK_LOOKUP = Wording(r"\b(?:have|got|'ve) (?:a|an existing|already) ?(?:booking|reservation)")
_HAVE_BAG = Wording(r"\b(?:have|bring(?:ing)?|with|take|taking|be checking)\b[^.?!]{0,30}$")
_BAG_NOUN = Wording(
    r"\b(?:bags?|suitcases?|luggage|baggage|pieces?|(?<!in )(?<!any )(?<!that )cases?(?! of)|rucksacks?|holdalls?|"
    r"trunks?)\b",
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the turn, with the spans in it."""

    text: str
    start: int
    end: int
    spans: tuple[Span, ...]

    def of(self, kind: str, name: str = "") -> list[Span]:
        """Give its spans of one kind (and, for counts, of one unit)."""
        return [span for span in self.spans if span.kind == kind and (not name or span.name == name)]

    def has(self, pattern: Wording) -> bool:
        """Whether the pattern occurs in it."""
        return bool(pattern.search(self.text))


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for in a clause.

    Attributes:
        action: Its name.
        clause: Where it was found.
        topic: For ``policy``.
        weak: Whether a stronger request of the same turn makes it superfluous ("I have a booking, …").
    """

    action: str
    clause: Clause
    topic: str = ""
    weak: bool = False


def clauses_of(text: str, spans: Sequence[Span]) -> tuple[Clause, ...]:
    """Split a turn where a new request may begin."""
    cuts = [0]
    for match in _SPLIT.finditer(text):
        if all(match.end() <= span.start or match.start() >= span.end for span in spans):
            inside = [span for span in spans if cuts[-1] <= span.start < match.start()]
            if _BARE_COMMA.fullmatch(match.group()) and not _stands_alone(text[cuts[-1] : match.start()], inside):
                continue
            cuts.append(match.end())
    cuts.append(len(text))
    made: list[Clause] = []
    for start, end in pairwise(cuts):
        inside = tuple(span for span in spans if start <= span.start < end)
        if text[start:end].strip(" .,?!"):
            made.append(Clause(text[start:end], start, end, inside))
    return tuple(made)


def _stands_alone(text: str, spans: Sequence[Span]) -> bool:
    """Whether what stands before a comma is a request, and no lead to the question behind it."""
    if any(span.kind in ("place", "date", "price") for span in spans):
        return True
    if re.match(r"\W*(?:if|when|suppos(?:e|ing)|in case|once|after|before|since|because|as)\b", text, re.IGNORECASE):
        return False
    return any(cues.INTENTS[name].search(text) for name in ("cancel", "change", "lookup", "bags"))


def requests_of(clause: Clause, context: TurnContext) -> list[Request]:
    """Find what a clause asks for, in the order of its words. Searching is not among it."""
    text = clause.text
    found: list[Request] = []
    topic = topic_of(clause)
    asks_rule = bool(topic) and (clause.has(cues.HYPOTHETICAL) or clause.has(cues.RULE_WORDS))
    if wants_person(clause.text):
        return [Request("handoff", clause)]
    if clause.has(_RENAMES):
        return [Request("policy", clause, "changes")]
    if (
        (clause.has(cues.INTENTS["cancel"]) or _undoes(clause))
        and not clause.has(cues.HYPOTHETICAL)
        and not _only_asks(clause)
    ):
        found.append(Request("cancel", clause))
    elif _changes(clause, context):
        found.append(Request("change", clause))
        if clause.of("count", "bags") and _adds_bags(clause, asks_rule, context):
            found.append(Request("bags", clause))
    elif _adds_bags(clause, asks_rule, context):
        found.append(Request("bags", clause))
    elif (
        topic
        and (asks_rule or (clause.has(cues.QUESTION) and not clause.of("code")))
        and not _is_trip(clause)
        and (asks_rule or not _seeks_other(clause, context))
    ):
        found.append(Request("policy", clause, topic))
    elif (look := cues.INTENTS["lookup"].search(text)) is not None:
        found.append(Request("lookup", clause, weak=bool(_WEAK_LOOKUP.search(text)) and "what" not in look[0]))
    elif (context.offers or context.asked == "offer") and offer_of(clause) and _chooses(clause, context):
        found.append(Request("book", clause))
    return found


def _seeks_other(clause: Clause, context: TurnContext) -> bool:
    """Whether a clause asks for a flight at another hour than the one read back: "Is there a later flight back?"."""
    compared = any(re.search(r"\b(?:earlier|later)\b", span.text, re.IGNORECASE) for span in clause.of("time"))
    return compared and (context.offers or context.searching or context.proposed == "change")


def _chooses(clause: Clause, context: TurnContext) -> bool:
    """Whether a clause takes one of the offers, and does not ask for others."""
    if re.search(
        r"\b(?:is there|are there|anything|something|do you have|have you got|what about|how about|any)\b",
        clause.text,
        re.IGNORECASE,
    ):
        return False
    taken = clause.has(cues.INTENTS["book"]) or context.asked == "offer" or _is_offer_alone(clause)
    return taken or bool(
        re.search(
            r"\b(?:is|sounds|looks|works|would be|will) (?:good|fine|great|perfect|best|better|do|okay|ok)\b",
            clause.text,
        )
    )


def _is_offer_alone(clause: Clause) -> bool:
    """Whether a clause is one of the offers and nothing else: "The second."."""
    return "?" not in clause.text and nothing_left(_OF_THOSE.sub(" ", cues.OFFER.sub(" ", clause.text)), (), None)


def topic_of(clause: Clause) -> str:
    """Give the policy topic that a clause speaks of, or ``""``."""
    found: dict[str, str] = {}
    for topic, pattern in TOPICS.items():
        match = pattern.search(clause.text)
        if match and not any(
            s.kind not in ("count", "person") and s.start <= match.start() + clause.start < s.end for s in clause.spans
        ):
            found[topic] = match.group()
    topics = [topic for topic in found if topic != "payment" or not _PAYS.fullmatch(found[topic])] or [*found]
    return topics[0] if topics else "other" if OTHER.search(clause.text) else ""


def offer_of(clause: Clause) -> str:
    """Give the words that choose one of the offers, or ``""``."""
    match = cues.OFFER.search(clause.text)
    times = clause.of("time")
    return match["offer"].strip() if match else times[0].text if len(times) == 1 else ""


def _only_asks(clause: Clause) -> bool:
    """Whether "cancel" is asked about and not asked for."""
    return (
        clause.has(cues.RULE_WORDS)
        and not clause.of("code")
        and not re.match(r"\W*(?:please )?cancel", clause.text, re.IGNORECASE)
    )


def _undoes(clause: Clause) -> bool:
    """Whether a booking is to be deleted, dropped or taken away."""
    return clause.has(cues.UNDOES) and not _BAG_NOUN.search(clause.text) and bool(clause.of("code") or clause.has(_IT))


def _is_trip(clause: Clause) -> bool:
    return len(clause.of("place")) >= 2 or (bool(clause.of("place")) and bool(clause.of("date")))


def _changes(clause: Clause, context: TurnContext) -> bool:
    legs = [match.span("leg") for match in legs_in(clause.text)]
    news = [
        span
        for span in clause.spans
        if span.kind in ("date", "time", "place", "cabin")
        and not any(start <= span.start - clause.start < end for start, end in legs)
    ]
    places = [span for span in news if span.kind == "place"]
    if clause.has(cues.PLAN_FAILS) and any(span.kind in ("date", "time") for span in news) and len(places) < 2:
        return True
    if clause.has(cues.INTENTS["change"]):
        mine = bool(clause.of("code")) or bool(context.bookings)
        booked = mine or clause.has(_MY_BOOKING)
        if only_wonders(clause.text, mine=booked) and not (news and booked):
            return False
        if not mine and _NEW_FLIGHT.search(clause.text) and not clause.has(_MY_BOOKING):
            return False
        if not mine and len(clause.of("place")) > 1 and not clause.has(_MY_BOOKING):
            return False  # "put me on anything from Boston to Denver" is a new flight
        if re.search(r"\bshould\b", clause.text) and not (clause.of("code") or context.bookings):
            return False
        if news or clause.of("code"):
            return clause.has(_OWN) or bool(context.bookings)
        return (clause.has(_OWN) or bool(context.bookings)) and not _only_asks(clause)
    if clause.of("code") and news and len(places) < 2 and (clause.has(cues.SHIFTS) or _sent_to(clause, news)):
        return True
    about_leg = bool(leg_in(clause.text)) and bool(context.bookings) and bool(news)
    return (
        about_leg
        and len(clause.of("place")) < 2
        and not re.search(r"\b(?:find|book|search|need a)\b", clause.text, re.IGNORECASE)
    )


def _sent_to(clause: Clause, news: Sequence[Span]) -> bool:
    """Whether a code is followed by nothing but where or when it goes: "… to the 14th please"."""
    code = clause.of("code")[-1]
    gaps = (clause.text[code.end - clause.start : span.start - clause.start] for span in news)
    return any(re.fullmatch(r"\s*,?\s*(?:over |on)?to\s+", gap, re.IGNORECASE) for gap in gaps)


def _adds_bags(clause: Clause, asks_rule: bool, context: TurnContext) -> bool:
    noun = _BAG_NOUN.search(clause.text)
    counted = clause.of("count", "bags")
    if noun is None:
        return False
    on_mine = bool(clause.of("code")) or bool(counted and (context.bookings or context.proposal))
    adds = re.search(
        r"\b(?:add(?:ing)?|throw|toss|put|pop|stick|chuck|sling|bung)\b", clause.text, re.IGNORECASE
    ) or not clause.has(cues.QUESTION)
    if asks_rule and not (on_mine and adds):
        return False
    if _INCLUDES.match(clause.text):
        return False
    if not counted and re.match(r"\W*(?:how|what|when|where|is|are|do|does|why)\b", clause.text, re.IGNORECASE):
        return False
    if on_mine and re.search(
        r"\b(?:could|can|may) (?:i|we|you) (?:\w+ )?(?:have|get|add|put|check|include|buy|book)\b",
        clause.text,
        re.IGNORECASE,
    ):
        return True
    if on_mine and not clause.has(cues.QUESTION):
        return True
    if counted and not clause.has(cues.QUESTION) and _HAVE_BAG.search(clause.text, 0, noun.start()):
        return True
    return bool(_ADD_BAG.search(clause.text, 0, noun.start())) or bool(clause.of("count", "bags") and clause.of("code"))
