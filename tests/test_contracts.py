"""The shape of the project, held by machine: who imports whom, and what may not stand in any file."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

PURE = {
    *("__future__", "bisect", "collections", "dataclasses", "enum", "functools", "itertools", "math", "re", "typing"),
    "zlib",  # a checksum samples turns
}
"""What the core may import from outside of itself: vocabulary and arithmetic."""

BANNED = {
    "a registry's or hub's address": r"pypi\.|pythonhosted\.|huggingface\.co|hf\.co/|npmjs\.|--(extra-)?index-url",
    "a path of the machine it was written on": r"(?<![\w.$}~-])/(work|root|tmp)/\w",
}


LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename="pyproject.toml", no_cache=True))
"""
"""Run in a process of its own: it silences every logger that there is."""


def test_imports_point_inward():
    done = subprocess.run([sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `lint-imports` to see which: {done.stdout}"


def test_the_core_imports_nothing_but_itself_and_pure_parts_of_the_standard_library():
    graph = grimp.build_graph("voice", include_external_packages=True, cache_dir=None)
    core = {module for module in graph.modules if module == "voice.cascade" or module.startswith("voice.cascade.")}
    imported = {name for module in core for name in graph.find_modules_directly_imported_by(module)}
    assert len(core) > 5
    assert imported - core <= PURE


@pytest.mark.parametrize("what", BANNED)
def test_no_file_holds(what: str):
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git clone")
    pattern = re.compile(BANNED[what])
    found: list[str] = []
    for name in filter(None, listing.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file() or path == Path(__file__):
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert found == []


_NOT_IN_DEV = ("postgres", "finetune")
"""Extras that the development environment, which the versions are taken from, does not install."""


def test_every_dependency_has_a_tested_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {name: wanted for name, wanted in project["optional-dependencies"].items() if name not in _NOT_IN_DEV}
    wanted = [Requirement(line) for line in [*project["dependencies"], *(line for x in extras.values() for line in x)]]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = dict(line.lower().split("==") for line in lines if "==" in line)
    versions = {canonicalize_name(name): version for name, version in pinned.items()}
    bad = [str(want) for want in wanted if versions.get(canonicalize_name(want.name), "") not in want.specifier]
    assert bad == [], "run `make lock`"
