"""A transcript, read by code alone: rewritten, its entities found, and where possible understood."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.context import TurnContext
from voice.booking.corrections import tidy
from voice.booking.mishearings import as_said
from voice.booking.places import rival_of
from voice.booking.regions import without_regions
from voice.booking.rules import RuleReading, interpret
from voice.booking.spans import CERTAIN, Span
from voice.booking.spotting import spot
from voice.booking.wording import prepare
from voice.cascade.words import Entity, Reading

_NEAR = 0.75
"""A place whose nearest other name is less alike is not mistaken for it."""

_DAYS_RIVAL = 0.5
"""Any number of days sounds like a day, and none of them nearly the same."""


@lru_cache(maxsize=256)
def read(text: str, context: TurnContext) -> Reading:
    """Read a transcript. Pure and quick (a few milliseconds).

    Args:
        text: What was heard.
        context: What it is an answer to.
    """
    rewritten, corrected = tidy(_joined(as_said(text)))
    spans = spot(rewritten)
    rules: RuleReading = interpret(rewritten, spans, context)
    first = rules.actions[0].name if rules.actions else ""
    misheard = tuple(span.text for span in spans if span.confidence < CERTAIN and span.kind in ("place", "code"))
    return Reading(
        text=rewritten,
        actions=rules.actions,
        certain=rules.certain and not misheard,
        asked=bool(context.asked) and first == context.pending,
        entities=tuple(Entity(span.kind, _value(span), span.confidence, _rivalry(span)) for span in spans),
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


def _rivalry(span: Span) -> float:
    """Say how near something else comes that may have been said. A code need not be: the database knows which exist."""
    if span.kind == "date":
        return _DAYS_RIVAL
    alike = rival_of(span.text)[1] if span.kind == "place" and span.confidence >= CERTAIN else 0.0
    return alike if alike >= _NEAR else 0.0


def _joined(text: str) -> str:
    """Write spelled codes as one word ("Q T 4 4 L Z" becomes "QT44LZ"), and cities without their states."""
    for span in reversed([span for span in spot(text) if span.kind == "code" and span.confidence >= CERTAIN]):
        text = text[: span.start] + span.name + text[span.end :]
    return re.sub(r"\s{2,}", " ", without_regions(text, spot(text)))


def _value(span: Span) -> str:
    return span.name if span.kind == "code" else span.text
