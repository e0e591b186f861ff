"""Which turns a policy learns from, is chosen on, and is reported on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from voice.bench.turns.outcomes import RecordedOutcome

SPLITS = ("train", "dev", "test")
_TRAIN, _DEV = 0.6, 0.8

LEAST = 40
"""So many turns or calls leave no split empty but once in four thousand times."""


def split_of(name: str) -> str:
    """Put a call or a turn into ``train``, ``dev`` or ``test`` (6 : 2 : 2) by its name; always into the same one."""
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32
    return "train" if share < _TRAIN else "dev" if share < _DEV else "test"


class TooFew(ValueError):
    """So few turns can't be shared out; the message says how many it takes."""


def shared_out(outcomes: Sequence[RecordedOutcome]) -> tuple[RecordedOutcome, ...]:
    """Put turns into splits by their ids, those of a call by its id, if not one says that it belongs to one.

    Raises:
        TooFew: a split got none.
    """
    if any(outcome.split in SPLITS for outcome in outcomes):
        return tuple(outcomes)
    shared = tuple(replace(outcome, split=split_of(outcome.call or outcome.id)) for outcome in outcomes)
    if missing := [name for name in SPLITS if all(outcome.split != name for outcome in shared)]:
        units = len({outcome.call or outcome.id for outcome in outcomes})
        what = f"{len(outcomes)} turns" + (f" of {units} calls and labelled turns" if units < len(outcomes) else "")
        raise TooFew(
            f"{what}, none of which names its split, are too few to share out: {' and '.join(missing)} would get none. "
            f"Give at least {LEAST} (which go 6 : 2 : 2 to train, dev and test), or give turns a 'split'"
        )
    return shared
