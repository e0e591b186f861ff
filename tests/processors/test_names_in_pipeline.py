"""The names of a call's desk reach the ears, whatever desk it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from pipelines import cascade
from tests.restaurant.desk import TableDesk
from tests.restaurant.store import Book
from tests.server.switchboard import stack
from voice.ports import Desk
from voice.processors.call import Call
from voice.processors.transcriber import TranscriberSTTService
from voice.testing import ScriptedTranscriber, ToneSpeaker
from voice.trace import Trace


class Line(BaseTransport):
    """A transport that reaches nobody."""

    def input(self) -> FrameProcessor:
        return FrameProcessor()

    def output(self) -> FrameProcessor:
        return FrameProcessor()


class TableDeskWithStreets(TableDesk):
    names = ("Rue Daguerre", "Rue Mouffetard")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What the ears of the pipelines that are built here listen for."""
    found: list[Sequence[str]] = []

    class Kept(TranscriberSTTService):
        def __init__(self, *args: Any, names: Sequence[str], **settings: Any) -> None:
            super().__init__(*args, names=names, **settings)
            found.append(names)

    monkeypatch.setattr(cascade, "TranscriberSTTService", Kept)
    return found


@pytest.mark.parametrize(
    ("desk", "names"),
    [(TableDesk(Book()), ()), (TableDeskWithStreets(Book()), TableDeskWithStreets.names)],
    ids=["a desk without names", "a desk with names"],
)
async def test_a_pipeline_listens_for_the_names_of_its_desk(
    told: list[Sequence[str]], desk: Desk, names: Sequence[str]
) -> None:
    call = Call(stack(ScriptedTranscriber(), ToneSpeaker()), desk, Trace("call"))
    cascade.build(Line(), call)
    assert told == [names]
