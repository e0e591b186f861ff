"""Tickets: a webhook that is known to come from a provider lets one stream in."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable

TICKET_SECONDS = 60.0
"""For how long one is good. A provider opens the stream as soon as it has the document."""

MOST = 10_000
"""How many webhooks are remembered, the last ones: none can be sent again for another stream."""


class Tickets:
    """Gives them out, and takes each once.

    Args:
        now: Gives the time, in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._given: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._open: dict[str, tuple[str, float]] = {}

    def give(self, provider: str, proof: str) -> str:
        """Give the ticket of a provider's webhook: the same one, used or not, if the same webhook comes again.

        Args:
            provider: Whose stream it is for.
            proof: What no other webhook has.
        """
        if ticket := self._given.get((provider, proof)):
            return ticket
        self._given[provider, proof] = ticket = secrets.token_urlsafe(24)
        self._open[ticket] = provider, self._now()
        while len(self._given) > MOST:
            self._open.pop(self._given.popitem(last=False)[1], None)
        return ticket

    def take(self, ticket: str) -> str | None:
        """Give the provider whose stream a ticket lets in, or None for one that is unknown, used or too old."""
        provider, given = self._open.pop(ticket, (None, float("-inf")))
        return provider if self._now() - given < TICKET_SECONDS else None
