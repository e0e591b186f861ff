"""A transcript, read by code alone: rewritten, its entities found, and where possible understood."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.context import TurnContext
from voice.booking.corrections import tidy
from voice.booking.rules import RuleReading, interpret
from voice.booking.spans import CERTAIN, Span
from voice.booking.spotting import spot
from voice.cascade.words import Entity, Reading


@lru_cache(maxsize=256)
def read(text: str, context: TurnContext) -> Reading:
    """Read a transcript. Pure and quick (a few milliseconds).

    Args:
        text: What was heard.
        context: What it is an answer to.
    """
    rewritten, corrected = tidy(_joined(text))
    spans = spot(rewritten)
    rules: RuleReading = interpret(rewritten, spans, context)
    first = rules.actions[0].name if rules.actions else ""
    misheard = tuple(span.text for span in spans if span.confidence < CERTAIN and span.kind in ("place", "code"))
    return Reading(
        text=rewritten,
        actions=rules.actions,
        certain=rules.certain and not misheard,
        asked=bool(context.asked) and first == context.pending,
        entities=tuple(Entity(span.kind, _value(span), span.confidence) for span in spans),
        requests=rules.requests,
        legs=rules.legs,
        corrected=corrected,
        misheard=misheard,
        question=context.asked,
        approves=context.proposal,
    )


def _joined(text: str) -> str:
    """Write spelled codes as one word: "Q T 4 4 L Z" becomes "QT44LZ"."""
    for span in reversed([span for span in spot(text) if span.kind == "code" and span.confidence >= CERTAIN]):
        text = text[: span.start] + span.name + text[span.end :]
    return re.sub(r"\s{2,}", " ", text)


def _value(span: Span) -> str:
    return span.name if span.kind == "code" else span.text
