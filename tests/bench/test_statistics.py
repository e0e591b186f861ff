"""Percentiles are values that were measured; intervals come from draws of whole calls."""

from __future__ import annotations

import numpy as np
import pytest

from voice.bench.numbers.statistics import Resamples, distribution, interval, percentile, share


@pytest.mark.parametrize(
    ("values", "p50", "p90", "p95"),
    [
        ([], None, None, None),
        ([700], 700, 700, 700),
        ([700, 100], 400, 700, 700),
        ([3, 1, 2], 2, 3, 3),
        (list(range(1, 20)), 10, 18, 19),
        (list(range(1, 21)), 10.5, 18, 19),
        (list(range(1, 101)), 50.5, 90, 95),
    ],
)
def test_percentiles_of_few_values_are_values_that_were_measured(
    values: list[float], p50: float, p90: float, p95: float
):
    assert [percentile(values, percent) for percent in (50, 90, 95)] == [p50, p90, p95]


@pytest.mark.parametrize("percent", [50, 90, 95, 99])
def test_a_percentile_on_a_draw_is_that_of_the_turns_of_the_drawn_calls(percent: int):
    values = [(f"c{number % 7}", float((number * 37) % 101)) for number in range(60)]
    draws = Resamples([name for name, _ in values], draws=20)
    counts = draws.counts
    for row, drawn in zip(counts, draws.percentile(values, percent), strict=True):
        sample = [value for name, value in values for _ in range(row[int(name[1:])])]
        assert drawn == percentile(sample, percent)


def test_the_same_run_has_the_same_intervals():
    values = [(f"c{number}", float(number)) for number in range(12)]
    assert distribution(values) == distribution(list(reversed(values)))


def test_an_interval_holds_its_figure_and_narrows_with_more_calls():
    def width(calls: int) -> float:
        values = [
            (f"c{number}", float(value)) for number, value in enumerate(np.random.default_rng(3).normal(9, 1, calls))
        ]
        figure = distribution(values)
        low, high = figure["ci95"]["p50"]
        assert low <= figure["p50"] <= high
        return high - low

    assert width(400) < width(20) / 2


def test_turns_of_one_call_do_not_count_as_calls_of_their_own():
    alike = [(f"c{number % 6}", float(number % 6)) for number in range(60)]
    apart = [(f"c{number}", float(number % 6)) for number in range(60)]
    together, single = share([(c, v > 2) for c, v in alike]), share([(c, v > 2) for c, v in apart])
    assert together["share"] == single["share"]
    assert together["ci95"][1] - together["ci95"][0] > 2 * (single["ci95"][1] - single["ci95"][0])


def test_of_eighteen_calls_that_all_failed_the_nineteenth_may_not():
    assert share([(f"c{number}", 0.0) for number in range(18)])["ci95"] == [0.0, pytest.approx(0.185, abs=0.001)]
    assert share([(f"c{number}", 1.0) for number in range(18)])["ci95"] == [pytest.approx(0.815, abs=0.001), 1.0]


def test_of_few_calls_no_interval_is_given():
    assert distribution([("a", 1.0), ("b", 2.0)])["ci95"] == {"p50": None, "p90": None, "p95": None, "p99": None}
    assert share([("a", 1.0)])["ci95"] is None
    assert share([]) == {"share": None, "n": 0, "ci95": None}


def test_a_figure_that_most_draws_lack_has_no_interval():
    assert interval(np.array([np.nan, np.nan, 1.0])) is None
