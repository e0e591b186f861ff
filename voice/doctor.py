"""Finds out what is missing on this machine. Every finding has the command that fixes it; nothing is changed here."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from voice import endpoints
from voice.config import Config, ConfigError, load
from voice.extras import install
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


def examine(
    store: Store | None = None,
    *,
    profile: str | None = None,
    port: int = DEFAULT_PORT,
    which: Which = shutil.which,
) -> tuple[Check, ...]:
    """Look at everything that calls, serving, fixtures and tests need.

    Args:
        store: The models' cache; the user's by default.
        profile: The profile to serve with, by name or file: its services elsewhere are asked, and what it does not use
            is not looked for. None looks for all that the embedded profile needs, and asks nobody.
        port: The TCP port that should be free for serving.
        which: Finds a program on the path.
    """
    store = store or default_store()
    config, *wrong = _read(profile) if profile is not None else (load("embedded", keys=False),)
    if config is None:
        return (_python(), *wrong)
    used = config.embedded_models if profile is not None else _defaults(store)
    return (
        _python(),
        *wrong,
        *_extras(used),
        *_models(store, used, others=profile is None),
        *_adapters(config),
        *(_endpoints(config) if profile is not None else ()),
        _room(store, used),
        *([_memory()] if used else []),
        _port(port),
        *_programs(which),
    )


def _read(profile: str) -> tuple[Config | None, *tuple[Check, ...]]:
    """Give a profile, and what is wrong with it. One that only lacks a key can be looked at all the same."""
    try:
        return (load(profile),)
    except ConfigError as error:
        wrong = Check(f"profile {profile}", False, str(error), "mend it, then ask again", "calls")
    try:
        return load(profile, keys=False), wrong
    except ConfigError:
        return None, wrong


def _defaults(store: Store) -> list[str]:
    return [status.model.name for status in store.statuses() if status.model.default]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", sys.version_info >= (3, 11), version, "apt-get install python3.11 python3.11-venv", "calls")


def _extras(used: Collection[str]) -> Iterator[Check]:
    """Import each extra's package in a process of its own, so that a missing system library shows as well."""
    wanted: tuple[tuple[str, str, Need], ...] = (
        ("xllamacpp", "embedded", "calls"),
        ("piper", "embedded", "calls"),
        ("aiortc", "serve", "serving"),
        ("uvicorn", "serve", "serving"),
        ("pytest", "dev", "tests"),
    )
    for module, extra, need in wanted:
        if extra == "embedded" and not used:
            continue
        error = _import_error(module)
        fix = install(extra)
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


def _models(store: Store, used: Collection[str], *, others: bool) -> Iterator[Check]:
    for status in store.statuses():
        name = status.model.name
        if not others and name not in used:
            continue
        fix = f"voice models verify {name}" if status.state is State.UNVERIFIED else f"voice models pull {name}"
        need: Need = "calls" if name in used else "fixtures"
        yield Check(f"model {name}", status.state is State.READY, str(status.state), fix, need)


def _adapters(config: Config) -> Iterator[Check]:
    """Look whether what the profile's tiers and ears were taught is where it says."""
    for name, file in {"ears": config.stt.adapter, **{tier.name: tier.adapter for tier in config.tiers}}.items():
        if file:
            there = file.is_file()
            found = "there" if there else f"no file {file}"
            yield Check(
                f"adapter of {name}", there, found, "get the project anew: it lies beside the profiles", "calls"
            )


def _endpoints(config: Config) -> Iterator[Check]:
    """Ask what the profile names elsewhere."""
    for asked in asyncio.run(endpoints.ask(config)):
        yield Check(asked.name, not asked.fix, asked.found, asked.fix, "calls")


def _room(store: Store, used: Collection[str]) -> Check:
    missing = sum(_missing_bytes(status) for status in store.statuses() if status.model.name in used)
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
    return 0 if status.state is State.READY else status.model.size


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
