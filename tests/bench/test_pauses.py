"""The moments at which a recorded caller is judged, and what is heard until then."""

from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("pipecat")

from voice.bench.recordings import manifest
from voice.bench.recordings.pauses import find
from voice.ports import Samples, Transcript

FIXTURES = Path(__file__).parents[2] / "audio_fixtures"


class Listens:
    """Hears the same words in all audio, and keeps what it was told to listen for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: list[Sequence[str]] = []
        self.seconds: list[float] = []

    async def transcribe(self, audio: Samples, *, context: str = "", names: Sequence[str] = ()) -> Transcript:
        self.names.append(names)
        self.seconds.append(len(audio) / 16_000)
        return Transcript(self.text)


@pytest.fixture
def one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    (call, *_) = [call for call in manifest.load(FIXTURES) if any(turn.speech for turn in call.turns)]
    monkeypatch.setattr(manifest, "load", lambda folder: [call])


@pytest.mark.usefixtures("one_turn")
@pytest.mark.parametrize("names", [(), ("Vancouver", "Oslo")])
async def test_the_ears_listen_for_the_same_names_each_time_they_are_asked(names: tuple[str, ...]) -> None:
    ears = Listens("I want to fly from Boston to")
    pauses = [pause async for pause in find([FIXTURES], ears, None, names)]
    assert pauses
    assert pauses[-1].resumed is None
    assert any(pause.again for pause in pauses)
    assert len(ears.names) > len(pauses)
    assert all(each is names for each in ears.names)
    assert max(ears.seconds) <= 30
