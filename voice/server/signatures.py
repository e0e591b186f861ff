"""Whether a request really comes from a phone provider, by what only it and this server can know."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SKEW_SECONDS = 300.0
"""How far the clock in a request that tells the time may be from ours."""


class Unproven(ValueError):
    """A request that does not come from the provider, as far as can be told. The text says what is wrong with it."""


@dataclass(frozen=True)
class Request:
    """What is signed of a request.

    Attributes:
        url: As the provider wrote it, with its query.
        headers: Their names in lower case, or in a mapping that does not mind.
        body: Of a POST.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """Give a header that must be there.

        Raises:
            Unproven: it is not.
        """
        if value := self.headers.get(name):
            return value
        raise Unproven(f"it has no {name}")

    @property
    def form(self) -> dict[str, list[str]]:
        """What a form in its body says; an empty value is signed as well."""
        return parse_qs(self.body.decode("latin-1"), keep_blank_values=True)


def twilio(request: Request, token: str) -> str:
    """Check Twilio's signature, of a webhook or of a stream's handshake: HMAC-SHA1 of the URL and the sorted form.

    Whether it signs a URL with its port is not the same for all of them, so both will do.

    Returns:
        What no other request has.

    Raises:
        Unproven: it is missing or wrong.
    """
    given = request.header("x-twilio-signature")
    said = "".join(name + value for name, values in sorted(request.form.items()) for value in sorted(set(values)))
    for url in _with_and_without_port(request.url):
        if _same(given, signed := _hmac(token, url + said, "sha1")):
            return signed
    raise Unproven("its x-twilio-signature is wrong")


def plivo(request: Request, token: str) -> str:
    """Check Plivo's signature of a webhook, version 3: HMAC-SHA256 of the URL, the sorted form and a nonce.

    The main account's will do as well as a subaccount's; either may be several, one for each of its tokens.

    Returns:
        What no other request has.

    Raises:
        Unproven: it is missing or wrong.
    """
    nonce = request.header("x-plivo-signature-v3-nonce")
    given = [value for name in ("", "ma-") if (value := request.headers.get(f"x-plivo-signature-{name}v3"))]
    if not given:
        raise Unproven("it has no x-plivo-signature-v3")
    parts, form = urlsplit(request.url), request.form
    query = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True)))
    said = "".join(name + value for name, values in sorted(form.items()) for value in sorted(values))
    between = f"?{query}{'.' if query and form else ''}" if query or form else ""
    signed = _hmac(token, f"{parts.scheme}://{parts.netloc}{parts.path}{between}{said}.{nonce}", "sha256")
    if not any(_same(each.strip(), signed) for values in given for each in values.split(",")):
        raise Unproven("its x-plivo-signature-v3 is wrong")
    return signed


def telnyx(request: Request, key: str, now: float) -> str:
    """Check Telnyx' signature of a webhook: Ed25519 of the time and the body; the URL has no part in it.

    Args:
        request: The webhook.
        key: The account's public key, in base64.
        now: The time, in seconds since 1970.

    Returns:
        What no other request has.

    Raises:
        Unproven: it is missing, wrong, or was made at another time.
    """
    given, timestamp = request.header("telnyx-signature-ed25519"), request.header("telnyx-timestamp")
    try:
        signature = base64.b64decode(given, validate=True)
        telnyx_key(key).verify(signature, timestamp.encode() + b"|" + request.body)
        seconds = int(timestamp)
    except (InvalidSignature, ValueError):
        raise Unproven("its telnyx-signature-ed25519 is wrong") from None
    if abs(now - seconds) > SKEW_SECONDS:
        raise Unproven(
            f"it was not signed within {SKEW_SECONDS:g} s of now: an old one, or this machine's clock is wrong"
        )
    return signature.hex()


def telnyx_key(key: str) -> Ed25519PublicKey:
    """Give the key that a text in base64 stands for.

    Raises:
        ValueError: it is no such key.
    """
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))


def exotel(request: Request, user: str, password: str) -> str:
    """Check the name and the password that Exotel takes out of a stream's address; it signs nothing.

    Returns:
        The name.

    Raises:
        Unproven: they are missing or wrong.
    """
    scheme, _, given = request.header("authorization").partition(" ")
    try:
        said = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        said = ""
    if scheme.lower() != "basic" or not _same(said, f"{user}:{password}"):
        raise Unproven("its authorization is wrong")
    return user


def _with_and_without_port(url: str) -> list[str]:
    parts = urlsplit(url)
    host, colon, port = parts.netloc.rpartition(":")
    if not (colon and port.isdigit()):
        standard = 443 if parts.scheme in ("https", "wss") else 80
        return [url, parts._replace(netloc=f"{parts.netloc}:{standard}").geturl()]
    return [url, parts._replace(netloc=host).geturl()]


def _hmac(key: str, said: str, algorithm: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), said.encode(), algorithm)).decode()


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), ours.encode())
