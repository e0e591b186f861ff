"""Every recorded turn, and what each agent made of it, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from voice.bench.measured.results import TurnResult
from voice.bench.report_page.ecdf import colour_of
from voice.bench.report_page.left import Left
from voice.bench.report_page.stages import accounts_of
from voice.bench.reports.junit import faults
from voice.bench.turns.carry_out import said_first

Shown = tuple[Left, TurnResult]
Pictures = Mapping[tuple[str, int], str]
"""The strip of each turn, by the call's key and the turn's number."""


def by_turn(calls: Sequence[Left]) -> list[list[Shown]]:
    """Put together what the agents made of the same recorded turn."""
    found: dict[tuple[str, int, int], list[Shown]] = {}
    for left in calls:
        for turn in left.result.turns:
            found.setdefault((turn.call, turn.repeat, turn.turn), []).append((left, turn))
    return list(found.values())


def turn_list(calls: Sequence[Left], agents: Sequence[str], pictures: Pictures, *, sound: bool) -> str:
    """Give the list: a row for each turn that was recorded, a column for each agent.

    Args:
        calls: Of all agents.
        agents: Their names, in order.
        pictures: Of the turns.
        sound: Whether the page holds the calls' sound.
    """
    return "".join(_turn(shown, agents, pictures, sound) for shown in by_turn(calls))


def verdict(turn: TurnResult) -> str:
    """Give ``wrong`` for a turn with a fault or with wrong actions, else ``right``."""
    return "wrong" if faults(turn) or turn.ungrounded or turn.actions_right is False else "right"


def _turn(shown: Sequence[Shown], agents: Sequence[str], pictures: Pictures, sound: bool) -> str:
    left, turn = shown[0]
    by_agent = {one.agent: (one, result) for one, result in shown}
    chips = "".join(_chip(by_agent.get(agent), agent, agents) for agent in agents)
    bodies = "".join(_body(by_agent[agent], agents, pictures, sound) for agent in agents if agent in by_agent)
    label = turn.complexity or (turn.kind if turn.kind != "turn" else "")
    about = " · ".join(part for part in (left.result.voice, left.result.condition) if part)
    wrong = " ".join(agent for agent, (_, result) in by_agent.items() if verdict(result) == "wrong")
    return (
        f'<details class="turn" data-name="{escape(left.result.folder)}-{turn.turn}" '
        f'data-complexity="{label}" data-wrong="{escape(wrong)}">'
        f'<summary><span class="where">{escape(left.result.folder)} <b>{turn.turn}</b></span>'
        f'<span class="said">{escape(turn.text or f"({turn.kind})")}</span><span class="tag">{label}</span>'
        f'<span class="chips">{chips}</span></summary><p class="about">{escape(about)}</p>{bodies}</details>'
    )


def _chip(shown: Shown | None, agent: str, agents: Sequence[str]) -> str:
    if shown is None:
        return f'<span class="chip" data-agent="{escape(agent)}">–</span>'
    turn = shown[1]
    times = [None if ms is None else f"{ms / 1000:.2f}" for ms in (turn.first_audio_ms, turn.first_answer_ms)]
    told = " → ".join(time for time in dict.fromkeys(times) if time) or ("–" if turn.kind != "turn" else "silent")
    wrong = faults(turn)
    state = "bad" if wrong else "half" if verdict(turn) == "wrong" else ""
    return (
        f'<span class="chip {state}" data-agent="{escape(agent)}" title="{escape(agent)}: {escape("; ".join(wrong))}">'
        f'<i style="background:var(--{colour_of(agent, agents)})"></i>{told}</span>'
    )


def _body(shown: Shown, agents: Sequence[str], pictures: Pictures, sound: bool) -> str:
    left, turn = shown
    places = turn.placed
    play = ""
    if sound and places is not None and left.recording is not None:
        start, end = max(0.0, places[0] - 0.3), min(places[2], places[1] + 30)
        span = f'data-from="{start:.2f}" data-to="{end:.2f}"'
        play = f'<button class="play" data-sound="{escape(left.key)}" {span}>▶</button>'
    name, dot = escape(left.agent), f'<i style="background:var(--{colour_of(left.agent, agents)})"></i>'
    wrong = f'<span class="bad">{escape("; ".join(faults(turn)))}</span>'
    return (
        f'<article data-agent="{name}"><h3>{play}{dot}{name}{wrong}</h3>{pictures.get((left.key, turn.turn), "")}'
        f"<dl>{''.join(_lines(left, turn))}</dl></article>"
    )


def _lines(left: Left, turn: TurnResult) -> Iterable[str]:
    if turn.kind == "turn":
        yield _line("replied", turn.reply or "nothing")
    if turn.heard is not None and turn.heard != turn.text:
        rate = f" ({turn.wer:.0%} of the words misheard)" if turn.wer else ""
        yield _line("heard", f"{turn.heard}{rate}")
    if turn.facts_ms:
        facts = [
            f'<b class="{"good" if at is not None else "bad"}">{escape(fact)}</b> '
            + (f"{at / 1000:.2f} s" if at is not None else "not said")
            for fact, at in turn.facts_ms.items()
        ]
        yield f"<dt>facts</dt><dd>{' · '.join(facts)}</dd>"
    if turn.ungrounded:
        yield f'<dt>from nowhere</dt><dd class="bad">{escape(" · ".join(turn.ungrounded))}</dd>'
    for account in accounts_of(left.timeline, turn) if left.timeline else ():
        yield _line("why", account.why)
        for check in account.checks:
            scores = ", ".join(
                f"{name} {value:.2f}" for name, value in check.scores.items() if isinstance(value, float)
            )
            reasons = "; ".join([*check.failed, *check.problems])
            yield _line("check", f"{check.tier}: {check.verdict}, {scores}{f' ({reasons})' if reasons else ''}")
    if turn.actions is not None and (turn.actions or turn.expect):
        wrong = turn.actions_right is False
        yield f'<dt>did</dt><dd class="{"bad" if wrong else ""}">{escape(_acts(turn.actions))}</dd>'
        if wrong:
            yield _line("expected", _acts(said_first(turn.expect)))
    if turn.model_calls:
        cost = f", ${turn.cost:.6f}" if turn.cost else ""
        read, wrote = turn.prompt_tokens or 0, turn.output_tokens or 0
        calls = "1 model call" if turn.model_calls == 1 else f"{turn.model_calls} model calls"
        yield _line("took", f"{calls}, {read:,} tokens read, {wrote:,} written{cost}")


def _line(name: str, text: str) -> str:
    return f"<dt>{name}</dt><dd>{escape(text)}</dd>"


def _acts(actions: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(" ".join(_plain(value) for value in action.values()) for action in actions) or "nothing"


def _plain(value: Any) -> str:
    match value:
        case dict():
            return " ".join(f"{key} {_plain(entry)}" for key, entry in value.items())
        case list() | tuple():
            return ", ".join(_plain(entry) for entry in value)
        case _:
            return str(value)
