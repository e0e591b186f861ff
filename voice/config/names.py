"""Names in a profile that must be those of something else: tiers of its own, actions of the desk.

A gate, a class of risk or a threshold under a name that nothing has would silently do nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from voice.config.near import near
from voice.profile_lines import line_of


def unknown_names(
    path: Path, text: str, data: Mapping[str, Any], tiers: Collection[str], actions: Collection[str] | None
) -> list[str]:
    """Say which names nothing has, a line each, with the profile's line and the name that may be meant.

    Args:
        path: The profile's file.
        text: What it holds.
        data: The same, read; its values are of the right types.
        tiers: The profile's.
        actions: The desk's; None where no desk is opened, so that nobody knows them.
    """
    found = [
        _told(path, text, ("rule", "thresholds", name), "tier", name, tiers)
        for name in data.get("rule", {}).get("thresholds", {})
        if name not in tiers
    ]
    if actions is not None:
        found += [
            _told(path, text, place, "action", name, actions) for place, name in _actions(data) if name not in actions
        ]
    return found


def _actions(data: Mapping[str, Any]) -> Iterator[tuple[Sequence[str], str]]:
    for name in data.get("gates", {}):
        yield ("gates", name), name
    for name in data.get("risk", {}).get("actions", {}):
        yield ("risk", "actions", name), name
    for name in data.get("router", {}).get("code_alone", ()):
        yield ("router", "code_alone"), name


def _told(path: Path, text: str, place: Sequence[str], kind: str, name: str, known: Collection[str]) -> str:
    table = ".".join(place[:-1]) if place[-1] == name else ".".join(place)
    meant = near(name, known)
    hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(sorted(known))}"
    owner = "the profile has" if kind == "tier" else "the desk has"
    return f"{path}:{line_of(text, place)}: {table}: {owner} no {kind} {name!r}: {hint}"
