"""Phone calls that are handed to a person: known until their provider has asked what to do with them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from voice.config.parts import HandOffSettings
from voice.server.documents import Provider

KNOWN_SECONDS = 120.0
"""For how long. A provider asks as soon as the stream has ended, and again within a minute if it got no answer."""

MOST = 1000
"""How many, the last ones: anybody may open a stream and ask for a person."""


class Passing:
    """The calls that are to be dialled on; any other call is over when its stream is.

    Args:
        now: Gives the time, in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._handed_off: OrderedDict[tuple[str, str], float] = OrderedDict()

    def add(self, provider: str, call: str) -> None:
        """Take in a call that was handed off, by its provider and the provider's id."""
        self._handed_off[provider, call] = self._now()
        self._handed_off.move_to_end((provider, call))
        while len(self._handed_off) > MOST:
            self._handed_off.popitem(last=False)

    def has(self, provider: str, call: str) -> bool:
        """Tell whether a call was handed off a short time ago; as often as it is asked, as providers may ask twice."""
        return self._now() - self._handed_off.get((provider, call), float("-inf")) < KNOWN_SECONDS


@dataclass
class Onward:
    """What becomes of one call when its stream ends.

    Attributes:
        passing: Knows the call from then on, if it is to be dialled on.
        to: Says who is dialled.
        provider: Whose line it is.
        call: The provider's id of the call, if it told any.
    """

    passing: Passing
    to: HandOffSettings
    provider: str
    call: str | None
    _passed_on: bool = field(default=False, init=False)

    def hand_off(self) -> None:
        """The caller was passed to a person, and the stream is about to be closed."""
        if self.to.dial and self.call and self.provider in get_args(Provider):
            self.passing.add(self.provider, self.call)
            self._passed_on = True

    def told(self) -> Mapping[str, object]:
        """Give what the trace says of it at the end."""
        return {"passed_on": self.to.masked} if self._passed_on else {}
