"""A tier tells every kind of trouble apart, in time, and stops what it started."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.llm.fake_endpoint import HEAD, Endpoint, endpoint, event, status, usage
from voice.cascade.words import Draft
from voice.llm.embedded import EmbeddedServer, ServerConfig
from voice.llm.embedded_tier import EmbeddedTier
from voice.llm.tier import REASON_LETTERS, OpenAITier, TierConfig, estimate_tokens
from voice.ports import Message

pytestmark = pytest.mark.real

MESSAGES = [Message("system", "Answer."), Message("user", "Bags?")]
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}
CONFIG = TierConfig("fast", "http://127.0.0.1:9/v1", "m", timeout_seconds=2.0, first_token_timeout_seconds=1.0)


@contextlib.asynccontextmanager
async def tier_at(at: Endpoint, config: TierConfig = CONFIG) -> AsyncIterator[OpenAITier]:
    async with OpenAITier(replace(config, base_url=at.base_url)) as tier:
        yield tier


async def draft_from(*pieces: bytes | float, config: TierConfig = CONFIG, schema: dict[str, Any] = SCHEMA) -> Draft:
    async with endpoint(*pieces) as at, tier_at(at, config) as tier:
        return await tier.draft(MESSAGES, schema)


async def test_a_whole_answer_comes_with_its_logprobs_and_its_bill():
    draft = await draft_from(
        HEAD, event('{"a":', logprob=-0.5), event('"x"}', logprob=-0.25), event(finish="stop"), usage(11, 4)
    )
    assert draft == Draft("fast", (), '{"a":"x"}', (-0.5, -0.25), 11, 4, None, ('{"a":', '"x"}'))


async def test_the_request_is_greedy_streamed_and_held_to_the_schema():
    async with endpoint(HEAD, event('{"a":"x"}', finish="stop"), usage(1, 1)) as at, tier_at(at) as tier:
        await tier.draft(MESSAGES, SCHEMA)
    (request,) = at.requests
    assert request["temperature"] == 0
    assert request["stream"]
    assert request["logprobs"]
    assert request["response_format"]["json_schema"] == {"name": "reply", "strict": True, "schema": SCHEMA}


async def test_a_provider_without_logprobs_is_not_asked_for_them():
    config = replace(CONFIG, logprobs=False)
    async with (
        endpoint(HEAD, event('{"a":"x"}', finish="stop"), usage(1, 1)) as at,
        tier_at(at, config) as tier,
    ):
        draft = await tier.draft(MESSAGES, SCHEMA)
    assert "logprobs" not in at.requests[0]
    assert (draft.error, draft.logprobs) == (None, ())


async def test_a_server_that_is_not_there_is_down_and_the_prompt_is_billed_by_estimate():
    async with OpenAITier(CONFIG) as tier:
        draft = await tier.draft(MESSAGES, SCHEMA)
    assert draft.error == "down"
    assert draft.prompt_tokens == estimate_tokens(MESSAGES) > 0
    assert "connect" in draft.notes[0]


async def test_silence_before_the_first_token_is_slow_and_hangs_up():
    config = replace(CONFIG, first_token_timeout_seconds=0.2, timeout_seconds=30)
    async with endpoint(HEAD, 20.0, event("{")) as at, tier_at(at, config) as tier:
        assert (await tier.draft(MESSAGES, SCHEMA)).error == "slow"
        await asyncio.wait_for(at.left_early.wait(), 5)


async def test_a_server_that_accepts_and_never_answers_is_slow():
    assert (await draft_from(20.0, config=replace(CONFIG, first_token_timeout_seconds=0.2))).error == "slow"


async def test_dribbling_does_not_outlast_the_whole_deadline():
    config = replace(CONFIG, first_token_timeout_seconds=0.5, timeout_seconds=1.5)
    dribble = [piece for _ in range(20) for piece in (event("["), 0.4)]
    draft = await draft_from(HEAD, *dribble, config=config)
    assert draft.error == "slow"
    assert 1 <= draft.output_tokens < 20


@pytest.mark.parametrize("text", ["Sure! Here is", '{"a":"x"', "[1]", ""])
async def test_what_is_no_json_object_is_broken(text: str):
    assert (await draft_from(HEAD, event(text), event(finish="stop"), usage(1, 1))).error == "broken_json"


async def test_bare_text_is_taken_as_it_stands_unless_it_was_cut_off():
    schema = {"type": "string", "pattern": "[a-z ]+"}
    assert (await draft_from(HEAD, event("cancel it"), event(finish="stop"), usage(1, 1), schema=schema)).error is None
    cut = await draft_from(HEAD, event("cancel i"), event(finish="length"), usage(1, 1), schema=schema)
    assert cut.error == "broken_json"


async def test_an_answer_cut_at_the_token_limit_is_broken():
    assert (await draft_from(HEAD, event('{"a":"'), event(finish="length"), usage(1, 1))).error == "broken_json"


@pytest.mark.parametrize(
    ("code", "error"),
    [(429, "rate_limited"), (500, "down"), (503, "down"), (400, "refused"), (401, "refused")],
)
async def test_an_http_error_has_its_code_and_is_not_retried(code: int, error: str):
    async with endpoint(status(code)) as at, tier_at(at) as tier:
        assert (await tier.draft(MESSAGES, SCHEMA)).error == error
    assert len(at.requests) == 1


@pytest.mark.parametrize("code", [400, 401, 404, 429, 503])
@pytest.mark.parametrize("shape", ['{"error": {"message": "%s"}}', '{"message": "%s"}', '[{"detail": "%s"}]', "%s\n"])
async def test_what_the_provider_said_is_noted(code: int, shape: str):
    (note,) = (await draft_from(said(code, shape % "There is no model m."))).notes
    assert str(code) in note
    assert note.count("There is no model m.") == 1


async def test_the_note_is_short_and_tells_no_key():
    config = replace(CONFIG, api_key="of-no-known-form")
    message = "Wrong key of-no-known-form, not sk-abcdefghijklmnop. " + "Ask for another. " * 100
    (note,) = (await draft_from(said(401, json.dumps({"error": {"message": message}})), config=config)).notes
    assert note.startswith("Error code: 401 - Wrong key [key], not [key]. Ask for another.")
    assert len(note) == REASON_LETTERS == 300


async def test_an_answer_has_no_note():
    assert (await draft_from(HEAD, event('{"a":"x"}', finish="stop"), usage(1, 1))).notes == ()


async def test_a_model_that_declines_has_refused():
    assert (await draft_from(HEAD, event(refusal="I can't."), event(finish="stop"), usage(1, 1))).error == "refused"


async def test_a_connection_cut_in_the_middle_is_down_even_if_the_text_looks_whole():
    head = HEAD.replace(b"connection: close", b"transfer-encoding: chunked")
    assert (await draft_from(head, _chunk(event('{"a":"x"}')))).error == "down"
    assert (await draft_from(HEAD, event('{"a":"x"}'))).error == "down"


async def test_a_piece_without_text_is_none_of_the_answer():
    empty = event().replace(b'"delta": {"content": ""}', b'"delta": null')
    assert b"null" in empty
    draft = await draft_from(HEAD, event('{"a":"x"}'), empty, event(finish="stop"), usage(1, 1))
    assert (draft.error, draft.text) == (None, '{"a":"x"}')


async def test_garbage_in_the_stream_is_broken():
    assert (await draft_from(HEAD, b"data: {nonsense\n\n")).error == "broken_json"


async def test_an_answer_that_is_no_http_is_down():
    assert (await draft_from(b"hello\r\n\r\n")).error == "down"


async def test_cancelling_hangs_up_so_that_the_server_can_stop():
    async with endpoint(HEAD, event("{"), 20.0) as at, tier_at(at) as tier:
        task = asyncio.create_task(tier.draft(MESSAGES, SCHEMA))
        await at.asked.wait()
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(at.left_early.wait(), 5)


async def test_drafts_may_run_side_by_side():
    async with (
        endpoint(HEAD, event('{"a":"x"}'), 0.1, event(finish="stop"), usage(1, 1)) as at,
        tier_at(at) as tier,
    ):
        drafts = await asyncio.gather(*(tier.draft(MESSAGES, SCHEMA) for _ in range(8)))
    assert [draft.error for draft in drafts] == [None] * 8


async def test_warming_asks_for_one_token_and_swallows_trouble():
    async with endpoint(HEAD, event("x", finish="length"), usage(1, 1)) as at, tier_at(at) as tier:
        await tier.warm(MESSAGES[:1])
    assert at.requests[0]["max_tokens"] == 1
    async with OpenAITier(CONFIG) as tier:
        await tier.warm(MESSAGES[:1])


async def test_a_tier_that_cannot_be_warmed_is_told_of_once_with_the_reason(caplog: pytest.LogCaptureFixture):
    refusal = said(401, '{"error": {"message": "Wrong key sk-abcdefghijklmnop."}}')
    async with endpoint(refusal) as at, tier_at(at) as tier:
        await tier.warm(MESSAGES[:1])
    assert told(caplog) == [
        "the tier fast failed its first request, check its base_url, its model and its API key: "
        "Error code: 401 - Wrong key [key]."
    ]


async def test_a_tier_that_was_warmed_is_not_told_of(caplog: pytest.LogCaptureFixture):
    async with endpoint(HEAD, event("x", finish="length"), usage(1, 1)) as at, tier_at(at) as tier:
        await tier.warm(MESSAGES[:1])
    assert told(caplog) == []


async def test_reading_ahead_stays_quiet_when_nobody_answers(caplog: pytest.LogCaptureFixture):
    async with EmbeddedTier(Gone(ServerConfig("fast", Path("none.gguf")))) as tier:
        await tier.prefill(MESSAGES)
    assert told(caplog) == []


class Gone(EmbeddedServer):
    """A server that has ended."""

    @property
    def base_url(self) -> str:
        return CONFIG.base_url


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith("voice.")]


def said(code: int, text: str) -> bytes:
    """Give a whole answer of this text that is an error."""
    head = f"HTTP/1.1 {code} No\r\ncontent-type: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
    return (head + text).encode()


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
