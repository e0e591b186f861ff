"""Phone providers who sign what they send."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from voice.server.providers import Credentials

TOKEN = "my_auth_token"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = base64.b64encode(KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

ALL = Credentials(
    twilio=("AC1", TOKEN), plivo=("MA1", TOKEN), telnyx="KEY1", telnyx_key=PUBLIC_KEY, exotel=("name", TOKEN)
)
ONE = {
    "twilio": Credentials(twilio=ALL.twilio),
    "plivo": Credentials(plivo=ALL.plivo),
    "telnyx": Credentials(telnyx_key=PUBLIC_KEY),
    "exotel": Credentials(exotel=ALL.exotel),
}

CALLS = {
    "twilio": {"CallSid": "CA1", "From": "+15550001"},
    "telnyx": {"CallSid": "v3:1", "From": "+15550001"},
    "plivo": {"CallUUID": "c1", "From": "15550001"},
}
"""What each provider sends of the call of `tests.server.test_phone.PROVIDERS`."""


def now() -> float:
    return datetime.now(UTC).timestamp()  # noqa: TID251 (the server reads the same clock)


def keyed(algorithm: str, said: str) -> str:
    return base64.b64encode(hmac.new(TOKEN.encode(), said.encode(), getattr(hashlib, algorithm)).digest()).decode()


def signed(provider: str, url: str, form: Mapping[str, str], *, body: bytes = b"", at: float | None = None):
    """Give the headers by which a provider signs a form without special characters; ``body`` is what it is sent as."""
    said = "".join(name + form[name] for name in sorted(form))
    match provider:
        case "twilio":
            return {"x-twilio-signature": keyed("sha1", url + said)}
        case "plivo":
            between = "." if "?" in url else "?"
            return {
                "x-plivo-signature-v3": f"other,{keyed('sha256', f'{url}{between}{said}.12345')}",
                "x-plivo-signature-v3-nonce": "12345",
            }
        case "telnyx":
            time = str(int(now() if at is None else at))
            signature = base64.b64encode(KEY.sign(time.encode() + b"|" + body)).decode()
            return {"telnyx-timestamp": time, "telnyx-signature-ed25519": signature}
        case _:
            raise AssertionError(provider)


def basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}
