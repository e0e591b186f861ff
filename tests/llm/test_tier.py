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
from voice.llm import tier as tier_module
from voice.llm.configuring import TierConfig
from voice.llm.embedded import EmbeddedServer, ServerConfig
from voice.llm.embedded_tier import EmbeddedTier
from voice.llm.failures import REASON_LETTERS
from voice.llm.reliable import Reliability, ReliableTier
from voice.llm.tier import OpenAITier
from voice.ports import Message
from voice.stack import tiers_down
from voice.tokens import estimate_tokens

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


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])  # the other one may have two addresses
async def test_a_server_that_is_not_there_is_down_and_costs_nothing(host: str):
    async with OpenAITier(replace(CONFIG, base_url=f"http://{host}:9/v1")) as tier:
        draft = await tier.draft(MESSAGES, SCHEMA)
    assert draft.error == "down"
    assert (draft.prompt_tokens, draft.output_tokens, draft.estimated) == (0, 0, False)
    assert "connect" in draft.notes[0]


async def test_a_connection_that_broke_after_the_request_is_billed_by_estimate():
    draft = await draft_from(b"")
    assert (draft.error, draft.estimated) == ("down", True)
    assert draft.prompt_tokens == estimate_tokens(MESSAGES) > 0


async def test_nobody_is_billed_for_tries_that_found_no_server():
    shown: list[Draft] = []
    async with OpenAITier(CONFIG) as tier:
        draft = await ReliableTier(tier, Reliability()).draft(MESSAGES, SCHEMA, watch=shown.append)
    assert (draft.error, draft.prompt_tokens, draft.estimated) == ("down", 0, False)
    assert "tried again" in " ".join(draft.notes)
    assert (shown[-1].prompt_tokens, shown[-1].estimated) == (0, False)


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


async def test_a_model_that_declines_and_one_that_is_cut_off_by_a_filter_are_no_trouble_of_the_provider():
    assert (await draft_from(HEAD, event(refusal="I can't."), event(finish="stop"), usage(1, 1))).error == "declined"
    assert (await draft_from(HEAD, event('{"a"'), event(finish="content_filter"), usage(1, 1))).error == "declined"


async def test_a_connection_cut_in_the_middle_is_down_even_if_the_text_looks_whole():
    head = HEAD.replace(b"connection: close", b"transfer-encoding: chunked")
    assert (await draft_from(head, _chunk(event('{"a":"x"}')))).error == "down"


async def test_a_whole_object_is_used_though_nothing_says_that_it_is_the_end():
    draft = await draft_from(HEAD, event('{"a":"x"}'), event(), usage(1, 1))
    assert (draft.error, draft.text) == (None, '{"a":"x"}')
    assert draft.notes == ("the stream ended without finish_reason",)


@pytest.mark.parametrize("schema", [SCHEMA, {"type": "string", "pattern": "[a-z ]+"}])
async def test_what_may_be_half_an_answer_is_down_where_nothing_says_that_it_is_the_end(schema: dict[str, Any]):
    draft = await draft_from(HEAD, event('{"a":"x'), schema=schema)
    assert (draft.error, draft.notes) == ("down", ("the stream ended without finish_reason",))


async def test_a_page_and_an_answer_in_one_piece_are_down_and_say_what_they_are():
    page = "<html>Please log in</html>"
    draft = await draft_from(said(200, page).replace(b"application/json", b"text/html; charset=utf-8"))
    assert (draft.error, draft.notes) == ("down", ("content-type text/html, not text/event-stream",))
    whole = json.dumps({"choices": [{"message": {"content": '{"a":"x"}'}}]})
    assert (await draft_from(said(200, whole))).notes == ("content-type application/json, not text/event-stream",)


@pytest.mark.parametrize("code", [400, 401, 429, 500])
async def test_a_request_that_was_answered_with_an_http_error_costs_nothing(code: int):
    draft = await draft_from(said(code, "no"))
    assert (draft.prompt_tokens, draft.output_tokens) == (0, 0)


async def test_a_provider_that_asks_for_a_rest_is_heard():
    busy = said(429, "no").replace(b"content-length", b"retry-after: 3\r\ncontent-length")
    assert (await draft_from(busy)).rest_seconds == 3.0
    assert (await draft_from(said(429, "no"))).rest_seconds == 0.0


