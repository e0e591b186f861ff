"""Which desk a call books at: one for all, or a fresh one each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from tests.server.switchboard import Socket, desk, switchboard
from voice.booking.airline.tables import BookingRow
from voice.booking.desk import BookingDesk, open_desk
from voice.config import ConfigError, DeskSettings
from voice.server.desks import FreshDesks, SharedDesk, open_source

MORNING = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("America/New_York"))


def small_desk(path: Path) -> BookingDesk:
    return open_desk(f"sqlite:///{path}", today=MORNING, days_ahead=60)


def bookings(desk: BookingDesk, status: str) -> int:
    count = select(func.count()).select_from(BookingRow).where(BookingRow.status == status)
    return desk.store.read(lambda session: session.scalars(count).one())


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> FreshDesks:
    return FreshDesks(tmp_path_factory.mktemp("desk") / "desk.db", small_desk)


async def test_what_one_call_changes_at_its_fresh_desk_is_unknown_to_the_next(fresh: FreshDesks, tmp_path: Path):
    async with fresh.desk(tmp_path) as first, fresh.desk(None) as second:
        assert isinstance(first, BookingDesk)
        assert isinstance(second, BookingDesk)
        before = bookings(second, "cancelled")
        first.store.write(lambda session: session.execute(update(BookingRow).values(status="cancelled")))
        assert bookings(first, "cancelled") > before
        assert bookings(second, "cancelled") == before
    assert (tmp_path / "desk.db").is_file()
    again = small_desk(tmp_path / "desk.db")
    assert bookings(again, "cancelled") > before
    again.close()


@pytest.mark.parametrize("fine_tuned", [False, True])
async def test_every_prompt_of_a_desk_begins_with_the_prefix_that_the_models_are_warmed_with(
    fresh: FreshDesks, fine_tuned: bool
):
    async with fresh.desk(None) as desk:
        dialogue = desk.open("1")
        reading = desk.read("I need a flight from Boston to Denver on Friday.", dialogue)
        assert tuple(desk.prompt(reading, dialogue, fine_tuned=fine_tuned)[:-1]) == tuple(fresh.prefix(fine_tuned))
        assert len(fresh.prefix(fine_tuned)) > 0


async def test_a_desk_that_cannot_be_copied_ends_its_call_and_no_other(fresh: FreshDesks, tmp_path: Path):
    (tmp_path / "demo" / "desk.db").mkdir(parents=True)
    with desk() as agent:
        async with switchboard(agent, calls=tmp_path) as board:
            board.lines._desks = fresh  # pyright: ignore[reportPrivateUsage]
            async with Socket(board.app, "/ws", "call=demo") as caller:
                hung_up = await caller.until_hung_up()
                assert (hung_up.code, "log" in hung_up.reason) == (1011, True)
            assert board.kinds() == ["call", "closed"]
            async with Socket(board.app, "/ws", "call=fine"):
                await board.until(lambda: len(board.lines.active) == 1)


async def test_all_calls_share_the_profiles_desk_by_default(tmp_path: Path):
    shared = SharedDesk(small_desk(tmp_path / "desk.db"))
    async with shared.desk(None) as one, shared.desk(tmp_path) as other:
        assert one is other
        assert isinstance(one, BookingDesk)
        one.close()


@pytest.mark.parametrize("name", ["", "seed", "seed-", "seed-x", "seed-1234567", "../seed-1"])
async def test_a_desk_of_an_unknown_name_is_refused(name: str):
    with pytest.raises(ConfigError, match="no desk"):
        await open_source(DeskSettings(), name, lambda: MORNING).__aenter__()


async def test_a_database_that_cannot_be_used_is_named():
    settings = DeskSettings(database="mysql://somewhere/else")
    with pytest.raises(ConfigError, match="SQLite or PostgreSQL"):
        await open_source(settings, None, lambda: MORNING).__aenter__()


async def test_ears_are_warmed_with_the_names_that_every_desk_tells(fresh: FreshDesks):
    async with fresh.desk(None) as each:
        assert isinstance(each, BookingDesk)
        assert tuple(fresh.names) == each.names
        assert "Boston" in fresh.names
    with desk() as nameless:
        assert SharedDesk(nameless).names == ()
