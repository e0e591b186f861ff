"""One sentence on why a turn went where it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from voice.bench.timeline.model import Check, TurnAccount
from voice.trace import Line

Fate = Literal["answered", "amended", "dropped", "hung up", "broken off", "not taken up", "untraced"]
"""What became of a turn: the caller went on, another turn came, the call ended, the trace ends, …"""

_ENDINGS: dict[Fate, str] = {
    "answered": "",
    "amended": " The caller went on before it was answered, and the next turn took that up.",
    "dropped": " It was not answered before the next turn.",
    "hung up": " The call ended before it was answered.",
    "broken off": " The trace breaks off before it was answered.",
}


def explain(turn: TurnAccount, lines: Sequence[Line], fate: Fate) -> TurnAccount:
    """Give the account with its sentence.

    Args:
        turn: All but the sentence.
        lines: The turn's part of the trace.
        fate: What became of it.
    """
    if fate == "untraced":
        return replace(turn, why="This pipeline leaves no trace of how it decides.")
    if turn.turn is None:
        return replace(turn, why="The agent never took this up.")
    return replace(turn, why=_sentence(turn, lines) + _ahead(turn) + _ENDINGS[fate])


def _sentence(turn: TurnAccount, lines: Sequence[Line]) -> str:
    fall_back = next((line for line in reversed(lines) if line["kind"] == "fall_back"), None)
    if fall_back and turn.source in ("fallback", None):
        return f"No draft could be used ({fall_back.get('because')}), so it {_fallen_back(fall_back, turn)}."
    narrow = next((line for line in reversed(lines) if line["kind"] == "narrow"), None)
    if narrow and turn.source == narrow.get("to"):
        read = (
            "the reading by rules was checked and used" if turn.source == "rules" else f"the {turn.source} tier read it"
        )
        return f"{_capital(str(narrow.get('because')))}, so {read}."
    if gate := next((line for line in lines if line["kind"] == "gate"), None):
        return f"{_capital(str(gate.get('action')))} needs {str(gate.get('needs')).replace('_', ' ')}."
    if turn.tier and _is_read_back(turn):
        return f"Only the {turn.tier} tier read it like this, so it is said back to the caller before it is done."
    if refused := _refused(turn, lines):
        tier, because = refused
        larger = f"the {turn.tier} tier" if turn.tier and turn.tier != tier else "the larger tier"
        answered = turn.checks[-1] if turn.checks and turn.checks[-1].tier != tier else None
        return f"The {tier} draft was refused ({because}), so {larger} was asked{_tail(answered)}."
    match turn.route:
        case "code":
            reason = turn.reason or "rules can tell"
            return f"{_capital(reason)}." if turn.ahead else f"No model was asked: {reason}."
        case "ask":
            return f"{_capital(turn.reason)}: a larger model can't hear better, so it asked for exactly that."
        case "larger":
            tier = f"the {turn.tier} tier" if turn.tier else "the larger tier"
            return f"{_capital(turn.reason)}{_inputs(turn)}, so it went straight to {tier}{_tail(_last(turn.checks))}."
        case "draft":
            tier = f"the {turn.tier} tier" if turn.tier else "the smallest tier"
            return f"{_capital(turn.reason)}, so {tier} drafted it{_tail(_last(turn.checks))}."
        case _:
            return "It was not routed."


def _ahead(turn: TurnAccount) -> str:
    """Tell of models that were asked while the caller could go on, where one of them was a larger one, or no other."""
    if not turn.ahead or not (turn.in_vain or turn.route in ("code", "ask")):
        return ""
    tiers = " and ".join(turn.ahead)
    money = f", for ${turn.ahead_cost:.8f}".rstrip("0").rstrip(".") if turn.ahead_cost else ""
    return f" A model was asked ahead, then not needed ({tiers}{money})."


def _is_read_back(turn: TurnAccount) -> bool:
    return any(action.get("action") == "clarify" and action.get("missing") == "confirmation" for action in turn.actions)


def _fallen_back(line: Line, turn: TurnAccount) -> str:
    handed_off = (line.get("action") or {}).get("action") == "handoff"
    if turn.source is None:
        return "was to hand the caller to a person" if handed_off else "was to ask again"
    return "handed the caller to a person" if handed_off else "asked the caller to put it another way"


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
