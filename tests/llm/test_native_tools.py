"""The embedded models call tools natively, and answer with what a tool gave back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

import voice.models
from voice.llm.embedded import EmbeddedServer, ServerConfig

pytestmark = pytest.mark.real

RULES = {
    "type": "function",
    "function": {
        "name": "airline_rules",
        "description": "Tell the airline's rules.",
        "parameters": {
            "type": "object",
            "properties": {"topic": {"type": "string", "enum": ["baggage", "pets"]}},
            "required": ["topic"],
        },
    },
}
SYSTEM = {"role": "system", "content": "You are the phone agent of an airline. Use the tools for its rules."}
CALLER = {"role": "user", "content": "How many bags can I take for free?"}


@pytest.fixture
def weights() -> Path:
    try:
        return voice.models.path("llm-strong")
    except voice.models.MissingModel as missing:
        pytest.skip(str(missing))


def test_a_tool_is_called_rather_than_spoken_and_its_answer_is_told(weights: Path):
    with EmbeddedServer(ServerConfig("strong", weights)) as server:
        model = OpenAI(base_url=server.base_url, api_key="none")

        def said(*messages: Any) -> Any:
            made = model.chat.completions.create(
                model="strong", temperature=0.0, max_tokens=100, tools=[RULES], messages=[SYSTEM, *messages]
            )
            return made.choices[0].message

        asked = said(CALLER)
        (call,) = asked.tool_calls
        assert (call.function.name, call.function.arguments) == ("airline_rules", '{"topic": "baggage"}')
        result = {"role": "tool", "tool_call_id": call.id, "content": '{"answer": "One bag of 15 kilos is free."}'}
        told = said(CALLER, asked.model_dump(exclude_none=True), result)
        assert not told.tool_calls
        assert "15" in told.content


def test_without_tools_the_prompt_is_the_models_own(weights: Path):
    import httpx

    messages = [SYSTEM, CALLER, {"role": "assistant", "content": "One."}, {"role": "user", "content": "Thanks."}]
    prompts = []
    for template in (ServerConfig("strong", weights).template, None):
        with EmbeddedServer(ServerConfig("strong", weights, template=template)) as server:
            address = server.base_url.removesuffix("/v1") + "/apply-template"
            prompts.append(httpx.post(address, json={"messages": messages}, timeout=60).json()["prompt"])
    assert prompts[0] == prompts[1]
