from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from voice.redaction import redact, redacted
from voice.trace import Line, Trace


@pytest.fixture
def few_seconds() -> Iterator[None]:
    """Of the processor's time, which does not run faster on a busy machine."""

    def fail(*_: object) -> None:
        pytest.fail("it takes too long")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, 10)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("My card is 4111 1111 1111 1111, thanks", "My card is [card], thanks"),
        ("5500-0000-0000-0004", "[card]"),
        ("four one one one, one one one one one one one one one one one one", "[card]"),
        ("the security code on the back is nine two one", "the security code on the back is [security code]"),
        ("CVV: 123, please", "CVV: [security code], please"),
        ("the cvv is 12345678 or so", "the cvv is [security code] or so"),
        ("write to jo.doe@example.com", "write to [e-mail]"),
        ("it's jo at example dot com", "it's [e-mail]"),
        ("it's jo dot b.doe at mail dot example dot co dot uk", "it's jo dot [e-mail]"),
        ("jo@example.com+bo@example.com, ..at bo at example dot com", "[e-mail][e-mail], ..at [e-mail]"),
        ("call +1 (415) 555-2671", "call +[phone]"),
        ("on 415.555.2671 or 4155552671", "on [phone] or [phone]"),
        ("key sk-abcDEF1234567890abcd", "key [key]"),
        ("Authorization: Bearer abcdefgh.ijk", "Authorization: Bearer [key]"),
    ],
)
def test_what_must_not_be_kept_is_taken_out(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "It's QT44LZ at 9:15 AM for $1,214 on 2026-11-24 at 10:30",
        "2026-11-24T11:10:29",
        "flights 412 and 1209 at 10:15 and 11:20, 3 bags, two people",
        "December 3, 5, 7, 9 and 11",
        "fares are $99, $120, $214, $300, $410",
        "call1-bc60e75c0941",
    ],
)
def test_what_calls_are_about_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "1" * 5000 + "a",
        "one" * 5000 + "a",
        "1 " * 3 + "1" * 5000 + "a",
        "cvv " + "1" * 5000 + "a",
        "a" * 100_000,
        "a." * 50_000,
        "a dot " * 20_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_long_text_in_which_there_is_nothing_takes_no_long_time_and_stays(text: str, few_seconds: None) -> None:
    assert redact(text) == text


def test_no_line_of_a_trace_holds_a_card_number_however_deep_it_lies_or_however_it_is_cut_into_tokens() -> None:
    lines: list[Line] = []
    trace = Trace("c1", 0.0, lines.append)
    card = "4111 1111 1111 1111"
    trace.write(
        1.0,
        1,
        "drafted",
        {
            "text": card,
            "tokens": ("41", "11 1111", " 1111 1111"),
            "actions": [{"action": "pay", "card": card, "digits": 4111111111111111}],
            "logprobs": [-0.1, -0.2, -0.3],
            "verdict": "accept",
        },
    )
    assert "1111" not in str(lines)
    assert lines[0]["tokens"] == ("…", "…", "…")
    assert lines[0]["logprobs"] == [-0.1, -0.2, -0.3]


def test_what_is_no_text_stays_as_it_is() -> None:
    assert redacted({"n": 3, "x": None, "y": [1.5, True], "t": ("a",)}) == {
        "n": 3,
        "x": None,
        "y": [1.5, True],
        "t": ("a",),
    }
