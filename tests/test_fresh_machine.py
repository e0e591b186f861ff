"""What a machine that has nothing is told, with stand-ins for its programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PYTHON = """#!/bin/sh
# A Python {version} that can make environments once the file ensurepip exists.
case "$*" in
    *version_info*) exit {too_old} ;;
    *ensurepip*) [ -e ensurepip ] ;;
    *"-m venv"*) mkdir -p made/bin && cp "$0" made/bin/python ;;
    *) echo "$*" >> pip.log ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with a PATH of its own in ``bin``: the usual tools, a user who is not root, and no Python."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "grep", "mkdir", "cp", "touch", "uname"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    program(tmp_path, "id", "#!/bin/sh\necho 1000\n")
    program(tmp_path, "ldconfig", "#!/bin/sh\necho libgomp.so.1\n")
    return tmp_path


def program(machine: Path, name: str, text: str) -> None:
    path = machine / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def python(machine: Path, version: str = "3.11", name: str = "python3") -> None:
    program(machine, name, PYTHON.format(version=version, too_old=int(version < "3.11")))


def make_venv(machine: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "scripts" / "make_venv.sh"), "made"]
    environment = {"PATH": str(machine / "bin"), **variables}
    return subprocess.run(command, cwd=machine, env=environment, capture_output=True, text=True, check=False)


def test_an_environment_is_made_with_a_suitable_python(machine: Path):
    python(machine)
    (machine / "ensurepip").touch()
    assert make_venv(machine).returncode == 0
    assert (machine / "made" / "bin" / "python").exists()


@pytest.mark.parametrize("version", [None, "3.10"])
def test_a_missing_or_old_python_is_said_with_what_is_needed(machine: Path, version: str | None):
    if version:
        python(machine, version)
    done = make_venv(machine)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_debians_missing_venv_is_said_with_the_command(machine: Path):
    python(machine)
    done = make_venv(machine)
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv\n" in done.stderr


@pytest.mark.parametrize(("name", "package"), [("python3.12", "python3.12-venv"), ("python", "python3-venv")])
def test_the_chosen_pythons_own_package_is_said(machine: Path, name: str, package: str):
    python(machine, "3.12", name)
    assert f"sudo apt-get install {package}\n" in make_venv(machine, PYTHON=name).stderr
    assert f"sudo apt-get install {package}\n" in make_venv(machine, PYTHON=str(machine / "bin" / name)).stderr


def test_a_missing_system_library_is_said_with_the_command(machine: Path):
    python(machine)
    (machine / "ensurepip").touch()
    program(machine, "ldconfig", "#!/bin/sh\necho libc.so.6\n")
    done = make_venv(machine)
    assert done.returncode == 1
    assert "sudo apt-get install libgomp1\n" in done.stderr


def test_root_gets_what_is_missing_installed(machine: Path):
    python(machine)
    program(machine, "id", "#!/bin/sh\necho 0\n")
    program(machine, "apt-get", '#!/bin/sh\necho "$*" >> apt.log\ntouch ensurepip\n')
    done = make_venv(machine)
    assert done.returncode == 0, done.stderr
    assert "install -y --no-install-recommends python3-venv" in (machine / "apt.log").read_text()


def test_root_without_a_network_is_told_what_apt_said(machine: Path):
    python(machine)
    program(machine, "id", "#!/bin/sh\necho 0\n")
    program(machine, "apt-get", "#!/bin/sh\necho Temporary failure resolving; exit 100\n")
    done = make_venv(machine)
    assert done.returncode == 1
    assert "Temporary failure resolving" in done.stderr


def test_a_build_server_gets_the_python_that_slim_images_lack(machine: Path):
    (machine / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", machine / ".ci")
    for name in ("bash", "dirname"):
        (machine / "bin" / name).symlink_to(shutil.which(name) or name)
    for name in ("make", "git", "timeout"):
        program(machine, name, "#!/bin/sh\n")
    program(machine, "apt-get", '#!/bin/sh\necho "$*" >> apt.log\n')
    command, environment = ["bash", str(machine / ".ci" / "run")], {"PATH": str(machine / "bin")}
    done = subprocess.run(command, cwd=machine, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert " python3 " in (machine / "apt.log").read_text()


def test_a_second_setup_does_nothing(tmp_path: Path):
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    (tmp_path / ".venv" / ".installed").touch()
    environment = {**os.environ, "MAKEFLAGS": ""}
    done = subprocess.run(["make", "setup"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing to be done" in done.stdout
