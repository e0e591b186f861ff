"""The report is one page that shows what the run left behind, whatever that is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from airline_call import ITINERARY_TURN, POLICY_TURN, WHOLE_CALL
from scripted_agent import ScriptedListener
from scripted_call import Played, play

from voice.bench.measured.assess import assess
from voice.bench.measured.results import CallResult, TurnResult
from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.report_page import PAGE, write_report_page
from voice.bench.report_page.__main__ import main
from voice.bench.report_page.left import left_by
from voice.bench.report_page.stages import stages
from voice.bench.report_page.waits import measured
from voice.bench.reports.figures import as_json
from voice.bench.timeline import Timeline, build_timeline
from voice.trace import jsonable

Run = tuple[Path, dict[str, list[CallResult]]]
EVIL = "</script><b>bold</b>"


@pytest.fixture(scope="module")
def played() -> Played:
    return play(WHOLE_CALL)


@pytest.fixture(scope="module")
def timeline(played: Played) -> Timeline:
    return build_timeline(played.lines, played.tracks, began=played.began, call=played.call, turn_starts=played.starts)


@pytest.fixture(scope="module")
def result(played: Played, timeline: Timeline) -> CallResult:
    turns = assess(played.call, 1, played.tracks, played.starts, timeline, ScriptedListener("It is $214 dollars"))
    return CallResult("scripted", 1, 30.0, 4, None, turns, voice="a voice", condition="clean")


@pytest.fixture
def run(tmp_path: Path, played: Played, timeline: Timeline, result: CallResult) -> Run:
    """A run with a call of an agent that tells everything, and one of an agent that left nothing."""
    folder = tmp_path / "talks" / "scripted"
    folder.mkdir(parents=True)
    soundfile.write(folder / "call.wav", played.tracks, SAMPLE_RATE)
    (folder / "timeline.json").write_text(json.dumps(timeline.as_dict()))
    (folder / "trace.jsonl").write_text("".join(json.dumps(line, default=jsonable) + "\n" for line in played.lines))
    silent = tuple(replace(turn, first_audio_ms=None, first_answer_ms=None, reply=EVIL) for turn in result.turns)
    return tmp_path, {"talks": [result], "says-nothing": [replace(result, turns=silent, broken=EVIL)]}


def test_the_trace_says_what_was_done_and_what_it_took(result: CallResult):
    assert all(turn.heard and turn.actions and turn.model_calls is not None for turn in result.turns)
    assert [turn.escalated for turn in result.turns].count(True) == 2
    assert sum(turn.cost or 0 for turn in result.turns) > 0
    assert all(turn.placed and turn.placed[0] < turn.placed[1] < turn.placed[2] for turn in result.turns)


def test_an_agent_without_a_trace_is_measured_all_the_same(played: Played):
    bare = build_timeline((), played.tracks, began=played.began, call=played.call, turn_starts=played.starts)
    turns = assess(played.call, 1, played.tracks, played.starts, bare, ScriptedListener("It is $214 dollars"))
    assert all(turn.first_audio_ms is not None for turn in turns)
    assert {(turn.heard, turn.actions, turn.ungrounded, turn.model_calls, turn.cost) for turn in turns} == {(None,) * 5}
    assert stages(bare, turns[0]) == []


def test_a_turn_has_the_stages_that_its_trace_tells_of(timeline: Timeline, result: CallResult):
    turn = next(turn for turn in result.turns if turn.escalated)
    rows = list(dict.fromkeys(stage.row for stage in stages(timeline, turn)))
    assert rows == ["hearing", "end of turn", "route", "fast", "strong", "desk", "voice"]


def test_the_stages_of_a_wait_add_up_to_what_the_recording_has(run: Run, timeline: Timeline):
    folder, agents = run
    found = list(measured(left_by(folder, "talks", agents["talks"][0])))
    waited = {turn.recorded: turn.first_answer_sentence_seconds for turn in timeline.turns}
    assert len(found) == len(timeline.turns)
    for turn, waterfall in found:
        assert sum(waterfall.seconds().values()) == pytest.approx(waited[turn.turn], abs=0.002)
        assert waterfall.floor is not None
        assert 0 <= waterfall.floor <= (waterfall.wait or 0)


def test_the_page_shows_the_stages_of_agents_that_tell_of_them(run: Run):
    folder, agents = run
    page = write_report_page(folder, agents, {}, audio=False).read_text(encoding="utf-8")
    section = page.split("Where the wait goes")[1].split("</section>")[0]
    assert re.search(r'title="draft strong: mean [\d.]+ s, median [\d.]+ s, P95 [\d.]+ s, in \d turns"', section)
    assert 'title="floor: mean' in section
    assert "says-nothing" not in section


def test_the_page_asks_nothing_of_any_network_and_holds_everything(run: Run):
    folder, agents = run
    page = write_report_page(folder, agents, {"fixtures": "a set", "repeat": 1}).read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href|action)\s*=\s*["'](?!data:)""", page)
    assert "http" not in page.replace("http-equiv", "")
    assert not re.search(r"\{\{\w+\}\}|/\* (light|dark) \*/", page)
    assert page.count('<details class="turn"') == len(agents["talks"][0].turns)
    assert page.count("<article") == 2 * len(agents["talks"][0].turns)
    assert (
        len(re.findall(r'data-sound="talks/scripted" data-format="audio/mpeg">[A-Za-z0-9+/=]{1000,}</script>', page))
        == 1
    )


