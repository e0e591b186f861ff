from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dockerfile_steps import Image, StepFailed, healthcheck, parse, sources, stages
from voice import models

ROOT = Path(__file__).parents[1]
STEPS = parse((ROOT / "Dockerfile").read_text())


def instructions(steps: list, name: str) -> list[str]:
    return [step.text for step in steps if step.instruction == name]


def test_the_image_runs_without_root():
    last = stages(STEPS)[-1]
    assert instructions(last, "USER") == ["voice"]
    after = [step.instruction for step in last[[step.instruction for step in last].index("USER") :]]
    assert "RUN" not in after


def test_models_live_in_a_volume():
    (volume,) = instructions(STEPS, "VOLUME")
    assert "/models" in volume
    assert any("XDG_CACHE_HOME=/models" in text for text in instructions(STEPS, "ENV"))


def test_only_the_last_stage_is_shipped_and_it_holds_no_compiler_and_no_source():
    last = stages(STEPS)[-1]
    assert len(stages(STEPS)) == 2
    assert [text for text in instructions(last, "COPY") if text.startswith("--from=build")] == [
        "--from=build /venv /venv"
    ]


def test_everything_that_is_copied_exists_and_is_in_the_build_context():
    allowed = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    for source in sources(STEPS):
        assert (ROOT / source).exists(), source
        assert source in allowed, f"{source} is shut out by .dockerignore"


def test_the_health_check_asks_the_port_that_is_served():
    (port,) = instructions(STEPS, "EXPOSE")
    (command,) = instructions(stages(STEPS)[-1], "CMD")
    assert f'"{port}"' in command
    assert f":{port}/health" in " ".join(healthcheck(STEPS))


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    image = Image(ROOT, tmp_path_factory.mktemp("image"))
    image.build(STEPS)
    image.place("/models").rmdir()
    image.place("/models").symlink_to(models.default_store().root.parents[1])
    yield image
    shutil.rmtree(image.place("/venv"))


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.real
def test_only_steps_that_change_the_system_were_left_out(image: Image):
    assert [step.text.split()[0] for step in image.left_out] == ["apt-get", "useradd"]


@pytest.mark.real
def test_the_entrypoint_passes_commands_on(image: Image):
    assert "usage: voice" in image.run([*image.entrypoint, "--help"])


@pytest.mark.real
def test_the_installed_package_holds_its_data_files(image: Image):
    assert "llm-fast" in image.run(["voice", "models", "list"])
    assert "embedded" in image.run(["voice", "config", "show"])
    where = image.run(["python", "-c", "import voice, sys; sys.stdout.write(voice.__file__)"])
    assert where.startswith(str(image.place("/venv")))


@pytest.fixture
def server(image: Image, free_port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The image's default command on a free port, until the test ends."""
    command = [word.replace("7860", str(free_port)) for word in (*image.entrypoint, *image.command)]
    with subprocess.Popen(**image.call(command), start_new_session=True) as server:
        yield server
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            assert server.wait(timeout=60) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)


@pytest.mark.real
def test_the_default_command_becomes_healthy(image: Image, server: subprocess.Popen[bytes], free_port: int):
    check = [word.replace("7860", str(free_port)) for word in healthcheck(STEPS)]
    for _ in range(180):
        assert server.poll() is None, "the server ended; see its output"
        try:
            image.run(check)
        except StepFailed:
            time.sleep(1)
        else:
            return
    pytest.fail("the server did not become healthy within three minutes")
