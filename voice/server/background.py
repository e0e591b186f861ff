"""A soft sound behind the agent's voice, mixed by pipecat."""

from __future__ import annotations

import soundfile
from pipecat.audio.mixers.soundfile_mixer import SoundfileMixer

from voice.config import BackgroundSettings, ConfigError
from voice.server.lines import SAMPLE_RATE


def check(settings: BackgroundSettings) -> None:
    """See that the sound can be played.

    Raises:
        ConfigError: the file is missing, is no sound, or has another rate or more than one channel.
    """
    if settings.file is None:
        return
    try:
        about = soundfile.info(settings.file)
    except (OSError, soundfile.SoundFileError) as error:
        raise ConfigError(f"[background] file: {settings.file} can't be read: {error}") from error
    if (about.samplerate, about.channels) != (SAMPLE_RATE, 1):
        raise ConfigError(
            f"[background] file: {settings.file} has {about.channels} channels at {about.samplerate} Hz, "
            f"and must be mono at {SAMPLE_RATE} Hz: sox {settings.file.name} -r {SAMPLE_RATE} -c 1 background.wav"
        )


def mixer(settings: BackgroundSettings) -> SoundfileMixer | None:
    """Give what a call's transport mixes in; None without a sound. Each call needs its own."""
    if settings.file is None:
        return None
    return SoundfileMixer(
        sound_files={"background": str(settings.file)}, default_sound="background", volume=settings.volume
    )
