from voice.bench.timeline.speech import Commit, Ear, Piece, locate, share_out


def pieces(*spans: tuple[float, float, int | None]) -> list[Piece]:
    return [Piece((start, end), recorded) for start, end, recorded in spans]


def shared(speech: list[Piece], *commits: Commit) -> list[tuple[int | None, list[tuple[float, float]]]]:
    return [(said.turn, [piece.span for piece in said.pieces]) for said in share_out(speech, commits)]


def test_a_turn_gets_the_speech_between_the_one_before_and_its_own_end() -> None:
    speech = pieces((1, 2, 1), (2.5, 4, 1), (8, 9, 2))
    assert shared(speech, Commit(1, 4.5, 4.0), Commit(2, 9.5, 9.0)) == [(1, [(1, 2), (2.5, 4)]), (2, [(8, 9)])]


def test_a_turn_that_was_cut_in_a_labelled_stretch_ends_where_the_agent_heard_silence() -> None:
    speech = pieces((1, 6, 1))
    assert shared(speech, Commit(1, 3.5, 3.0), Commit(2, 6.5, 6.0)) == [(1, [(1, 3.0)]), (2, [(3.0, 6)])]


def test_a_label_that_ends_just_after_the_agent_took_its_turn_is_not_cut() -> None:
    assert shared(pieces((1, 3.6, 1)), Commit(1, 3.5, 3.2)) == [(1, [(1, 3.6)])]


def test_speech_that_no_turn_took_up_is_a_turn_of_its_own() -> None:
    speech = pieces((1, 2, 1), (20, 21, 2), (40, 41, 3))
    assert shared(speech, Commit(1, 21.5, 21.0)) == [(None, [(1, 2)]), (1, [(20, 21)]), (None, [(40, 41)])]


def test_a_cough_that_no_turn_took_up_is_no_turn() -> None:
    assert shared(pieces((1, 2, None), (30, 30.1, None)), Commit(1, 2.5, 2.0)) == [(1, [(1, 2)])]


def test_a_turn_of_which_the_recording_knows_nothing_keeps_its_place() -> None:
    assert shared(pieces((9, 10, 1)), Commit(1, 5, 4.5), Commit(2, 10.5, 10)) == [(1, []), (2, [(9, 10)])]


def test_unlabelled_turns_are_found_by_energy() -> None:
    assert [piece.span for piece in Ear(by_energy=((0.5, 1.0),)).speech()] == [(0.5, 1.0)]


def test_a_sound_is_found_at_its_onset_or_within_a_longer_one_or_not_at_all() -> None:
    sounds = [(1.0, 2.0), (3.0, 6.0)]
    assert locate(sounds, 0.9) == 1.0
    assert locate(sounds, 4.5) == 4.5
    assert locate(sounds, 2.5) is None
