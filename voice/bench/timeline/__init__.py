"""How a recorded call is shown: one time axis for the recording and every decision.

`build_timeline` puts a trace and a recording on one axis, `write_page` draws it as a page, `timeline_svg` as a still
picture.
"""

from voice.bench.timeline.build import build_timeline
from voice.bench.timeline.model import Timeline
from voice.bench.timeline.page import render, write_page
from voice.bench.timeline.svg import timeline_svg
from voice.bench.timeline.trace_file import TraceError, TraceFile, read_trace

__all__ = [
    "Timeline",
    "TraceError",
    "TraceFile",
    "build_timeline",
    "read_trace",
    "render",
    "timeline_svg",
    "write_page",
]
