"""Which turns a policy learns from, is chosen on, and is reported on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from voice.bench.outcomes import RecordedOutcome

SPLITS = ("train", "dev", "test")
_TRAIN, _DEV = 0.6, 0.8


def split_of(name: str) -> str:
    """Put a call or a turn into ``train``, ``dev`` or ``test`` (6 : 2 : 2) by its name; always into the same one."""
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32
    return "train" if share < _TRAIN else "dev" if share < _DEV else "test"


def shared_out(outcomes: Sequence[RecordedOutcome]) -> tuple[RecordedOutcome, ...]:
    """Put turns into splits by their ids, if not one of them says that it belongs to one."""
    if any(outcome.split in SPLITS for outcome in outcomes):
        return tuple(outcomes)
    return tuple(replace(outcome, split=split_of(outcome.call or outcome.id)) for outcome in outcomes)
