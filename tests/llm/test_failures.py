"""What a provider says when it fails is read, and told with what to do."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from voice.llm.failures import NoAnswer, advice, brief, error_of, rest_seconds


def status(code: int, **headers: str) -> openai.APIStatusError:
    kind = openai.RateLimitError if code == 429 else openai.APIStatusError
    response: Any = type("Response", (), {"status_code": code, "headers": headers, "request": None})()
    return kind("no", response=response, body=None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Tue, 01 Dec 2026 09:00:20 GMT", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 20.0),
        ({"retry-after": "Tue, 01 Dec 2026 08:00:00 GMT", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "Tue, 01 Dec 2026 09:00:20 GMT"}, 0.0),
        ({"retry-after": "Tue, 01 Dec 2026 09:00:20", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 20.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "inf"}, 0.0),
        ({"retry-after": "nan"}, 0.0),
        ({}, 0.0),
    ],
)
def test_the_rest_that_a_provider_asks_for_is_read_in_every_form(headers: dict[str, str], seconds: float) -> None:
    assert rest_seconds(status(429, **headers)) == seconds


def test_what_has_no_status_asks_for_no_rest() -> None:
    assert rest_seconds(TimeoutError()) == 0.0


@pytest.mark.parametrize(
    ("failure", "error", "told", "fix"),
    [
        (status(401), "refused", "refused (401)", "api_key_env"),
        (status(404), "refused", "refused (404)", "/v1"),
        (status(400), "refused", "refused (400)", "token_limit"),
        (status(429), "rate_limited", "rate_limited (429)", "quota"),
        (status(503), "down", "down (503)", "status page"),
        (TimeoutError(), "slow", "slow", "first_token_timeout_seconds"),
        (NoAnswer("content-type text/html"), "down", "down", "base_url"),
        (ValueError("no JSON"), "broken_json", "broken_json", "base_url"),
    ],
)
def test_every_failure_has_a_name_and_what_to_do(failure: Exception, error: str, told: str, fix: str) -> None:
    assert (error_of(failure), brief(failure)) == (error, told)
    assert fix in advice(failure)
