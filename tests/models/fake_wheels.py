"""Small wheels, made on the spot, and the catalogue that describes them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from voice.models.catalogue import File, Model, Part

PART_BYTES = 3000


def content(seed: str, size: int = PART_BYTES) -> bytes:
    return hashlib.shake_256(seed.encode()).digest(size)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def package(number: int) -> str:
    return f"acme-weights-part{number}"


def wheel_name(number: int) -> str:
    return f"acme_weights_part{number}-1.2.0-py3-none-any.whl"


def make_wheels(folder: Path, count: int = 3) -> None:
    """Wheels 1…count with a part each, and in the last one a small file beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        with zipfile.ZipFile(folder / wheel_name(number), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"acme/part{number}.bin", content(f"part{number}"))
            archive.writestr("acme/__init__.py", "raise SystemExit('a wheel is never imported')")
            info = f"acme_weights_part{number}-1.2.0.dist-info"
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package(number)}\nVersion: 1.2.0\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
            if number == count:
                archive.writestr("acme/config.json", content("config", 50))


def make_catalogue(count: int = 3, name: str = "acme") -> Mapping[str, Model]:
    """A folder model: ``weights.bin`` of all parts, and ``config.json``; and ``one``, a model of a single file."""
    parts = tuple(
        Part(f"{package(n)}==1.2.0", f"acme/part{n}.bin", PART_BYTES, sha256(content(f"part{n}")))
        for n in range(1, count + 1)
    )
    whole = b"".join(content(f"part{n}") for n in range(1, count + 1))
    config = Part(f"{package(count)}==1.2.0", "acme/config.json", 50, sha256(content("config", 50)))
    weights = File("weights.bin", len(whole), sha256(whole), parts)
    settings = File("config.json", 50, config.sha256, (config,))
    single = File("only.bin", PART_BYTES, parts[0].sha256, parts[:1])
    return {
        name: Model(name, "Acme weights", "tests", "MIT", True, (weights, settings)),
        "one": Model("one", "One file", "tests", "MIT", False, (single,)),
    }


class CopiedWheels:
    """A stand-in for pip: copies wheels from a folder into the staging folder, and remembers which."""

    def __init__(self, folder: Path, before: Callable[[Part], None] = lambda part: None) -> None:
        self.folder = folder
        self.before = before
        self.fetched: list[str] = []

    def wheel(self, part: Part, folder: Path, arrived: Callable[[int], None]) -> Path:
        for old in folder.glob(part.wheel_prefix + "*.whl"):
            return old
        self.before(part)
        self.fetched.append(part.package.partition("==")[0])
        (source,) = self.folder.glob(part.wheel_prefix + "*.whl")
        data = source.read_bytes()
        arrived(len(data) // 2)
        target = folder / source.name
        target.write_bytes(data)
        return target
