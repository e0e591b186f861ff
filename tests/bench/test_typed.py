"""Recorded calls that are typed: what is judged, and how."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from voice.bench import typed
from voice.bench.chat_command import for_text
from voice.bench.measured.database import expected_states
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn
from voice.booking.desk import FIXTURE_NOW
from voice.cascade.policy import Policy, RouterPolicy, Tier
from voice.cascade.words import Action
from voice.config import DeskSettings
from voice.server.desks import DeskSource, open_source
from voice.testing import ScriptedModel

BAGS = Action("policy", {"topic": "baggage"})
FLIGHT = Action("search", {"legs": [{"from": "Boston", "to": "Denver", "date": "Friday"}]})
YES = Action("confirm", {"answer": "yes"})
POLICY = for_text(Policy((Tier("fast"),), router=RouterPolicy(code_alone=("policy", "search", "confirm", "handoff"))))


def turn(text: str, *expect: Action, says: tuple[str, ...] = (), kind: str = "turn") -> RecordedTurn:
    return RecordedTurn(Path("none.flac"), text, expect=expect, says=says, kind=kind)  # type: ignore[arg-type]


@asynccontextmanager
async def source() -> AsyncGenerator[DeskSource]:
    async with open_source(DeskSettings(), "seed-1", lambda: FIXTURE_NOW) as desks:
        yield desks


async def type_(call: RecordedCall, tmp_path: Path) -> typed.TypedCall:
    """No model may be asked: the rules read these turns."""
    expected = await expected_states([call], tmp_path)
    folder = tmp_path / "call"
    folder.mkdir()
    with ScriptedModel("fast") as fast:
        async with source() as desks:
            return await typed.typed_call(call, desks, {"fast": fast}, POLICY, folder, expected.get(call.id))


async def test_a_typed_call_is_judged_by_what_is_said_done_and_booked(tmp_path: Path) -> None:
    call = RecordedCall(
        "books",
        (
            turn("How many bags can I take for free?", BAGS, says=("$35",)),
            turn("", kind="noise"),
            turn("I need a flight from Boston to Denver on Friday.", FLIGHT, says=("Friday, December 4th",)),
            turn("Yes.", YES),
        ),
    )
    done = await type_(call, tmp_path)
    assert [one.turn for one in done.turns] == [1, 3, 4]
    assert all(one.good for one in done.turns)
    assert done.database_right
    assert done.resolved
    assert typed.summary([done]) == {
        "turns": 3,
        "every_fact": {"right": 2, "n": 2},
        "actions": {"right": 3, "n": 3},
        "database": {"right": 1, "n": 1},
        "resolved": {"right": 1, "n": 1},
    }


async def test_what_lacks_or_is_wrong_is_named(tmp_path: Path) -> None:
    call = RecordedCall("wrong", (turn("How many bags can I take for free?", FLIGHT, says=("Denver", "$35")),))
    done = await type_(call, tmp_path)
    (one,) = done.turns
    assert one.lacks == ("Denver",)
    assert one.right is False
    assert one.actions == ({"action": "policy", "topic": "baggage"},)
    assert not done.resolved


async def test_a_turn_without_a_label_is_not_judged(tmp_path: Path) -> None:
    done = await type_(RecordedCall("open", (turn("How many bags can I take for free?"),)), tmp_path)
    (one,) = done.turns
    assert (one.lacks, one.right, done.database_right) == (None, None, None)
    assert done.resolved


async def test_turns_after_the_caller_was_passed_on_are_not_answered(tmp_path: Path) -> None:
    handed = turn("Let me talk to a person, please.", Action("handoff"))
    call = RecordedCall("late", (handed, turn("How many bags can I take for free?", BAGS)))
    done = await type_(call, tmp_path)
    assert done.turns[1].said == ""
    assert done.turns[1].right is False


def test_a_folder_without_calls_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed.main([str(tmp_path)]) == 1
    assert "manifest.jsonl" in capsys.readouterr().err
