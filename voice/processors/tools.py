"""The desk as native pipecat tools, for the pipelines that the cascade is measured against."""

from __future__ import annotations

import asyncio
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


def desk_tools(desk: Desk, trace: Trace) -> list[FunctionSchema | DirectFunction]:
    """Give the desk's main actions as direct functions for an ``LLMContext``.

    Values are taken as the caller said them. Each result is the desk's own sentences.
    """
    dialogue = desk.open(trace.call_id)
    calls = 0

    async def perform(params: FunctionCallParams, action: Action) -> None:
        nonlocal dialogue, calls
        calls += 1
        key = f"{trace.call_id}/{calls}"
        outcome = await desk.perform([action], Reading(""), dialogue, key=key)
        dialogue = outcome.dialogue
        now = asyncio.get_running_loop().time()
        trace.write(
            now, calls, "performed", {"actions": [action.as_dict()], "say": outcome.say, "wrote": outcome.wrote}
        )
        await params.result_callback({"answer": " ".join(outcome.say)})

    async def search_flights(
        params: FunctionCallParams, origin: str, destination: str, date: str, max_price: str = ""
    ) -> None:
        """Search flights for one leg of a trip.

        Args:
            params: Given by the pipeline.
            origin: The city to fly from, as the caller said it.
            destination: The city to fly to, as the caller said it.
            date: The day, as the caller said it.
            max_price: The most it may cost, as the caller said it; empty if nothing was said.
        """
        leg = {"from": origin, "to": destination, "date": date}
        args: dict[str, Any] = {"legs": [leg], **({"max_price": max_price} if max_price else {})}
        await perform(params, Action("search", args))

    async def look_up_booking(params: FunctionCallParams, code: str) -> None:
        """Look a booking up.

        Args:
            params: Given by the pipeline.
            code: The booking's six-character code, as the caller spelled it.
        """
        await perform(params, Action("lookup", {"code": code}))

    async def airline_rules(params: FunctionCallParams, topic: str) -> None:
        """Tell the airline's rules.

        Args:
            params: Given by the pipeline.
            topic: One of baggage, cancellation, changes, refunds, check_in, pets, children, seats, meals, delays,
                documents, wifi, payment.
        """
        await perform(params, Action("policy", {"topic": topic}))

    async def confirm(params: FunctionCallParams, answer: str) -> None:
        """Carry out, or drop, what was read back to the caller.

        Args:
            params: Given by the pipeline.
            answer: yes or no.
        """
        await perform(params, Action("confirm", {"answer": answer}))

    return [search_flights, look_up_booking, airline_rules, confirm]
