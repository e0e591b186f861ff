"""The desk as native tools, for the stock pipelines that the cascade is measured against."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pipecat.adapters.llm.schemas.direct_function import DirectFunction
from pipecat.adapters.llm.schemas.function_schema import FunctionSchema
from pipecat.services.llm_service import FunctionCallParams

from voice.cascade.words import Action, Reading
from voice.ports import Desk
from voice.trace import Trace

INSTRUCTIONS = (
    "You are the phone agent of an airline. Answer in one or two short spoken sentences, without lists or markup. "
    "Use the tools for flights, bookings and rules, say what they return, and never invent a fare, a time or a code. "
    "Read back what will be booked and ask before you confirm it."
)

FRONT_INSTRUCTIONS = (
    "You are the phone agent of an airline. Answer in one or two short spoken sentences, without lists or markup. "
    "The backend searches flights, looks up, changes and cancels bookings, and knows the airline's rules."
)
"""For a model that holds the conversation and has another one do the work."""

BACKEND_INSTRUCTIONS = (
    "Use the tools for an airline's flights, bookings and rules, say what they return, and never invent a fare, a time "
    "or a code. Read back what will be booked and ask before you confirm it."
)
"""For the one that does the work."""


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description, "maxLength": 40}  # a small model may never end one


_CODE = _text("the booking's six-character code, as the caller spelled it")
_DATE = _text("the day, as the caller said it")
_FROM = _text("the city to fly from, as the caller said it")
_TO = _text("the city to fly to, as the caller said it")
# Few arguments: small models make up values for those that a caller left out.
_LEG = {"type": "object", "properties": {"from": _FROM, "to": _TO, "date": _DATE}, "required": ["from", "to"]}
_TOPICS = "baggage cancellation changes refunds check_in pets children seats meals delays documents wifi payment"

_TOOLS: tuple[tuple[str, str, str, dict[str, Any], tuple[str, ...]], ...] = (
    (
        "search_flights",
        "search",
        "Search flights for a trip. Give all its legs in one call.",
        {
            "legs": {"type": "array", "items": _LEG, "minItems": 1, "maxItems": 6},
            "max_price": _text("the most it may cost, as the caller said it"),
        },
        ("legs",),
    ),
    ("look_up_booking", "lookup", "Look a booking up.", {"code": _CODE}, ("code",)),
    (
        "change_booking",
        "change",
        "Move a booking to another day.",
        {"code": _CODE, "date": _DATE},
        ("code", "date"),
    ),
    ("cancel_booking", "cancel", "Cancel a booking.", {"code": _CODE}, ("code",)),
    (
        "add_bags",
        "bags",
        "Add checked bags to a booking.",
        {"code": _CODE, "count": _text("how many, as the caller said it")},
        ("code", "count"),
    ),
    (
        "airline_rules",
        "policy",
        "Tell the airline's rules.",
        {"topic": {"type": "string", "enum": _TOPICS.split()}},
        ("topic",),
    ),
    (
        "confirm",
        "confirm",
        "Carry out, or drop, what was read back to the caller. Only after they said yes or no to it.",
        {"answer": {"type": "string", "enum": ["yes", "no"]}},
        ("answer",),
    ),
)


def desk_tools(desk: Desk, trace: Trace) -> list[FunctionSchema | DirectFunction]:
    """Give the desk's actions as tools with their handlers, for an ``LLMContext``.

    Values are taken as the caller said them. Each result is the desk's own sentences.
    """
    dialogue = desk.open(trace.call_id)
    calls = 0
    one_at_a_time = asyncio.Lock()

    def tool(
        name: str, action: str, description: str, properties: dict[str, Any], required: tuple[str, ...]
    ) -> FunctionSchema:
        async def handle(params: FunctionCallParams) -> None:
            await params.result_callback({"answer": " ".join(await perform(Action(action, _given(params.arguments))))})

        return FunctionSchema(name, description, properties, list(required), handler=handle)

    async def perform(action: Action) -> tuple[str, ...]:
        nonlocal dialogue, calls
        async with one_at_a_time:  # a model may call several at once, and each goes on from the one before
            calls += 1
            outcome = await desk.perform([action], Reading(""), dialogue, key=f"{trace.call_id}/{calls}")
            dialogue = outcome.dialogue
            now = asyncio.get_running_loop().time()
            done = {"actions": [action.as_dict()], "say": outcome.say, "wrote": outcome.wrote}
            trace.write(now, calls, "performed", done)
            return outcome.say

    return [tool(*each) for each in _TOOLS]


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a model left empty."""
    return {key: value for key, value in arguments.items() if value not in (None, "", False, [], {})}
