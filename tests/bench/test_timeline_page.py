import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
from airline_call import ITINERARY_TURN, POLICY_TURN, SEARCH_TURN, WHOLE_CALL
from scripted_call import Attempt, Played, play

from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.timeline import Timeline, build_timeline, render, timeline_svg, write_page
from voice.bench.timeline.__main__ import main
from voice.bench.timeline.layout import lay_out
from voice.trace import jsonable


@pytest.fixture(scope="module")
def played() -> Played:
    return play(WHOLE_CALL)


@pytest.fixture(scope="module")
def timeline(played: Played) -> Timeline:
    return build_timeline(played.lines, played.tracks, began=played.began, call=played.call, turn_starts=played.starts)


def embedded(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


# ---- layout


def test_rows_of_the_layout_stand_under_one_another(timeline: Timeline) -> None:
    layout = lay_out(timeline)
    for upper, lower in zip(layout.rows, layout.rows[1:], strict=False):
        assert upper.y + upper.height <= lower.y
    assert layout.rows[-1].y + layout.rows[-1].height <= layout.height


def test_every_tier_has_a_row(timeline: Timeline) -> None:
    rows = [row.title for row in lay_out(timeline).rows if row.lane == "deciding"]
    assert rows == ["route", "fast", "strong"]


def test_every_block_has_a_place_inside_a_row_of_its_lane(timeline: Timeline) -> None:
    layout = lay_out(timeline)
    assert sorted(place.index for place in layout.blocks) == list(range(len(timeline.spans)))
    for place in layout.blocks:
        block = timeline.spans[place.index]
        assert any(row.lane == block.lane and row.y <= place.y < row.y + row.height for row in layout.rows)


def test_drafts_that_overlap_get_a_level_each() -> None:
    slow = replace(ITINERARY_TURN, attempts={**ITINERARY_TURN.attempts, "strong": Attempt(9.0)})
    again = replace(SEARCH_TURN, after=0.0, attempts={"fast": Attempt(4.0), "strong": Attempt(4.0)})
    played = play([slow, again])
    built = build_timeline(played.lines, played.tracks, began=played.began)
    placed = [(place.y, built.spans[place.index]) for place in lay_out(built).blocks]
    for y, block in placed:
        for other_y, other in placed:
            if block is not other and y == other_y and block.lane != "mouth":
                assert block.end <= other.start + 1e-3 or other.end <= block.start + 1e-3


def test_a_wait_is_measured_from_the_end_of_speech(timeline: Timeline) -> None:
    for wait in lay_out(timeline).waits:
        turn = timeline.turns[wait.index]
        assert wait.start == turn.ends
        assert wait.sound is not None
        assert wait.sound - wait.start == pytest.approx(turn.first_audio_seconds)


# ---- page


def test_the_page_asks_nothing_of_any_network(timeline: Timeline, played: Played) -> None:
    page = render(timeline, played.tracks)
    assert not re.findall(r"""(?:src|href|action)\s*=\s*["'](?!data:)""", page)
    assert "http" not in re.sub(r'<script type="(application/json|text/plain)".*?</script>', "", page).replace(
        "http-equiv", ""
    )


def test_every_part_of_the_page_is_filled_in(timeline: Timeline, played: Played) -> None:
    assert not re.search(r"\{\{\w+\}\}|/\* (light|dark) \*/", render(timeline, played.tracks))


def test_the_page_holds_the_timeline_and_the_recording(timeline: Timeline, played: Played) -> None:
    page = render(timeline, played.tracks)
    data = embedded(page)
    assert data["timeline"] == json.loads(json.dumps(timeline.as_dict()))
    assert set(data["waves"]) == {"per_second", "caller", "agent"}
    assert re.search(r'id="sound">[A-Za-z0-9+/=]{1000,}</script>', page)


def test_what_a_caller_says_cannot_break_out_of_the_page(played: Played) -> None:
    evil = "</script><script>alert(1)</script> {{script}} <b>"
    lines = [{**line, "text": evil} if line["kind"] == "turn" else line for line in played.lines]
    built = build_timeline(lines, played.tracks, began=played.began)
    page = render(built, played.tracks)
    assert "alert(1)</script>" not in page
    assert embedded(page)["timeline"]["turns"][0]["heard"] == evil
    assert "<b>" not in timeline_svg(built, played.tracks)


def test_a_page_without_a_recording_has_no_waves_and_no_sound(timeline: Timeline) -> None:
    page = render(timeline)
    assert embedded(page)["waves"] is None
    assert 'id="sound"></script>' in page


def test_an_empty_call_has_a_page_and_a_picture() -> None:
    empty = build_timeline([], np.zeros((0, 2), dtype=np.int16))
    assert embedded(render(empty, np.zeros((0, 2), dtype=np.int16)))["timeline"]["turns"] == []
    ElementTree.fromstring(timeline_svg(empty))


def test_a_page_of_ninety_noisy_seconds_stays_under_six_megabytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).normal(0, 1500, (90 * SAMPLE_RATE, 2)).astype(np.int16)
    noise[: 45 * SAMPLE_RATE, 1] = 0
    write_page(tmp_path / "timeline.html", build_timeline([], noise), noise)
    assert (tmp_path / "timeline.html").stat().st_size < 6_000_000


