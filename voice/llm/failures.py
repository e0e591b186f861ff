"""What went wrong with a request, in the words of drafts, of `/health` and of whoever has to mend it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import openai

from voice.redaction import KEY, redact

REASON_LETTERS = 300
"""How much is kept of what a provider says when it refuses."""

_READ_LETTERS = 2000
"""How much of it is looked at: some answer with a whole web page."""

_KEY_LETTERS = 8
"""An API key of fewer is no secret: servers without one take any text."""


class NoAnswer(ValueError):
    """What came is no stream of a chat completion, or none that came to its end. The message says what it is."""


def error_of(failure: Exception) -> str:
    """Give the draft's error: ``slow``, ``rate_limited``, ``refused``, ``down`` or ``broken_json``."""
    match failure:
        case TimeoutError() | openai.APITimeoutError():
            return "slow"
        case openai.RateLimitError():
            return "rate_limited"
        case openai.APIStatusError(status_code=code) if code < 500:
            return "refused"
        case openai.APIError() | NoAnswer():
            return "down"
        case _:
            return "broken_json"


def is_unsent(failure: Exception) -> bool:
    """Tell whether the request never left: there was no connection to send it over.

    The class is told by its name, which is the same in httpx and httpx2: openai comes with either.
    """
    return isinstance(failure, openai.APIConnectionError) and type(failure.__cause__).__name__ == "ConnectError"


def brief(failure: Exception) -> str:
    """Name it in a word or two, such as ``refused (401)``."""
    error = error_of(failure)
    return f"{error} ({failure.status_code})" if isinstance(failure, openai.APIStatusError) else error


def reason(failure: Exception, key: str) -> str:
    """Tell in a short line what was said, without the key and whatever else must not be kept."""
    said = " ".join(_said(failure).split())[:_READ_LETTERS]
    if len(key) >= _KEY_LETTERS:
        said = said.replace(key, KEY)
    return redact(said)[:REASON_LETTERS]


def rest_seconds(failure: Exception) -> float:
    """Say how long the provider asks to be left alone, by ``Retry-After``; 0 where it does not."""
    if not isinstance(failure, openai.APIStatusError):
        return 0.0
    headers = failure.response.headers
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    until, now = _date(headers.get("retry-after")), _date(headers.get("date"))
    return max(0.0, (until - now).total_seconds()) if until and now else 0.0


def advice(failure: Exception) -> str:
    """Say what to look at."""
    match failure:
        case openai.APIStatusError(status_code=401 | 403):
            return "the key is not accepted: check the variable that api_key_env names, and that it is this provider's"
        case openai.APIStatusError(status_code=404 | 405):
            return "check base_url, which ends in /v1 with most servers, and the name of the model"
        case openai.RateLimitError():
            return "its rate limit or its quota is used up: wait, or have it raised"
        case openai.APIStatusError(status_code=code) if code < 500:
            return (
                "it does not take the request: dialect, token_limit, temperature, logprobs, seed and extra of the "
                "tier change what it is asked"
            )
        case openai.APIStatusError():
            return "the server has failed: look at its log or its status page"
        case TimeoutError() | openai.APITimeoutError():
            return "it is too slow, or hangs: look at the server, or raise first_token_timeout_seconds"
        case openai.APIConnectionError():
            return "check base_url, and whether the server runs and can be reached from here"
        case openai.APIError():
            return "the server has failed in the middle of an answer: look at its log"
        case _:
            return "this is no stream of an OpenAI-compatible server: check base_url"


def _said(failure: Exception) -> str:
    match failure:
        case openai.APIConnectionError(__cause__=Exception() as cause):
            return f"{failure} {cause}"
        case openai.APIStatusError(body=body) if body and " - " not in str(failure):
            return f"{failure} - {body}"  # the client takes no message from a body of another shape than OpenAI's
        case _:
            return str(failure) or "no answer in time"


def _date(header: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
