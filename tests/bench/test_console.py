import io
import json
import re
from dataclasses import replace

import pytest
from airline_call import ITINERARY_TURN, POLICY_TURN, SEARCH_TURN, WHOLE_CALL
from rich.console import Console
from scripted_call import Attempt, Played, play

from voice.bench.calls.console import CallView
from voice.bench.timeline import build_timeline
from voice.trace import jsonable


def shown(played: Played, *, width: int = 100, terminal: bool = False, finish: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal)
    view = CallView(console)
    for line in played.lines:
        view.line(json.loads(json.dumps(line, default=jsonable)))
    if finish:
        view.finish(
            build_timeline(played.lines, played.tracks, began=played.began, call=played.call, turn_starts=played.starts)
        )
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture(scope="module")
def whole() -> Played:
    return play(WHOLE_CALL)


def test_a_turn_is_one_block_in_the_order_in_which_it_happened() -> None:
    _, heading, *block = shown(play([SEARCH_TURN]), width=400).split("\n\n")[0].splitlines()
    assert heading == " 1  “I need a flight from Boston to Denver next Friday.”"
    labels = [line[4:14].strip() for line in block]
    untimed = ["sound" if label.startswith("+") else label for label in labels]
    assert untimed == [
        *("route", "sound", "fast", "", "escalate"),
        *("sound", "strong", "", "desk", "sound", "sound", ""),
    ]
    assert labels[1] == "+0.57 s"


def test_interim_pauses_are_folded_into_one_heading(whole: Played) -> None:
    text = shown(whole, width=400)
    assert text.count("no wait, the eighth") == 1
    assert "in 3 pieces" in text


def test_work_on_half_a_turn_is_not_shown(whole: Played) -> None:
    itinerary = shown(whole, width=400).split(" 4  ")[1].split(" 5  ")[0]
    assert "fast" not in itinerary
    assert "straight to the larger tier" in itinerary


def test_latency_is_called_the_agents_own(whole: Played) -> None:
    assert re.search(r"first sound \+0\.57 s, first answer \+1\.\d\d s by the agent's own clock", shown(whole))


def test_an_interruption_says_what_was_left_unsaid(whole: Played) -> None:
    assert "barge-in  during the answer  unsaid:" in shown(whole, width=400)


def test_what_was_written_is_shown(whole: Played) -> None:
    assert "wrote QT44LZ" in shown(whole)


@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(whole: Played, width: int) -> None:
    assert all(len(line) <= width for line in shown(whole, width=width, finish=True).splitlines())


def test_without_a_terminal_there_are_no_control_codes(whole: Played) -> None:
    assert "\x1b" not in shown(whole, finish=True)
    assert "\x1b" in shown(whole, terminal=True)


def test_brackets_in_speech_are_no_markup() -> None:
    heard = "[bold]one[/bold] [/red]"
    assert heard in shown(play([replace(POLICY_TURN, segments=((heard, 2.0, 0.0),))]))


def test_the_recording_has_the_last_word(whole: Played) -> None:
    text = shown(whole, finish=True)
    assert "Read off the recording" in text
    assert "rules" in text.split("the call ended")[1]


def test_a_turn_that_was_cut_off_is_closed_by_the_end() -> None:
    played = play([ITINERARY_TURN], killed_at=15.0)
    assert "first sound +0.57 s, no answer" in shown(played, finish=True)


def test_a_failed_draft_says_why() -> None:
    broken = Attempt(0.3, (), error="broken_json: no object")
    text = shown(play([replace(SEARCH_TURN, attempts={"fast": broken, "strong": broken})]))
    assert "failed: broken_json: no object" in text
    assert "fall back" in text


def test_a_call_without_a_word_ends_calmly() -> None:
    console = Console(file=io.StringIO(), width=80)
    CallView(console).finish(build_timeline([]), broken="the agent hung up")
    assert isinstance(console.file, io.StringIO)
    assert "The call ended early: the agent hung up" in console.file.getvalue()


def test_the_status_of_a_terminal_is_gone_after_the_call(whole: Played) -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    with CallView(console) as view:
        for line in whole.lines[:5]:
            view.line(line)
    assert isinstance(console.file, io.StringIO)
    assert "\x1b[?25h" in console.file.getvalue()  # the cursor is back
