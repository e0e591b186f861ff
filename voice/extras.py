"""What is not installed with everybody's copy, and the command that installs it."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

_NAME = "voice-cascade"
_SOURCE = Path(__file__).resolve().parents[1]


class MissingExtra(RuntimeError):
    """A library that only some commands need is not installed; the message says how to get it."""


def install(extra: str) -> str:
    """Give the command that installs an extra of this copy.

    It names the place that this copy came from, or else the extra's own packages: what an index has under this
    project's name may be somebody else's.
    """
    if (_SOURCE / "pyproject.toml").is_file():
        return _pip("-c", _near(_SOURCE / "constraints.txt"), "-e", f"{_near(_SOURCE)}[{extra}]")
    try:
        copy = distribution(_NAME)
    except PackageNotFoundError:
        return f"the packages of the extra {extra}: they stand in the project's pyproject.toml"
    return _pip(*_origin(copy, extra))


def _origin(copy: Distribution, extra: str) -> list[str]:
    """Give what pip needs to be told, as `direct_url.json` and the metadata of an installed copy have it."""
    told = json.loads(copy.read_text("direct_url.json") or "{}")
    url = str(told.get("url", ""))
    parts = urlsplit(url)
    if parts.scheme == "file" and Path(place := unquote(parts.path)).exists():
        return [f"{place}[{extra}]"]
    if revision := told.get("vcs_info"):
        return [f"{_NAME}[{extra}] @ {revision['vcs']}+{url}@{revision['commit_id']}"]
    if parts.scheme in ("http", "https"):
        return [f"{_NAME}[{extra}] @ {url}"]
    own = re.compile(rf"(.*\S)\s*;\s*extra\s*==\s*['\"]{re.escape(extra)}['\"]")
    return [found[1] for each in copy.requires or () if (found := own.fullmatch(each))]


def _pip(*arguments: str) -> str:
    pip = Path(sys.executable).with_name("pip")
    program = [_near(pip)] if pip.exists() else [_near(Path(sys.executable)), "-m", "pip"]
    return " ".join(map(_quoted, [*program, "install", *arguments]))


def _near(path: Path) -> str:
    """Give a path from the working directory if it lies in it, else the whole path."""
    here = os.path.realpath(".")
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)


def _quoted(word: str) -> str:
    return f"'{word}'" if "[" in word and "'" not in word else shlex.quote(word)
