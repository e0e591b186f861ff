"""The colours of a call, by day and by night, as CSS custom properties."""

from __future__ import annotations

LIGHT = {
    "page": "#f7f7f5",
    "paper": "#ffffff",
    "ink": "#1b1c1f",
    "muted": "#6b6e76",
    "faint": "#a4a7ae",
    "hair": "#e6e6e3",
    "band": "#f3f3f0",
    "chosen": "#eef0fb",
    "caller": "#77839a",
    "greeting": "#7fb3ac",
    "filler": "#d9962a",
    "answer": "#14897c",
    "tier-1": "#8c9be0",
    "tier-2": "#4c51c6",
    "tier-3": "#7a3fb8",
    "desk": "#b45c7d",
    "good": "#2b8a57",
    "bad": "#cb4539",
}
DARK = {
    "page": "#111214",
    "paper": "#18191c",
    "ink": "#ececef",
    "muted": "#9799a3",
    "faint": "#62656e",
    "hair": "#2a2b30",
    "band": "#1d1e22",
    "chosen": "#22253a",
    "caller": "#8f9cb4",
    "greeting": "#5f9c94",
    "filler": "#e2ad4e",
    "answer": "#41bba9",
    "tier-1": "#8e9bea",
    "tier-2": "#7378f4",
    "tier-3": "#b18af0",
    "desk": "#d9819f",
    "good": "#58bd88",
    "bad": "#f0766b",
}

TIERS = 3
"""How many tiers have a colour of their own; dearer ones share the last."""


def properties(colours: dict[str, str]) -> str:
    """Give CSS declarations: ``--ink: #1b1c1f; …``."""
    return " ".join(f"--{name}: {value};" for name, value in colours.items())
