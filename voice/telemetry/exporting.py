"""Where spans go: to the endpoint that the standard ``OTEL_*`` variables name, without what must not be kept."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from voice.redaction import redacted

SERVICE = "voice"
"""The service's name where ``OTEL_SERVICE_NAME`` gives none."""


class RedactingExporter(SpanExporter):
    """Takes out of every span what a trace may not hold either, also of those that pipecat's own services make."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export redacted copies."""
        return self._exporter.export([_redacted(span) for span in spans])

    def shutdown(self) -> None:
        """Let go of the connection."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Send what waits."""
        return self._exporter.force_flush(timeout_millis)


@contextmanager
def open_telemetry(exporter: SpanExporter | None = None) -> Generator[TracerProvider]:
    """Give the process's tracer provider; at the end, send what waits.

    A provider that is set already, as ``opentelemetry-instrument`` does, is used as it is. Else one is set that sends
    to ``exporter``, by default over OTLP/HTTP as ``OTEL_EXPORTER_OTLP_ENDPOINT`` and its like say.
    """
    found = trace.get_tracer_provider()
    if isinstance(found, TracerProvider):
        yield found
        found.force_flush()
        return
    named = Resource.create({SERVICE_NAME: SERVICE}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(RedactingExporter(exporter or OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    try:
        yield provider
    finally:
        provider.shutdown()


def _redacted(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=redacted(span.attributes),
        events=[Event(event.name, redacted(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
