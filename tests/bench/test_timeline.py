import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from airline_call import (
    ITINERARY_TURN,
    LOOKUP_TURN,
    POLICY_TURN,
    SEARCH_TURN,
    WHOLE_CALL,
    YES_TURN,
)
from scripted_call import Attempt, Played, play

from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn
from voice.bench.timeline import Timeline, TraceError, build_timeline, read_trace
from voice.cascade.words import Findings
from voice.trace import JsonLines, jsonable


def timeline_of(played: Played, *, labelled: bool = True) -> Timeline:
    return build_timeline(
        played.lines,
        played.tracks,
        began=played.began,
        call=played.call if labelled else None,
        turn_starts=played.starts if labelled else (),
    )


@pytest.fixture(scope="module")
def played() -> Played:
    return play(WHOLE_CALL, greeting="Hello.")


@pytest.fixture(scope="module")
def timeline(played: Played) -> Timeline:
    return timeline_of(played)


def test_every_turn_is_accounted_for_in_order(timeline: Timeline) -> None:
    assert [turn.turn for turn in timeline.turns] == [1, 2, 3, 4, 5]
    assert [turn.recorded for turn in timeline.turns] == [1, 2, 3, 4, 5]
    assert [turn.source for turn in timeline.turns] == ["fast", "code", "strong", "strong", "code"]
    assert all(turn.answered for turn in timeline.turns)


def test_first_audio_is_read_off_the_recording(played: Played, timeline: Timeline) -> None:
    for turn in timeline.turns:
        assert turn.ends is not None
        onset = min(start for start, _, _ in played.sounds if start - played.began > turn.ends) - played.began
        assert turn.first_audio_seconds == pytest.approx(onset - turn.ends, abs=0.011)


def test_first_audio_does_not_believe_the_trace(played: Played) -> None:
    late = np.roll(played.tracks, round(0.2 * SAMPLE_RATE), axis=0)
    late[:, 0] = played.tracks[:, 0]
    moved = build_timeline(played.lines, late, began=played.began, call=played.call, turn_starts=played.starts)
    for before, after in zip(timeline_of(played).turns, moved.turns, strict=True):
        assert before.first_audio_seconds is not None
        assert after.first_audio_seconds == pytest.approx(before.first_audio_seconds + 0.2, abs=0.011)


def test_the_answer_comes_after_its_filler(played: Played, timeline: Timeline) -> None:
    search = timeline.turns[2]
    assert search.first_audio_seconds is not None
    assert search.first_answer_sentence_seconds is not None
    assert search.first_answer_sentence_seconds > search.first_audio_seconds
    spoken = [say.text for _, _, say in played.sounds if say.kind == "filler"]
    assert search.fillers
    assert [filler["text"] for turn in timeline.turns for filler in turn.fillers] == spoken


def test_the_longest_silence_is_shorter_than_the_wait_that_filler_covers(timeline: Timeline) -> None:
    itinerary = timeline.turns[3]
    assert itinerary.unmasked_silence_seconds is not None
    assert itinerary.first_answer_sentence_seconds is not None
    assert itinerary.unmasked_silence_seconds < itinerary.first_answer_sentence_seconds / 2


def test_without_labels_speech_is_found_by_its_energy(played: Played, timeline: Timeline) -> None:
    free = timeline_of(played, labelled=False)
    for labelled, found in zip(timeline.turns, free.turns, strict=True):
        assert labelled.ends is not None
        assert found.ends == pytest.approx(labelled.ends, abs=0.03)
        assert found.text == ""
        assert found.recorded is None


def test_every_turn_says_why_it_went_where_it_went(timeline: Timeline) -> None:
    why = [turn.why for turn in timeline.turns]
    assert why[0] == "Complexity 0.00 is below 0.50, so the fast tier drafted it, and every check passed."
    assert why[1].startswith("Read with certainty by rules. A model was asked ahead, then not needed (fast, for $")
    assert why[4] == "No model was asked: read with certainty by rules."
    assert why[2].startswith("The fast draft was refused (completeness 0.67 < 0.80; confidence 0.66 < 0.85), so")
    assert "3 legs, a correction" in why[3]


