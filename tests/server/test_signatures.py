"""What providers sign is known for theirs, and nothing else is."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from tests.server.signing import PUBLIC_KEY, TOKEN, basic, signed
from voice.config import ConfigError
from voice.server import signatures
from voice.server.providers import Credentials
from voice.server.signatures import Request, Unproven

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
HERE = "https://voice.example/eu/phone"


def posted(url: str, form: object, **headers: str) -> Request:
    body = urlencode(form).encode()  # type: ignore[call-overload]
    return Request(url, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        (URL, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:1234"), CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),  # signed with its port 443
        (URL.replace("https", "http"), CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),  # and with port 80
        (URL.replace("https://mycompany.com", "http://mycompany.com:1234"), CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (
            URL,
            [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (
            HERE,
            {"CallSid": "CA1", "From": "+15550001", "Name": "Zoë & Co", "Empty": ""},
            "84tYjCvUqUxwRKncPFshE5iItLg=",
        ),
        ("wss://voice.example/eu/phone", {}, "sBygb8mjqadTgHUSRe9JKknma4I="),
    ],
)
def test_twilios_own_examples_are_known_for_its(url: str, form: object, signature: str):
    assert signatures.twilio(posted(url, form, x_twilio_signature=signature), "12345") == signature
    with pytest.raises(Unproven):
        signatures.twilio(posted(url, form, x_twilio_signature=signature), "12346")


@pytest.mark.parametrize("header", ["x_plivo_signature_v3", "x_plivo_signature_ma_v3"])
@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        (HERE, {"CallUUID": "c1", "From": "15550001", "Name": "Zoë"}, "vI8ehlAv7xBasjhUWBAuYx9V6ls9xx2L4K6Q8XY1WBc="),
        (f"{HERE}?b=2&a=1", {"CallUUID": "c1", "From": "15550001"}, "Dp619CXooeVsq6pcB8DNr18gbvfMppWzTYrKY7lgqls="),
    ],
)
def test_what_plivos_own_library_signs_is_known_for_its(header: str, url: str, form: object, signature: str):
    for given in (signature, f"wrong, {signature}"):
        request = posted(url, form, **{header: given, "x_plivo_signature_v3_nonce": "12345"})
        assert signatures.plivo(request, TOKEN) == signature
    for wrong in ({header: signature[:-2]}, {"x_plivo_signature_v3_nonce": "1234"}):
        headers = {header: signature, "x_plivo_signature_v3_nonce": "12345", **wrong}
        with pytest.raises(Unproven, match="is wrong"):
            signatures.plivo(posted(url, form, **headers), TOKEN)


BODY = urlencode(CALL).encode()
CHECKS: dict[str, Callable[[Request], object]] = {
    "twilio": lambda request: signatures.twilio(request, TOKEN),
    "plivo": lambda request: signatures.plivo(request, TOKEN),
    "telnyx": lambda request: signatures.telnyx(request, PUBLIC_KEY, 1000.0),
}


@pytest.mark.parametrize("provider", CHECKS)
def test_one_byte_that_is_another_is_enough_to_be_refused(provider: str):
    headers = signed(provider, HERE, CALL, body=BODY, at=1000.0)
    CHECKS[provider](Request(HERE, headers, BODY))
    altered = [(HERE, BODY.replace(b"1234&", b"1235&")), (HERE, BODY + b"&More="), (HERE, b"")]
    if provider != "telnyx":  # has no part of the address in it
        altered += [(f"{HERE}/after", BODY), (f"{HERE}?a=1", BODY), (HERE.replace("https", "http"), BODY)]
    for url, body in altered:
        with pytest.raises(Unproven, match="is wrong"):
            CHECKS[provider](Request(url, headers, body))


@pytest.mark.parametrize("provider", CHECKS)
def test_what_is_missing_is_named(provider: str):
    headers = signed(provider, HERE, CALL, body=BODY, at=1000.0)
    for left_out in headers:
        with pytest.raises(Unproven, match=f"it has no {left_out}"):
            CHECKS[provider](Request(HERE, {name: headers[name] for name in headers if name != left_out}, BODY))


@pytest.mark.parametrize("provider", CHECKS)
@pytest.mark.parametrize("wrong", ["é", "%%%", "AAAA", "\xff", "a,b,,"])
def test_a_signature_that_is_none_is_refused(provider: str, wrong: str):
    headers = {name: wrong for name in signed(provider, HERE, CALL, body=BODY)}
    with pytest.raises(Unproven):
        CHECKS[provider](Request(HERE, headers, b"\xff%ff=%" + BODY))


@pytest.mark.parametrize("seconds", [-301.0, 301.0])
def test_telnyx_must_have_signed_it_a_short_time_ago(seconds: float):
    request = Request(HERE, signed("telnyx", HERE, CALL, body=BODY, at=1000.0), BODY)
    assert signatures.telnyx(request, PUBLIC_KEY, 1000 + seconds * 0.9) == signatures.telnyx(request, PUBLIC_KEY, 1000)
    with pytest.raises(Unproven, match="an old one, or this machine's clock is wrong"):
        signatures.telnyx(request, PUBLIC_KEY, 1000 + seconds)


@pytest.mark.parametrize(
    "wrong",
    [basic("name", "word"), basic("nam", TOKEN), basic("", ""), {"authorization": "Bearer x"}, {"authorization": ""}],
)
def test_exotel_has_the_name_and_the_password_of_its_address(wrong: dict[str, str]):
    signatures.exotel(Request(HERE, basic("name", TOKEN)), "name", TOKEN)
    with pytest.raises(Unproven, match="authorization"):
        signatures.exotel(Request(HERE, wrong), "name", TOKEN)


@pytest.mark.parametrize("key", ["none", "KEY0123", base64.b64encode(bytes(31)).decode(), "é"])
def test_a_public_key_that_is_none_is_told_at_once(key: str):
    with pytest.raises(ConfigError, match="TELNYX_PUBLIC_KEY is no public key: take the one"):
        Credentials.found_in({"TELNYX_PUBLIC_KEY": key})


def test_who_can_be_checked_depends_on_what_the_environment_has():
    some = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TELNYX_API_KEY": "k", "PLIVO_AUTH_TOKEN": "t"}
    assert Credentials.found_in(some).proving == {"twilio"}
    more = {"TELNYX_PUBLIC_KEY": f"{PUBLIC_KEY}\n", "EXOTEL_API_KEY": "name", "EXOTEL_API_TOKEN": "t"}
    assert Credentials.found_in(more).proving == {"telnyx", "exotel"}
    assert PUBLIC_KEY not in repr(Credentials.found_in(more))
