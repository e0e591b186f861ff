"""A sound behind the call."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice.config import BackgroundSettings, ConfigError
from voice.server.background import check, mixer


def sound(folder: Path, rate: int = 16_000, channels: int = 1) -> BackgroundSettings:
    file = folder / "office.wav"
    soundfile.write(file, np.full((rate, channels), 0.5, np.float32), rate)
    return BackgroundSettings(file=file, volume=0.5)


def test_no_sound_is_no_mixer():
    check(BackgroundSettings())
    assert mixer(BackgroundSettings()) is None


async def test_the_sound_is_mixed_in_at_its_volume_and_played_over_and_over(tmp_path: Path):
    settings = sound(tmp_path)
    check(settings)
    mixing = mixer(settings)
    assert mixing is not None
    await mixing.start(16_000)
    silence = bytes(2 * 12_000)
    for _ in range(3):
        mixed = np.frombuffer(await mixing.mix(silence), np.int16)
        assert np.allclose(mixed, 0.25 * 32767, atol=2)


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (16_000, 2)])
def test_a_sound_of_another_form_is_refused_with_the_command_that_mends_it(tmp_path: Path, rate: int, channels: int):
    with pytest.raises(ConfigError, match=r"must be mono at 16000 Hz: sox office\.wav -r 16000 -c 1"):
        check(sound(tmp_path, rate, channels))


def test_a_missing_sound_and_one_that_is_none_are_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="can't be read"):
        check(BackgroundSettings(file=tmp_path / "none.wav"))
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(ConfigError, match="can't be read"):
        check(BackgroundSettings(file=tmp_path / "text.wav"))
