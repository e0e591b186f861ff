"""The report of a policy as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from voice.tuning import svg
from voice.tuning.live import told
from voice.tuning.targets import shown, spoken

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1f23; --soft: #6b7280; --rule: #d5d9de; --page: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #9aa3ad; --rule: #3a4048; --page: #15181c } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem }
h2 { font-size: 1.1rem; margin-top: 2.2rem; border-top: 1px solid var(--rule); padding-top: 1rem }
p { color: var(--soft); max-width: 44rem } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--rule) }
th:first-child, td:first-child { text-align: left } .scroll { overflow-x: auto }
.row { display: flex; flex-wrap: wrap; gap: 1.5rem } .row > * { flex: 1 1 20rem; max-width: 30rem; margin: 0 }
svg { width: 100%; height: auto; overflow: visible }
svg text { font-size: 11px; fill: var(--soft) } svg .grid { stroke: var(--rule) }
svg .faint { stroke: var(--soft); stroke-dasharray: 3 4 } figcaption { color: var(--soft); font-size: .9rem }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; font-size: .85rem }
.legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .35rem }
"""


def page(report: Mapping[str, Any]) -> str:
    """Draw a report of `voice.tuning.tune`."""
    test = report["test"]
    parts = [
        f"<h1>Policy {escape(report['version'])}</h1>",
        f"<p>{escape(report['about'])}</p>",
        f"<p>{escape(told(report['live']))}.</p>",
        *(f"<p><strong>Warning: {escape(warning)}.</strong></p>" for warning in report["warnings"]),
        _goal(report),
        _table("What it reaches", "Chosen on dev; test was looked at once.", _reached(report)),
    ]
    if test["deferral"]:
        parts.append(_curves(test["deferral"]))
    parts += [
        _table(
            "Who answered",
            "Turns by who answered them, and how many of them were exact.",
            [["", "turns", "exact"], *[[by, each["n"], each["exact"]] for by, each in test["by"].items()]],
        ),
        _confusion(test["router"]),
        _reliabilities(test["calibration"]),
        _table(
            "Regret",
            "What is lost against an oracle, in utility a turn: by using what was wrong though a right answer was to "
            "be had, and by asking more than was needed.",
            [["", "utility"], *[[name.replace("_", " "), value] for name, value in test["regret"].items()]],
        ),
        _table(
            "Own overhead",
            "Milliseconds a turn, mean.",
            [["", "ms"], *[[name, value] for name, value in test["overhead_ms"].items()]],
        ),
    ]
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Policy {escape(report['version'])}</title><style>{_STYLE}</style><body>{body}</body></html>\n"
    )


def _goal(report: Mapping[str, Any]) -> str:
    weights = ", ".join(f"{name} {report['goal'][name]:g}" for name in ("quality", "cost", "latency"))
    about = f"Targets come first, then the weights: {weights}."
    if not report["targets"]:
        return f"<h2>The goal</h2><p>{escape(about)} No target was given.</p>"
    rows: list[list[Any]] = [["target", "wanted", "dev", "test", "met?"]]
    for row in report["targets"]:
        values = [shown(row["target"], row[key]) for key in ("wanted", "dev", "test")]
        rows.append([spoken(row["target"]), *values, row["told"]])
    return _table("The goal", about, rows)


def _reached(report: Mapping[str, Any]) -> list[list[Any]]:
    head = ["", "turns", "exact", "escalated", "wrong of accepted", "at most (95%)", "money", "seconds", "P95"]
    rows: list[list[Any]] = [head]
    for name in ("dev", "test"):
        got = report[name]["reached"]
        rows.append([name, got["n"], _percent(got["exact"]), _percent(got["escalated"]), _percent(got["risk"])])
        rows[-1] += [_percent(got["risk_upper"]), f"{got['cost']:.6f}", f"{got['seconds']:.2f}"]
        rows[-1].append(f"{got['seconds_p95']:.2f}")
    return rows


def _curves(deferral: Mapping[str, Any]) -> str:
    drawn: list[str] = []
    for name, title in (("cascade", "The whole policy"), ("drafts", "The rule on the smallest tier's drafts")):
        found = deferral[name]
        ends = ([0, 1], [found["curve"][1][0], found["curve"][1][-1]])
        named = {"policy": tuple(found["curve"]), "oracle": tuple(found["oracle"]), "by chance": ends}
        figures = ", ".join(f"{label} {_number(found[key])}" for key, label in _READ_OFF.items())
        drawing = svg.lines(named, x="share deferred", y="exact", dashed=["oracle", "by chance"])
        drawn.append(f"<figure>{drawing}<figcaption>{escape(title)}: {escape(figures)}</figcaption></figure>")
    about = "Quality when the share of turns with the least trusted answers goes to the next tier."
    return f'<h2>Deferral</h2><p>{about}</p><div class="row">{"".join(drawn)}</div>'


_READ_OFF = {
    "audc": "AUDC",
    "naudc": "normalised",
    "apgr": "APGR",
    "cpt50": "CPT(50%)",
    "cpt80": "CPT(80%)",
}


def _confusion(router: Mapping[str, Mapping[str, int]]) -> str:
    columns = list(next(iter(router.values()), {}))
    rows: list[list[Any]] = [["router's exit", *columns]]
    rows += [[exit_, *[row[name] for name in columns]] for exit_, row in router.items()]
    return _table("Router", "Rows: where it sent turns. Columns: who was the cheapest to be right.", rows)


def _reliabilities(calibration: Mapping[str, Any]) -> str:
    figures = [
        svg.reliability(each["bins"], f"{name}: {each['n']} turns, Brier {each['brier']}, ECE {each['ece']}")
        for name, each in calibration.items()
        if each
    ]
    if not figures:
        return ""
    about = "A probability that is meant lies on the line."
    return f'<h2>Calibration</h2><p>{about}</p><div class="row">{"".join(figures)}</div>'


def _table(title: str, about: str, rows: Sequence[Sequence[Any]]) -> str:
    head = "".join(f"<th>{escape(str(cell))}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows[1:])
    table = f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'
    return f"<h2>{escape(title)}</h2><p>{escape(about)}</p>{table}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
