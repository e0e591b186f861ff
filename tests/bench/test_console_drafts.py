"""How drafts are told: those that were used early, put to vote, overtaken, or led to a larger tier."""

import io
from typing import Any

from rich.console import Console

from voice.bench.calls.console import CallView
from voice.bench.timeline.model import TurnAccount
from voice.bench.timeline.why import explain

TURN = {"kind": "turn", "text": "Boston to Denver"}
SEARCH = {"action": "search", "to": "Denver"}


def shown(*lines: dict[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=120)
    view = CallView(console)
    for line in lines:
        view.line({"at": 1.0, "call": "c", "turn": 1, **line})
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def drafted(**more: Any) -> dict[str, Any]:
    return {"kind": "drafted", "tier": "strong", "seconds": 2.5, "error": None, "actions": [], **more}


def test_a_draft_whose_beginning_was_used_is_not_called_cancelled() -> None:
    text = shown(TURN, drafted(early=True, stale=True, text="search/to Den"))
    assert "strong    2.50 s  search/to Den  used before it was whole" in text
    assert "cancelled" not in text


def test_what_was_put_to_vote_is_shown_with_its_support() -> None:
    checked = {"kind": "checked", "tier": "strong", "verdict": "accept", "scores": {"completeness": 1, "support": 1.0}}
    text = shown(TURN, drafted(actions=[{"action": "policy"}], voted=[SEARCH]), checked)
    assert "2.50 s  policy" in text
    assert "put to vote: search Denver" in text
    assert "✓ complete 1.00, support 1.00" in text


def test_an_escalation_says_why_and_whether_it_was_in_vain() -> None:
    route = {"kind": "route", "route": "code", "reason": "read with certainty"}
    escalate = {"kind": "escalate", "to": "strong", "because": ["correctness 0.20 < 1.00"]}
    assert "to the strong tier  correctness 0.20 < 1.00" in shown(TURN, escalate)
    text = shown(route, escalate, route, drafted(stale=True, error="cancelled"), TURN)
    assert "to the strong tier ahead, in vain  correctness 0.20 < 1.00" in text
    assert "cancelled" not in text


def test_a_refusal_of_the_budget_says_whose_draft_it_was() -> None:
    refused = {"kind": "budget", "tier": "fast", "refused": "needs up to $0.2, $0.1 allowed in this turn"}
    assert "fast refused: needs up to $0.2, $0.1 allowed in this turn" in shown(TURN, {**refused, "enforced": True})
    assert "fast would be refused" in shown(TURN, {**refused, "enforced": False})


def test_the_end_tells_of_money_for_second_opinions_and_for_what_is_under_way() -> None:
    text = shown({"kind": "ended", "spent": 0.0003, "second_opinions": 0.0002, "reserved": 0.0001})
    assert "$0.000300 spent, $0.000200 of it on second opinions, up to $0.000100 more" in text


def test_what_only_the_larger_tier_read_is_said_to_be_read_back() -> None:
    read_back = {"action": "clarify", "missing": "confirmation", "actions": [SEARCH]}
    turn = TurnAccount(1, route="draft", reason="simple", source="strong", tier="strong", actions=(read_back,))
    said = explain(turn, (), "answered").why
    assert said == "Only the strong tier read it like this, so it is said back to the caller before it is done."


def test_models_asked_ahead_and_not_needed_are_told_with_their_money() -> None:
    turn = TurnAccount(
        *(1,), route="code", reason="read with certainty", source="code", ahead=("fast", "strong"), ahead_cost=0.00125
    )
    said = explain(turn, (), "answered").why
    assert said == "Read with certainty. A model was asked ahead, then not needed (fast and strong, for $0.00125)."
