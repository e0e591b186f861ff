"""One sentence on why a turn went where it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.bench.timeline.model import Check, TurnAccount
from voice.trace import Line


def explain(turn: TurnAccount, lines: Sequence[Line]) -> TurnAccount:
    """Give the account with its sentence.

    Args:
        turn: All but the sentence.
        lines: The turn's part of the trace.
    """
    return replace(turn, why=_sentence(turn, lines))


def _sentence(turn: TurnAccount, lines: Sequence[Line]) -> str:
    if turn.turn is None:
        return "The agent never took this up."
    fall_back = next((line for line in reversed(lines) if line["kind"] == "fall_back"), None)
    if fall_back and turn.source == "fallback":
        action = (fall_back.get("action") or {}).get("action")
        what = "handed the caller to a person" if action == "handoff" else "asked the caller to put it another way"
        return f"No draft could be used ({fall_back.get('because')}), so it {what}."
    if refused := _refused(turn, lines):
        tier, because = refused
        larger = f"the {turn.tier} tier" if turn.tier and turn.tier != tier else "the larger tier"
        answered = turn.checks[-1] if turn.checks and turn.checks[-1].tier != tier else None
        return f"The {tier} draft was refused ({because}), so {larger} was asked{_tail(answered)}."
    match turn.route:
        case "code":
            return "Rules read it with certainty, so no model was asked."
        case "ask":
            return f"{_capital(turn.reason)}: a larger model can't hear better, so it asked for exactly that."
        case "larger":
            tier = f"the {turn.tier} tier" if turn.tier else "the larger tier"
            return f"{_capital(turn.reason)}{_inputs(turn)}, so it went straight to {tier}{_tail(_last(turn.checks))}."
        case "draft":
            tier = f"the {turn.tier} tier" if turn.tier else "the smallest tier"
            return f"{_capital(turn.reason)}, so {tier} drafted it{_tail(_last(turn.checks))}."
        case _:
            return "The trace breaks off before it was routed."


def _refused(turn: TurnAccount, lines: Sequence[Line]) -> tuple[str, str] | None:
    """Give the tier whose draft made a larger one necessary, and what was wrong with it.

    A draft that is refused before the caller has finished leaves no line of its own for the escalation.
    """
    if not turn.escalated or turn.route != "draft":
        return None
    for check in turn.checks:
        if check.verdict == "escalate":
            return check.tier, "; ".join(check.failed or check.problems) or "its checks failed"
    for line in lines:
        if line["kind"] == "drafted" and line.get("error") not in (None, "cancelled"):
            return str(line.get("tier")), str(line["error"])
    return None


def _inputs(turn: TurnAccount) -> str:
    """Name what makes a turn complex: the same inputs that the router adds up."""
    reading = turn.reading
    legs, requests, entities = (
        reading.get("legs") or 0,
        reading.get("requests") or 0,
        len(reading.get("entities") or ()),
    )
    named = [
        f"{legs} legs" if legs > 1 else "",
        f"{requests} requests" if requests > 1 else "",
        "a correction" if reading.get("corrected") else "",
        f"{entities} facts" if entities > 4 else "",
    ]
    inputs = ", ".join(name for name in named if name)
    return f" ({inputs})" if inputs else ""


def _tail(check: Check | None) -> str:
    if check is None or check.verdict != "accept":
        return ""
    if check.failed:
        return f", and kept as the last resort ({'; '.join(check.failed)})"
    return ", and every check passed"


def _last(checks: Sequence[Check]) -> Check | None:
    return checks[-1] if checks else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
