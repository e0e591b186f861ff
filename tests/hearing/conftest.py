"""The embedded voice, for tests whose ears listen to it."""

from collections.abc import Iterator

import pytest

from voice import models
from voice.speaking.piper import PiperSpeaker


@pytest.fixture(scope="module")
def voice() -> Iterator[PiperSpeaker]:
    speaker = PiperSpeaker(models.path("piper-joe"))
    yield speaker
    speaker.close()
