"""Reads a Dockerfile, and carries out its steps in a folder that stands in for the image's root. No Docker needed.

What changes the system itself (apt-get, useradd) is left out; every absolute path that a step makes is moved under the
folder, and all stages share it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SYSTEM_COMMANDS = ("apt-get", "useradd")


@dataclass(frozen=True)
class Step:
    """An instruction and what follows it, on one line."""

    instruction: str
    text: str

    @property
    def words(self) -> list[str]:
        """The arguments: of the JSON form if it is one, else as a shell splits them."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


def parse(text: str) -> list[Step]:
    """Give the steps of a Dockerfile, continuation lines joined and comments dropped."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Step(*line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def stages(steps: list[Step]) -> list[list[Step]]:
    """Give the steps of each stage, its FROM first."""
    found: list[list[Step]] = []
    for step in steps:
        if step.instruction == "FROM":
            found.append([])
        found[-1].append(step)
    return found


def healthcheck(steps: list[Step]) -> list[str]:
    """Give the command of the HEALTHCHECK."""
    (check,) = (step for step in steps if step.instruction == "HEALTHCHECK")
    return json.loads(check.text[check.text.index("[") :])


class StepFailed(RuntimeError):
    """A command of the image failed; the text has its output."""


@dataclass
class Image:
    """A folder that the steps of a Dockerfile are carried out in.

    Attributes:
        context: Where COPY takes files from.
        root: What stands in for ``/``.
        environment: What ENV has set, over what the host has.
        folder: The current WORKDIR.
        entrypoint: The command of ENTRYPOINT.
        command: The arguments of CMD.
        left_out: Steps that were not carried out.
        made: Paths of the image, which are moved under ``root`` wherever they are named.
    """

    context: Path
    root: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: str = "/"
    entrypoint: list[str] = field(default_factory=list[str])
    command: list[str] = field(default_factory=list[str])
    left_out: list[Step] = field(default_factory=list[Step])
    made: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.environment["PATH"] = f"{self.root / 'usr/local/bin'}:{self.environment['PATH']}"

    def build(self, steps: list[Step]) -> None:
        """Carry out all steps.

        Raises:
            StepFailed: a RUN failed.
            FileNotFoundError: a COPY names something that isn't there.
            ValueError: a step of a kind that is not known here.
        """
        self.made = set(_made_paths(steps))
        for step in steps:
            self._do(step)

    def run(self, command: list[str]) -> str:
        """Run a command in the image, with its environment and paths, and give its output.

        Raises:
            StepFailed: it ended with another code than 0.
        """
        done = subprocess.run(**self.call(command), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise StepFailed(f"{command} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def call(self, command: list[str]) -> Mapping[str, object]:
        """Give what `subprocess` needs to run a command in the image."""
        words = [self.moved(word) for word in command]
        program = shutil.which(words[0], path=self.environment["PATH"])
        if program is None:
            raise FileNotFoundError(f"the image has no {words[0]} on its PATH {self.environment['PATH']}")
        return {
            "args": [program, *words[1:]],
            "env": self.environment,
            "cwd": self.place(self.folder),
            "stdin": subprocess.DEVNULL,
        }

    def place(self, path: str) -> Path:
        """Give where a path of the image lies."""
        absolute = path if path.startswith("/") else f"{self.folder.rstrip('/')}/{path}"
        return self.root / absolute.lstrip("/")

    def moved(self, text: str) -> str:
        """Move the paths in a text that steps have made."""
        for path in sorted(self.made, key=len, reverse=True):
            text = re.sub(rf"(?<![\w./]){re.escape(path)}(?![\w.-])", str(self.place(path)), text)
        return text

    def _do(self, step: Step) -> None:
        match step.instruction:
            case "FROM":
                self.folder = "/"
                self._stand_in_for_the_base()
            case "WORKDIR":
                self.folder = step.text
                self.place(step.text).mkdir(parents=True, exist_ok=True)
            case "RUN":
                self._run(step)
            case "COPY":
                self._copy(step)
            case "ENV":
                for key, value in (word.split("=", 1) for word in step.words):
                    paths = value.replace(f"${key}", self.environment.get(key, ""))
                    self.environment[key] = ":".join(self.moved(path) for path in paths.split(":"))
            case "ENTRYPOINT":
                self.entrypoint = step.words
            case "CMD":
                self.command = step.words
            case "VOLUME":
                for path in step.words:
                    self.place(path).mkdir(parents=True, exist_ok=True)
            case "USER" | "EXPOSE" | "HEALTHCHECK":
                pass
            case _:
                raise ValueError(f"{step.instruction} is not known here")

    def _stand_in_for_the_base(self) -> None:
        """Give the image a ``python``, as its base has one: the interpreter that this one was made with."""
        python = self.place("/usr/local/bin/python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f'#!/bin/sh\nexec "{sys._base_executable}" "$@"\n')
        python.chmod(0o755)

    def _run(self, step: Step) -> None:
        if any(command in step.text for command in SYSTEM_COMMANDS):
            self.left_out.append(step)
        else:
            self.run(["sh", "-c", step.text])

    def _copy(self, step: Step) -> None:
        words = step.words
        from_a_stage = words[0].startswith("--from=")
        *sources, target = words[1:] if from_a_stage else words
        for source in sources:
            origin = self.place(source) if from_a_stage else self.context / source
            place = self.place(target)
            destination = place / origin.name if target.endswith("/") else place
            if from_a_stage and origin == destination:
                if not origin.exists():
                    raise FileNotFoundError(f"no stage has made {source}")
                continue
            destination.parent.mkdir(parents=True, exist_ok=True)
            if origin.is_dir():
                shutil.copytree(origin, destination, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(origin, destination)


def _made_paths(steps: list[Step]) -> Iterator[str]:
    """Give the folders that belong to the image alone."""
    for step in steps:
        match step.instruction:
            case "WORKDIR":
                yield step.text
            case "VOLUME":
                yield from step.words
            case "COPY" if step.text.startswith("--from="):
                yield step.words[1]
            case _:
                pass


def sources(steps: list[Step]) -> Iterator[str]:
    """Give what COPY takes from the build context."""
    for step in steps:
        if step.instruction == "COPY" and not step.text.startswith("--from="):
            yield from step.words[:-1]
