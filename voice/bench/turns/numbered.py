"""The lines of a file that holds a JSON object in each."""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def numbered_lines(path: Path, errors: Literal["strict", "replace"] = "strict") -> list[tuple[int, str]]:
    """Give the lines that are not blank, each with its number, from 1.

    Only a line feed ends a line: within a text JSON leaves other separators, such as U+2028, as they are.

    Args:
        path: The file, in UTF-8.
        errors: ``replace`` where the file may have been cut in the middle of a character.

    Raises:
        OSError, UnicodeDecodeError: it can't be read.
    """
    texts = path.read_text(encoding="utf-8", errors=errors).split("\n")
    return [(number, text) for number, text in enumerate(texts, start=1) if text.strip()]
