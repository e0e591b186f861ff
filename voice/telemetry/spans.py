"""Makes spans of a call's trace: call > turn > route, draft, check, perform.

A span's attributes are the line's data, under ``voice.``; its times are the trace's. What has no length of its own
(fillers, barge-ins, escalations, …) is an event of its turn, or of the call where it belongs to no turn.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, cast

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import Span, Status, StatusCode, Tracer
from opentelemetry.util.types import AttributeValue

from voice.trace import Line, jsonable

PREFIX = "voice."

_AT_ONCE = {"route": "route", "checked": "check"}
"""Decisions take no time that a trace could show."""
_STARTS = {"draft_started": "draft", "perform": "perform"}
_ENDS = {"drafted": "draft", "performed": "perform"}
_OF_THE_TURN = frozenset({"turn", "answer"})
_OF_THE_CALL = frozenset({"call", "closed"})
_BEFORE_THE_TURN = frozenset({"voice_on", "voice_off", "transcript", "patience", "key", "silence", "ended"})
"""What is noted before its turn has a number."""
_ENVELOPE = frozenset({"at", "call", "turn", "kind"})


@dataclass
class _Turn:
    number: int
    span: Span
    until: int


class Spans:
    """A sink of one call's `voice.trace.Trace`. `close` it after the last line.

    Drafts of a tier end in the order in which they started, so a cancelled one is told from its successor.

    Args:
        tracer: Makes the spans. Its clock is read once, at the first line; every other time is counted from there.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._call: Span | None = None
        self._began = 0
        self._last = 0
        self._turn: _Turn | None = None
        self._open: defaultdict[str, deque[Span]] = defaultdict(deque)

    def __call__(self, line: Line) -> None:
        """Take a line."""
        call = self._begun(line)
        kind, number = str(line["kind"]), int(line["turn"])
        at = self._began + round(line["at"] * 1e9)
        self._last = max(self._last, at)
        attributes = dict(_attributes(line))
        if kind in _OF_THE_CALL:
            call.set_attributes(attributes)
            return
        if number == 0 or kind in _BEFORE_THE_TURN:
            call.add_event(kind, attributes, at)
            return
        if self._turn is None or number > self._turn.number:
            self._begin_turn(call, number, at)
        assert self._turn
        turn = self._turn if self._turn.number == number else None
        if turn:
            turn.until = max(turn.until, at)
        self._add(kind, line, attributes, at, turn.span if turn else call)

    def within(self) -> AbstractContextManager[Span]:
        """Make spans that others start meanwhile, such as pipecat's, children of the call.

        Raises:
            RuntimeError: there was no line yet.
        """
        if self._call is None:
            raise RuntimeError("the call has no span before the first line of its trace")
        return trace.use_span(self._call, end_on_exit=False)

    def close(self) -> None:
        """End the call's span, and all that are open in it, with the last line."""
        for spans in self._open.values():
            while spans:
                spans.popleft().end(self._last)
        self._end_turn()
        if self._call:
            self._call.end(self._last)

    def _begun(self, line: Line) -> Span:
        if self._call is None:
            self._call = self._tracer.start_span("call", attributes={"conversation.id": str(line["call"])})
            started = self._call.start_time if isinstance(self._call, ReadableSpan) else None
            self._began = (started or 0) - round(line["at"] * 1e9)
        return self._call

    def _begin_turn(self, call: Span, number: int, at: int) -> None:
        self._end_turn()
        self._turn = _Turn(number, self._start("turn", call, {"turn.number": number}, at), at)

    def _end_turn(self) -> None:
        if self._turn:
            self._turn.span.end(self._turn.until)
            self._turn = None

    def _start(self, name: str, parent: Span, attributes: Mapping[str, AttributeValue], at: int) -> Span:
        return self._tracer.start_span(name, trace.set_span_in_context(parent), attributes=attributes, start_time=at)

    def _add(self, kind: str, line: Line, attributes: Mapping[str, AttributeValue], at: int, parent: Span) -> None:
        if kind in _OF_THE_TURN:
            parent.set_attributes(attributes)
        elif kind in _AT_ONCE:
            self._start(_AT_ONCE[kind], parent, attributes, at).end(at)
        elif kind in _STARTS:
            name = _STARTS[kind]
            self._open[f"{name} {line.get('tier', '')}"].append(self._start(name, parent, attributes, at))
        elif kind in _ENDS:
            name = _ENDS[kind]
            waiting = self._open[f"{name} {line.get('tier', '')}"]
            span = waiting.popleft() if waiting else self._start(name, parent, {}, at)
            span.set_attributes({**attributes, **_usage(line)})
            if (error := line.get("error")) and error != "cancelled":
                span.set_status(Status(StatusCode.ERROR, str(error)))
            span.end(at)
        else:
            parent.add_event(kind, attributes, at)


def _usage(line: Line) -> dict[str, AttributeValue]:
    """Give the tokens under the names by which other tools add them up."""
    names = {"prompt_tokens": "gen_ai.usage.input_tokens", "output_tokens": "gen_ai.usage.output_tokens"}
    return {named: int(line[key]) for key, named in names.items() if key in line}


def _attributes(line: Line) -> Iterator[tuple[str, AttributeValue]]:
    for key, value in line.items():
        if key not in _ENVELOPE:
            yield from _flat(PREFIX + key, value)


def _flat(name: str, value: Any) -> Iterator[tuple[str, AttributeValue]]:
    """Give a value as attributes: a mapping as one each, a list of plain values as it is, any other list as JSON."""
    match value:
        case None:
            return
        case bool() | int() | float():
            yield name, value
        case str():
            yield name, str(value)
        case Mapping():
            for key, each in cast(Mapping[str, Any], value).items():
                yield from _flat(f"{name}.{key}", each)
        case list() | tuple():
            values = cast(Sequence[Any], value)
            kinds = {type(each) for each in values}
            plain = len(kinds) <= 1 and kinds <= {str, bool, int, float}
            yield name, tuple(values) if plain else json.dumps(values, default=jsonable, ensure_ascii=False)
        case _:
            yield name, json.dumps(value, default=jsonable, ensure_ascii=False)
