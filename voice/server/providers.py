"""Which protocol speaks with a media stream's provider: pipecat's serializers of Twilio, Telnyx, Plivo and Exotel."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipecat.runner.types import CallData
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.serializers.exotel import ExotelFrameSerializer
from pipecat.serializers.plivo import PlivoFrameSerializer
from pipecat.serializers.telnyx import TelnyxFrameSerializer
from pipecat.serializers.twilio import TwilioFrameSerializer

from voice.config import ConfigError
from voice.server.media import LINE_RATE, AtLineRate
from voice.server.signatures import telnyx_key

_ID = re.compile(r"[A-Za-z0-9:_+=-]{1,256}")
"""Of a call or a stream. Anybody may open one, and addresses that we give our credentials to are made of its ids."""


VARIABLES = {
    "twilio": "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
    "telnyx": "TELNYX_PUBLIC_KEY",
    "plivo": "PLIVO_AUTH_ID and PLIVO_AUTH_TOKEN",
    "exotel": "EXOTEL_API_KEY and EXOTEL_API_TOKEN",
}
"""Where the environment has what a provider's requests are checked with."""


class UnknownStream(ValueError):
    """These are not the first messages of a provider that is known, or not of a stream that can be listened to."""


@dataclass(frozen=True)
class Credentials:
    """What hanging up through a provider's interface takes, and checking that a request is the provider's.

    Without them the closed stream ends the call, and nothing is checked.

    Attributes:
        twilio: Account and token, for both.
        plivo: Account and token, for both.
        telnyx: The key to hang up with.
        telnyx_key: The account's public key in base64, to check with.
        exotel: Name and password, to check with; it has nothing to hang up with.
    """

    twilio: tuple[str, str] | None = field(default=None, repr=False)
    plivo: tuple[str, str] | None = field(default=None, repr=False)
    telnyx: str | None = field(default=None, repr=False)
    telnyx_key: str | None = field(default=None, repr=False)
    exotel: tuple[str, str] | None = field(default=None, repr=False)

    @classmethod
    def found_in(cls, environ: Mapping[str, str]) -> Credentials:
        """Take them from the environment variables that the providers' own tools use.

        Raises:
            voice.config.ConfigError: the public key is none.
        """

        def pair(account: str, token: str) -> tuple[str, str] | None:
            return (environ[account], environ[token]) if environ.get(account) and environ.get(token) else None

        return cls(
            twilio=pair("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
            plivo=pair("PLIVO_AUTH_ID", "PLIVO_AUTH_TOKEN"),
            telnyx=environ.get("TELNYX_API_KEY") or None,
            telnyx_key=_public_key(environ.get("TELNYX_PUBLIC_KEY", "").strip()),
            exotel=pair("EXOTEL_API_KEY", "EXOTEL_API_TOKEN"),
        )

    @property
    def proving(self) -> frozenset[str]:
        """The providers whose requests can be checked."""
        known = {"twilio": self.twilio, "telnyx": self.telnyx_key, "plivo": self.plivo, "exotel": self.exotel}
        return frozenset(name for name, value in known.items() if value)


def _public_key(key: str) -> str | None:
    try:
        if key:
            telnyx_key(key)
    except ValueError:
        raise ConfigError(
            "TELNYX_PUBLIC_KEY is no public key: take the one of 44 characters from the portal's Keys & Credentials"
        ) from None
    return key or None


def serializer_of(
    provider: str,
    call: CallData,
    credentials: Credentials,
    *,
    rate: int = LINE_RATE,
    handed_off: Callable[[], None] = lambda: None,
) -> FrameSerializer:
    """Give what speaks a provider's protocol, with 16 kHz. It hangs up through the provider where credentials allow.

    Args:
        provider: Its name.
        call: What the start message says.
        credentials: Of all providers.
        rate: Of the line's sound: 8 kHz, with Exotel also the pipeline's 16 kHz.
        handed_off: Called before the stream of a caller is closed who was passed to a person.

    Raises:
        UnknownStream: the provider is not known, or its stream has no id, or one that no provider gives.
    """
    if not call.stream_id:
        raise UnknownStream("the first messages are of no known provider: use Twilio, Telnyx, Plivo or Exotel")
    if not all(_ID.fullmatch(each) for each in (call.stream_id, call.call_id) if each):
        raise UnknownStream("the first messages are of no known provider: none gives such an id")
    return AtLineRate(_protocol(provider, call.stream_id, call, credentials, rate), rate, handed_off)


def _protocol(provider: str, stream: str, call: CallData, credentials: Credentials, rate: int) -> FrameSerializer:
    """Give pipecat's serializer of a provider, told that the pipeline has the line's rate: it resamples nothing."""
    match provider:
        case "twilio":
            account, token = credentials.twilio or (None, None)
            hangs_up = bool(account and call.call_id)
            params = TwilioFrameSerializer.InputParams(auto_hang_up=hangs_up, sample_rate=LINE_RATE)
            return TwilioFrameSerializer(stream, call.call_id, account, token, params=params)
        case "telnyx":
            key = credentials.telnyx
            return TelnyxFrameSerializer(
                stream,
                outbound_encoding=call.get("outbound_encoding") or "PCMU",
                inbound_encoding="PCMU",
                call_control_id=call.call_id,
                api_key=key,
                params=TelnyxFrameSerializer.InputParams(
                    auto_hang_up=bool(key and call.call_id), sample_rate=LINE_RATE
                ),
            )
        case "plivo":
            account, token = credentials.plivo or (None, None)
            hangs_up = bool(account and call.call_id)
            params = PlivoFrameSerializer.InputParams(auto_hang_up=hangs_up, sample_rate=LINE_RATE)
            return PlivoFrameSerializer(stream, call.call_id, account, token, params=params)
        case "exotel":
            params = ExotelFrameSerializer.InputParams(exotel_sample_rate=rate, sample_rate=rate)
            return ExotelFrameSerializer(stream, call.call_id, params)
        case _:
            raise UnknownStream(f"there are no phone lines for {provider!r}: use Twilio, Telnyx, Plivo or Exotel")
