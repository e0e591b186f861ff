"""What of pipecat's log is shown: warnings, without those that every web call makes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loguru import Record

_EVERY_CALL = frozenset(
    {
        ("pipecat.transports.smallwebrtc.connection", "No video transceiver is available"),
        (
            "pipecat.transports.smallwebrtc.transport",
            "Media stream error while reading the audio; clearing track.",
        ),
    }
)
"""That a caller's page sends no picture, four times, and that its sound is over when it hangs up."""


def show_pipecat_log(*, verbose: bool) -> None:
    """Show pipecat's warnings on standard error, or all of its log if ``verbose``."""
    from loguru import logger

    logger.remove()
    if verbose:
        logger.add(sys.stderr, level="DEBUG")
    else:
        logger.add(sys.stderr, level="WARNING", filter=is_news)


def is_news(record: Record) -> bool:
    """Tell whether a line of pipecat's log says something that is not true of every call."""
    return (record["name"], record["message"]) not in _EVERY_CALL
