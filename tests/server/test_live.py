"""The live view: every watcher sees every line, and none holds up a call."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.server.switchboard import Socket, bags, desk, hear_something, say_something, switchboard
from voice.server import command, live
from voice.server.live import Feed
from voice.server.web import PAGES


async def looked_at(feed: Feed, **headers: str) -> list[int]:
    """Give what the page and its stream answer a browser that says this about itself."""
    app = FastAPI()
    app.include_router(live.router(feed))
    feed.close()  # so that the stream ends
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:
        return [(await http.get(path, headers=headers)).status_code for path in ("/live", "/live/lines")]


def line(call: str, number: int = 0) -> dict[str, Any]:
    return {"at": 0.0, "call": call, "turn": number, "kind": "transcript", "text": "<b>é</b>"}


async def take(watching: AsyncIterator[str | None], count: int) -> list[dict[str, Any] | None]:
    taken: list[dict[str, Any] | None] = []
    async with asyncio.timeout(5):
        while len(taken) < count:
            text = await anext(watching)
            taken.append(None if text is None else json.loads(text))
    return taken


async def test_a_watcher_gets_what_was_and_then_what_comes():
    feed = Feed()
    feed(line("a"))
    watching = feed.watch()
    assert await take(watching, 1) == [line("a")]
    feed(line("b"))
    assert await take(watching, 1) == [line("b")]
    await watching.aclose()
    assert feed.watchers == 0


async def test_a_watcher_who_falls_behind_is_dropped_and_holds_up_nobody():
    feed = Feed(most_waiting=3)
    slow, quick = feed.watch(), feed.watch()
    feed(line("a"))
    await take(slow, 1)
    await take(quick, 1)
    for number in range(1, 6):
        feed(line("a", number))
        await take(quick, 1)
    assert feed.watchers == 1
    assert [got["turn"] async for text in slow if text and (got := json.loads(text))] == [1, 2, 3]
    await quick.aclose()


async def test_only_the_newest_calls_and_their_newest_lines_are_remembered():
    feed = Feed(most_calls=2, most_lines=2)
    for call in ("a", "b", "c"):
        for number in range(3):
            feed(line(call, number))
    watching = feed.watch()
    assert [(got["call"], got["turn"]) for got in await take(watching, 4) if got] == [
        ("b", 1),
        ("b", 2),
        ("c", 1),
        ("c", 2),
    ]
    await watching.aclose()


async def test_a_feed_that_closes_sends_its_watchers_away():
    feed = Feed()
    feed(line("a"))
    watching = feed.watch()
    await take(watching, 1)
    feed.close()
    assert [text async for text in watching] == []
    assert [text async for text in feed.watch()] == []


async def test_a_quiet_feed_says_now_and_then_that_it_is_there(monkeypatch: Any):
    monkeypatch.setattr(live, "KEEP_ALIVE_SECONDS", 0.01)
    watching = Feed().watch()
    assert await take(watching, 2) == [None, None]
    await watching.aclose()


async def test_a_call_can_be_watched_from_its_ring_to_its_end():
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board:
            watching = board.feed.watch()
            seen = asyncio.create_task(take(watching, 1))
            async with Socket(board.app, "/ws") as caller:
                await say_something(caller)
                await hear_something(caller)
            await seen
            await board.until(lambda: board.kinds()[-1] == "closed")
            rest = await take(watching, len(board.trace) - 1)
            assert [got["kind"] for got in [*seen.result(), *rest] if got] == board.kinds()
            await watching.aclose()


async def test_the_page_is_kept_nowhere_and_takes_nothing_from_elsewhere():
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.get("/live")
            assert answer.text == (PAGES / "live.html").read_text(encoding="utf-8")
            assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "127.0.0.1", "localhost:7860", "LocalHost", "[::1]:7860"])
async def test_a_view_for_this_machine_only_is_shown_under_its_own_names(host: str):
    assert await looked_at(Feed(here_only=True), host=host) == [200, 200]


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "agent.example"},
        {"host": "127.0.0.1.agent.example:7860"},
        {"host": "localhost.agent.example"},
        {"host": "localhost@agent.example"},
        {"host": ""},
        {"host": "127.0.0.1:7860", "x-forwarded-for": "203.0.113.9"},
        {"host": "localhost", "x-forwarded-host": "agent.example"},
        {"host": "localhost", "forwarded": "for=203.0.113.9"},
    ],
)
async def test_a_view_for_this_machine_only_is_not_there_for_others(headers: dict[str, str]):
    assert await looked_at(Feed(here_only=True), **headers) == [404, 404]
    assert await looked_at(Feed(), **headers) == [200, 200]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ([], None),
        (["--host", "localhost"], None),
        (["--host", "0.0.0.0"], "0.0.0.0"),
        (["--public-url", "https://agent.example"], "https://agent.example"),
    ],
)
def test_who_may_show_callers_words_to_others_is_told_so(
    given: list[str], named: str | None, capsys: pytest.CaptureFixture[str]
):
    parser = argparse.ArgumentParser()
    command.add_serve_arguments(parser)
    args = parser.parse_args(given)
    command._announce(args, live=False)
    assert capsys.readouterr().out == ""
    command._announce(args, live=True)
    told = capsys.readouterr().out
    assert (named in told and "--no-live" in told) if named else told == ""


async def test_events_begin_with_the_clock_and_hold_one_json_line_each():
    feed = Feed()
    feed({**line("a"), "text": "two\nlines"})
    events = live.events(feed)
    assert re.fullmatch(r"retry: 1000\nevent: now\ndata: [\d.]+\n\n", await anext(events))
    assert re.fullmatch(r"data: (.*)\n\n", await anext(events))
    await events.aclose()
