"""How the agent speaks, and what callers ask of that: slower, faster, louder, softer. Pure; English only.

A wish changes the voice for the rest of the call. What is said next is the desk's business: one that reads "slower,
please" as "say it again" gives its last answer once more, at the new rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How far a caller who asks for it can change the voice.

    Attributes:
        enabled: Whether they can at all.
        step: The rate of speech after one "slower", as a share of the rate before; "faster" undoes it.
        slowest: Rate, 1 as the voice was made.
        fastest: Rate.
        step_db: What one "louder" adds.
        loudest_db: Gain, 0 as the voice was made.
        softest_db: Gain.

    Raises:
        ValueError: a step is none, or the bounds exclude the voice as it was made.
    """

    enabled: bool = True
    step: float = 0.75
    slowest: float = 0.55
    fastest: float = 1.3
    step_db: float = 4.0
    loudest_db: float = 8.0
    softest_db: float = -12.0

    def __post_init__(self) -> None:
        if not 0 < self.step < 1 or self.step_db <= 0:
            raise ValueError(f"step must lie between 0 and 1, step_db above 0, got {self.step} and {self.step_db}")
        if not 0 < self.slowest <= 1 <= self.fastest or not self.softest_db <= 0 <= self.loudest_db:
            raise ValueError("slowest and fastest must enclose 1, softest_db and loudest_db 0")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the agent speaks.

    Attributes:
        rate: Of speech, 1 as the voice was made; at 0.8 everything takes a quarter longer.
        gain_db: Loudness, 0 as the voice was made.
    """

    rate: float = 1.0
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller asks of the voice.

    Attributes:
        pace: -1 slower, 1 faster, 0 neither.
        loudness: -1 softer, 1 louder, 0 neither. A wish for neither is one for the voice as it was.
        alone: Whether the caller said nothing else.
    """

    pace: int = 0
    loudness: int = 0
    alone: bool = False


_SPEAKS = r"(?:speak|talk|say|repeat|read|spell|tell)(?:ing)?"
_POLITE = re.compile(
    r"\b(?:(?:could|can|would|will) you|you (?:can|could|may)|(?:i |i'd |we )?(?:need|want|like|would like)(?: you)? to"
    r"|sorry|please|excuse me|pardon(?: me)?|i|mind|just|okay|ok|oh|um|uh|well|hey|wait|no|again|for me|thanks"
    r"|thank you|a|bit|little|touch|it|them|those|this|that|but|and|if possible|maybe|try|me|stop|even|much|way|far"
    r"|rather|quite|really|very|going)\b(?!')"
)


def _kind(more: str, excess: str, other: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give what tells a wish among other words, and as all that is left without the polite ones."""
    within = (
        rf"^(?:{more}) please\b|\b{_SPEAKS}(?: \w+){{0,4}}? (?:{more})\b"
        rf"|\b(?:you(?:'re| are)|that(?:'s| was)|it(?:'s| was))"
        rf"(?: {_SPEAKS})?(?: \w+)? (?:too|so) (?:{excess})(?: for me)?(?= but| and| please| could| can|$)"
        rf"|\b(?:{other})\b"
    )
    alone = (
        rf"(?:you're |you are |that's |was )?(?:{_SPEAKS} |be |go )?(?:{more}|(?:not )?(?:too|so) (?:{excess})|{other})"
    )
    return re.compile(within), re.compile(alone)


_SLOW, _FAST = r"(?:more )?(?:slower|slowly)", r"faster|quicker|more quickly"
_LOUD, _SOFT = r"louder|more loudly", r"softer|quieter|more (?:quietly|softly)"
_CANT_HEAR = r"(?:can't|cannot|can not|can hardly|can barely|couldn't|hardly|barely) hear you"
_KINDS = (
    (_kind(_SLOW, "fast|quick|quickly|rapidly", r"slow (?:\w+ )?down"), (-1, 0)),
    (_kind(_FAST, "slow|slowly", r"speed (?:it |that )?up|hurry up"), (1, 0)),
    (
        _kind(
            _LOUD, "quiet|quietly|soft|softly|faint", rf"(?:speak|talk)(?:ing)? (?:a (?:bit|little) )?up|{_CANT_HEAR}"
        ),
        (0, 1),
    ),
    (_kind(_SOFT, "loud|loudly", r"(?:keep|lower) your voice(?: down)?|(?:don't )?shout(?:ing)?"), (0, -1)),
    (_kind("normally", "strange", r"(?:at )?(?:your |the )?normal (?:speed|pace|volume)"), (0, 0)),
)

_ABOUT = re.compile(
    r"slow|fast|quick|rapid|speed|hurry|loud|quiet|soft|faint|up\b|hear you|your voice|shout|normal", re.IGNORECASE
)
"""Most turns hold none of these words, and are done with in a tenth of the time."""


def wish(text: str) -> Wish | None:
    """Tell what a caller asks of the voice, None for nothing."""
    if not _ABOUT.search(text):
        return None
    said = " ".join(re.sub(r"[^\w' ]", " ", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).split())
    left = " ".join(_POLITE.sub(" ", said).split())
    for (within, alone), (pace, loudness) in _KINDS:
        only = alone.fullmatch(left) is not None or alone.fullmatch(said) is not None
        if only or within.search(said):
            return Wish(pace, loudness, only)
    return None


def delivered(delivery: Delivery, wanted: Wish, policy: DeliveryPolicy) -> Delivery:
    """Give how to speak from now on: a step towards what is wanted, within the policy's bounds."""
    if not wanted.pace and not wanted.loudness:
        return Delivery()
    rate = delivery.rate * policy.step**-wanted.pace
    gain = delivery.gain_db + policy.step_db * wanted.loudness
    return Delivery(
        round(min(policy.fastest, max(policy.slowest, rate)), 3),
        min(policy.loudest_db, max(policy.softest_db, gain)),
    )
