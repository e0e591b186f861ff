"""What a request lacks is said in one plain line."""

from __future__ import annotations

import pytest

from tests.server.switchboard import Socket, desk, switchboard

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "the request's body is no JSON"),
        (b"", "the request's body is missing"),
        (b"[]", "the request's body must be an object"),
        (b'{"sdp": "m=audio"}', "type is missing in the request's body"),
        (b'{"sdp": 3, "type": "offer"}', "sdp must be text in the request's body"),
        (b'{"sdp": "m=audio", "type": "offer", "pc_id": [1]}', "pc_id must be text in the request's body"),
    ],
)
async def test_a_malformed_offer_is_told_without_the_validators_words(body: bytes, told: str):
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.post("/api/offer", content=body, headers=JSON)
            assert (answer.status_code, answer.json()) == (422, {"detail": told})


async def test_an_offer_that_can_not_be_parsed_has_a_reason():
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.post("/api/offer", json={"sdp": "m=audio", "type": "offer"})
            assert answer.status_code == 400
            assert answer.json()["detail"] == "this is no offer that can be answered: it makes no sense"


async def test_a_late_candidate_that_makes_no_sense_is_told():
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.patch("/api/offer", json={"pc_id": "x", "candidates": [1]})
            assert answer.json()["detail"] == "candidates.0 must be an object in the request's body"
            assert (await board.http.delete("/api/offer")).json()["detail"] == "pc_id is missing in the request's query"


async def test_a_socket_that_asks_for_what_there_is_not_is_closed_with_the_reason():
    with desk() as agent:
        async with switchboard(agent) as board, Socket(board.app, "/ws", "rtvi=maybe") as socket:
            hung_up = await socket.until_hung_up()
            assert (hung_up.code, hung_up.reason) == (1008, "rtvi must be true or false in the request's query")
            assert not board.lines.busy
