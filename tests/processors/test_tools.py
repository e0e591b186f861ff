"""The desk as native tools, for stock pipelines."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from pipecat.adapters.llm.schemas.function_schema import FunctionSchema

from voice.cascade.words import Action
from voice.processors.tools import desk_tools
from voice.testing import Performance, ScriptedDesk, answer
from voice.trace import Line, Trace


def tools(desk: ScriptedDesk, *sinks: Any) -> dict[str, FunctionSchema]:
    return {
        tool.name: tool for tool in desk_tools(desk, Trace("call", 0.0, *sinks)) if isinstance(tool, FunctionSchema)
    }


async def called(tool: FunctionSchema, **arguments: Any) -> dict[str, Any]:
    results: list[dict[str, Any]] = []

    async def back(result: dict[str, Any]) -> None:
        results.append(result)

    assert tool.handler
    await tool.handler(cast("Any", SimpleNamespace(arguments=arguments, result_callback=back)))
    return results[0]


async def test_a_call_is_carried_out_as_an_action_and_gives_the_desks_sentences():
    legs = [{"from": "Boston", "to": "Denver", "date": "next Friday"}]
    desk = ScriptedDesk(performances=[Performance((Action("search", {"legs": legs}),), answer("One.", "Shall I?"))])
    traced: list[Line] = []
    result = await called(tools(desk, traced.append)["search_flights"], legs=legs, max_price="")
    assert result == {"answer": "One. Shall I?"}
    assert [(line["kind"], line["actions"]) for line in traced] == [("performed", [{"action": "search", "legs": legs}])]


async def test_several_calls_at_once_are_carried_out_one_after_the_other():
    gate = asyncio.Event()
    desk = ScriptedDesk(
        performances=[
            Performance((Action("policy", {"topic": "pets"}),), answer("Pets."), gate),
            Performance((Action("policy", {"topic": "wifi"}),), answer("Wifi.")),
        ]
    )
    rules = tools(desk)["airline_rules"]
    both = [asyncio.create_task(called(rules, topic=topic)) for topic in ("pets", "wifi")]
    await asyncio.sleep(0)
    gate.set()
    assert [await each for each in both] == [{"answer": "Pets."}, {"answer": "Wifi."}]
