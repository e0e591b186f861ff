from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from tests import audio


def test_what_is_broken_is_broken_as_it_says(tmp_path: Path) -> None:
    whole = sf.info(audio.SPEECH)

    assert not np.any(sf.read(audio.silent(tmp_path))[0])
    assert sf.info(audio.without_samples(tmp_path)).frames == 0
    assert audio.without_bytes(tmp_path).stat().st_size == 0
    assert sf.info(audio.stereo(tmp_path)).channels == 2
    assert sf.info(audio.at_rate(tmp_path, 48_000)).samplerate == 48_000
    assert np.mean(np.abs(sf.read(audio.clipped(tmp_path))[0]) > 0.99) > 0.1
    assert audio.truncated(tmp_path).stat().st_size < whole.frames * 2
    assert audio.truncated_flac(tmp_path).stat().st_size < audio.SPEECH.stat().st_size
    with pytest.raises(sf.LibsndfileError):
        sf.info(audio.no_audio(tmp_path))


def test_two_hours_fit_into_a_small_file(tmp_path: Path) -> None:
    path = audio.endless(tmp_path)

    assert sf.info(path).duration == 7_200
    assert path.stat().st_size < 1_000_000
