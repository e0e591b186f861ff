"""How many tokens a prompt has where nobody counted them: guessed for a bill, bounded for a reservation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voice.cascade.words import Draft
from voice.ports import Message

_A_MESSAGE = 8
"""What a chat template writes around a message."""


def estimate_tokens(messages: Sequence[Message]) -> int:
    """Guess how many tokens a prompt has, on the high side: the bill of a call that ended before it told."""
    return sum(len(message.content) // 3 + _A_MESSAGE for message in messages)


def guessed(draft: Draft, prompt_tokens: int) -> Draft:
    """Put a guess on the bill of a draft whose prompt nobody counted.

    None is on it by right if its request came back with an error: nobody bills that. One that was ``slow`` never did.
    """
    if draft.prompt_tokens or draft.error not in (None, "slow"):
        return draft
    return replace(draft, prompt_tokens=prompt_tokens, estimated=prompt_tokens > 0)


def most_tokens(messages: Sequence[Message], schema: Mapping[str, Any] | None = None) -> int:
    """Give what a prompt has at the most.

    Args:
        messages: All but the last one are the desk's own words, which take two bytes a token and more. The last one
            holds the caller's, which can be anything: no tokenizer makes more tokens of a text than it has bytes.
        schema: That of the reply, where a provider may write it into the prompt.
    """
    sizes = [len(message.content.encode(errors="replace")) for message in messages]
    written = len(json.dumps(schema)) // 2 if schema is not None else 0
    return sum(size // 2 for size in sizes[:-1]) + sum(sizes[-1:]) + len(sizes) * _A_MESSAGE + written
