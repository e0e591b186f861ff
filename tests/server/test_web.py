"""The routes behind the web page; the page itself is tried in a browser."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace

import pytest
from aiortc import RTCPeerConnection
from pipecat.frames.protobufs import frames_pb2

from tests.server.peer import peer
from tests.server.switchboard import BAGS, Socket, bags, desk, switchboard
from voice.server import web
from voice.server.app import MOST_BYTES
from voice.testing import ScriptedDesk


@pytest.fixture(autouse=True)
def _within_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect over the loopback interface: there may be no other."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


async def offered() -> dict[str, str]:
    """Give the offer of a caller who is gone when it is answered."""
    there = RTCPeerConnection()
    there.addTransceiver("audio")
    await there.setLocalDescription(await there.createOffer())
    offer = {"sdp": there.localDescription.sdp, "type": "offer"}
    await there.close()
    return offer


async def test_the_pages_and_what_they_load_come_from_here_and_take_what_is_said_as_text_only():
    kinds = {"js": ("text/javascript", "application/javascript"), "css": ("text/css",)}
    with desk() as agent:
        async with switchboard(agent) as board:
            texts: dict[str, str] = {}
            for page in ("/", "/live"):
                answer = await board.http.get(page)
                assert "script-src 'self'" in answer.headers["content-security-policy"]
                texts[page] = answer.text
                names = set(re.findall(r'(?:src|href)="pages/([^"]+)"', answer.text))
                while names:
                    loaded = await board.http.get(f"/pages/{(name := names.pop())}")
                    assert loaded.headers["content-type"].startswith(kinds[name.rpartition(".")[2]])
                    texts[name] = loaded.text
                    names |= set(re.findall(r'"(?:\./)?(\w+\.js)"', loaded.text)) - texts.keys()
            files = {file.name for file in web.PAGES.iterdir() if file.suffix != ".html"}
            assert texts.keys() == {"/", "/live", *files}
            for text in texts.values():
                assert not re.search(r"https?://(?!127\.0\.0\.1)|@import|url\(", text)
                assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


async def test_pipecats_own_clients_get_a_session_while_there_is_a_line():
    with desk() as agent:
        async with switchboard(agent, most=0) as board:
            assert (await board.http.post("/start", json={})).status_code == 503
        async with switchboard(agent) as board:
            assert (await board.http.post("/start", json={})).json()["sessionId"]


async def test_a_web_client_over_a_socket_is_told_when_the_agent_is_ready():
    about = {"version": "2.0.0", "about": {"library": "voice"}}
    ready = {"label": "rtvi-ai", "type": "client-ready", "id": "1", "data": about}
    with desk() as agent:
        async with switchboard(agent) as board, Socket(board.app, "/ws", "rtvi=true") as caller:
            frame = frames_pb2.Frame()  # type: ignore[attr-defined]
            frame.message.data = json.dumps(ready)
            await caller.send(frame.SerializeToString())
            while b"bot-ready" not in await caller.receive():
                pass


@pytest.mark.parametrize("path", ["/api/offer", "/phone"])
async def test_a_body_without_an_end_is_not_kept(path: str):
    with desk() as agent:
        async with switchboard(agent) as board:
            assert (await board.http.post(path, content=b"x" * (MOST_BYTES + 1))).status_code == 413


@pytest.mark.parametrize("path", ["/api/offer", "/sessions/x/api/offer"])
@pytest.mark.parametrize("offer", [{"sdp": "garbage", "type": "offer"}, {"sdp": "", "type": "x", "pc_id": "gone"}])
async def test_an_offer_that_makes_no_sense_takes_no_line(path: str, offer: dict[str, str]):
    with desk() as agent:
        async with switchboard(agent, most=1) as board:
            assert (await board.http.post(path, json=offer)).status_code == 400
            assert not board.lines.busy
            assert (await board.http.post(path, json={})).status_code == 422


async def test_a_connection_that_never_stands_gives_its_line_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web, "CONNECT_SECONDS", 0.3)
    offer = await offered()
    with desk() as agent:
        async with switchboard(agent, most=1) as board:
            assert (await board.http.post("/api/offer", json=offer)).status_code == 200
            assert board.lines.busy
            await board.until(lambda: not board.lines.busy)
            assert board.trace == []


async def test_a_page_that_gives_a_connection_up_has_its_line_back_for_the_socket():
    offer = await offered()
    with desk() as agent:
        async with switchboard(agent, most=1) as board:
            ringing = {"pc_id": (await board.http.post("/api/offer", json=offer)).json()["pc_id"]}
            elsewhere = {"origin": "http://elsewhere.example"}
            refused = await board.http.delete("/api/offer", params=ringing, headers=elsewhere)
            assert (refused.status_code, board.lines.busy) == (403, True)
            for _ in range(2):
                assert (await board.http.delete("/api/offer", params=ringing)).status_code == 204
                assert not board.lines.busy
            async with Socket(board.app, "/ws"):
                await board.until(lambda: len(board.lines.active) == 1)


async def test_giving_up_a_connection_that_stands_hangs_up():
    with desk() as agent:
        async with switchboard(agent, most=1) as board, peer(board) as caller:
            await caller.stand()
            await board.until(lambda: len(board.lines.active) == 1)
            await board.http.delete("/api/offer", params={"pc_id": caller.answer["pc_id"]})
            assert not board.lines.busy
            await caller.hung_up()


async def test_a_call_begins_when_its_connection_stands_and_not_when_it_rings():
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags", most=1) as board, peer(board) as caller:
            await asyncio.sleep(0.3)
            assert board.lines.busy
            assert (board.trace, board.lines.active) == ([], {})
            await caller.stand()
            await board.until(lambda: len(board.lines.active) == 1)
            caller.say_something()
            await caller.hear_something()
            await caller.close()
            await board.until(lambda: not board.lines.busy)
            assert [board.kinds().count(kind) for kind in ("call", "closed")] == [1, 1]


async def test_a_connection_that_is_made_anew_before_it_stood_becomes_a_call():
    with desk() as agent:
        async with switchboard(agent, most=1) as board, peer(board) as caller:
            await caller.offer_anew()
            await caller.stand()
            await board.until(lambda: len(board.lines.active) == 1)


async def test_a_stopping_server_does_not_wait_for_a_call_that_rings():
    with desk() as agent:
        async with switchboard(agent) as board, peer(board):
            async with asyncio.timeout(5):
                await board.lines.hang_up()
        assert board.trace == []


async def test_a_call_that_breaks_gives_its_line_back_and_hangs_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> None:
        raise OSError("no room for the desk")

    with desk() as agent:
        async with switchboard(agent, most=1) as board, peer(board) as caller:
            monkeypatch.setattr(board.lines._desks, "desk", broken)
            await caller.stand()
            await caller.hung_up()
            assert not board.lines.busy
    assert "no room for the desk" in caplog.text


async def test_a_connection_that_is_made_anew_time_and_again_stays_one_call(caplog: pytest.LogCaptureFixture):
    offer = await offered()
    with desk() as agent:
        async with switchboard(agent, most=1) as board, peer(board) as caller:
            await caller.stand()
            await board.until(lambda: len(board.lines.active) == 1)
            ids = [caller.answer["pc_id"]]
            for known in (0, 1, 1):  # the last one did not hear of its newest id
                anew = {**offer, "pc_id": ids[known], "restart_pc": True}
                answer = await board.http.post("/api/offer", json=anew)
                assert answer.status_code == 200
                ids.append(answer.json()["pc_id"])
            assert len(set(ids)) == 4
            assert len(board.lines.active) == 1
            await board.lines.hang_up()
            assert [board.kinds().count(kind) for kind in ("call", "closed")] == [1, 1]
    assert "KeyError" not in caplog.text


async def test_an_agent_who_speaks_when_the_connection_is_made_anew_is_heard_again():
    long = bags(*("Two bags are free and a third one is forty dollars.",) * 10)
    again = replace(BAGS, text=f"{BAGS.text} {BAGS.text}")  # the first answer had just begun when it got lost
    with ScriptedDesk({each.text: each for each in (BAGS, again)}, [long, long], read_only={"policy"}) as agent:
        async with switchboard(agent, BAGS.text, BAGS.text, most=1) as board, peer(board) as caller:
            for turn in (1, 2):
                await caller.stand()
                await board.until(lambda: len(board.lines.active) == 1)
                caller.say_something()
                await board.until_traced("answer", turn)
                await caller.hear_something()
                await caller.offer_anew()


async def test_an_offer_is_refused_when_all_lines_are_busy_or_the_page_is_of_another_site():
    offer = {"sdp": "v=0\r\nm=audio 9 X 0", "type": "offer"}
    with desk() as agent:
        async with switchboard(agent, most=0) as board:
            refused = await board.http.post("/api/offer", json=offer)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
            foreign = await board.http.post("/api/offer", json=offer, headers={"origin": "http://elsewhere.example"})
            assert foreign.status_code == 403


async def test_the_page_may_call_under_the_public_name_when_a_proxy_puts_in_another():
    offer = {"sdp": "v=0\r\nm=audio 9 X 0", "type": "offer"}
    with desk() as agent:
        async with switchboard(agent, most=0, public_url="https://Voice.example:443/eu/") as board:
            for origin, status in {
                "https://voice.example": 503,
                "http://agent.example": 503,
                "https://voice.example:8443": 403,
                "https://voice.example.elsewhere.example": 403,
                "null": 403,
            }.items():
                answer = await board.http.post("/api/offer", json=offer, headers={"origin": origin})
                assert (origin, answer.status_code) == (origin, status)


@pytest.mark.parametrize("origin", ["null", "http://[::1"])
@pytest.mark.parametrize("public_url", [None, "", "agent.example"])
async def test_a_page_without_an_origin_of_its_own_may_never_call(public_url: str | None, origin: str):
    offer = {"sdp": "v=0\r\nm=audio 9 X 0", "type": "offer"}
    with desk() as agent:
        async with switchboard(agent, public_url=public_url) as board:
            answer = await board.http.post("/api/offer", json=offer, headers={"origin": origin})
            assert answer.status_code == 403


@pytest.mark.parametrize("candidate", ["candidate:garbage", "candidate:1 1 udp x 127.0.0.1 9 typ host"])
async def test_a_candidate_that_makes_no_sense_is_refused(candidate: str):
    with desk() as agent:
        async with switchboard(agent) as board, peer(board) as caller:
            bad = {"candidate": candidate, "sdp_mid": "0", "sdp_mline_index": 0}
            offer = {"pc_id": caller.answer["pc_id"], "candidates": [bad]}
            assert (await board.http.patch("/api/offer", json=offer)).status_code == 400


async def test_a_candidate_for_no_connection_is_refused():
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.patch("/api/offer", json={"pc_id": "gone", "candidates": []})
            assert answer.status_code == 404


async def test_what_makes_no_sense_over_a_data_channel_is_dropped_and_logged_once(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    odd = ["my card is 4111", "[]", "{}", '{"type": "hello"}', '{"type": "signalling", "message": {"type": "4111"}}']
    ready = json.dumps({"label": "rtvi-ai", "type": "client-ready", "id": "1", "data": {"version": "2.0.0"}})
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board, peer(board) as caller:
            await caller.stand()
            await board.until(lambda: len(board.lines.active) == 1)
            await caller.send(*(odd * 5), "[" * 60_000, "ping: 1", ready)
            await board.until(lambda: any('"bot-ready"' in told for told in caller.told))
            caller.say_something()
            await caller.hear_something()
    dropped = [record.getMessage() for record in caplog.records if "dropped" in record.getMessage()]
    assert len(dropped) == len(set(dropped))
    assert dropped[-1].endswith("26 messages were dropped")
    assert len(dropped) <= 5
    assert "4111" not in caplog.text
    assert "Error parsing" not in capfd.readouterr().err


async def test_a_data_channel_of_a_connection_that_is_made_anew_is_listened_to_as_well(
    caplog: pytest.LogCaptureFixture,
):
    with desk() as agent:
        async with switchboard(agent) as board, peer(board) as caller:
            await caller.stand()
            await board.until(lambda: len(board.lines.active) == 1)
            await caller.offer_anew()
            await caller.stand()
            await caller.send(*["garbage"] * 3)
            await board.until(lambda: "a message is no JSON" in caplog.text)
    assert caplog.text.count("a message is no JSON") == 1
