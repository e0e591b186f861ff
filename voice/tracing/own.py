"""The agent's own work for a turn, as its trace has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def own_work(line: Mapping[str, Any]) -> dict[str, float]:
    """Give the milliseconds of an ``overhead`` line by part; ``checks`` are for one draft, and absent without one.

    ``all`` is the whole, ``longest`` the longest stretch at a time, ``ahead`` what was overtaken and is in nothing
    else. An empty line gives nothing.
    """
    if not line:
        return {}
    parts = {part: float(spent) for part, spent in line["parts"].items()}
    checks, drafts = parts.pop("checks", 0.0), line["drafts"]
    told = {**parts, "checks": round(checks / drafts, 3)} if drafts else parts
    return {**told, **{key: float(line[key]) for key in ("all", "longest", "ahead")}}
