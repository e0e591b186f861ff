"""The restaurant on the embedded models, that nobody has tuned for it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.restaurant.chat import chat
from tests.restaurant.desk import TableDesk
from tests.restaurant.evening import SUNDAY
from tests.restaurant.store import Book, Booking
from tests.restaurant.test_desk import HARD, SIMPLE
from voice.cli import main
from voice.config import load
from voice.stack import open_tiers, prefix_of

pytestmark = pytest.mark.real


async def test_tables_are_reserved_and_moved_as_asked_and_nothing_else() -> None:
    shown: list[str] = []

    async def lines() -> AsyncIterator[str]:
        for line in (SIMPLE, "Yes.", HARD, "Yes, please."):
            shown.append(f"> {line}")
            yield line

    config, desk = load(Path(__file__).with_name("profile.toml")), TableDesk(Book({"T1": SUNDAY}))
    async with open_tiers(config, prefix=prefix_of(desk)) as tiers:
        await chat(lines(), shown.append, desk, tiers, config.policy())
    assert desk.book.bookings == {
        "T1": Booking(2, "Sunday", 21, code="T1"),
        "T2": Booking(2, "Friday", 20, code="T2"),
        "T3": Booking(6, "Friday", 20, 2, "T3"),
    }, "\n".join(shown)


def test_labelled_turns_are_measured_by_its_rules_and_by_the_cascade(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = Path(__file__).with_name("turns.jsonl").read_text().splitlines()
    few = [line for line in lines if json.loads(line)["id"] in ("r01", "r04", "r08", "r13", "r18", "r21", "r22")]
    (turns := tmp_path / "turns.jsonl").write_text("\n".join(few))
    profile, exact = str(Path(__file__).with_name("profile.toml")), dict[str, float]()
    for how in (("--tier", "rules"), ()):
        assert main(["eval", str(turns), "--profile", profile, *how, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        exact[found["by"]] = found["exact"]
    assert exact["rules"] == pytest.approx(3 / 7)
    assert exact["cascade"] > exact["rules"], exact
