"""Every measure against a case that was computed by hand."""

from __future__ import annotations

import pytest

from voice.tuning import metrics

WEAK, STRONG = [1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]
"""Right in both, right in the small one alone, right in the large one alone, wrong in both."""


def test_a_perfect_score_draws_the_oracles_curve() -> None:
    curve = metrics.deferral_curve([2, 3, 1, 2], WEAK, STRONG)
    assert curve.share == pytest.approx((0, 0.25, 0.75, 1))
    assert curve.quality == pytest.approx((0.5, 0.75, 0.75, 0.5))
    assert curve.area == pytest.approx(0.25 * 0.625 + 0.5 * 0.75 + 0.25 * 0.625)
    assert curve == metrics.oracle_curve(WEAK, STRONG)
    assert metrics.normalised_area(curve, WEAK, STRONG) == pytest.approx(1.0)


def test_a_score_that_tells_nothing_is_worth_as_much_as_chance() -> None:
    curve = metrics.deferral_curve([1, 1, 1, 1], WEAK, STRONG)
    assert curve.area == pytest.approx(metrics.random_area(WEAK, STRONG)) == pytest.approx(0.5)
    assert metrics.normalised_area(curve, WEAK, STRONG) == pytest.approx(0.0)


def test_the_worst_order_is_as_far_below_chance_as_the_best_is_above() -> None:
    worst = metrics.deferral_curve([2, 1, 3, 2], WEAK, STRONG)
    assert metrics.normalised_area(worst, WEAK, STRONG) == pytest.approx(-1.0)


def test_the_gap_recovered_counts_from_the_weak_to_the_strong() -> None:
    weak, strong = [0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]
    best = metrics.deferral_curve([0, 0, 1, 1], weak, strong)
    assert metrics.average_recovered(best) == pytest.approx(0.75)
    assert metrics.call_performance(best, 50) == pytest.approx(0.25)
    assert metrics.call_performance(best, 80) == pytest.approx(0.4)
    chance = metrics.deferral_curve([0, 0, 0, 0], weak, strong)
    assert metrics.average_recovered(chance) == pytest.approx(0.5)
    assert metrics.call_performance(chance, 80) == pytest.approx(0.8)


def test_without_a_gap_there_is_none_to_recover() -> None:
    curve = metrics.deferral_curve([0, 1], [1.0, 0.0], [0.0, 1.0])
    assert metrics.average_recovered(curve) is metrics.call_performance(curve, 50) is None
    assert metrics.normalised_area(metrics.deferral_curve([0, 1], [1, 1], [1, 1]), [1, 1], [1, 1]) is None


def test_calibration_is_measured_in_squares_and_in_bins() -> None:
    chances, right = [0.9, 0.9, 0.1, 0.6], [1.0, 0.0, 0.0, 1.0]
    assert metrics.brier(chances, right) == pytest.approx((0.01 + 0.81 + 0.01 + 0.16) / 4)
    bins = metrics.reliability(chances, right)
    assert [(each.n, each.was) for each in bins] == [(1, 0.0), (1, 1.0), (2, 0.5)]
    assert metrics.calibration_error(bins) == pytest.approx((0.1 + 0.4 + 2 * 0.4) / 4)
    assert metrics.reliability([1.0], [1.0])[0].n == 1


@pytest.mark.parametrize(
    ("wrong", "n", "bound"), [(0, 59, 0.0495), (0, 10, 0.2589), (5, 100, 0.1023), (3, 3, 1.0), (0, 0, 1.0)]
)
def test_the_bound_is_clopper_and_pearsons(wrong: int, n: int, bound: float) -> None:
    assert metrics.clopper_pearson_upper(wrong, n) == pytest.approx(bound, abs=1e-4)


def test_the_bound_is_the_beta_quantile_that_scipy_gives() -> None:
    stats = pytest.importorskip("scipy.stats")
    for wrong, n in ((1, 20), (7, 119), (40, 256)):
        assert metrics.clopper_pearson_upper(wrong, n) == pytest.approx(stats.beta.ppf(0.95, wrong + 1, n - wrong))
