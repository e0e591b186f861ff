"""The files that a benchmark leaves, and what it refuses before it begins."""

from __future__ import annotations

import argparse

import pytest

from voice.bench.reporting import ReportError, add_report_arguments, check_report_arguments


def parsed(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_report_arguments(parser)
    return parser.parse_args([str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--json", "/nowhere/figures.json"], "there is no such folder")],
)
def test_reports_that_could_not_be_written_are_refused_before_the_run(arguments: list[str], message: str):
    with pytest.raises(ReportError, match=message):
        check_report_arguments(parsed(*arguments))
