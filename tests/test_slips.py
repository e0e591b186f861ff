"""A desk or a mouth with a slip in it: the caller is answered, and the cause is in the log and in the trace."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tests.test_runtime import Model, Stage, TinyDesk
from voice.cascade.commands import Say
from voice.cascade.words import Action, Dialogue, Findings, Outcome, OutcomeKind, Reading
from voice.guarded import APOLOGY
from voice.runtime import Runtime
from voice.testing import in_virtual_time

SORRY = f"answer: {APOLOGY}"
FOUND = "answer: Done: search."


class Slip(TinyDesk):
    """Gives ``gives`` instead of what the method ``where`` should give, or raises it."""

    def __init__(self, where: str, gives: Any) -> None:
        super().__init__()
        self.where, self.gives = where, gives

    def _slip(self, where: str, otherwise: Any) -> Any:
        if where != self.where:
            return otherwise
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives

    def read(self, text: str, dialogue: Dialogue) -> Reading:
        return self._slip("read", super().read(text, dialogue))

    def mention(self, reading: Reading) -> Sequence[str]:
        return self._slip("mention", ())

    def prompt(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Any:
        return self._slip("prompt", super().prompt(reading, dialogue))

    def schema(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Any:
        return self._slip("schema", {})

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        return self._slip("parse", super().parse(text, reading))

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue) -> Findings:
        return self._slip("examine", super().examine(actions, reading, dialogue))

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue, *, key: str) -> Outcome:
        return self._slip("perform", await super().perform(actions, reading, dialogue, key=key))


def answers(stage: Stage) -> list[str]:
    return [entry.split(" ", 1)[1] for entry in stage.log if "answer" in entry]


@in_virtual_time
@pytest.mark.parametrize("gives", [None, "Done", KeyError("table"), asyncio.CancelledError()])
@pytest.mark.parametrize("text", ["bags", "yes"])
async def test_whatever_perform_gives_the_caller_is_answered_and_the_call_goes_on(
    gives: Any, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Slip("perform", gives)
    stage = Stage(desk=desk, strong=Model("strong", text="broken"))
    await stage.turn(text)
    assert answers(stage) == [SORRY]
    performed = [line for line in stage.lines if line["kind"] == "performed"]
    assert performed[0]["error"].startswith("desk: ")
    assert any(record.exc_info for record in caplog.records)
    desk.where = ""
    await stage.turn("bags")
    assert answers(stage)[1:] == ["answer: Done: policy."]
    await stage.runtime.close()


@in_virtual_time
@pytest.mark.parametrize(
    ("where", "gives", "error"),
    [
        ("read", Reading("x", ({"action": "book"},), certain=True, asked=True), "got a tuple of dict"),  # type: ignore[arg-type]
        ("read", None, "read must return a Reading, got None"),
        ("mention", "Friday", "mention must return a sequence of str"),
        ("mention", ZeroDivisionError("mention"), "ZeroDivisionError: mention"),
    ],
)
async def test_a_reading_that_is_none_is_left_to_the_tiers(
    where: str, gives: Any, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage(desk=Slip(where, gives))
    await stage.turn("fly me")
    assert answers(stage) == [FOUND]
    line = next(line for line in stage.lines if line["kind"] == "error")
    assert line["where"] == f"desk.{where}"
    assert error in line["error"]
    assert "Traceback" in caplog.text


@in_virtual_time
async def test_a_reading_stands_though_its_mention_is_lost() -> None:
    stage = Stage(desk=Slip("mention", None))
    await stage.turn("bags")
    assert stage.log == ["0.00 answer: Done: policy."]


@in_virtual_time
@pytest.mark.parametrize("gives", [None, (1.0, 1.0), ZeroDivisionError("examine")])
async def test_a_draft_that_can_not_be_examined_leads_back_to_the_caller_at_once(gives: Any) -> None:
    stage = Stage(desk=Slip("examine", gives))
    await stage.turn("fly me")
    assert answers(stage) == ["answer: Done: clarify."]
    assert [line["where"] for line in stage.lines if line["kind"] == "error"] == ["desk.examine"] * 2
    assert float(stage.log[-1].split()[0]) < 5


@in_virtual_time
@pytest.mark.parametrize(
    ("where", "gives", "error"),
    [
        ("parse", None, "failed: parse must return a tuple of Action, got None"),
        ("parse", ({"action": "search"},), "failed: parse must return a tuple of Action, got a tuple of dict"),
        ("parse", KeyError("action"), "failed: 'action'"),
        ("prompt", [], "failed: prompt must return a sequence of at least one Message, got an empty list"),
        (
            "prompt",
            [{"role": "user"}],
            "failed: prompt must return a sequence of at least one Message, got a list of d",
        ),
        ("schema", None, "failed: schema must return a mapping, got None"),
    ],
)
async def test_a_slip_around_a_draft_is_named_in_the_trace_and_the_caller_asked(
    where: str, gives: Any, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage(desk=Slip(where, gives))
    await stage.turn("fly me")
    drafted = [line["error"] for line in stage.lines if line["kind"] == "drafted"]
    assert len(drafted) == 2
    assert all(each.startswith(error) for each in drafted)
    assert answers(stage) == ["answer: Done: clarify."]
    assert "Traceback" in caplog.text


@in_virtual_time
@pytest.mark.parametrize("say", [(), ("",)])
async def test_an_answer_without_words_is_logged(say: tuple[str, ...], caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage(desk=Slip("perform", Outcome(OutcomeKind.ANSWER, say, None)))
    await stage.turn("bags")
    assert "the desk said nothing after ['policy']" in caplog.text


@in_virtual_time
async def test_an_event_that_the_core_can_not_take_in_leaves_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage()
    with monkeypatch.context() as broken:
        broken.setattr("voice.cascade.deciding.was_read", lambda state, event: {}["x"])
        await stage.turn("fly me")
    assert answers(stage) == [SORRY]
    await asyncio.wait_for(stage.runtime.answered(), 1.0)
    assert [line["where"] for line in stage.lines if line["kind"] == "error"] == ["WasRead"]
    assert "could not take in WasRead" in caplog.text
    await stage.turn("fly me")
    assert answers(stage)[1:] == [FOUND]


@in_virtual_time
async def test_a_mouth_that_fails_is_logged_and_the_call_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage()

    def say(utterance: Say) -> None:
        raise OSError("the line is gone")

    with monkeypatch.context() as broken:
        broken.setattr(stage, "say", say)
        await stage.turn("bags")
    assert "could not Say" in caplog.text
    assert stage.runtime.state.speaking == ()
    await stage.turn("bags")
    assert answers(stage) == ["answer: Done: policy."]


@in_virtual_time
async def test_a_desk_that_is_not_whole_is_refused_when_the_call_is_made() -> None:
    stage = Stage()
    for desk, message in (
        (object(), "object is no desk: it lacks read_only, open, read"),
        (TinyDesk, "the class TinyD"),
    ):
        with pytest.raises(TypeError, match=message):
            Runtime(
                policy=stage.runtime.state.policy,
                desk=desk,  # type: ignore[arg-type]
                tiers={"fast": stage.fast, "strong": stage.strong},
                mouth=stage,
                trace=stage.runtime._trace,  # pyright: ignore[reportPrivateUsage]
            )
