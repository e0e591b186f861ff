"""Makes outcomes with a known truth: easy turns are read right by everybody, hard ones by the larger tiers."""

from __future__ import annotations

import random
from collections.abc import Sequence

from voice.bench.turns.outcomes import ReadingOutcome, RecordedOutcome, TierOutcome
from voice.cascade.words import Entity

TIERS = ("fast", "strong")
_SKILL = {"fast": 0.9, "middle": 1.6, "strong": 2.4}
_SECONDS = {"fast": 0.5, "middle": 1.0, "strong": 2.0}
_COST = {"fast": 1e-4, "middle": 4e-4, "strong": 1e-3}


def make(n: int = 300, seed: int = 1, tiers: Sequence[str] = TIERS) -> list[RecordedOutcome]:
    """Give so many turns: 60% train, 20% dev, 20% test."""
    chance = random.Random(seed)
    return [_turn(index, n, chance, tiers) for index in range(n)]


def _turn(index: int, n: int, chance: random.Random, tiers: Sequence[str]) -> RecordedOutcome:
    hard = chance.random()
    legs = 1 if hard < 0.6 else chance.choice([1, 2, 3])
    want = {"action": "search", "legs": [{"to": "Denver"}] * legs}
    wrong = {"action": "search", "legs": [{"to": "Dover"}]}
    read_right = hard < 0.5 or chance.random() < 0.4
    reading = ReadingOutcome(
        text="Denver please " * legs,
        actions=(want if read_right else wrong,),
        certain=read_right and chance.random() < 0.7,
        asked=False,
        legs=legs,
        requests=1,
        corrected=False,
        entities=(Entity("place", "Denver"),) * legs,
        misheard=(),
        exact=read_right,
        seconds=0.002,
    )
    split = "train" if index < 0.6 * n else "dev" if index < 0.8 * n else "test"
    return RecordedOutcome(
        id=f"t{index}",
        split=split,
        complexity="complex" if legs > 1 else "simple",
        kind=f"search-{index % 7}",
        text=reading.text,
        agent="",
        bookings=(),
        expect=(want,),
        reading=reading,
        tiers={name: _tier(name, hard, want, wrong, read_right, chance) for name in tiers},
        version="v1",
    )


def _tier(
    name: str, hard: float, want: dict[str, object], wrong: dict[str, object], read: bool, chance: random.Random
) -> TierOutcome:
    right = chance.random() < max(0.05, 1 - hard / _SKILL[name])
    sure = -0.02 - chance.random() * 0.05 if right else -0.05 - chance.random() * 0.8
    complete = 1.0 if right or chance.random() < 0.6 else 0.5
    return TierOutcome(
        actions=(want if right else wrong,),
        text='{"do":[{"search":"Denver"}]}',
        tokens=('{"do":[{"', "search", '":"', "Denver", '"}]}'),
        logprobs=(-0.001, sure, -0.001, 2 * sure, -0.001),
        completeness=complete,
        correctness=1.0,
        agreement=right == read,
        problems=() if complete == 1 else ("a leg is left out",),
        irreversible=False,
        error=None,
        seconds=_SECONDS[name] * (0.8 + 0.4 * chance.random()),
        examine_seconds=0.001,
        prompt_tokens=900,
        output_tokens=20,
        cost=_COST[name],
        exact=right,
    )
