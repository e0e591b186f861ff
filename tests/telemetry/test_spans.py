"""What a tracing backend gets to see of a call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from tests.restaurant.evening import POLICY, Evening
from tests.restaurant.test_desk import HARD, MOVE, RESERVE, SIMPLE, SIX, meant
from voice.telemetry.exporting import RedactingExporter
from voice.telemetry.spans import Spans
from voice.testing import Reply, ScriptedModel, in_virtual_time
from voice.trace import Trace


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(exporter: InMemorySpanExporter) -> Iterator[TracerProvider]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(RedactingExporter(exporter)))
    yield provider
    provider.shutdown()


def named(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return sorted((span for span in exporter.get_finished_spans() if span.name == name), key=began)


def began(span: ReadableSpan) -> int:
    assert span.start_time is not None
    return span.start_time


def seconds(span: ReadableSpan) -> float:
    assert span.end_time is not None
    return round((span.end_time - began(span)) / 1e9, 3)


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def replay(provider: TracerProvider, *lines: tuple[float, int, str, dict[str, Any]]) -> None:
    spans = Spans(provider.get_tracer("test"))
    trace = Trace("call-1", 0.0, spans)
    for line in lines:
        trace.write(*line)
    spans.close()


def test_a_call_is_a_tree_of_its_turns_and_their_decisions(
    exporter: InMemorySpanExporter, provider: TracerProvider
) -> None:
    @in_virtual_time
    async def call() -> None:
        hard = Reply(meant(SIX, MOVE), 2.5)
        with ScriptedModel("fast", Reply(meant(RESERVE), 0.5)) as fast, ScriptedModel("strong", hard) as strong:
            spans = Spans(provider.get_tracer("test"))
            evening = Evening(fast, strong, POLICY, sinks=[spans])
            await evening.hear(SIMPLE)
            await evening.hear(HARD)
            await evening.hear("Yes.")
            await evening.runtime.close()
            spans.close()

    call()
    (root,) = named(exporter, "call")
    turns = named(exporter, "turn")
    assert root.parent is None
    assert root.context is not None
    assert [turn.parent and turn.parent.span_id for turn in turns] == [root.context.span_id] * 3
    tree = [
        [
            span.name
            for span in sorted(exporter.get_finished_spans(), key=began)
            if span.parent and turn.context and span.parent.span_id == turn.context.span_id
        ]
        for turn in turns
    ]
    assert [sorted(names) for names in tree] == [
        ["check", "draft", "perform", "route"],
        ["check", "draft", "perform", "route"],
        ["perform", "route"],
    ]
    assert [seconds(draft) for draft in named(exporter, "draft")] == [0.5, 2.5]
    assert [attributes(turn)["voice.source"] for turn in turns] == ["fast", "strong", "code"]
    assert "filler" in [event.name for event in turns[1].events]
    assert attributes(named(exporter, "route")[1])["voice.route"] == "larger"
    assert attributes(named(exporter, "check")[0])["voice.scores.completeness"] == 1.0
    assert attributes(named(exporter, "perform")[2])["voice.wrote"] == ("T2", "T1")
    assert attributes(named(exporter, "draft")[0])["gen_ai.usage.input_tokens"] == 100


def test_a_cancelled_draft_ends_before_the_one_that_took_its_place(
    exporter: InMemorySpanExporter, provider: TracerProvider
) -> None:
    started: dict[str, Any] = {"tier": "fast"}
    replay(
        provider,
        (1.0, 1, "draft_started", started),
        (2.0, 2, "draft_started", started),
        (2.0, 2, "drafted", {**started, "error": "cancelled"}),
        (2.5, 2, "drafted", {**started, "error": "slow"}),
    )
    first, second = named(exporter, "draft")
    assert (seconds(first), first.status.status_code) == (1.0, StatusCode.UNSET)
    assert (seconds(second), second.status.status_code, second.status.description) == (0.5, StatusCode.ERROR, "slow")
    assert first.parent != second.parent


def test_what_is_still_open_ends_with_the_call(exporter: InMemorySpanExporter, provider: TracerProvider) -> None:
    replay(
        provider, (0.0, 0, "call", {"line": "web"}), (1.0, 1, "draft_started", {"tier": "fast"}), (4.0, 0, "closed", {})
    )
    (root,), (turn,), (draft,) = named(exporter, "call"), named(exporter, "turn"), named(exporter, "draft")
    assert [seconds(span) for span in (root, turn, draft)] == [4.0, 0.0, 3.0]
    assert attributes(root) == {"conversation.id": "call-1", "voice.line": "web"}


def test_what_has_no_turn_yet_is_told_by_the_call(exporter: InMemorySpanExporter, provider: TracerProvider) -> None:
    replay(
        provider,
        (0.0, 0, "call", {}),
        (1.0, 1, "answer", {"source": "code"}),
        (1.5, 1, "sound", {"speech": "answer"}),
        (3.0, 1, "voice_on", {}),
    )
    (root,), (turn,) = named(exporter, "call"), named(exporter, "turn")
    assert [event.name for event in root.events] == ["voice_on"]
    assert [event.name for event in turn.events] == ["sound"]
    assert seconds(turn) == 0.5


def test_nested_data_is_flat_or_json(exporter: InMemorySpanExporter, provider: TracerProvider) -> None:
    data = {"chances": {"fast": 0.5}, "say": ("a", "b"), "actions": [{"action": "move"}], "error": None, "empty": []}
    replay(provider, (0.0, 1, "route", data))
    got = attributes(named(exporter, "route")[0])
    assert json.loads(got.pop("voice.actions")) == [{"action": "move"}]
    assert got == {"voice.chances.fast": 0.5, "voice.say": ("a", "b"), "voice.empty": ()}


def test_a_card_number_leaves_neither_our_spans_nor_those_of_others(
    exporter: InMemorySpanExporter, provider: TracerProvider
) -> None:
    said = "my card is 4111 1111 1111 1111"
    replay(provider, (0.0, 1, "turn", {"text": said}))
    with provider.get_tracer("pipecat").start_as_current_span("llm", attributes={"input": said}) as span:
        span.add_event("output", {"text": said})
    told = [*exporter.get_finished_spans()]
    assert told
    assert "4111" not in " ".join(span.to_json() for span in told)


def test_spans_that_others_start_meanwhile_belong_to_the_call(
    exporter: InMemorySpanExporter, provider: TracerProvider
) -> None:
    tracer = provider.get_tracer("test")
    spans = Spans(tracer)
    with pytest.raises(RuntimeError, match="before the first line"):
        spans.within()
    Trace("call-1", 0.0, spans).write(0.0, 0, "call", {})
    with spans.within():
        tracer.start_span("conversation").end()
    spans.close()
    (conversation,), (root,) = named(exporter, "conversation"), named(exporter, "call")
    assert conversation.parent == root.context
