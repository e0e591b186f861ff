"""The log of pipecat: what every web call makes is left out, everything else is shown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from loguru import logger
from pipecat.transports.smallwebrtc import connection, transport

from voice.pipecat_log import show_pipecat_log

NO_PICTURE = "No video transceiver is available"
NO_MORE_SOUND = "Media stream error while reading the audio; clearing track."
EVERY_CALL = [(connection.__name__, NO_PICTURE), (transport.__name__, NO_MORE_SOUND)]


@pytest.fixture(autouse=True)
def _the_log_of_before() -> Iterator[None]:
    """Leave no sink behind that writes where nobody reads any more."""
    yield
    logger.remove()


def says(name: str, text: str) -> None:
    """Have a module of this name warn."""
    logger.patch(lambda record: record.update(name=name)).warning(text)


@pytest.mark.parametrize(("name", "text"), EVERY_CALL)
def test_what_every_web_call_makes_is_shown_only_to_who_asks_for_all(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_pipecat_log(verbose=False)
    says(name, text)
    assert capsys.readouterr().err == ""
    show_pipecat_log(verbose=True)
    says(name, text)
    assert text in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (connection.__name__, "No audio transceiver is available"),
        (transport.__name__, "Media stream error while reading the video; clearing track."),
        (transport.__name__, "Timeout: No audio frame received within the specified time."),
        ("pipecat.elsewhere", NO_PICTURE),
    ],
)
def test_any_other_warning_is_shown(name: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    show_pipecat_log(verbose=False)
    says(name, text)
    assert text in capsys.readouterr().err


def test_pipecat_still_warns_in_these_words() -> None:
    assert NO_PICTURE in inspect.getsource(connection)
    assert NO_MORE_SOUND in inspect.getsource(transport)
