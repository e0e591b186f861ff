"""A typed conversation: what is shown, what is kept, and when it ends."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.restaurant.evening import POLICY
from voice import cli
from voice.bench import chat_command
from voice.ports import LanguageModel
from voice.testing import Reply, ScriptedModel

Type = Callable[..., str]
HOURS = '{"actions":[{"action":"hours"}]}'
RESTAURANT = Path(__file__).parents[1] / "restaurant" / "profile.toml"


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types lines to the restaurant's agent, whose small tier gives these answers."""

    def type_(*lines: str, answers: tuple[str, ...] = (), arguments: tuple[str, ...] = ()) -> str:
        @asynccontextmanager
        async def tiers(*_: Any, **__: Any) -> AsyncGenerator[Mapping[str, LanguageModel]]:
            with ScriptedModel("fast", *(Reply(text) for text in answers)) as fast, ScriptedModel("strong") as strong:
                yield {"fast": fast, "strong": strong}

        monkeypatch.setattr(chat_command, "open_tiers", tiers)
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert cli.main(["chat", "--profile", str(RESTAURANT), *arguments]) == 0
        return capsys.readouterr().out

    return type_


def test_a_plain_chat_shows_what_the_agent_says_and_ends_with_the_input(chat: Type) -> None:
    said = chat("when are you open", answers=(HOURS,), arguments=("--plain",))
    assert said.splitlines() == [
        "Good evening. What can I do for you?",
        "We are open from 5 to 11 PM, but not on Monday.",
    ]


def test_a_chat_shows_who_answered_and_why(chat: Type) -> None:
    shown = chat("when are you open", answers=(HOURS,))
    for told in ("“when are you open”", "small tier first", "fast", "complete 1.00", "“We are open from 5 to 11 PM"):
        assert told in shown


def test_an_empty_line_ends_a_chat(chat: Type) -> None:
    assert chat("", "when are you open", arguments=("--plain",)).splitlines() == [
        "Good evening. What can I do for you?"
    ]


def test_a_chat_ends_when_the_caller_is_passed_on(chat: Type) -> None:
    handed = '{"actions":[{"action":"handoff"}]}'
    said = chat("let me talk to somebody", "hello", answers=(handed,), arguments=("--plain",))
    assert said.splitlines()[1:] == ["I'll put you through to the host."]


def test_a_chat_can_be_kept(chat: Type, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    chat("when are you open", answers=(HOURS,), arguments=("--trace", str(trace)))
    lines = [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]
    assert len({line["call"] for line in lines}) == 1
    kinds = [line["kind"] for line in lines]
    assert "drafted" in kinds
    assert kinds[-1] == "ended"


def test_a_trace_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "nowhere" / "trace.jsonl"
    monkeypatch.setattr(chat_command, "open_tiers", None)  # it is told before a model is loaded
    assert cli.main(["chat", "--profile", str(RESTAURANT), "--trace", str(nowhere)]) == cli.USAGE
    assert f"--trace {nowhere}: it can't be written" in capsys.readouterr().err


def test_a_fresh_desk_is_the_airlines(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["chat", "--profile", str(RESTAURANT), "--desk", "seed-1"]) == cli.USAGE
    assert "--desk seed-1 is for the airline's desk" in capsys.readouterr().err


def test_a_voice_for_text_neither_fills_nor_asks_a_silent_caller() -> None:
    policy = chat_command.for_text(POLICY)
    assert not policy.filler.enabled
    assert not policy.idle.prompts
    assert policy.tiers == POLICY.tiers
