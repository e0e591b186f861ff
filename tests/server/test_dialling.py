"""A caller on a phone line who is handed to a person is dialled on; nobody else is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.server.switchboard import Socket, Switchboard, bags, desk, switchboard
from tests.server.test_hand_off import PERSON, connecting
from tests.server.test_phone import PROVIDERS, hear, speak
from voice.config import ConfigError, load
from voice.config.parts import HandOffSettings
from voice.server.documents import dial
from voice.server.passing import KNOWN_SECONDS, MOST, Passing

NUMBER = "+15551234567"
ASKS = {
    "twilio": {"CallSid": "CA1", "AccountSid": "AC1"},
    "telnyx": {"CallSid": "v3:1", "AccountSid": "1"},
    "plivo": {"CallUUID": "c1", "Event": "Redirect"},
}
"""What each provider sends when it asks what follows the stream of the call of `PROVIDERS`."""

HANG_UP = "<Response><Hangup /></Response>"


def dials(board: Switchboard, whom: str | None = NUMBER) -> None:
    """Say in the profile who is dialled."""
    config = board.lines.stack.config.model_copy(update={"hand_off": HandOffSettings(dial=whom)})
    board.lines.stack = replace(board.lines.stack, config=config)


async def after(board: Switchboard, form: dict[str, str]) -> str:
    """Ask what follows a stream."""
    answer = await board.http.post("/phone/after", data=form)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    return answer.text


async def call_for_a_person(board: Switchboard, provider: str) -> None:
    async with Socket(board.app, "/phone") as caller:
        for message in PROVIDERS[provider]():
            await caller.send(json.dumps(message))
        await speak(caller, provider)
        assert (await caller.until_hung_up()).code == 1000
        await board.until_traced("closed")


@pytest.mark.parametrize("provider", ASKS)
async def test_who_was_handed_off_is_dialled_on_and_the_trace_says_so(provider: str):
    with connecting() as agent:
        async with switchboard(agent, PERSON) as board:
            dials(board)
            assert HANG_UP in await after(board, ASKS[provider])
            await call_for_a_person(board, provider)
            for _ in range(2):  # a provider that got no answer asks again
                assert f"<Dial><Number>{NUMBER}</Number></Dial>" in await after(board, ASKS[provider])
            for other in ASKS.values():
                if other != ASKS[provider]:
                    assert HANG_UP in await after(board, other)
    assert board.trace[-1]["passed_on"] == "…67"
    assert NUMBER not in json.dumps(board.trace)


@pytest.mark.parametrize("provider", ASKS)
async def test_a_call_that_ends_in_another_way_is_not_dialled_on(provider: str):
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board:
            dials(board)
            async with Socket(board.app, "/phone") as caller:
                for message in PROVIDERS[provider]():
                    await caller.send(json.dumps(message))
                await speak(caller, provider)
                await hear(caller)
                await board.lines.hang_up()
            assert HANG_UP in await after(board, ASKS[provider])
    assert "passed_on" not in board.trace[-1]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_nobody_is_dialled_where_the_profile_names_nobody_and_on_exotels_lines(provider: str):
    with connecting() as agent:
        async with switchboard(agent, PERSON) as board:
            dials(board, NUMBER if provider == "exotel" else None)
            await call_for_a_person(board, provider)
            assert HANG_UP in await after(board, ASKS.get(provider, {"CallUUID": "c1"}))
    assert "passed_on" not in board.trace[-1]


async def test_a_call_that_told_no_id_can_not_be_dialled_on():
    with connecting() as agent:
        async with switchboard(agent, PERSON) as board, Socket(board.app, "/phone") as caller:
            dials(board)
            (connected, start) = PROVIDERS["telnyx"]()
            del start["start"]["call_control_id"]
            start["start"]["call_control_id"] = ""
            for message in (connected, start):
                await caller.send(json.dumps(message))
            await speak(caller, "telnyx")
            assert (await caller.until_hung_up()).code == 1000
            await board.until_traced("closed")
            assert (await board.http.post("/phone/after", data={"CallSid": ""})).status_code == 400
    assert "passed_on" not in board.trace[-1]


@pytest.mark.parametrize(
    ("provider", "stream"),
    [
        ("twilio", '<Connect><Stream url="wss://voice.example/eu/phone" /></Connect>'),
        ("telnyx", '<Stream url="wss://voice.example/eu/phone" bidirectionalMode="rtp" /></Connect>'),
        ("plivo", ">wss://voice.example/eu/phone</Stream>"),
    ],
)
async def test_a_provider_is_told_to_ask_here_again_when_the_stream_has_ended(provider: str, stream: str):
    asks = '<Redirect method="POST">https://voice.example/eu/phone/after</Redirect></Response>'
    with desk() as agent:
        async with switchboard(agent, public_url="https://voice.example/eu/") as board:
            dials(board)
            answer = await board.http.post("/phone", data=ASKS[provider])
    assert stream + asks in answer.text


async def test_a_form_of_no_provider_is_told_nobody():
    with desk() as agent:
        async with switchboard(agent) as board:
            dials(board)
            for body in (b"", b"\xff\xfe", b"a=b", b"CallSid="):
                answer = await board.http.post("/phone/after", content=body)
                assert answer.status_code == 400
                assert NUMBER not in answer.text


def test_each_provider_has_its_own_word_for_an_address():
    whom = "sip:desk@example.com;transport=tls"
    assert f"<Dial><Sip>{whom}</Sip></Dial>".encode() in dial("twilio", whom)
    assert f"<Dial><Sip>{whom}</Sip></Dial>".encode() in dial("telnyx", whom)
    assert f"<Dial><User>{whom}</User></Dial>".encode() in dial("plivo", whom)


def test_a_call_is_known_for_a_while_and_not_too_many_are():
    seconds = 0.0
    passing = Passing(lambda: seconds)
    passing.add("twilio", "CA1")
    assert passing.has("twilio", "CA1")
    assert not passing.has("plivo", "CA1")
    seconds = KNOWN_SECONDS - 1
    assert passing.has("twilio", "CA1")
    seconds = KNOWN_SECONDS
    assert not passing.has("twilio", "CA1")
    for number in range(MOST + 1):
        passing.add("twilio", f"CA{number}")
    assert [passing.has("twilio", f"CA{number}") for number in (0, 1, MOST)] == [False, True, True]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "own.toml"


def saying(profile: Path, *lines: str) -> HandOffSettings:
    text = ['name = "own"', "[[tiers]]", 'name = "fast"', 'model = "m"', "[hand_off]", *lines]
    profile.write_text("\n".join(text), encoding="utf-8")
    return load(profile).hand_off


@pytest.mark.parametrize(
    ("whom", "masked"),
    [
        (NUMBER, "…67"),
        ("+4930901820", "…20"),
        ("sip:desk@example.com", "sip:…@example.com"),
        ("sip:+15551234567@10.0.0.1:5061;transport=tls", "sip:…@10.0.0.1"),
    ],
)
def test_a_number_or_an_address_can_be_dialled_and_is_told_in_part(whom: str, masked: str, profile: Path):
    found = saying(profile, f'dial = "{whom}"')
    assert (found.then, found.dial, found.masked) == ("end", whom, masked)


SENSELESS_NUMBERS = (
    "",
    "5551234567",
    "+1 555 123 4567",
    "+1-555-1234567",
    "+0551234567",
    "+1555",
    "+1" * 9,
    "+15551234٦٧",
)
SENSELESS_ADDRESSES = ("desk@example.com", "sip:desk", "sip:@x.org", "sips:desk@x.org", "sip:a b@x.org", "tel:+1555")


@pytest.mark.parametrize("whom", [*SENSELESS_NUMBERS, *SENSELESS_ADDRESSES])
def test_what_can_not_be_dialled_is_refused_with_what_to_write(whom: str, profile: Path):
    with pytest.raises(ConfigError, match=r'hand_off\.dial.*like "\+15551234567", or an address like "sip:desk@exam'):
        saying(profile, f'dial = "{whom}"')


def test_a_call_that_is_held_is_not_passed_on(profile: Path):
    with pytest.raises(ConfigError, match='leave then = "hold" out, or dial'):
        saying(profile, 'then = "hold"', f'dial = "{NUMBER}"')
