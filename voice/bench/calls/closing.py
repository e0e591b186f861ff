"""When an agent has done with a call that was hung up on."""

from __future__ import annotations

import asyncio
from pathlib import Path

CLOSING_SECONDS = 5.0
"""How long an agent may take to finish a call that was hung up on."""

_LOOKS_EVERY = 0.1


async def closed(trace: Path) -> bool:
    """Wait for the last line of a call's trace, and say whether it came in time.

    With that line the agent no longer works on the call, and its database is closed.
    """
    for _ in range(round(CLOSING_SECONDS / _LOOKS_EVERY)):
        await asyncio.sleep(_LOOKS_EVERY)
        if trace.exists() and '"kind": "closed"' in trace.read_text(encoding="utf-8")[-400:]:
            return True
    return False
