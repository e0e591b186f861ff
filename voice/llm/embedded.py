"""A language model on this machine: llama.cpp's OpenAI-compatible server, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

_SPINS = 300
"""How long an OpenMP thread spins for the next piece of work before it sleeps.

On two cores the 0.5B model writes 23 tokens a second without spinning, 32 with this, 36 with endless spinning; beside a
program that takes one of the cores it writes 20, 18 and 2.
"""


CHAT_TEMPLATE = Path(__file__).with_name("chat.jinja")
"""For Qwen2.5 and its Coder models: lets them call tools natively."""


class ServerError(RuntimeError):
    """The server could not start, or has died. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """How one model is served.

    Attributes:
        name: The tier's name, used in messages.
        model: The GGUF file.
        adapter: A low-rank adapter for it, another GGUF file, or None. It works in requests that ask for it; others are
            answered by the model as it came.
        port: 0 takes a free one.
        threads: CPU threads for one decode.
        context: Tokens that one request may hold, prompt and output.
        slots: Requests that are answered at the same time; each holds its own copy of the prompt cache.
        state: Folder that keeps the prompt cache between starts, or None to keep none. Processes may share it.
        template: The chat template, or None for the one in the GGUF file.
        startup_seconds: How long the weights may take to load.
    """

    name: str
    model: Path
    adapter: Path | None = None
    port: int = 0
    threads: int = 2
    context: int = 4096
    slots: int = 2
    state: Path | None = None
    template: Path | None = CHAT_TEMPLATE
    startup_seconds: float = 120.0


class EmbeddedServer:
    """One model's server process, as a context manager and as an asynchronous one.

    It dies with this process, also when this one is killed. One that died or hangs can be started again: its address
    stays.

    Raises:
        ServerError: on entering, when the weights are missing or broken, the port is taken, the process dies or is
            not ready in time.
    """

    def __init__(self, config: ServerConfig) -> None:
        self.config = config
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._port = 0  # from the first start on, until it is stopped
        self._ready = False
        self._changing = threading.Lock()

    @property
    def base_url(self) -> str:
        """Where the OpenAI-compatible interface answers, such as ``http://127.0.0.1:40123/v1``.

        Raises:
            ServerError: it does not run.
        """
        if not self.alive:
            raise ServerError(f"the {self.config.name} model server does not run{self.tail()}")
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def alive(self) -> bool:
        """Whether the process runs and has said that it is ready."""
        process = self._process
        return self._ready and process is not None and process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process's id, None when there is none."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        self._launch()
        self._finish_launch()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        self._launch()
        try:
            await asyncio.to_thread(self._await_ready)
        except BaseException:
            self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.stop)

    def restart(self) -> None:
        """Start another process on the same port, in place of one that died or hangs; this may be tried time and again.

        Raises:
            ServerError: as on entering; also when it was not started before, or has been stopped.
        """
        with self._changing:
            if not self._port:
                raise ServerError(
                    f"the {self.config.name} model server can't be started again: it was stopped, enter it anew"
                )
            self._end()
            self._launch()
            self._finish_launch()

    def stop(self) -> None:
        """End the process and wait for it; one that is just being started, too. Harmless when it has ended already."""
        if process := self._process:
            process.kill()
        with self._changing:
            self._end()
            self._port = 0

    def tail(self) -> str:
        """Give the last lines that the server wrote, to put behind a message."""
        if self._log is None:
            return ""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").split("\n")
        said = "\n".join(line for line in lines if line.strip()).strip()
        return f"; it last said:\n{said[-800:]}" if said else ""

    def _end(self) -> None:
        process, self._process, self._ready = self._process, None, False
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
        if self._log is not None:
            self._log.close()
            self._log = None

    def _launch(self) -> None:
        config = self.config
        if self._process is not None:
            raise ServerError(f"the {config.name} model server runs already")
        if not config.model.is_file():
            raise ServerError(
                f"the weights of {config.name} are missing: no file {config.model}; pull them with `voice models pull`"
            )
        if config.adapter is not None and not config.adapter.is_file():
            raise ServerError(
                f"the adapter of {config.name} is missing: no file {config.adapter}; make one with `voice finetune`, "
                "or take the key out of the profile"
            )
        port = self._port or config.port
        if port and not _is_free(port):
            raise ServerError(f"port {port} for {config.name} is taken; choose another, or 0 for any free one")
        if config.state is not None:
            config.state.mkdir(parents=True, exist_ok=True)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in stop)
        environment = {"GOMP_SPINCOUNT": str(_SPINS), **os.environ}
        self._process = subprocess.Popen(
            self._command(port), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env=environment
        )

    def _command(self, port: int) -> list[str]:
        config = self.config
        command = [sys.executable, "-m", "voice.llm.child", "--model", str(config.model), "--name", config.name]
        if config.adapter is not None:
            command += ["--adapter", str(config.adapter)]
        command += ["--port", str(port), "--threads", str(config.threads)]
        command += ["--context", str(config.context), "--slots", str(config.slots)]
        if config.template is not None:
            command += ["--template", str(config.template)]
        if config.state is not None:
            command += ["--state", str(config.state)]
        return command

    def _finish_launch(self) -> None:
        try:
            self._await_ready()
        except BaseException:
            self._end()
            raise

    def _await_ready(self) -> None:
        process, config = self._process, self.config
        assert process is not None
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:  # `select` itself takes no descriptor from 1024 on
            selector.register(process.stdout, selectors.EVENT_READ)
            ready = selector.select(config.startup_seconds)
        if not ready:
            raise ServerError(f"{config.name} was not ready after {config.startup_seconds:g} s{self.tail()}")
        line = process.stdout.readline()
        try:
            message = json.loads(line)
        except ValueError:
            process.wait()
            raise ServerError(f"{config.name}'s server ended with code {process.returncode}{self.tail()}") from None
        if "error" in message:
            raise ServerError(f"{config.name} cannot be served from {config.model}: {message['error']}{self.tail()}")
        self._port, self._ready = int(message["port"]), True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
