import os
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from voice.hearing.audio import AudioError, read


def tone(seconds: float, rate: int = 16_000, level: float = 0.4) -> np.ndarray:
    return (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 220 / rate) * level).astype(np.float32)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_any_rate_comes_out_at_the_rate_wished_for(tmp_path: Path, rate: int) -> None:
    sf.write(tmp_path / "a.wav", tone(1.5, rate), rate)
    recording = read(tmp_path / "a.wav", rate=16_000)
    assert recording.rate == 16_000
    assert recording.seconds == pytest.approx(1.5, abs=0.01)
    assert np.abs(recording.samples).max() == pytest.approx(0.4, abs=0.05)
    assert not recording.warnings


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"])
def test_any_sample_format_becomes_float32(tmp_path: Path, subtype: str) -> None:
    sf.write(tmp_path / "a.wav", tone(0.5), 16_000, subtype=subtype)
    samples = read(tmp_path / "a.wav").samples
    assert samples.dtype == np.float32
    assert np.sqrt(np.square(samples).mean()) == pytest.approx(0.4 / np.sqrt(2), abs=0.02)


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.mp3", "a.aiff"])
def test_compressed_recordings_are_read(tmp_path: Path, name: str) -> None:
    sf.write(tmp_path / name, tone(1.0), 16_000)
    assert read(tmp_path / name).seconds == pytest.approx(1.0, abs=0.1)


def test_stereo_is_mixed_and_said_so(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", np.stack([tone(1), np.zeros(16_000)], axis=1), 16_000)
    recording = read(tmp_path / "a.wav")
    assert recording.samples.shape == (16_000,)
    assert "2 channels were mixed" in recording.warnings[0]


def test_one_channel_can_be_chosen(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", np.stack([tone(1), np.zeros(16_000)], axis=1), 16_000)
    assert np.abs(read(tmp_path / "a.wav", channel=0).samples).max() > 0.3
    assert "silent" in read(tmp_path / "a.wav", channel=1).warnings[0]
    with pytest.raises(AudioError, match="has no channel 2; it has 2"):
        read(tmp_path / "a.wav", channel=2)


def test_silence_is_read_with_a_warning(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", np.zeros(16_000), 16_000)
    recording = read(tmp_path / "a.wav")
    assert recording.seconds == 1.0
    assert "silent" in recording.warnings[0]


def test_clipping_is_warned_of_and_lone_peaks_are_not(tmp_path: Path) -> None:
    sf.write(tmp_path / "clipped.wav", np.clip(tone(1) * 5, -1, 1), 16_000)
    assert "clipped" in read(tmp_path / "clipped.wav").warnings[0]
    peaks = tone(1)
    peaks[::100] = 1.0
    sf.write(tmp_path / "peaks.wav", peaks, 16_000)
    assert not read(tmp_path / "peaks.wav").warnings


def test_floats_beyond_full_scale_are_turned_down(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", tone(1, level=3.0), 16_000, subtype="FLOAT")
    recording = read(tmp_path / "a.wav")
    assert np.abs(recording.samples).max() <= 1.0
    assert "beyond full scale" in recording.warnings[0]


def test_samples_that_are_no_numbers_become_zero(tmp_path: Path) -> None:
    broken = tone(1)
    broken[5:9] = np.nan
    sf.write(tmp_path / "a.wav", broken, 16_000, subtype="FLOAT")
    recording = read(tmp_path / "a.wav")
    assert np.isfinite(recording.samples).all()
    assert "4 set to zero" in recording.warnings[0]


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_a_recording_that_was_cut_off_gives_what_is_there(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 16_000 * 10)
    sf.write(tmp_path / name, noise, 16_000)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    recording = read(tmp_path / name)
    assert 3.5 < recording.seconds < 5.5
    assert "cut off" in recording.warnings[0]


def test_a_wav_that_was_streamed_without_a_length_is_whole(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", tone(1), 16_000)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    at = data.find(b"data")
    data[at + 4 : at + 8] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(data)
    recording = read(tmp_path / "a.wav")
    assert recording.seconds == pytest.approx(1.0)
    assert not recording.warnings


def test_two_hours_are_refused_with_the_limit_and_a_way_out(tmp_path: Path) -> None:
    with sf.SoundFile(tmp_path / "long.wav", "w", 8_000, 1, "PCM_U8") as file:
        for _ in range(120):
            file.write(np.zeros(60 * 8_000, np.float32))
    with pytest.raises(AudioError, match=r"120 minutes long; the limit is 30.*ffmpeg .* -t 1800"):
        read(tmp_path / "long.wav")
    assert read(tmp_path / "long.wav", limit_seconds=7_200, rate=8_000).seconds == 7_200


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.wav", b"", r"is empty \(0 bytes\)"),
        ("text.wav", b"hello " * 500, "no audio that can be read"),
        ("bare.raw", bytes(4_000), "no audio that can be read"),
        ("noise.mp3", bytes(range(256)) * 20, "no audio that can be read"),
        ("half.wav", b"RIFF\x24\x00\x00\x00WAVEfm", "no audio that can be read"),
    ],
)
def test_what_is_no_audio_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AudioError, match=says):
        read(tmp_path / name)


def test_a_header_without_samples_is_named(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", np.zeros(0), 16_000)
    with pytest.raises(AudioError, match="holds no samples"):
        read(tmp_path / "a.wav")


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="does not exist"):
        read(tmp_path / "nothing.wav")
    with pytest.raises(AudioError, match="is a folder"):
        read(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user who can be refused")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", tone(1), 16_000)
    (tmp_path / "a.wav").chmod(0)
    with pytest.raises(AudioError, match=r"a\.wav"):
        read(tmp_path / "a.wav")
