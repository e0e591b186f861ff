from __future__ import annotations

import pytest

from voice.bench.numbers.proportions import share, wilson


@pytest.mark.parametrize(
    ("held", "n", "low", "high"),
    # (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n) by hand, z = 1.959964
    [(5, 10, 0.2366, 0.7634), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0), (90, 100, 0.8256, 0.9448)],
)
def test_the_interval_of_a_share_stays_within_zero_and_one(held: int, n: int, low: float, high: float):
    assert wilson(held, n) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_is_unknown():
    assert share([]) == {"n": 0, "exact": None, "ci95": None}
    assert share([True, False])["exact"] == 0.5
