"""Which pipeline answers: a module of ``pipelines/``, with all tiers of the profile or with one of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voice.config import Config, ConfigError

if TYPE_CHECKING:
    from pipecat.pipeline.pipeline import Pipeline
    from pipecat.transports.base_transport import BaseTransport

    from voice.processors.call import Call

    Build = Callable[[BaseTransport, Call], Pipeline]


class UnknownPipeline(ConfigError):
    """There is no pipeline of this name."""


def pipeline(name: str, config: Config) -> tuple[Build, Config]:
    """Give the builder of a pipeline, ``build`` of the module ``pipelines.<name>``, and the config that it is for.

    ``<name>-<tier>`` is the same pipeline with that tier of the profile alone: no other is loaded.

    Raises:
        UnknownPipeline: there is no such module, or it has no ``build``.
    """
    known = pipelines()
    module, only = name, config
    for tier in config.tiers:
        if name not in known and name.removesuffix(f"-{tier.name}") in known:
            module, only = name.removesuffix(f"-{tier.name}"), config.model_copy(update={"tiers": (tier,)})
    build = getattr(importlib.import_module(f"pipelines.{module}"), "build", None) if module in known else None
    if build is None:
        alone = f"{known[-1]}-{config.tiers[0].name}" if known else "single-fast"
        raise UnknownPipeline(
            f"there is no pipeline {name!r}: use one of {', '.join(known)}, or one of them with one tier, like {alone}"
        )
    return build, only


def pipelines() -> list[str]:
    """Name the pipelines that there are."""
    package = importlib.import_module("pipelines")
    return sorted(file.stem for file in Path(package.__path__[0]).glob("*.py") if file.stem != "__init__")
