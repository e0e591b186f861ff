"""A run as JUnit XML, which build servers show: a suite for each agent, a case for each call and turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from voice.bench.measured.results import CallResult, TurnResult
from voice.bench.reports.figures import Agents

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(agents: Agents) -> str:
    """Give the XML.

    A turn fails if it was not answered, not every fact was said, or it was cut short; a sound that asks for nothing
    fails if it made the agent stop or reply; a call if it broke off, or left another database than expected.
    """
    root = ElementTree.Element("testsuites", name="voice bench")
    for name, calls in agents.items():
        _suite(root, name, calls)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def faults(turn: TurnResult) -> list[str]:
    """Say what is wrong with a turn, one line each; nothing of a right one."""
    if not turn.spoken:
        return ["the call broke off before this turn"]
    if turn.kind != "turn":
        return [f"the {turn.kind} made the agent stop, or reply"] if turn.false_interruption else []
    missing = [fact for fact, at in turn.facts_ms.items() if at is None]
    return [
        *(["not answered"] if not turn.answered else []),
        *([f"not said: {', '.join(missing)}"] if turn.answered and missing else []),
        *(["cut short: the agent answered a piece of it"] if turn.cut_short else []),
    ]


def _suite(root: ElementTree.Element, agent: str, calls: Sequence[CallResult]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=agent)
    failures = 0
    for call in calls:
        failures += _case(suite, f"{agent}.{call.folder}", "the call", call.seconds, _call_faults(call), "")
        for turn in call.turns:
            waited = turn.first_answer_ms if turn.first_answer_ms is not None else turn.first_audio_ms
            title = f"turn {turn.turn}: {turn.text or turn.kind}"
            told = f"caller: {turn.text}\nagent: {turn.reply}"
            failures += _case(suite, f"{agent}.{call.folder}", title, (waited or 0) / 1000, faults(turn), told)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    suite.set("time", f"{sum(call.seconds for call in calls):.3f}")


def _call_faults(call: CallResult) -> list[str]:
    return [
        *([f"it broke off: {call.broken}"] if call.broken else []),
        *(["the database after it is not the expected one"] if call.database_right is False else []),
    ]


def _case(suite: ElementTree.Element, of: str, name: str, seconds: float, wrong: Iterable[str], told: str) -> bool:
    case = ElementTree.SubElement(suite, "testcase", classname=_legal(of), name=_legal(name), time=f"{seconds:.3f}")
    lines = list(wrong)
    if lines:
        failure = ElementTree.SubElement(case, "failure", message=_legal("; ".join(lines)))
        failure.text = _legal("\n".join([*lines, told]).strip())
    return bool(lines)


def _legal(text: str) -> str:
    return _ILLEGAL.sub(" ", text)