def test_what_is_said_in_a_call_cannot_break_out_of_the_page(run: Run):
    folder, agents = run
    page = write_report_page(folder, agents, {}).read_text(encoding="utf-8")
    assert EVIL not in page
    assert "&lt;b&gt;bold" in page


def test_a_page_has_curves_of_all_turns_where_some_have_no_label(tmp_path: Path, result: CallResult):
    def page(*turns: TurnResult) -> str:
        made = {"one": [replace(result, turns=turns)]}
        return write_report_page(tmp_path, made, {}, audio=False).read_text(encoding="utf-8")

    turn = replace(result.turns[0], complexity="simple", first_audio_ms=500)
    assert "First audio, all turns" not in page(turn)
    both = page(turn, replace(turn, turn=2, complexity=None))
    assert "First audio, simple turns" in both
    assert "First audio, all turns" in both
    assert "No agent was heard to reply" not in both


def test_a_page_of_agents_that_never_replied_says_so(tmp_path: Path, result: CallResult):
    silent = [replace(turn, first_audio_ms=None, first_answer_ms=None) for turn in result.turns]
    page = write_report_page(tmp_path, {"one": [replace(result, turns=tuple(silent))]}, {}, audio=False)
    assert "No agent was heard to reply to any turn." in page.read_text(encoding="utf-8")


def test_a_page_without_sound_is_smaller(run: Run):
    folder, agents = run
    loud = write_report_page(folder, agents, {}).stat().st_size
    assert write_report_page(folder, agents, {}, audio=False).stat().st_size < loud
    assert "audio/mpeg" not in (folder / PAGE).read_text(encoding="utf-8")


def test_a_finished_run_is_drawn_again(run: Run, capsys: pytest.CaptureFixture[str]):
    folder, agents = run
    (folder / "bench.json").write_text(json.dumps({"repeat": 1, **as_json(agents)}))
    assert main([str(folder)]) == 0
    assert "report.html" in capsys.readouterr().out
    (folder / "bench.json").write_text("{}")
    assert main([str(folder)]) == 1
    assert "no bench report" in capsys.readouterr().err


def test_an_agent_that_was_cut_off_is_shown_too(tmp_path: Path):
    cut = play([POLICY_TURN, ITINERARY_TURN], killed_at=9.0)
    built = build_timeline(cut.lines, cut.tracks, began=cut.began, call=cut.call, turn_starts=cut.starts)
    turns = assess(cut.call, 1, cut.tracks, cut.starts, built, ScriptedListener())
    made = {"cut": [CallResult("scripted", 1, 9.0, 0, "the agent hung up", turns)]}
    assert "the agent hung up" in write_report_page(tmp_path, made, {}).read_text(encoding="utf-8")
