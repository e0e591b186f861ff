"""Finds out what is missing on this machine. Every finding has the command that fixes it; nothing is changed here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from voice.config import load
from voice.models import State, Status, Store, default_store

DEFAULT_PORT = 7860

Need = Literal["calls", "serving", "fixtures", "tests"]

NEEDED_MEMORY_GB = 4.0
"""The weights take 1.9 GB; their caches, the audio libraries and the system come on top."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        ok: Whether it is as needed.
        found: What was found, in a few words.
        fix: The command that fixes it, or what to do where there is none.
        needed_for: What fails without it.
    """

    name: str
    ok: bool
    found: str
    fix: str
    needed_for: Need

    def as_dict(self) -> dict[str, Any]:
        """Give the JSON form."""
        return asdict(self)


Which = Callable[[str], str | None]


def examine(store: Store | None = None, *, port: int = DEFAULT_PORT, which: Which = shutil.which) -> tuple[Check, ...]:
    """Look at everything that calls, serving, fixtures and tests need.

    Args:
        store: The models' cache; the user's by default.
        port: The TCP port that should be free for serving.
        which: Finds a program on the path.
    """
    store = store or default_store()
    return (
        _python(),
        *_extras(),
        *_models(store),
        *_adapters(),
        _room(store),
        _memory(),
        _port(port),
        *_programs(which),
    )


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", sys.version_info >= (3, 11), version, "apt-get install python3.11 python3.11-venv", "calls")


def _extras() -> Iterator[Check]:
    """Import each extra's package in a process of its own, so that a missing system library shows as well."""
    wanted: tuple[tuple[str, str, Need], ...] = (
        ("xllamacpp", "embedded", "calls"),
        ("piper", "embedded", "calls"),
        ("aiortc", "serve", "serving"),
        ("uvicorn", "serve", "serving"),
        ("pytest", "dev", "tests"),
    )
    for module, extra, need in wanted:
        error = _import_error(module)
        fix = f"pip install 'voice-cascade[{extra}]'"
        if "libgomp" in error:
            fix = "apt-get install libgomp1"
        yield Check(f"{module} ([{extra}])", not error, error or "installed", fix, need)


def _import_error(module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode == 0:
        return ""
    said = done.stderr.strip().splitlines()
    return said[-1] if said else f"import ended with code {done.returncode}"


def _models(store: Store) -> Iterator[Check]:
    for status in store.statuses():
        name = status.model.name
        fix = f"voice models verify {name}" if status.state is State.UNVERIFIED else f"voice models pull {name}"
        need: Need = "calls" if status.model.default else "fixtures"
        yield Check(f"model {name}", status.state is State.READY, str(status.state), fix, need)


def _adapters() -> Iterator[Check]:
    """Look whether what the embedded profile's tiers and ears were taught is where it says."""
    config = load("embedded", keys=False)
    for name, file in {"ears": config.stt.adapter, **{tier.name: tier.adapter for tier in config.tiers}}.items():
        if file:
            there = file.is_file()
            found = "there" if there else f"no file {file}"
            yield Check(
                f"adapter of {name}", there, found, "get the project's files anew: git checkout pipelines", "calls"
            )


def _room(store: Store) -> Check:
    missing = sum(map(_missing_bytes, store.statuses()))
    needed = missing + 500e6  # recordings, traces and the database
    free = shutil.disk_usage(_existing(store.root)).free
    return Check(
        "disk space",
        free >= needed,
        f"{free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB needed, in {store.root}",
        "free some, or set XDG_CACHE_HOME to a folder on a larger disk",
        "calls",
    )


def _missing_bytes(status: Status) -> int:
    return 0 if status.state is State.READY or not status.model.default else status.model.size


def _existing(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())


def _memory() -> Check:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    fix = "use a profile with hosted models: voice call --profile openai …"
    return Check("memory", total >= NEEDED_MEMORY_GB, f"{total:.1f} GB", fix, "calls")


def _port(port: int) -> Check:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            found, ok = error.strerror or str(error), False
        else:
            found, ok = "free", True
    return Check(f"port {port}", ok, found, f"voice serve --port {port + 1}", "serving")


def _programs(which: Which) -> Iterator[Check]:
    programs: tuple[tuple[tuple[str, ...], str, Need], ...] = (
        (("espeak-ng",), "espeak-ng", "fixtures"),
        (("flite",), "flite", "fixtures"),
        (("sox",), "sox", "fixtures"),
        (("chromium", "chromium-browser", "google-chrome"), "chromium", "tests"),
    )
    for names, package, need in programs:
        place = next((found for name in names if (found := which(name))), None)
        yield Check(names[0], place is not None, place or "not found", f"apt-get install {package}", need)
