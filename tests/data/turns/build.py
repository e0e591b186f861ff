"""Makes the labelled turns from their patterns, the same each time, and proves what the README says of them.

``python -m tests.data.turns.build`` writes the files, with ``--check`` it only says what is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from tests.data.turns import checks
from tests.data.turns.notation import SLOT, WITHDRAWN, fill, label, put

HERE = Path(__file__).resolve().parent
SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as made.

    Attributes:
        data: The labelled turn, as in the file.
        pattern: What it was made from; the text itself for a turn without slots.
        withdrawn: What the caller took back.
    """

    data: dict[str, Any]
    pattern: str
    withdrawn: tuple[str, ...]


def vocabulary() -> dict[str, Any]:
    """Read the words of all splits."""
    return tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))


def make(split: str) -> list[Turn]:
    """Make the turns of a split."""
    words = vocabulary()[split]
    kinds: Counter[str] = Counter()
    turns: list[Turn] = []
    seen: set[str] = set()
    for group in tomllib.loads((HERE / f"{split}.toml").read_text(encoding="utf-8"))["group"]:
        for entry in group["turns"]:
            for pattern, text, expect in _filled(split, entry, group.get("fills", 1), words, seen):
                kinds[group["kind"]] += 1
                agent, bookings = [*entry[2:], "", ""][:2]
                data = {
                    "id": f"{split}-{group['kind']}-{kinds[group['kind']]:02}",
                    "split": split,
                    "complexity": group["complexity"],
                    "kind": group["kind"],
                    "context": {"agent": agent, "bookings": bookings.split()},
                    "text": WITHDRAWN.sub(r"\1", text),
                    "expect": label(expect),
                }
                turns.append(Turn(data, pattern, tuple(WITHDRAWN.findall(text))))
    return turns


def _filled(
    split: str, entry: list[str], fills: int, words: dict[str, Any], seen: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Give a pattern's fillings, none of which is in ``seen``, as ``(pattern, text, label)``."""
    pattern, expect = entry[:2]
    left = fills if SLOT.search(pattern) else 1
    for attempt in count(0):
        if left == 0:
            return
        chosen = fill(pattern, words, Random(f"{split} {attempt} {pattern}"))
        text = put(pattern, chosen)
        if text in seen:
            continue
        left -= 1
        seen.add(text)
        start = 1 if text.startswith("~") else 0
        yield WITHDRAWN.sub(r"\1", pattern), text[: start + 1].upper() + text[start + 1 :], put(expect, chosen)


def lines(turns: list[Turn]) -> str:
    """Give the file of a split."""
    return "".join(json.dumps(turn.data, ensure_ascii=False) + "\n" for turn in turns)


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    args = parser.parse_args()
    made = {split: make(split) for split in SPLITS}
    wrong = checks.problems({name: [*turns] for name, turns in made.items()}, vocabulary())
    for split, turns in made.items():
        path = HERE / f"{split}.jsonl"
        if not args.check:
            path.write_text(lines(turns), encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != lines(turns):
            wrong.append(f"{path.name} is not what its patterns give: run `python -m tests.data.turns.build`")
        sizes = Counter(turn.data["complexity"] for turn in turns)
        alone = sum(not SLOT.search(turn.pattern) for turn in turns)
        sys.stdout.write(f"{split}: {sizes['simple']} simple, {sizes['complex']} complex; {alone} without a pattern\n")
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
