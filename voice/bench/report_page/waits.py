"""Where the wait goes: the stages of each agent's critical path, stacked, for every agent that tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from voice.bench.measured.results import TurnResult
from voice.bench.report_page.left import Left
from voice.bench.report_page.stages import accounts_of
from voice.tracing.stages import Stage
from voice.tracing.waterfall import Waterfall, waterfalls
from voice.tracing.where import in_order
from voice.tracing.where import waits as sum_up

_COLOURS = {
    "noticing": "faint",
    "transcribing": "caller",
    "end of turn": "muted",
    "deciding": "good",
    "checking": "good",
    "performing": "desk",
    "held back": "bad",
    "filler": "filler",
    "voice": "answer",
    "line": "greeting",
}
_TIERS = ("tier-1", "tier-2", "tier-3")

Group = tuple[str, str]
"""An agent and a complexity."""


def waits(calls: Sequence[Left]) -> str:
    """Give the bars as HTML; empty where no agent leaves a trace."""
    found: dict[Group, list[Waterfall]] = {}
    for left in calls:
        for turn, waterfall in measured(left):
            found.setdefault((left.agent, turn.complexity or "unlabelled"), []).append(waterfall)
    order = {group: number for number, group in enumerate(("simple", "complex", "unlabelled"))}
    agents = list(dict.fromkeys(left.agent for left in calls))
    sums = {
        group: sum_up(found[group])["all"]
        for group in sorted(found, key=lambda group: (agents.index(group[0]), order[group[1]]))
    }
    if not sums:
        return ""
    keys = in_order({key for each in sums.values() for key in each["stages"]})
    tiers = [key for key in keys if key not in _COLOURS]
    colours = {key: _COLOURS.get(key) or _TIERS[min(tiers.index(key), 2)] for key in keys}
    longest = max(each["wait"]["mean"] for each in sums.values()) or 1.0
    names = "".join(f'<span><i style="background:var(--{colours[key]})"></i>{escape(key)}</span>' for key in colours)
    bars = "".join(_bar(group, each, colours, longest) for group, each in sums.items())
    return (
        "<section><h2>Where the wait goes</h2><p>From the end of the caller’s speech to the first sound of the answer: "
        "what the answer waited for, one after the other, as the mean of the turns whose answer the agent’s trace "
        "explains. What ran beside it, or ahead while the caller still spoke, counts for nothing. The line is the "
        "floor: the parts that need each other’s result, without waiting for the end of the turn, drafts in vain and "
        "fillers."
        f'</p><p class="legend">{names}</p><div class="waits">{bars}</div>{_table(sums, list(colours))}</section>'
    )


def measured(left: Left) -> Iterator[tuple[TurnResult, Waterfall]]:
    """Give the waterfall of every recorded turn whose answer was heard; both ends of the wait are the recording's."""
    timeline = left.timeline
    if timeline is None:
        return
    ends = {turn.turn: turn.ends - timeline.trace_began for turn in timeline.turns if turn.turn and turn.ends}
    by_turn = {found.turn: found for found in waterfalls(left.lines, ends) if found.wait is not None}
    for result in left.result.turns:
        heard = [one for one in accounts_of(timeline, result) if one.first_answer_sentence_seconds is not None]
        if result.kind == "turn" and heard and heard[-1].turn in by_turn:
            yield result, _until(by_turn[heard[-1].turn or 0], heard[-1].first_answer_sentence_seconds or 0.0)


def _until(found: Waterfall, wait: float) -> Waterfall:
    """Have the wait end when the recording has the answer."""
    path = [replace(piece, end=min(piece.end, wait)) for piece in found.path if piece.start < wait]
    late = max(0.0, wait - (found.wait or 0.0))
    if late:
        path.append(Stage("line", wait - late, wait))
    return replace(found, wait=wait, path=tuple(path), floor=min((found.floor or 0.0) + late, wait))


def _bar(group: Group, sums: Mapping[str, Any], colours: Mapping[str, str], longest: float) -> str:
    pieces = "".join(_piece(key, stage, colours[key], longest) for key, stage in sums["stages"].items())
    wait, floor, turns = sums["wait"], sums["floor"], sums["n"]
    mark = f'<u style="left:{100 * floor["mean"] / longest:.2f}%" title="floor: {_told(floor)}"></u>'
    return (
        f'<b data-agent="{escape(group[0])}">{escape(group[0])}</b><span>{group[1]}</span>'
        f'<div><span>{pieces}{mark}</span><em title="{_told(wait)}">{wait["mean"]:.2f} s</em></div>'
        f"<small>{turns} turn{'' if turns == 1 else 's'}</small>"
    )


def _piece(key: str, stage: Mapping[str, Any], colour: str, longest: float) -> str:
    share = stage["mean"] / longest
    written = f"{stage['mean']:.2f}" if share > 0.05 else ""
    title = f"{escape(key)}: {_told(stage)}, in {stage['n']} turns"
    return f'<i style="width:{100 * share:.2f}%;background:var(--{colour})" title="{title}">{written}</i>'


def _table(groups: Mapping[Group, Mapping[str, Any]], keys: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(agent)}<br>{complexity}</th>' for agent, complexity in groups)
    rows = [(key, [each["stages"].get(key) for each in groups.values()]) for key in keys]
    rows += [(name, [each[name] for each in groups.values()]) for name in ("wait", "floor")]
    body = "".join(f'<tr><th scope="row">{escape(name)}</th>{"".join(map(_cell, cells))}</tr>' for name, cells in rows)
    return (
        "<details><summary>Median and P95 of each stage, in seconds</summary>"
        f'<div class="wide"><table class="summary"><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>'
        "</div></details>"
    )


def _cell(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return '<td class="none">–</td>'
    return f"<td>{figures['p50']:.2f}<em>/ {figures['p95']:.2f}</em></td>"


def _told(figures: Mapping[str, Any]) -> str:
    return f"mean {figures['mean']:.2f} s, median {figures['p50']:.2f} s, P95 {figures['p95']:.2f} s"
