"""How sure a tier was of its draft: the probabilities of its tokens, those that choose apart from those that fill in.

*Action tokens* are the names, keys and punctuation: which action, which arguments, how many. *Argument tokens* are the
values: which city, which date. A token that holds some of both counts as an argument's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from voice.cascade.words import Draft


@dataclass(frozen=True, slots=True)
class Confidence:
    """The log-probabilities of a draft's tokens, in order. ``actions`` and ``arguments`` may be empty."""

    all: tuple[float, ...]
    actions: tuple[float, ...]
    arguments: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The geometric mean of all token probabilities, 0…1."""
        return math.exp(sum(self.all) / len(self.all))


def confidence_of(draft: Draft) -> Confidence | None:
    """Take a draft's log-probabilities apart; None where there are none.

    Without the tokens themselves, all of them count as both.
    """
    if not draft.logprobs:
        return None
    return _taken_apart(draft.tokens, draft.logprobs)


@lru_cache(maxsize=64)
def _taken_apart(tokens: tuple[str, ...], logprobs: tuple[float, ...]) -> Confidence:
    if len(tokens) != len(logprobs):
        return Confidence(logprobs, logprobs, logprobs)
    values = value_characters("".join(tokens))
    actions: list[float] = []
    arguments: list[float] = []
    at = 0
    for token, logprob in zip(tokens, logprobs, strict=True):
        (arguments if any(values[at : at + len(token)]) else actions).append(logprob)
        at += len(token)
    return Confidence(logprobs, tuple(actions), tuple(arguments))


def value_characters(text: str) -> list[bool]:
    """Say of each character of an answer, whole or cut short, whether it belongs to a value's contents.

    In JSON, quotes, keys and punctuation do not; of what is no JSON, the letters outside of strings do. Elsewhere an
    answer is lines of a name and ``/key`` fields, each with its value behind a space.
    """
    return _json_values(text) if text.lstrip()[:1] in ("{", "[") else _line_values(text)


def _line_values(text: str) -> list[bool]:
    marks: list[bool] = []
    in_value = False
    for at, character in enumerate(text):
        if character == "\n" or (character == "/" and not text[at + 1 : at + 2].isdigit()):
            in_value = False
        marks.append(in_value)
        in_value = in_value or character == " "
    return marks


def _json_values(text: str) -> list[bool]:
    marks: list[bool] = []
    nesting: list[str] = []
    in_string = escaped = is_key = False
    expects_key = False
    for character in text:
        if in_string:
            closes = character == '"' and not escaped
            marks.append(not closes and not is_key)
            escaped = character == "\\" and not escaped
            in_string = not closes
            continue
        marks.append(not character.isspace() and character not in '{}[],:"')
        match character:
            case "{" | "[":
                nesting.append(character)
                expects_key = character == "{"
            case "}" | "]":
                nesting = nesting[:-1]
            case ",":
                expects_key = nesting[-1:] == ["{"]
            case ":":
                expects_key = False
            case '"':
                in_string, is_key, escaped = True, expects_key, False
            case _:
                pass
    return marks


def quantile(logprobs: Sequence[float], share: float) -> float:
    """Give the log-probability below which this share of the tokens lies; 0 is the least certain token.

    Interpolated linearly between tokens.

    Raises:
        ValueError: there are none.
    """
    if not logprobs:
        raise ValueError("no tokens have no quantile")
    ordered = sorted(logprobs)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])
