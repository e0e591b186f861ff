"""A model server is started again while so many calls run that its pipes have high numbers."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from voice.llm.embedded import EmbeddedServer, ServerConfig, ServerError

MANY = 1100
SAYS_READY = "import json, sys; print(json.dumps({'port': 4012}), flush=True); sys.stdin.read()"
SAYS_NOTHING = "import sys; sys.stdin.read()"


class Scripted(EmbeddedServer):
    """A server whose process is this script."""

    def __init__(self, config: ServerConfig, script: str) -> None:
        super().__init__(config)
        self._script = script

    def _command(self, port: int) -> list[str]:
        return [sys.executable, "-S", "-c", self._script]


@pytest.fixture
def many_open() -> Generator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * MANY:
        pytest.skip(f"this machine opens at most {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * MANY), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(MANY)]
    try:
        yield
    finally:
        for each in opened:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    (tmp_path / "model.gguf").write_bytes(b"weights")
    return tmp_path / "model.gguf"


@pytest.mark.usefixtures("many_open")
def test_it_starts_and_is_started_again(weights: Path):
    with Scripted(ServerConfig("fast", weights), SAYS_READY) as server:
        assert server.base_url == "http://127.0.0.1:4012/v1"
        server.restart()
        assert server.alive


@pytest.mark.usefixtures("many_open")
def test_one_that_is_never_ready_is_given_up(weights: Path):
    with pytest.raises(ServerError, match=r"not ready after 0\.1 s"):
        Scripted(ServerConfig("fast", weights, startup_seconds=0.1), SAYS_NOTHING).__enter__()
