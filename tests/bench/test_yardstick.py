"""A desk is measured with what it offers for that, and without what it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from voice.bench import desks
from voice.bench.turns.deciders import by_rules
from voice.bench.turns.evaluate import evaluate
from voice.bench.turns.labelled import BadTurns, LabelledTurn, load_turns
from voice.bench.turns.turn_desk import DeskFailed
from voice.bench.turns.yardstick import Yardstick
from voice.booking.drafting.prompting import prefix
from voice.cascade.words import Action, Findings, Outcome, Reading
from voice.config import ConfigError
from voice.ports import Message
from voice.stack import prefix_of

LIGHT = Action("light", {"room": "kitchen"})


class Lamps:
    """A desk of eight methods and no more: it switches lights."""

    read_only = frozenset({"light"})

    def open(self, call_id: str) -> str:
        return f"call {call_id}"

    def read(self, text: str, dialogue: str) -> Reading:
        assert dialogue == "call "
        return Reading(text, (LIGHT,), certain=True)

    def prompt(self, reading: Reading, dialogue: str, *, fine_tuned: bool = False) -> Sequence[Message]:
        return [Message("user", reading.text)]

    def schema(self, reading: Reading, dialogue: str, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        return {}

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        return (LIGHT,)

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: str) -> Findings:
        return Findings(1.0, 1.0)

    async def perform(self, actions: Any, reading: Reading, dialogue: str, *, key: str) -> Outcome:
        raise AssertionError("a labelled turn switches nothing")

    def mention(self, reading: Reading) -> Sequence[str]:
        return ()


TURN = LabelledTurn("t", "Light in the kitchen!", ({"action": "light", "room": "Kitchen"},))


async def test_a_desk_of_eight_methods_is_measured_as_it_is() -> None:
    yardstick = Yardstick(Lamps())
    (judged,) = await evaluate(yardstick, [TURN], by_rules(yardstick))
    assert judged.exact
    assert yardstick.actions is None
    assert yardstick.problem_of([{"action": "anything", "at": "all"}]) is None
    assert not yardstick.asks_instead((LIGHT,), ("kitchen",))


async def test_nothing_is_carried_out_while_a_turn_is_measured() -> None:
    desk = Yardstick(Lamps()).begin({})
    await desk.perform((LIGHT,), Reading(""), desk.dialogue, key="k")
    assert desk.performed.is_set()


def test_a_context_that_the_desk_cant_take_up_is_an_error_and_an_empty_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_text('{"id": "a", "text": "Yes.", "expect": [], "context": {"agent": "", "lamps": []}}\n')
    assert len(load_turns(file, desk=Yardstick(Lamps()))) == 1
    file.write_text('{"id": "a", "text": "Yes.", "expect": [], "context": {"agent": "Shall I?"}}\n')
    with pytest.raises(BadTurns, match=r":1: .*can't take a call up there: give it a method 'resume'"):
        load_turns(file, desk=Yardstick(Lamps()))


def test_the_cores_own_actions_need_not_be_told() -> None:
    class Telling(Lamps):
        vocabulary = {"light": {"room": ()}}  # noqa: RUF012

    yardstick = Yardstick(Telling())
    assert yardstick.problem_of([{"action": "clarify", "missing": "room"}, {"action": "handoff"}]) is None
    assert "did you mean 'light'?" in (yardstick.problem_of([{"action": "lihgt"}]) or "")


async def test_a_desk_that_compares_by_itself_is_asked_and_may_fail() -> None:
    class Lenient(Lamps):
        def is_exact(self, expected: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> bool:
            if not expected:
                raise LookupError("no label")
            return True

    yardstick = Yardstick(Lenient())
    assert yardstick.is_exact([{"action": "dark"}], [])
    with pytest.raises(DeskFailed, match="is_exact failed: LookupError: no label"):
        yardstick.is_exact([], [])
    (judged,) = await evaluate(yardstick, [LabelledTurn("t", "Light!", ())], by_rules(yardstick))
    assert (judged.exact, judged.decision.tier) == (False, "nobody")


@pytest.mark.parametrize(
    ("method", "gives", "told"),
    [
        ("read", None, "read failed: TypeError: read must return a Reading, got None"),
        ("prompt", [], "prompt failed: TypeError: prompt must return a sequence"),
        ("schema", "{}", "schema failed: TypeError"),
        ("parse", [1], "parse failed: TypeError"),
        ("examine", 1.0, "examine failed: TypeError"),
    ],
)
def test_what_a_desk_gives_instead_of_what_it_should_is_told(method: str, gives: Any, told: str) -> None:
    lamps = Lamps()
    setattr(lamps, method, lambda *args, **keywords: gives)
    desk = Yardstick(lamps).begin({})
    arguments = {"parse": ("", Reading("")), "read": ("", desk.dialogue), "examine": ((), Reading(""), desk.dialogue)}
    with pytest.raises(DeskFailed, match=told):
        getattr(desk, method)(*arguments.get(method, (Reading(""), desk.dialogue)))
    assert told.split(":")[0] in str(desk.failed)


def test_an_answer_that_cant_be_read_is_no_failure_of_the_desk() -> None:
    class Strict(Lamps):
        def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
            raise ValueError("no lamp")

    desk = Yardstick(Strict()).begin({})
    with pytest.raises(ValueError, match="no lamp"):
        desk.parse("", Reading(""))
    assert desk.failed is None


def test_the_airlines_desk_is_measured_with_the_prompts_of_a_call() -> None:
    for fine_tuned in (True, False):
        assert prefix_of(desks.airline().desk)(fine_tuned) == prefix(fine_tuned)


class Closing(Lamps):
    closed: list[str] = []  # noqa: RUF012

    async def close(self) -> None:
        self.closed.append("lamps")


class Telling(Lamps):
    vocabulary = {"light": "room"}  # noqa: RUF012


PROFILE = 'name = "lamps"\n[desk]\nfactory = "{}:{}"\n[[tiers]]\nname = "a"\nmodel = "m"\n'


def test_a_desk_is_closed_after_it_was_measured(tmp_path: Path) -> None:
    (profile := tmp_path / "lamps.toml").write_text(PROFILE.format(__name__, "Closing"))
    with desks.measured(str(profile)) as (config, yardstick):
        assert (config.name, yardstick.name) == ("lamps", f"{__name__}:Closing")
        assert Closing.closed == []
    assert Closing.closed == ["lamps"]


def test_a_vocabulary_that_is_none_names_the_desk(tmp_path: Path) -> None:
    (profile := tmp_path / "lamps.toml").write_text(PROFILE.format(__name__, "Telling"))
    wrong = rf"\[desk\] factory = '{__name__}:Telling': the vocabulary's 'light' must be a mapping"
    with pytest.raises(ConfigError, match=wrong), desks.measured(str(profile)):
        pass
