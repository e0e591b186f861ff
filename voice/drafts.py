"""A draft, from the desk's words for a turn to the actions that a tier makes of it."""

from __future__ import annotations

import json
from dataclasses import replace

from voice.cascade.events import StartDraft
from voice.cascade.policy import Tier
from voice.cascade.words import Draft
from voice.overhead import Overhead
from voice.ports import Desk, LanguageModel, Message, Watch


async def draft(desk: Desk, model: LanguageModel, asked: StartDraft, watch: Watch, overhead: Overhead) -> Draft:
    """Ask a tier, and have the desk read its answer; ``overhead`` times the desk's share of it.

    Trouble of the provider, and an answer that can't be read, come back in ``Draft.error``.
    """
    with overhead.part("prompt"):
        messages, schema = _messages(desk, asked), desk.schema(asked.reading, asked.dialogue)
    written = await model.draft(messages, schema, watch=watch)
    if written.error:
        return written
    try:
        with overhead.part("prompt"):
            return replace(written, actions=desk.parse(written.text, asked.reading))
    except ValueError as error:
        return replace(written, error=f"broken_json: {error}")


def _messages(desk: Desk, asked: StartDraft) -> list[Message]:
    messages = list(desk.prompt(asked.reading, asked.dialogue))
    if asked.problems or asked.carried_out:
        named = "\n".join(f"- {problem}" for problem in asked.problems)
        if asked.carried_out:
            done = json.dumps([action.as_dict() for action in asked.carried_out], ensure_ascii=False)
            named = f"- carried out in vain: {done}\n{named}"
        last = messages[-1]
        messages[-1] = Message(last.role, f"{last.content}\nA first attempt failed these checks:\n{named}")
    return messages


def cut_short(tier: Tier, written: Draft | None, error: str) -> Draft:
    """Bill a call that did not come to its end: what it wrote, where that was seen, else all that was reserved."""
    if written is None:
        written = Draft(tier.name, (), output_tokens=tier.max_output_tokens)
    prompt = written.prompt_tokens or tier.expected_prompt_tokens
    return replace(written, actions=(), prompt_tokens=prompt, error=error)
