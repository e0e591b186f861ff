from collections import Counter
from dataclasses import replace

import pytest

from tests.tuning.outcomes import make
from voice.bench.turns.splits import TooFew, shared_out, split_of


def test_splits_are_of_the_promised_size_and_stay_as_they_are():
    sizes = Counter(split_of(f"call-{index}") for index in range(1000))
    assert 550 < sizes["train"] < 650
    assert 150 < sizes["dev"] < 250
    assert [split_of("c")] * 3 == [split_of("c") for _ in range(3)]


def test_turns_that_belong_to_no_split_are_shared_out():
    mine = [replace(outcome, split="mine") for outcome in make(100)]
    shared = shared_out(mine)
    assert {outcome.split for outcome in shared} == {"train", "dev", "test"}
    assert [replace(outcome, split="mine") for outcome in shared] == mine


def test_turns_of_a_call_stay_together():
    calls = [replace(outcome, split="", call=f"c{index // 3}") for index, outcome in enumerate(make(120))]
    assert len({(outcome.call, outcome.split) for outcome in shared_out(calls)}) == 40


def test_turns_that_say_where_they_belong_stay_there():
    some = [*make(20), replace(make(1)[0], id="other", split="fresh")]
    assert shared_out(some) == tuple(some)


def test_so_few_turns_that_a_split_gets_none_are_told_how_many_it_takes():
    with pytest.raises(TooFew, match=r"2 turns, none of which names its split, are too few .* at least 40 .*'split'"):
        shared_out([replace(outcome, split="") for outcome in make(2)])
