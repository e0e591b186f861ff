"""A call on the server, as a tracing backend sees it."""

from __future__ import annotations

import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.server.switchboard import Socket, bags, desk, hear_something, say_something, switchboard
from voice.server.command import NotInstalled, telemetry
from voice.telemetry.exporting import open_telemetry
from voice.telemetry.spans import Spans


async def test_the_cascades_spans_and_pipecats_are_one_tree_for_each_call():
    exporter = InMemorySpanExporter()
    with open_telemetry(exporter) as provider, desk(bags("Two bags.")) as agent:

        def spans() -> Spans:
            return Spans(provider.get_tracer("voice"))

        async with switchboard(agent, "how many bags", spans=spans) as board, Socket(board.app, "/ws") as caller:
            await say_something(caller)
            await hear_something(caller)
            await board.until_traced("sound")
        assert isinstance(provider, TracerProvider)
        provider.force_flush()
        finished = {span.name: span for span in exporter.get_finished_spans()}
    call = finished["call"]
    assert call.context is not None
    assert {span.context.trace_id for span in finished.values() if span.context} == {call.context.trace_id}
    assert finished["conversation"].parent == call.context
    assert finished["perform"].attributes
    assert finished["perform"].attributes["voice.say"] == ("Two bags.",)
    assert call.resource.attributes["service.name"] == "voice"


def test_a_profile_that_wants_spans_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "voice.telemetry.exporting", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(NotInstalled, match=r"install -c .*constraints.txt -e .*\[tracing\]'"), telemetry():
        pass