# ---- picture


def test_the_picture_is_well_formed_and_names_what_was_said(timeline: Timeline, played: Played) -> None:
    picture = timeline_svg(timeline, played.tracks)
    root = ElementTree.fromstring(picture)
    words = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "0.57" in words
    assert "escalate to strong" in words
    assert "prefers-color-scheme" in picture


def test_a_part_of_a_call_is_drawn_without_the_rest(timeline: Timeline, played: Played) -> None:
    whole = timeline_svg(timeline, played.tracks)
    part = timeline_svg(timeline, played.tracks, start=0.0, end=10.0)
    assert "escalate" not in part
    assert len(part) < len(whole)


def test_a_turn_without_any_sound_says_so_in_the_picture() -> None:
    played = play([POLICY_TURN])
    built = build_timeline(
        played.lines, played.tracks * [1, 0], began=played.began, call=played.call, turn_starts=played.starts
    )
    assert "no sound" in timeline_svg(built)


# ---- again


def test_a_call_is_drawn_again_from_what_it_left(timeline: Timeline, played: Played, tmp_path: Path) -> None:
    (tmp_path / "timeline.json").write_text(json.dumps(timeline.as_dict(), default=jsonable))
    soundfile.write(tmp_path / "call.wav", played.tracks, SAMPLE_RATE, subtype="PCM_16")
    assert main([str(tmp_path)]) == 0
    assert (tmp_path / "timeline.svg").read_text() == timeline_svg(timeline, played.tracks)
    assert embedded((tmp_path / "timeline.html").read_text()) == embedded(render(timeline, played.tracks))


def test_a_folder_that_cannot_be_drawn_is_an_error_that_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "timeline.json" in capsys.readouterr().err
    (tmp_path / "timeline.json").write_text("{}")
    assert main([str(tmp_path)]) == 1
    assert "no timeline.json of this version" in capsys.readouterr().err


# ---- in a browser


BROWSER = (
    *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--enable-logging=stderr", "--virtual-time-budget=2000"),
)


@pytest.mark.real
@pytest.mark.skipif(not shutil.which("chromium"), reason="there is no chromium")
def test_a_browser_draws_every_turn_without_an_error(timeline: Timeline, played: Played, tmp_path: Path) -> None:
    for name, page in {
        "whole": render(timeline, played.tracks),
        "bare": render(timeline),
        "empty": render(build_timeline([])),
    }.items():
        file = tmp_path / f"{name}.html"
        file.write_text(page, encoding="utf-8")
        browser = subprocess.run(
            [*BROWSER, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", f"{file.as_uri()}#turn=3"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert "Uncaught" not in browser.stderr
        assert browser.stdout.count('<tr tabindex="0"') == (0 if name == "empty" else 5)
        assert ("Turn 3" in browser.stdout) == (name != "empty")
