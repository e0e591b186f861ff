"""How providers are told to answer by a JSON schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

Dialect = Literal["plain", "openai", "llguidance"]
"""How a provider wants its schema.

``plain``: as it is (vLLM and most others). ``openai``: every property required, the optional ones nullable, as OpenAI's
strict mode demands. ``llguidance``: as a grammar that leaves out white space, for llama.cpp built with llguidance (as
xllamacpp is), whose own ``response_format`` spends a token on every line break.
"""


def is_bare(schema: Mapping[str, Any]) -> bool:
    """Whether an answer is text as it stands, and no JSON."""
    return schema.get("type") == "string"


def constrained(schema: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Give the request fields that hold an answer to ``schema``.

    Under ``openai`` the answer may hold nulls, which stand for absent keys. A schema of type ``string`` stands for bare
    text: ``llguidance`` holds the answer to its pattern, the others don't hold it.
    """
    if is_bare(schema):
        pattern = schema["pattern"].replace("/", r"\/")
        return {"extra_body": {"grammar": f"%llguidance {{}}\nstart: /{pattern}/"}} if dialect == "llguidance" else {}
    if dialect == "llguidance":
        compact = {**schema, "x-guidance": {"whitespace_flexible": False}}
        return {"extra_body": {"grammar": f"%llguidance {{}}\nstart: %json {json.dumps(compact)}"}}
    body = _all_required(_like_items(schema)) if dialect == "openai" else dict(schema)
    return {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": body},
        }
    }


def _like_items(node: Any) -> Any:
    """Replace lists of different objects, which strict mode does not know, by lists of any of them."""
    if isinstance(node, list):
        return [_like_items(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    made = {key: _like_items(value) for key, value in node.items() if key != "prefixItems"}
    if isinstance(first := node.get("prefixItems"), list):
        different: list[Any] = []
        for item in map(_like_items, first):
            if item not in different:
                different.append(item)
        made["items"] = different[0] if len(different) == 1 else {"anyOf": different}
    return made


def _all_required(node: Any) -> Any:
    if isinstance(node, list):
        return [_all_required(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    if "enum" in node or "const" in node:
        return dict(node)
    made = {key: _all_required(value) for key, value in node.items() if key != "properties"}
    if isinstance(properties := node.get("properties"), Mapping):
        required = set(node.get("required", ()))
        made["properties"] = {
            name: _all_required(value) if name in required else {"anyOf": [_all_required(value), {"type": "null"}]}
            for name, value in properties.items()
        }
        made["required"] = list(properties)
    return made
