"""Targets as they are given on the command line: shares and amounts that make sense."""

from __future__ import annotations

import argparse
import math


def share(text: str) -> float:
    """Read a share, 0…1.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    value = _number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"a share lies in 0…1, such as 0.4 for 40%, got {text!r}")
    return value


def amount(text: str) -> float:
    """Read an amount of money or seconds, at least 0.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    value = _number(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"an amount is a finite number, at least 0, got {text!r}")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"use a number, got {text!r}") from None
