"""A schema reaches each provider in the form that it accepts, and a tier's configuration is checked early."""

from __future__ import annotations

import pytest

from voice.llm.configuring import TierConfig
from voice.llm.dialects import constrained

SCHEMA = {
    "type": "object",
    "properties": {
        "to": {"enum": ["Boston"]},
        "legs": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}},
    },
    "required": ["to"],
    "additionalProperties": False,
}


def test_a_plain_provider_gets_the_schema_as_it_is():
    assert constrained(SCHEMA, "plain")["response_format"]["json_schema"]["schema"] == SCHEMA


def test_strict_mode_requires_every_property_and_makes_the_optional_ones_nullable():
    schema = constrained(SCHEMA, "openai")["response_format"]["json_schema"]["schema"]
    assert schema["required"] == ["to", "legs"]
    assert schema["properties"]["to"] == {"enum": ["Boston"]}
    array, null = schema["properties"]["legs"]["anyOf"]
    assert null == {"type": "null"}
    assert array["items"]["required"] == ["x"]
    assert array["items"]["properties"]["x"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_a_grammar_leaves_out_white_space():
    request = constrained(SCHEMA, "llguidance")
    assert '"whitespace_flexible": false' in request["extra_body"]["grammar"]


def test_bare_text_is_held_to_its_pattern_where_a_grammar_can():
    bare = {"type": "string", "pattern": "search(?:/to [a-z]+)?"}
    assert constrained(bare, "llguidance")["extra_body"]["grammar"].endswith(r"start: /search(?:\/to [a-z]+)?/")
    assert constrained(bare, "plain") == constrained(bare, "openai") == {}


def test_a_deadline_must_be_positive():
    with pytest.raises(ValueError, match="timeout_seconds of tier 'fast' must be positive"):
        TierConfig("fast", "http://x/v1", "m", timeout_seconds=0)


def test_a_price_must_not_be_negative():
    with pytest.raises(ValueError, match="input_price_per_million"):
        TierConfig("fast", "http://x/v1", "m", input_price_per_million=-1)


def test_a_call_costs_what_it_read_and_wrote():
    config = TierConfig("fast", "http://x/v1", "m", input_price_per_million=2.0, output_price_per_million=10.0)
    assert config.cost(1_000_000, 100_000) == pytest.approx(3.0)
