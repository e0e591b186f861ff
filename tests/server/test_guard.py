"""Where a provider's credentials are known, nobody else can pass for it."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import urlencode

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.server.listening import listening
from tests.server.signing import ALL, CALLS, ONE, basic, now, signed
from tests.server.switchboard import HungUp, Socket, Switchboard, bags, desk, switchboard
from tests.server.test_dialling import NUMBER, dials
from tests.server.test_hand_off import PERSON, connecting
from tests.server.test_phone import PROVIDERS, hear, speak
from voice.server.documents import PHONES
from voice.server.guard import unchecked
from voice.server.providers import VARIABLES, Credentials
from voice.server.tickets import MOST, TICKET_SECONDS, Tickets

HERE = "http://agent.example/phone"
PUBLIC = "https://voice.example/eu"


async def ring(
    board: Switchboard, provider: str, url: str = HERE, path: str = "/phone", at: float | None = None
) -> httpx.Response:
    """Call as a provider who signs this address, and sends it to that path."""
    body = urlencode(CALLS[provider]).encode()
    headers = signed(provider, url, CALLS[provider], body=body, at=at)
    return await board.http.post(path, content=body, headers=headers)


def path_of(document: httpx.Response) -> str:
    """Give the path of the stream in a document."""
    assert document.status_code == 200
    found = re.search(r"wss?://[^/]*(?:/eu)?(/phone[^\"<]*)", document.text)
    assert found
    return found[1]


async def refused(board: Switchboard, path: str, **headers: str) -> int:
    """Open a stream that is not even accepted; gives the code."""
    with pytest.raises(HungUp) as hung_up:
        await Socket(board.app, path, headers=headers).__aenter__()
    return hung_up.value.code


async def answered(board: Switchboard, path: str, provider: str, headers: dict[str, str] | None = None) -> bool:
    """Open a stream as a provider and speak; tells whether the agent answers."""
    async with Socket(board.app, path, headers=headers or {}) as caller:
        for message in PROVIDERS[provider]():
            await caller.send(json.dumps(message))
        try:
            await speak(caller, provider)
            await hear(caller)
        except HungUp as hung_up:
            if hung_up.code != 1008:
                raise
            return False
        return True


@pytest.mark.parametrize("provider", CALLS)
async def test_a_signed_webhook_lets_one_stream_in(provider: str):
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags", credentials=ALL) as board:
            path = path_of(await ring(board, provider))
            assert len(path) > len("/phone/") + 20
            assert await answered(board, path, provider)
            assert await refused(board, path) == 1008
            assert board.trace[0]["line"] == provider


@pytest.mark.parametrize("provider", CALLS)
async def test_a_webhook_that_comes_again_lets_no_second_stream_in(provider: str):
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags", credentials=ALL) as board:
            at = now()
            path = path_of(await ring(board, provider, at=at))
            assert path_of(await ring(board, provider, at=at)) == path  # its provider may have got no answer
            assert await answered(board, path, provider)
            again = path_of(await ring(board, provider, at=at))
            assert again == path
            assert await refused(board, again) == 1008


@pytest.mark.parametrize("path", ["/phone", "/phone/after"])
@pytest.mark.parametrize("provider", CALLS)
async def test_a_webhook_that_is_not_signed_or_altered_is_refused_and_told_nothing(provider: str, path: str):
    url, form = HERE.replace("/phone", path), CALLS[provider]
    body = urlencode(form).encode()
    good = signed(provider, url, form, body=body)
    with desk() as agent:
        async with switchboard(agent, credentials=ONE[provider]) as board:
            dials(board)
            assert (await board.http.post(path, content=body, headers=good)).status_code == 200
            strange = [
                (body, {}),
                (body, {name: "AAAA" for name in good}),
                (body.replace(b"5550001", b"5550002"), good),
                (body, signed(provider, f"{url}/else", form, body=b"else")),
            ]
            if provider == "telnyx":
                strange.append((body, signed(provider, url, form, body=body, at=now() - 400)))
            for content, headers in strange:
                answer = await board.http.post(path, content=content, headers=headers)
                assert answer.status_code == 403
                assert NUMBER not in answer.text
                assert "ws://" not in answer.text


@pytest.mark.parametrize("provider", CALLS)
async def test_a_signed_webhook_is_told_who_is_dialled_for_a_call_that_was_handed_off(provider: str):
    with connecting() as agent:
        async with switchboard(agent, PERSON, credentials=ALL) as board:
            dials(board)
            async with Socket(board.app, path_of(await ring(board, provider))) as caller:
                for message in PROVIDERS[provider]():
                    await caller.send(json.dumps(message))
                await speak(caller, provider)
                assert (await caller.until_hung_up()).code == 1000
                await board.until_traced("closed")
            answer = await ring(board, provider, f"{HERE}/after", "/phone/after")
            assert f"<Number>{NUMBER}</Number>" in answer.text


@pytest.mark.parametrize("provider", CALLS)
@pytest.mark.parametrize("query", ["", "?line=1"])
async def test_the_public_address_is_what_is_signed_with_path_and_query_as_they_came(provider: str, query: str):
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags", credentials=ALL, public_url=f"{PUBLIC}/") as board:
            answer = await ring(board, provider, f"{PUBLIC}/phone{query}", f"/phone{query}")
            assert "wss://voice.example/eu/phone/" in answer.text
            assert await answered(board, path_of(answer), provider)
            if provider != "telnyx":
                assert (await ring(board, provider, HERE)).status_code == 403


@pytest.mark.parametrize("provider", PHONES)
async def test_a_stream_without_a_ticket_is_refused_before_it_is_accepted_if_all_must_have_one(provider: str):
    with desk() as agent:
        async with switchboard(agent, credentials=ONE[provider], phones=[provider]) as board:
            for path in ("/phone", "/phone/guessed"):
                assert await refused(board, path) == 1008
            assert board.trace == []


@pytest.mark.parametrize("provider", PHONES)
async def test_who_is_checked_is_refused_without_and_who_is_not_is_answered(provider: str):
    other = "exotel" if provider == "twilio" else "twilio"
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags", credentials=ONE[provider]) as board:
            assert not await answered(board, "/phone", provider)
            assert board.trace == []
            assert await answered(board, "/phone", other)


async def test_a_document_of_ones_own_connects_a_stream_that_twilio_signs():
    for url in ("ws://agent.example/phone", "ws://agent.example:80/phone"):
        with desk(bags()) as agent:
            async with switchboard(agent, "how many bags", credentials=ALL) as board:
                assert await answered(board, "/phone", "twilio", signed("twilio", url, {}))
    with desk() as agent:
        async with switchboard(agent, credentials=ALL) as board:
            for url in ("http://agent.example/phone", "ws://agent.example/phone/"):
                assert await refused(board, "/phone", **signed("twilio", url, {})) == 1008
            assert not await answered(board, "/phone", "exotel", signed("twilio", "ws://agent.example/phone", {}))


async def test_exotels_stream_has_the_name_and_the_password_of_its_address():
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags", credentials=ALL) as board:
            assert await refused(board, "/phone", **basic("name", "guessed")) == 1008
            assert not await answered(board, "/phone", "twilio", basic(*ALL.exotel or ()))
            assert await answered(board, "/phone", "exotel", basic(*ALL.exotel or ()))


async def test_a_ticket_is_good_for_its_provider_alone():
    with desk() as agent:
        async with switchboard(agent, credentials=ALL) as board:
            assert not await answered(board, path_of(await ring(board, "plivo")), "twilio")
            assert board.trace == []


async def test_whose_lines_are_not_answered_is_refused():
    with desk() as agent:
        async with switchboard(agent, phones=["twilio"]) as board:
            assert (await board.http.post("/phone", data=CALLS["twilio"])).status_code == 200
            answer = await board.http.post("/phone", data=CALLS["plivo"])
            assert (answer.status_code, "no lines of plivo" in answer.text) == (403, True)
            assert not await answered(board, "/phone", "exotel")
        async with switchboard(agent, phones=[]) as board:
            assert (await board.http.post("/phone", data=CALLS["twilio"])).status_code == 403
            assert await refused(board, "/phone") == 1008


async def test_refusals_are_logged_once_with_what_to_look_at_and_then_counted(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING)
    with desk() as agent:
        async with switchboard(agent, credentials=ALL, public_url=PUBLIC) as board:
            for _ in range(12):
                await ring(board, "twilio", HERE)
    first, tenth = caplog.messages
    assert "x-twilio-signature is wrong (sent to 'https://voice.example/eu/phone')" in first
    assert "--public-url" in first
    assert "TWILIO_AUTH_TOKEN" in first
    assert "10 so far" in tenth


@pytest.mark.real
async def test_a_real_server_sees_the_address_as_it_was_written():
    with desk() as agent:
        async with switchboard(agent, credentials=ALL) as board, listening(board) as server:
            async with httpx.AsyncClient() as http:
                for query, status in (("?line=a%20b%2Fc", 200), ("?line=a+b/c", 403)):
                    headers = signed("twilio", f"{server.web}/phone?line=a%20b%2Fc", CALLS["twilio"])
                    answer = await http.post(f"{server.web}/phone{query}", data=CALLS["twilio"], headers=headers)
                    assert answer.status_code == status
                    if status == 200:
                        ticket = path_of(answer)
            own = signed("twilio", f"{server.socket}/phone", {})
            async with connect(f"{server.socket}/phone", additional_headers=own), connect(server.socket + ticket):
                pass
            for path, headers in ((ticket, {}), ("/phone", {}), ("/phone?a=1", own)):
                with pytest.raises(InvalidStatus, match="403"):
                    await connect(server.socket + path, additional_headers=headers)


def test_who_is_not_checked_is_told_with_what_switches_it_on():
    assert unchecked(ALL, PHONES) is None
    assert unchecked(Credentials(), []) is None
    for provider in PHONES:
        told = unchecked(ONE[provider], PHONES)
        assert told
        assert [name for name in PHONES if VARIABLES[name] in told] == [name for name in PHONES if name != provider]
        assert unchecked(ONE[provider], [provider]) is None


def test_a_ticket_is_good_once_and_for_a_short_time_and_not_too_many_are_kept():
    seconds = 0.0
    tickets = Tickets(lambda: seconds)
    first, second = tickets.give("twilio", "1"), tickets.give("plivo", "1")
    assert first != second
    assert tickets.take("") is None
    assert (tickets.take(first), tickets.take(first)) == ("twilio", None)
    seconds = TICKET_SECONDS
    assert tickets.take(second) is None
    oldest = tickets.give("twilio", "2")
    for number in range(MOST):
        tickets.give("telnyx", str(number))
    assert tickets.take(oldest) is None
