"""What a turn is an answer to: the part of a dialogue that reading needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voice.booking.text.wording import Wording


@dataclass(frozen=True, slots=True)
class TurnContext:
    """What stands between the caller and the desk when a turn begins.

    Attributes:
        agent: What the agent said last, ``""`` at the start of a call.
        asked: The argument that the agent asked for: ``from``, ``to``, ``date``, ``time``, ``pax``, ``cabin``,
            ``max_price``, ``count``, ``code``, ``offer``, ``leg``, or ``""``.
        pending: The action that the asked argument belongs to, such as ``cancel``; ``""`` if nothing was asked.
        proposed: The action that a proposal came from, such as ``change``; ``""`` if it is a trip found by a search.
        proposal: Whether the agent asked a question that yes or no answers.
        offers: Whether flights to choose from were offered.
        searching: Whether a search is under way, so that a bare date or place refines it.
        bookings: Locators looked up in this call.
        mending: Whether a code that no booking has was read back, and one symbol of it is asked about.
        told: How many different trips were told so far.
    """

    agent: str = ""
    asked: str = ""
    pending: str = ""
    proposed: str = ""
    proposal: bool = False
    offers: bool = False
    searching: bool = False
    bookings: tuple[str, ...] = ()
    mending: bool = False
    told: int = 0


_PROPOSAL = Wording(
    r"^(?:(?:so|and|then|well|okay|now|just to (?:be sure|confirm|check)),? )*(?:do|does|did|is|are|was|were|would|"
    r"will|can|could|shall|should|may|have|has) "
    r"(?:i|we|you|he|she|it|they|that|this|those|these|there|the|your|"
    r"my)\b(?! "
    r"(?:please )?(?:tell|give|say|spell|repeat|get|have your|ask|describe)\b)(?![^?]*(?<!whether )\bor\b(?! not))|"
    r"\b(?:shall|should) (?:i|we)\b|\bdo you want me to\b|\bwould you like me to\b|"
    r"\bis that (?:right|correct|okay|all right)\b|\bdid you (?:say|mean)\b|\bgo ahead\?|\b(?:right|correct|okay)\?$|"
    r"\bcan i (?:confirm|book|go ahead)\b|\bdo you (?:still )?want\b|\bwould that (?:work|be)\b|"
    r"\bdoes that (?:work|sound)\b",
)
_ASKED: tuple[tuple[str, str], ...] = (
    (
        "offer",
        r"\bwhich (?:one|flight|option|of (?:these|those|them|the two)|(?:would|do) you (?:prefer|like|want)|is best|"
        r"shall i)\b",
    ),
    ("leg", r"\bwhich (?:leg|part|segment)\b"),
    (
        "code",
        r"\b(?:confirmation|booking|reservation)?\s?(?:code|locator|number|reference|pnr)\b|"
        r"\bwhich (?:booking|reservation|trip)\b",
    ),
    ("count", r"\bhow many (?:\w+ )?(?:bags|suitcases)\b|\bhow many would you like to add\b"),
    (
        "pax",
        r"\bhow many (?:\w+ )?(?:people|passengers|travell?ers|tickets|seats|of you)\b|\bwho (?:is|else)\b|"
        r"\bhow big\b[^?]*\bparty\b",
    ),
    ("cabin", r"\b(?:which|what) (?:\w+ )?(?:cabin|class)\b|\beconomy\b.*\bor\b|\bclass of (?:travel|service)\b"),
    ("max_price", r"\b(?:price|budget|limit|spend|stay under|maximum)\b"),
    ("time", r"\bwhat time\b|\b(?:morning|afternoon|earlier|early)\b.*\bor\b|\btime of day\b"),
    (
        "date",
        r"\b(?:what|which) (?:of the )?(?:day|date|month)s?\b|\bwhen\b|\bdate (?:of travel|is|do)\b|\btravel date\b",
    ),
    (
        "from",
        r"\bwhere\b.*\b(?:from|leav|depart|start)|\bfrom (?:where|which)\b|\b(?:which|what) (?:city|airport).*\bfrom\b|"
        r"\bas your departure\b|\bout of\b[^?]*\bor\b",
    ),
    ("to", r"\bwhere\b|\bwhich (?:city|airport)\b|\bdestination\b|\bcity you(?:'re| are) flying to\b"),
)
_PENDING: tuple[tuple[str, str], ...] = (
    ("cancel", r"\bcancel"),
    ("bags", r"\b(?:bags?|suitcases?)\b"),
    ("change", r"\b(?:chang|mov|switch|reschedul|rebook)"),
)
_ASKS_FOR = Wording(r"[^.?!]*\?[^?]*\bplease (?:tell|give|say|spell)\b[^?]*$")
_OFFERS = Wording(
    r"[$£€]\s?\d|\bdollars\b|\beuros\b|\b(?:one|another|flights?) at \w+.*\b(?:one|another) at\b|"
    r"\b(?:options are|(?:two|three|four) (?:departures|fares|flights|options))\b",
)
_SEARCHING = Wording(r"\b(?:fl(?:y|ying|ights?)|nonstop|depart|fare|tickets?|seats? (?:left|on))\b|\$")
_BOOKED = Wording(r"\byour (?:trip|booking|reservation|flight)\b")


def context_of_words(agent: str, bookings: Sequence[str] = ()) -> TurnContext:
    """Guess the context from the agent's last words alone, for labelled turns, which have nothing else."""
    question = agent.rstrip().rpartition(". ")[2] if agent.rstrip().endswith("?") else ""
    if not question and (asks := _ASKS_FOR.search(agent)):
        question = asks.group()
    asked = next((name for name, pattern in _ASKED if re.search(pattern, question, re.IGNORECASE)), "")
    pending = next((name for name, pattern in _PENDING if re.search(pattern, agent, re.IGNORECASE)), "")
    if asked in ("from", "to", "pax", "date", "time", "cabin", "max_price") and pending != "change":
        pending = "search"
    if asked == "offer":
        pending = "book"
    if asked == "code" and not pending:
        pending = "lookup"
    booked = bool(_BOOKED.search(agent)) or bool(bookings)
    return TurnContext(
        agent=agent,
        asked=asked,
        pending=pending if asked else "",
        proposed="" if asked else pending,
        proposal=not asked and bool(question) and bool(_PROPOSAL.search(question)),
        offers=bool(_OFFERS.search(agent)) and not _BOOKED.search(agent),
        searching=bool(_SEARCHING.search(agent)) and not booked,
        bookings=tuple(bookings),
    )
