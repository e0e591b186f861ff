"""The routes behind the web page; the page itself is tried in a browser."""

from __future__ import annotations

import json
import re

import pytest
from aiortc import RTCPeerConnection
from pipecat.frames.protobufs import frames_pb2

from tests.server.switchboard import Socket, desk, switchboard
from voice.server import web


async def offered() -> dict[str, str]:
    """Give the offer of a caller who is gone when it is answered."""
    there = RTCPeerConnection()
    there.addTransceiver("audio")
    await there.setLocalDescription(await there.createOffer())
    offer = {"sdp": there.localDescription.sdp, "type": "offer"}
    await there.close()
    return offer


async def test_the_page_and_its_scripts_are_served_from_here_and_need_nothing_from_elsewhere():
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.get("/")
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            texts = {"": answer.text}
            names = set(re.findall(r'src="pages/([^"]+)"', answer.text))
            while names:
                script = await board.http.get(f"/pages/{(name := names.pop())}")
                assert script.headers["content-type"].startswith(("text/javascript", "application/javascript"))
                texts[name] = script.text
                names |= set(re.findall(r'"(?:\./)?(\w+\.js)"', script.text)) - texts.keys()
            assert texts.keys() == {"", *(path.name for path in web.PAGES.glob("*.js"))}
            for text in texts.values():
                assert not re.search(r"https://|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


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
            assert board.kinds()[-1] == "closed"


async def test_a_connection_that_is_made_anew_time_and_again_stays_one_call(caplog: pytest.LogCaptureFixture):
    offer = await offered()
    with desk() as agent:
        async with switchboard(agent, most=1) as board:
            ids = [(await board.http.post("/api/offer", json=offer)).json()["pc_id"]]
            for known in (0, 1, 1):  # the last one did not hear of its newest id
                anew = {**offer, "pc_id": ids[known], "restart_pc": True}
                answer = await board.http.post("/api/offer", json=anew)
                assert answer.status_code == 200
                ids.append(answer.json()["pc_id"])
            assert len(set(ids)) == 4
            await board.until(lambda: len(board.lines.active) == 1)
            await board.lines.hang_up()
            assert [board.kinds().count(kind) for kind in ("call", "closed")] == [1, 1]
    assert "KeyError" not in caplog.text


async def test_an_offer_is_refused_when_all_lines_are_busy_or_the_page_is_of_another_site():
    offer = {"sdp": "v=0\r\nm=audio 9 X 0", "type": "offer"}
    with desk() as agent:
        async with switchboard(agent, most=0) as board:
            refused = await board.http.post("/api/offer", json=offer)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
            foreign = await board.http.post("/api/offer", json=offer, headers={"origin": "http://elsewhere.example"})
            assert foreign.status_code == 403


async def test_a_candidate_for_no_connection_is_refused():
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.patch("/api/offer", json={"pc_id": "gone", "candidates": []})
            assert answer.status_code == 404