def test_scores_come_with_the_thresholds_that_the_trace_names(timeline: Timeline) -> None:
    refused, accepted = timeline.turns[2].checks
    assert refused.thresholds == {"completeness": 0.8, "correctness": 1.0, "confidence": 0.85}
    assert refused.verdict == "escalate"
    assert accepted.tier == "strong"


def test_a_draft_of_a_half_spoken_turn_is_shown_but_does_not_count_as_its_check(timeline: Timeline) -> None:
    early = [span for span in timeline.spans if span.kind == "draft" and span.turn == 4 and span.row == "fast"]
    assert len(early) == 2
    assert [check.tier for check in timeline.turns[3].checks] == ["strong"]


def test_every_model_call_is_billed_to_its_turn(played: Played, timeline: Timeline) -> None:
    spent = next(line["spent"] for line in played.lines if line["kind"] == "ended")
    assert timeline.summary()["cost"] == pytest.approx(spent)
    assert sum(turn.cost for turn in timeline.turns) == pytest.approx(spent)


def test_an_interrupted_sentence_ends_in_the_recording_and_unsaid_ones_have_no_sound(timeline: Timeline) -> None:
    itinerary = timeline.turns[3]
    assert len(itinerary.barge_ins) == 1
    mouth = [span for span in timeline.spans if span.lane == "mouth" and span.turn == 4]
    assert mouth[-1].end <= itinerary.barge_ins[0] + 0.05
    assert "Shall I book it?" not in [span.label for span in mouth]


def test_what_was_written_is_told(timeline: Timeline) -> None:
    assert timeline.turns[4].wrote == ("QT44LZ",)


def test_blocks_of_the_mouth_never_overlap(timeline: Timeline) -> None:
    mouth = [span for span in timeline.spans if span.lane == "mouth"]
    assert all(first.end <= second.start for first, second in itertools.pairwise(mouth))


def test_the_greeting_belongs_to_no_turn_of_the_caller(timeline: Timeline) -> None:
    assert [span.turn for span in timeline.spans if span.kind == "greeting"] == [0]


def test_the_file_is_json_with_from_and_to(timeline: Timeline) -> None:
    data = json.loads(json.dumps(timeline.as_dict(), default=jsonable))
    assert set(data) >= {"call", "seconds", "turns", "spans", "events", "summary"}
    assert {"from", "to", "lane", "label", "detail"} <= set(data["spans"][0])
    assert {
        "heard",
        "text",
        "speech",
        "route",
        "reason",
        "complexity",
        "tier",
        "escalated",
        "scores",
        "actions",
    } <= set(data["turns"][0])


def test_an_empty_trace_is_an_empty_call() -> None:
    empty = build_timeline([])
    assert (empty.call, empty.seconds, empty.turns, empty.ended) == ("", 0.0, (), False)


def test_a_recording_without_a_trace_still_shows_who_spoke(played: Played) -> None:
    silent = build_timeline([], played.tracks, call=played.call, turn_starts=played.starts)
    assert [turn.turn for turn in silent.turns] == [None] * 5
    assert all(turn.first_audio_seconds is not None for turn in silent.turns)
    assert silent.turns[0].why == "The agent never took this up."


def test_a_silent_recording_has_no_latencies(played: Played) -> None:
    silent = build_timeline(played.lines, np.zeros_like(played.tracks), began=played.began)
    assert [turn.turn for turn in silent.turns] == [1, 2, 3, 4, 5]
    assert all(turn.first_audio_seconds is None and not turn.answered for turn in silent.turns)
    assert silent.summary()["first_audio_seconds"] == {"p50": None, "worst": None}


def test_without_a_recording_the_trace_alone_is_drawn(played: Played) -> None:
    alone = build_timeline(played.lines)
    assert all(turn.first_audio_seconds is None for turn in alone.turns)
    assert all(span.end > span.start for span in alone.spans if span.lane == "mouth")


def test_a_recording_of_one_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="two channels"):
        build_timeline([], np.zeros((100, 1), dtype=np.int16))


