"""Which pipeline answers: one of the project's or one's own, with all tiers of the profile or one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voice.config import PROFILES, Config, ConfigError, of_the_airline
from voice.server import own

if TYPE_CHECKING:
    from pipecat.pipeline.pipeline import Pipeline
    from pipecat.transports.base_transport import BaseTransport

    from voice.processors.call import Call

    Build = Callable[[BaseTransport, Call], Pipeline]

_STOCK = ("backend", "single")
"""Of the project's: their tools and instructions are the airline's."""


class UnknownPipeline(ConfigError):
    """There is no pipeline of this name."""


def pipeline(name: str, config: Config) -> tuple[Build, Config]:
    """Give the ``build`` of a pipeline, and the config that it is for.

    Args:
        name: One of `pipelines`, ``path/to/own.py`` or ``package.module``. ``<name>-<tier>`` is one of `pipelines` with
            that tier of the profile alone: no other is loaded.
        config: Of the profile.

    Raises:
        UnknownPipeline: there is no such pipeline, or it has no ``build``.
        ConfigError: there is no such module, or the pipeline is not for the profile's desk.
    """
    shipped, only = find(name, config)
    if shipped:
        if shipped in _STOCK:
            of_the_airline(config, f"the pipeline {shipped}")
        found = own.from_file(PROFILES / f"{shipped}.py")
    elif name.endswith(".py"):
        found = own.from_file(Path(name))
    else:
        found = own.module(name, f"--pipeline {name}")
    build: Build | None = getattr(found, "build", None)
    if build is None:
        raise UnknownPipeline(f"the pipeline {name!r} has no build(transport, call): {found.__file__ or name}")
    return build, only


def find(name: str, config: Config) -> tuple[str | None, Config]:
    """Give the name of the project's pipeline that is meant, None for one's own, and the config that it is for.

    Nothing is imported; whether there is a module of one's own is seen when it is.

    Raises:
        UnknownPipeline: there is no such pipeline, or no such file.
    """
    known = pipelines()
    if name in known:
        return name, config
    for tier in config.tiers:
        if (whole := name.removesuffix(f"-{tier.name}")) in known:
            return whole, config.model_copy(update={"tiers": (tier,)})
    if name.endswith(".py"):
        if not Path(name).is_file():
            raise UnknownPipeline(f"there is no pipeline {name!r}: no such file")
        return None, config
    if "." in name and all(part.isidentifier() for part in name.split(".")):
        return None, config
    raise UnknownPipeline(
        f"there is no pipeline {name!r}: use one of {', '.join(known)}, one of them with one tier, like "
        f"{known[-1]}-{config.tiers[0].name}, or your own: path/to/file.py or package.module"
    )


def pipelines() -> list[str]:
    """Name the pipelines that come with the project."""
    return sorted(file.stem for file in PROFILES.glob("*.py") if file.stem != "__init__")
