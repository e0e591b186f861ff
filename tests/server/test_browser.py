"""The pages in a headless browser with a recording for a microphone, against a scripted agent."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.server.browser import CHROMIUM, browser
from tests.server.listening import listening
from tests.server.switchboard import Switchboard, bags, desk, switchboard
from tests.server.test_hand_off import PERSON, connecting, holding

pytestmark = [pytest.mark.real, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt install chromium")]

WORDS = "[...document.querySelectorAll('#words li')].map(item => item.className + ': ' + item.innerText)"
SAID = ["caller: how many bags", "agent: Two bags are free.", "agent: A third one is forty dollars."]

CHANGED = """new Promise(resolve => {
  const changed = { state: 0, clock: 0 };
  for (const id of Object.keys(changed)) {
    const watch = new MutationObserver(changes => { changed[id] += changes.length; });
    watch.observe(document.getElementById(id), { childList: true, characterData: true, subtree: true });
  }
  setTimeout(() => resolve(changed), 2000);
})"""
PLACE = """text => {
  const button = [...document.querySelectorAll('nav button')].find(each => each.innerText.includes(text));
  const { x, y, width, height } = button.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}"""


@pytest.fixture
def microphone(tmp_path: Path) -> Path:
    """Say something after five seconds."""
    hum = 0.5 * np.sin(np.arange(48_000) * 2 * np.pi * 300 / 48_000)
    path = tmp_path / "microphone.wav"
    soundfile.write(path, np.concatenate([np.zeros(5 * 48_000), hum, np.zeros(10 * 48_000)]), 48_000, "PCM_16")
    return path


@pytest.mark.parametrize(("query", "line"), [("", "webrtc"), ("?line=socket", "socket")])
async def test_a_person_talks_to_the_agent_on_the_page(query: str, line: str, microphone: Path, tmp_path: Path):
    with desk(bags("Two bags are free.", "A third one is forty dollars.")) as agent:
        async with (
            switchboard(agent, "how many bags") as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.open(f"{server.web}/{query}")
            await page.press("Talk")
            await page.until(f"{WORDS}.length === 3 && !document.querySelector('.unsaid')")
            assert await page.evaluate(WORDS) == SAID
            assert await page.evaluate("document.body.dataset.line") == line
            loaded = await page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
            assert all(address.startswith(server.web) for address in loaded)
            await page.press("Hang up")
            await board.until(lambda: not board.lines.active)
            assert board.trace[0]["line"] == ("web" if line == "webrtc" else "socket")


@pytest.mark.parametrize("query", ["", "?line=socket"])
@pytest.mark.parametrize(("then", "end"), [("end", "The agent hung up."), ("hold", "The agent says no more.")])
async def test_the_page_says_that_the_call_was_passed_to_a_person_and_that_nobody_takes_over(
    query: str, then: str, end: str, microphone: Path, tmp_path: Path
):
    state = "document.getElementById('state').innerText"
    with connecting() as agent:
        async with (
            switchboard(agent, PERSON) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            if then == "hold":
                holding(board)
            await page.open(f"{server.web}/{query}")
            await page.press("Talk")
            told = f"The call was passed to a person. On this page nobody takes over. {end}"
            await page.until(f"{state} === {json.dumps(told)}")
            if then == "hold":
                await page.press("Hang up")
                await page.press("Talk")
                await page.until(f"{state} === 'Listening. Say what you need.'")


async def test_the_page_says_that_all_lines_are_busy(microphone: Path, tmp_path: Path):
    with desk() as agent:
        async with (
            switchboard(agent, most=0) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            for query in ("", "?line=socket"):
                await page.open(f"{server.web}/{query}")
                await page.press("Talk")
                await page.until("document.getElementById('state').innerText.includes('busy')")
                await page.press("Talk")


async def test_where_webrtc_does_not_get_through_the_socket_needs_no_second_line(microphone: Path, tmp_path: Path):
    with desk() as agent:
        async with (
            switchboard(agent, most=1) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.open(server.web)
            await page.evaluate("RTCPeerConnection.prototype.setRemoteDescription = async () => {}; 0")
            await page.press("Talk")
            await page.until("document.body.dataset.line === 'socket'")
            await board.until(lambda: len(board.lines.active) == 1)


async def test_a_stopping_server_hangs_up_on_the_page(microphone: Path, tmp_path: Path):
    with desk() as agent:
        async with (
            switchboard(agent) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.open(server.web)
            await page.press("Talk")
            await page.until("document.body.classList.contains('talking')")
            server.stop()
            await page.until("!document.body.classList.contains('talking')")
            await server.task


async def test_only_the_clock_changes_while_nothing_is_said(microphone: Path, tmp_path: Path):
    with desk() as agent:
        async with (
            switchboard(agent) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.open(server.web)
            await page.press("Talk")
            await page.until("document.getElementById('clock').innerText === '0:01'")
            changed = await page.evaluate(CHANGED)
            assert changed["state"] == 0
            assert 1 <= changed["clock"] <= 3
            await page.press("Hang up")
            assert (
                await page.evaluate("document.getElementById('told').innerText")
                == "Press, and speak when you are ready."
            )


async def test_the_page_says_that_it_listens_until_something_is_said(microphone: Path, tmp_path: Path):
    state = "document.getElementById('state').innerText"
    with desk(bags("Two bags are free.")) as agent:
        async with (
            switchboard(agent, "how many bags") as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.open(server.web)
            await page.press("Talk")
            await page.until(f"{state} === 'Listening. Say what you need.'")
            await page.until(f"{WORDS}.length === 2")
            assert await page.evaluate(state) == ""


async def test_what_a_page_can_not_use_of_its_address_is_told(microphone: Path, tmp_path: Path):
    notice = "document.getElementById('notice').innerText"
    with desk() as agent:
        async with (
            switchboard(agent) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            for path, told in (
                ("/?line=foo", "This page knows no “line=foo” in its address, only “line=socket”."),
                ("/?line=socket&lien=1", "This page knows no “lien” in its address."),
                ("/live?call=<b>", "This page knows no “call” in its address."),
            ):
                await page.open(f"{server.web}{path.replace('<b>', '%3Cb%3E')}")
                assert await page.until(notice) == told
            await page.open(f"{server.web}/?line=socket")
            await page.until("document.getElementById('profile').innerText")
            assert await page.evaluate(notice) == ""


async def test_a_page_whose_server_does_not_answer_says_so(microphone: Path, tmp_path: Path):
    with desk() as agent:
        async with (
            switchboard(agent) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.ask("Network.enable")
            await page.ask("Network.setBlockedURLs", urls=["*/health"])
            await page.open(server.web)
            await page.until("document.getElementById('state').innerText.startsWith('The server does not answer.')")


async def test_the_live_view_stays_with_a_call_while_it_is_open(microphone: Path, tmp_path: Path):
    def ring(board: Switchboard, call: str) -> None:
        board.feed({"at": 0.0, "call": call, "turn": 0, "kind": "call", "clock": 0.0, "line": call})

    shown = "document.querySelector('nav [aria-current=true]')?.innerText.includes('{}')"
    with desk() as agent:
        async with (
            switchboard(agent) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.open(f"{server.web}/live")
            ring(board, "first")
            await page.until("document.querySelector('main').innerText === 'listening…'")
            ring(board, "second")
            await page.until("document.querySelectorAll('nav button').length === 2")
            assert await page.evaluate(shown.format("first"))
            board.feed({"at": 4.0, "call": "first", "turn": 0, "kind": "closed"})
            await page.until(shown.format("second"))
            board.feed({"at": 5.0, "call": "second", "turn": 0, "kind": "closed", "passed_on": "…67"})
            await page.until("document.querySelector('main').innerText.includes('passed on to …67 after')")


async def test_the_live_view_can_be_used_while_lines_come(microphone: Path, tmp_path: Path):
    with desk() as agent:
        async with (
            switchboard(agent) as board,
            listening(board) as server,
            browser(microphone, tmp_path / "profile") as page,
        ):
            await page.open(f"{server.web}/live")
            for call in ("first", "second"):
                board.feed({"at": 0.0, "call": call, "turn": 0, "kind": "call", "clock": 0.0, "line": call})
                board.feed({"at": 1.0, "call": call, "turn": 1, "kind": "turn", "silence_seconds": 0, "text": call})
            board.feed({"at": 1.5, "call": "first", "turn": 1, "kind": "closed"})  # else it stays if it is drawn first
            await page.until("document.querySelector('article .heard')?.innerText === 'second'")
            where = await page.evaluate(f"(({PLACE})('first'))")
            await page.ask("Input.dispatchMouseEvent", type="mousePressed", button="left", clickCount=1, **where)
            await page.evaluate("getSelection().selectAllChildren(document.querySelector('article .heard'))")
            board.feed({"at": 2.0, "call": "second", "turn": 2, "kind": "transcript", "text": "and then"})
            await page.until("document.querySelector('.hearing')?.innerText === 'and then'")
            assert await page.evaluate("getSelection().toString()") == "second"
            assert await page.evaluate("document.activeElement.innerText.startsWith('first')")
            await page.ask("Input.dispatchMouseEvent", type="mouseReleased", button="left", clickCount=1, **where)
            await page.until("document.querySelector('article .heard')?.innerText === 'first'")
            for number in range(60):
                board.feed({"at": 3.0, "call": f"short {number}", "turn": 0, "kind": "call", "line": "web"})
                board.feed({"at": 4.0, "call": f"short {number}", "turn": 0, "kind": "closed"})
            await page.until("document.querySelector('nav').innerText.includes('short 59')")
            listed = await page.evaluate("[...document.querySelectorAll('nav small')].map(each => each.innerText)")
            assert len(listed) == 50
            assert listed[-3:] == ["short 12", "and then", "first"]


async def test_the_live_view_shows_a_call_as_it_happens(microphone: Path, tmp_path: Path):
    with desk(bags("Two <b>bags</b> are free.")) as agent:
        async with (
            switchboard(agent, "how many bags") as board,
            listening(board) as server,
            browser(microphone, tmp_path / "watcher") as watching,
            browser(microphone, tmp_path / "caller") as calling,
        ):
            await watching.open(f"{server.web}/live")
            await watching.until("document.body.innerText.includes('No calls yet')")
            await calling.open(server.web)
            await calling.press("Talk")
            await watching.until("document.querySelector('article .heard')?.innerText.includes('how many bags')")
            await watching.until("document.querySelector('article .said')?.innerText === 'Two <b>bags</b> are free.'")
            await watching.until("/first answer 0\\.\\d\\d s/.test(document.querySelector('.meter')?.innerText)")
            await calling.press("Hang up")
            await watching.until("document.body.innerText.includes('hung up after')")
