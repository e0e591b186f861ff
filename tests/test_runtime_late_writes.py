"""A write that outlasts the deadline, on a virtual clock: the desk's later turns know of it, where it can remember."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.test_runtime import Stage, TinyDesk
from voice.cascade.words import Action, Dialogue, Outcome, Reading
from voice.ports import Remembering
from voice.testing import in_virtual_time


@dataclass
class Slow(TinyDesk):
    """Writes for twenty seconds; notes every dialogue that a turn is carried out in, which holds what was asked for."""

    dialogues: list[Dialogue] = field(default_factory=list)

    def open(self, call_id: str) -> Dialogue:
        return ()

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue, *, key: str) -> Outcome:
        self.dialogues.append(dialogue)
        self.perform_seconds = 20.0 if actions[0].name == "confirm" else 0.0
        outcome = await super().perform(actions, reading, dialogue, key=key)
        return replace(outcome, dialogue=(*dialogue, actions[0].name))


class Remembers(Slow):
    def remember(self, dialogue: Dialogue, outcome: Outcome) -> Dialogue:
        return (*dialogue, *(code for code in outcome.wrote if code not in dialogue))


class Forgets(Slow):
    def remember(self, dialogue: Dialogue, outcome: Outcome) -> Dialogue:
        raise RuntimeError("broken")


async def asked_after_a_late_write(stage: Stage) -> Dialogue:
    """Approve something, ask for bags once it is known to be late, and again after it was told."""
    await stage.turn("yes", wait=17.0)
    await stage.turn("bags", wait=10.0)
    assert "Done: confirm." in stage.log[-1]
    await stage.turn("bags")
    await stage.runtime.close()
    return stage.desk.dialogues[-1]  # type: ignore[attr-defined]


@in_virtual_time
async def test_a_turn_after_a_late_write_is_carried_out_in_a_dialogue_that_knows_of_it() -> None:
    assert isinstance(Remembers(), Remembering)
    assert await asked_after_a_late_write(Stage(desk=Remembers())) == ("policy", "QT44LZ")


@in_virtual_time
async def test_a_desk_of_eight_methods_goes_on_without_it() -> None:
    assert not isinstance(Slow(), Remembering)
    assert await asked_after_a_late_write(Stage(desk=Slow())) == ("policy",)


@in_virtual_time
async def test_a_desk_that_breaks_while_remembering_costs_no_call_and_the_trace_tells(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = Stage(desk=Forgets())
    assert await asked_after_a_late_write(stage) == ("policy",)
    assert {"desk.remember"} == {line["where"] for line in stage.lines if line["kind"] == "error"}
    assert "could not remember what was written: QT44LZ" in caplog.text


@in_virtual_time
async def test_what_is_said_just_as_a_late_write_ends_is_carried_out_in_a_dialogue_that_knows_of_it() -> None:
    stage = Stage(desk=Remembers())
    await stage.turn("yes", wait=17.0)
    await stage.turn("bags", wait=2.0)
    stage.runtime.caller_spoke()
    await asyncio.sleep(2.0)
    assert stage.desk.written == ["call-1/1"]
    await stage.turn("bags")
    assert [entry.split(": ", 1)[1] for entry in stage.log[-2:]] == ["Done: policy.", "Done: confirm."]
    assert stage.runtime.state.dialogue == ("policy", "QT44LZ", "policy")
    await stage.runtime.close()
