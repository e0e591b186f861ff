"""Code of the user's own, named by a profile or an option: a module, or an object in one."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from voice.config import ConfigError
from voice.contract import check_desk
from voice.ports import Desk


def module(name: str, where: str) -> ModuleType:
    """Import a module by its dotted name, from the working directory too, as ``python -m`` does.

    Args:
        name: Such as ``package.module``.
        where: Names it, for an error: ``[desk] factory``.

    Raises:
        ConfigError: there is no such module. An error inside it is raised as it is.
    """
    if not {"", os.getcwd()} & {*sys.path}:
        sys.path.insert(0, os.getcwd())
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if not f"{name}.".startswith(f"{missing}."):
            raise
        package = sys.modules.get(missing.rpartition(".")[0])
        folders = getattr(package, "__path__", None) or [each or os.getcwd() for each in sys.path]
        raise ConfigError(
            f"{where}: there is no module {missing!r}. Python looked in {', '.join(folders)}. Name one that lies "
            "there, or add its folder to PYTHONPATH"
        ) from error


def from_file(file: Path) -> ModuleType:
    """Import a Python file, whatever its folder is called and whatever has the same name elsewhere."""
    name = "voice_" + str(file.resolve()).replace(".", "_")
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec
        assert spec.loader
        sys.modules[name] = found = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(found)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


def make_desk(factory: str) -> Desk:
    """Call what makes a desk, ``package.module:make``.

    Raises:
        ConfigError: it is not there, or makes something else. What it raises itself is raised as it is.
    """
    where = f"[desk] factory = {factory!r}"
    name, _, attribute = factory.partition(":")
    found = module(name, where)
    make = getattr(found, attribute, None)
    if not callable(make):
        raise ConfigError(f"{where}: {found.__file__ or name} has no function {attribute!r}")
    desk = cast("Callable[[], Any]", make)()
    try:
        check_desk(desk)
    except TypeError as error:
        raise ConfigError(f"{where}: {error}") from error
    return desk