def test_a_call_cut_off_in_a_turn_shows_the_work_that_never_ended() -> None:
    cut = timeline_of(play([POLICY_TURN, ITINERARY_TURN], killed_at=28.0))
    assert not cut.ended
    last = cut.turns[-1]
    assert last.heard
    assert not last.answered
    assert (last.source, last.actions) == (None, ())
    unfinished = [span for span in cut.spans if span.detail.get("verdict") == "unfinished"]
    assert [span.row for span in unfinished] == ["strong"]


def test_a_call_cut_off_while_the_caller_speaks_shows_what_was_heard_of_the_turn() -> None:
    cut = timeline_of(play([POLICY_TURN, ITINERARY_TURN], killed_at=17.5))
    last = cut.turns[-1]
    assert (last.turn, last.recorded) == (None, 2)
    assert last.heard.startswith("I need to fly from Seattle")
    assert last.first_audio_seconds is None


def test_a_turn_that_is_never_answered_has_no_first_answer() -> None:
    never = Attempt(60.0)
    lost = replace(SEARCH_TURN, attempts={"fast": never, "strong": never})
    played = play([lost], killed_at=9.0)
    turn = timeline_of(played).turns[0]
    assert turn.first_audio_seconds is not None
    assert turn.first_answer_sentence_seconds is None
    assert not turn.answered


def test_a_turn_that_no_tier_could_answer_says_so() -> None:
    wrong = Attempt(0.3, (), error="broken_json: no object")
    turn = timeline_of(play([replace(SEARCH_TURN, attempts={"fast": wrong, "strong": wrong})])).turns[0]
    assert turn.source == "fallback"
    assert turn.why == "No draft could be used (broken_json: no object), so it asked the caller to put it another way."


def test_a_draft_refused_while_the_caller_spoke_is_named_as_the_reason() -> None:
    hasty = replace(SEARCH_TURN, patience=1.4)
    turn = timeline_of(play([hasty])).turns[0]
    assert turn.escalated
    assert turn.why.startswith("The fast draft was refused (completeness")


def test_a_misheard_turn_names_what_was_misheard() -> None:
    misheard = replace(SEARCH_TURN, reading=replace(SEARCH_TURN.reading, misheard=("den fur",)), attempts={})
    turn = timeline_of(play([misheard])).turns[0]
    assert turn.why.startswith("Misheard: den fur")


def test_a_last_resort_is_called_one() -> None:
    unsure = {
        "fast": SEARCH_TURN.attempts["fast"],
        "strong": replace(SEARCH_TURN.attempts["strong"], logprob=-0.5, findings=Findings(1.0, 1.0)),
    }
    turn = timeline_of(play([replace(SEARCH_TURN, attempts=unsure)])).turns[0]
    assert "last resort (confidence 0.61 < 0.85)" in turn.why


def test_a_call_of_ten_minutes_is_built() -> None:
    turns = [
        replace(turn, interrupts=None) for turn in (POLICY_TURN, LOOKUP_TURN, SEARCH_TURN, ITINERARY_TURN, YES_TURN)
    ]
    long = timeline_of(play(turns * 9))
    assert long.seconds > 600
    assert len(long.turns) == 45
    assert all(turn.answered for turn in long.turns)


def test_fewer_turn_starts_than_turns_are_fine(played: Played) -> None:
    call = RecordedCall("short", (*played.call.turns, RecordedTurn(Path("never.wav"), "Never said.", ((0.0, 1.0),))))
    built = build_timeline(played.lines, played.tracks, began=played.began, call=call, turn_starts=played.starts)
    assert len(built.turns) == 5


def test_a_trace_is_read_back_as_it_was_written(played: Played, tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "trace.jsonl")
    for line in played.lines:
        sink(line)
    sink.close()
    read = read_trace(tmp_path / "trace.jsonl")
    assert not read.cut
    built = build_timeline(read.lines, played.tracks, began=played.began, call=played.call, turn_starts=played.starts)
    assert [turn.why for turn in built.turns] == [turn.why for turn in timeline_of(played).turns]


