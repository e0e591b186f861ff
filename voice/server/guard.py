"""Which phone providers are answered, and which of them must prove that it is them, and how.

Twilio, Telnyx and Plivo sign their webhooks, and a signed webhook is answered with the address of a stream that has a
ticket in its path, which all of them keep (Twilio takes a query off). So the stream needs no signature of its own:
Telnyx signs none, and over which address Plivo signs its streams' handshakes is not documented. A stream without a
ticket can be signed by Twilio, or have the name and the password that Exotel was given with its address.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from voice.server import signatures
from voice.server.documents import PHONES
from voice.server.providers import VARIABLES, Credentials
from voice.server.signatures import Request, Unproven
from voice.server.tickets import Tickets

_PROVES_A_STREAM = {"twilio": "x-twilio-signature", "exotel": "authorization"}
"""Who proves a stream that has no ticket, and by which header of its handshake."""

_NO_TICKET = "its ticket is unknown, used or too old"

_log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is not answered. The text is for whoever sent it, and tells nothing that helps a stranger."""


class Guard:
    """Lets in who is answered, and, where credentials are known, who proves to be the provider.

    Args:
        credentials: Of the providers that must prove to be themselves.
        answered: The providers whose lines are answered.
        clock: Gives seconds, for what is good for a short time.
        now: Gives seconds since 1970, as providers tell the time.
    """

    def __init__(
        self,
        credentials: Credentials,
        answered: Collection[str] = PHONES,
        *,
        clock: Callable[[], float],
        now: Callable[[], float] = lambda: datetime.now(UTC).timestamp(),  # noqa: TID251 (signatures tell the date)
    ) -> None:
        self._credentials = credentials
        self._answered = frozenset(answered)
        self._checked = credentials.proving & self._answered
        self._now = now
        self._tickets = Tickets(clock)
        self._refused: Counter[tuple[str, str]] = Counter()

    def webhook(self, provider: str, request: Request) -> str | None:
        """Let a webhook in; gives the ticket that its stream needs, if it needs one.

        Raises:
            Refused: no lines of this provider are answered, or it is not the provider's.
        """
        self._known(provider)
        if provider not in self._checked:
            return None
        return self._tickets.give(provider, self._proof(provider, request))

    def handshake(self, request: Request, ticket: str | None) -> str | None:
        """Let a stream in that has said nothing yet; gives the provider that it is known to be of, if it is known.

        Raises:
            Refused: it does not prove to be of a provider although it says so, or although all must.
        """
        if ticket is not None:
            if provider := self._tickets.take(ticket):
                return provider
            raise self._refusal("a stream", "a phone provider", _NO_TICKET, request.url)
        for provider, header in _PROVES_A_STREAM.items():
            if provider in self._checked and header in request.headers:
                self._proof(provider, request)
                return provider
        if self._checked == self._answered:
            raise self._refusal("a stream", "a phone provider", "it has neither ticket nor signature", request.url)
        return None

    def stream(self, provider: str, proven: str | None, url: str) -> None:
        """Let a stream in that has said whose it is.

        Args:
            provider: What it said.
            proven: What `handshake` gave.
            url: Where it came in.

        Raises:
            Refused: no lines of this provider are answered, or it is not the provider's.
        """
        self._known(provider)
        if provider != proven and (proven or provider in self._checked):
            why = f"it is {proven}'s" if proven else "it has neither ticket nor signature"
            raise self._refusal(provider, f"{provider}'s stream", why, url)

    def _known(self, provider: str) -> None:
        if provider in PHONES and provider not in self._answered:
            raise Refused(f"no lines of {provider} are answered here")

    def _proof(self, provider: str, request: Request) -> str:
        known = self._credentials
        try:
            match provider:
                case "twilio" if known.twilio:
                    return signatures.twilio(request, known.twilio[1])
                case "plivo" if known.plivo:
                    return signatures.plivo(request, known.plivo[1])
                case "telnyx" if known.telnyx_key:
                    return signatures.telnyx(request, known.telnyx_key, self._now())
                case "exotel" if known.exotel:
                    return signatures.exotel(request, *known.exotel)
                case _:
                    raise AssertionError(f"{provider} is not checked")
        except Unproven as unproven:
            raise self._refusal(provider, f"{provider}'s request", str(unproven), request.url) from None

    def _refusal(self, whose: str, what: str, why: str, url: str) -> Refused:
        """Give what is raised. The 1st, 10th, 100th, … of a kind is logged: anybody may send any number of them."""
        self._refused[whose, why] += 1
        count = self._refused[whose, why]
        if count == 1:
            _log.warning(
                "refused as not %s: %s (sent to %a). If it was: %s. Others like it are refused and counted",
                *(what, why, url[:200], _LOOK_AT.get(whose, _LOOK_AT["a stream"])),
            )
        elif count == 10 ** (len(str(count)) - 1):
            _log.warning("refused as not %s: %s; %d so far", what, why, count)
        return Refused("this does not prove to come from the phone provider: the server's log says what is missing")


_SIGNED_URL = "the address must be the one that it was sent to, which --public-url tells behind a tunnel or a proxy"
_LOOK_AT = {
    "twilio": f"{_SIGNED_URL}, and TWILIO_AUTH_TOKEN the one of the account that the number is of",
    "plivo": f"{_SIGNED_URL}, and PLIVO_AUTH_TOKEN the one of the account that the number is of",
    "telnyx": "TELNYX_PUBLIC_KEY must be the account's, and nothing on the way may change the body",
    "exotel": "the applet's address must be wss://EXOTEL_API_KEY:EXOTEL_API_TOKEN@your-host/phone",
    "a stream": "the provider must have the stream's address from POST /phone, or sign it (Twilio), or be Exotel",
}
"""What to look at where a provider's own requests are refused."""


def unchecked(credentials: Credentials, answered: Collection[str]) -> str | None:
    """Say which providers need not prove to be themselves, and how that is changed; None if there are none."""
    names = [name for name in PHONES if name in answered and name not in credentials.proving]
    if not names:
        return None
    return (
        f"can call as {_listed(names, 'or')}: nothing of theirs is checked. What switches the check on: "
        f"{'; '.join(f'{name}: {VARIABLES[name]}' for name in names)}. --phones leaves out whom you don't use"
    )


def _listed(names: Collection[str], last: str) -> str:
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end
