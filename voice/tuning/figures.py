"""The figures of a report in words, a line each, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_CURVES = {
    "cascade": "deferral, the whole policy",
    "drafts": "deferral, the rule on the smallest tier's drafts",
}
_READ_OFF = {
    "audc": "AUDC",
    "audc_random": "by chance",
    "audc_oracle": "of an oracle",
    "naudc": "normalised",
    "apgr": "APGR",
    "cpt50": "CPT(50%)",
    "cpt80": "CPT(80%)",
}


def figures(report: Mapping[str, Any]) -> Iterator[str]:
    """Give what `voice.tuning.tune` found on ``test``, besides what was reached."""
    test = report["test"]
    for name, each in test["deferral"].items():
        yield f"{_CURVES[name]}: " + ", ".join(f"{label} {_number(each[key])}" for key, label in _READ_OFF.items())
    for exit_, row in test["router"].items():
        counts = ", ".join(f"{n} {who}" for who, n in row.items())
        yield f"router sent {sum(row.values())} turns to {exit_!r}; the cheapest to be right was: {counts}"
    for name, each in test["calibration"].items():
        if each:
            yield f"calibration, {name}: {each['n']} turns, Brier {_number(each['brier'])}, ECE {_number(each['ece'])}"
    regret = test["regret"]
    parts = ", ".join(f"{regret[key]:.4f} {words}" for key, words in _LOST.items())
    yield f"regret against an oracle, in utility a turn: {regret['total']:.4f}, of it {parts}"
    spent = ", ".join(f"{name} {value:.2f} ms" for name, value in test["overhead_ms"].items())
    yield f"own overhead, a turn: {spent}"


_LOST = {
    "false_accepts": "by false accepts",
    "needless_escalations": "by needless escalations",
    "other": "by other things",
}


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