def test_a_last_line_that_was_cut_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_bytes('{"at": 0, "kind": "call"}\n{"at": 1, "kind": "transcript", "text": "caf\u00e9'.encode()[:-1])
    read = read_trace(path)
    assert read.cut
    assert [line["kind"] for line in read.lines] == ["call"]


def test_a_broken_line_before_the_last_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text('{"at": 0, "kind": "call"}\n{"at": \n{"at": 1, "kind": "ended"}\n')
    with pytest.raises(TraceError, match=r"trace\.jsonl, line 2"):
        read_trace(path)


def test_a_line_that_is_no_trace_line_is_an_error_that_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text('{"when": 0}\n{"at": 1, "kind": "ended"}\n')
    with pytest.raises(TraceError, match="needs its time"):
        read_trace(path)


def test_an_empty_trace_file_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "trace.jsonl").write_text("")
    assert read_trace(tmp_path / "trace.jsonl").lines == ()


def test_a_trace_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="can't be read"):
        read_trace(tmp_path / "trace.jsonl")


def test_a_turn_that_the_caller_went_on_with_is_taken_up_by_the_next() -> None:
    slow = {name: replace(attempt, seconds=6.0) for name, attempt in SEARCH_TURN.attempts.items()}
    on_the_way = play([replace(SEARCH_TURN, attempts=slow)])
    first = next(line for line in on_the_way.lines if line["kind"] == "turn")
    more = {**first, "at": first["at"] + 3.0, "turn": 2, "text": f"{first['text']} In the morning."}
    cut = [line for line in on_the_way.lines if line["at"] < first["at"] + 2.0]
    before, after = build_timeline([*cut, more]).turns
    assert before.source is None
    assert before.why.endswith("The caller went on before it was answered, and the next turn took that up.")
    assert after.why.endswith("The trace breaks off before it was answered.")


def test_a_call_that_ends_before_the_answer_says_so() -> None:
    played = play([ITINERARY_TURN], killed_at=15.5)
    ended = [*played.lines, {"at": 15.6, "call": "scripted", "turn": 1, "kind": "ended", "spent": 0.0}]
    turn = build_timeline(ended, played.tracks, began=played.began).turns[0]
    assert turn.escalated
    assert turn.why.endswith("so it went straight to the larger tier. The call ended before it was answered.")


def test_a_pipeline_without_decisions_is_still_measured(played: Played) -> None:
    lines = [
        {"at": 0.0, "call": "single", "turn": 0, "kind": "call", "clock": played.lines[0]["clock"]},
        {"at": 5.0, "call": "single", "turn": 1, "kind": "performed", "actions": [{"action": "policy"}], "say": ["…"]},
        {"at": 90.0, "call": "single", "turn": 0, "kind": "closed"},
    ]
    single = build_timeline(lines, played.tracks, began=played.began, call=played.call, turn_starts=played.starts)
    assert [turn.recorded for turn in single.turns] == [1, 2, 3, 4, 5]
    for turn in single.turns:
        assert turn.first_audio_seconds == turn.first_answer_sentence_seconds
        assert turn.why == "This pipeline leaves no trace of how it decides."
    assert [span.label for span in single.spans if span.lane == "desk"] == ["policy"]


def test_without_labels_or_decisions_long_silences_part_turns(played: Played) -> None:
    free = build_timeline([], played.tracks)
    assert len(free.turns) == 5


def test_a_draft_that_was_accepted_before_it_was_whole_is_shown_as_accepted() -> None:
    def line(at: float, kind: str, **data: object) -> dict:
        return {"at": at, "call": "early", "turn": 1, "kind": kind, **data}

    lines = [
        line(1.0, "draft_started", tier="fast"),
        line(1.3, "drafted", tier="fast", error="cancelled"),
        line(1.35, "draft_started", tier="fast"),
        line(1.4, "checked", tier="fast", scores={}, verdict="accept"),
        line(1.9, "drafted", tier="fast", actions=[{"action": "chat"}], error=None),
    ]
    drafts = [span for span in build_timeline(lines).spans if span.kind == "draft"]
    assert [draft.detail["verdict"] for draft in drafts] == ["cancelled", "accept"]
