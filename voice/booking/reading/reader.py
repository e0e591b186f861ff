"""A transcript, read by code alone: rewritten, its entities found, and where possible understood."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.context import TurnContext
from voice.booking.corrections.afterwards import located
from voice.booking.corrections.greetings import in_english
from voice.booking.corrections.mishearings import as_said
from voice.booking.corrections.tidying import tidy
from voice.booking.places.regions import without_regions
from voice.booking.reading.rules import RuleReading, interpret
from voice.booking.spotting import spot
from voice.booking.text.spans import CERTAIN, Span
from voice.booking.text.wording import prepare
from voice.cascade.words import Entity, Reading


@lru_cache(maxsize=256)
def read(text: str, context: TurnContext) -> Reading:
    """Read a transcript. Pure and quick (a few milliseconds).

    Args:
        text: What was heard.
        context: What it is an answer to.
    """
    rewritten, corrected = tidy(_joined(located(as_said(in_english(text)))))
    spans = spot(rewritten)
    rules: RuleReading = interpret(rewritten, spans, context)
    first = rules.actions[0].name if rules.actions else ""
    asked = bool(context.asked) and first == context.pending
    misheard = tuple(span.text for span in spans if span.confidence < CERTAIN and span.kind in ("place", "code"))
    return Reading(
        text=rewritten,
        actions=rules.actions,
        certain=rules.certain and not misheard,
        asked=asked,
        entities=tuple(
            Entity(span.kind, _value(span), span.confidence, _rivalry(span, context, asked=asked)) for span in spans
        ),
        requests=rules.requests,
        legs=rules.legs,
        corrected=corrected,
        misheard=misheard,
        question=context.asked,
        approves=context.proposal,
    )


def load() -> None:
    """Load the tables that reading looks things up in, about a second's work, so that no caller waits."""
    prepare()
    for said in (
        "I need to fly from Bostan to Denver on December 14th at 9 AM, and on the 16th to Seattle for under $900.",
        "What is it that you charge for a pram?",
        "My code is QT44LZ.",
        "Yes, that will do.",
    ):
        read(said, TurnContext())
    read.cache_clear()


def _rivalry(span: Span, context: TurnContext, *, asked: bool) -> float:
    """Say whether anything else may have been said, so that a doubt is worth a question: 1, or 0.

    A place that answers a question is told back soon enough, and one that is like no name is asked about anyway. A
    code that the call has dealt with is known; any other one tells a booking to whoever said it.
    """
    match span.kind:
        case "code":
            return float(span.name not in context.bookings)
        case "place" | "date":
            return float(not asked and span.confidence >= CERTAIN)
        case _:
            return 0.0


def _joined(text: str) -> str:
    """Write spelled codes as one word ("Q T 4 4 L Z" becomes "QT44LZ"), and cities without their states."""
    for span in reversed([span for span in spot(text) if span.kind == "code" and span.confidence >= CERTAIN]):
        text = text[: span.start] + span.name + text[span.end :]
    return re.sub(r"\s{2,}", " ", without_regions(text, spot(text)))


def _value(span: Span) -> str:
    return span.name if span.kind == "code" else span.text