async def test_a_request_can_be_given_the_form_that_its_provider_takes():
    config = replace(
        CONFIG, token_limit="max_completion_tokens", temperature=None, seed=7, extra={"reasoning_effort": "minimal"}
    )
    async with (
        endpoint(HEAD, event('{"a":"x"}', finish="stop"), usage(1, 1)) as at,
        tier_at(at, config) as tier,
    ):
        await tier.draft(MESSAGES, SCHEMA)
        await tier.warm(MESSAGES[:1])
    drafted, warmed = at.requests
    assert "temperature" not in drafted
    assert "max_tokens" not in drafted
    assert (drafted["max_completion_tokens"], warmed["max_completion_tokens"]) == (320, 16)
    assert (drafted["seed"], drafted["reasoning_effort"]) == (7, "minimal")


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
        "the tier fast failed its first request; the key is not accepted: check the variable that api_key_env names, "
        "and that it is this provider's: Error code: 401 - Wrong key [key]."
    ]
    assert tier.trouble == "refused (401)"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ([20.0], "slow"),
        ([HEAD, *[event("a"), 0.1] * 40], "slow"),
        ([b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nno"], "down"),
        ([HEAD, usage(1, 1)], "down"),
    ],
)
async def test_a_first_request_takes_no_longer_than_a_first_token_may_and_must_bring_something(
    answer: list[bytes | float], trouble: str, caplog: pytest.LogCaptureFixture
):
    config = replace(CONFIG, first_token_timeout_seconds=0.5, timeout_seconds=60)
    async with endpoint(*answer) as at, tier_at(at, config) as tier:
        async with asyncio.timeout(5):
            await tier.warm(MESSAGES[:1])
        assert tier.trouble == trouble
    assert len(told(caplog)) == 1


async def test_the_first_request_has_the_form_of_a_draft_so_that_what_is_refused_in_it_shows_at_once():
    async with endpoint(HEAD, event("x", finish="length"), usage(1, 1)) as at, tier_at(at) as tier:
        await tier.warm(MESSAGES[:1])
    schema = at.requests[0]["response_format"]["json_schema"]["schema"]
    assert schema["required"] != list(schema["properties"])
    assert at.requests[0]["logprobs"]


async def test_a_tier_in_trouble_is_asked_again_until_it_answers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tier_module, "_AGAIN_SECONDS", 0.05)
    refuses = [True]

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(said(401, "no") if refuses[0] else HEAD + event("x", finish="length") + usage(1, 1))

    async with endpoint(answer) as at, tier_at(at) as tier:
        await tier.warm(MESSAGES[:1])
        async with asyncio.timeout(5):
            while len(at.requests) < 3:
                await asyncio.sleep(0.01)
            assert tier.trouble == "refused (401)"
            refuses[0] = False
            while tier.trouble:
                await asyncio.sleep(0.01)
        count = len(at.requests)
        await asyncio.sleep(0.2)
        assert len(at.requests) == count
    assert not [task for task in asyncio.all_tasks() if "again" in task.get_name()]


async def test_one_refused_request_is_no_trouble_of_the_tier_but_several_in_a_row_and_a_refused_key_are():
    async with endpoint(said(400, "too long")) as at, tier_at(at) as tier:
        await tier.draft(MESSAGES, SCHEMA)
        await tier.draft(MESSAGES, SCHEMA)
        assert tier.trouble is None
        await tier.draft(MESSAGES, SCHEMA)
        assert tier.trouble == "refused (400)"
    async with endpoint(said(401, "no")) as at, tier_at(at) as tier:
        await tier.draft(MESSAGES, SCHEMA)
        assert tiers_down({"fast": tier}) == ["fast: refused (401)"]


async def test_a_tier_that_is_left_alone_is_down_until_it_is_asked_again():
    busy = said(429, "no").replace(b"content-length", b"retry-after: 30\r\ncontent-length")
    async with endpoint(busy) as at, tier_at(at) as tier:
        reliable = ReliableTier(tier, Reliability())
        assert tiers_down({"fast": tier}, {"fast": reliable}) == []
        await reliable.draft(MESSAGES, SCHEMA)
        assert len(at.requests) == 1
        assert tiers_down({"fast": tier}, {"fast": reliable}) == ["fast: left alone for another 30 s"]


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
