"""Callers who do not know yet where to go: "somewhere warm", "where do you fly to?", "what do you suggest?"."""

from __future__ import annotations

from voice.booking.places.network import City, network
from voice.booking.text.wording import Wording

WARM = "warm"
_ANY = "any"
_WARM = Wording(
    r"\b(?:(?:some|any)(?:where|place) (?:\w+ ){0,2}?(?:warm|warmer|hot|sunny|tropical)|(?:some|the) sun\b|"
    r"(?:the|a) beach|(?:some|any)where with (?:sun|a beach|beaches|palm trees))\b",
)
_OPEN = Wording(
    r"\b(?:where (?:do|can|could|would|should) (?:you|i|we) (?:guys )?(?:fly|go|travel|get)(?: to)?(?= from|\W*$|\?)|"
    r"(?:which|what) (?:cities|places|destinations) (?:do you|can (?:i|we)|are)|"
    r"what (?:do|would|can) you (?:suggest|recommend)|(?:any|some) (?:suggestions?|ideas?|recommendations?)|"
    r"surprise me|what are my options|i(?:'m| am) (?:open|flexible|not sure where)|"
    r"(?:i )?don['’]t (?:know|care|mind) where|not sure where|where (?:is|would be) (?:it )?(?:nice|cheap)|"
    r"(?:some|any)(?:where|place) (?:cheap|nice|fun|interesting|new|else|close|nearby|in the world)|"
    r"(?:i don't know|no idea)(?=\W*(?:$|,)))\b",
)
_TROPICS = 30.0
"""Degrees of latitude within which it is warm all year."""


def wish_in(text: str) -> str:
    """Say whether a turn asks for somewhere warm (`WARM`) or for any suggestion (``any``); ``""`` for neither."""
    if _WARM.search(text):
        return WARM
    return _ANY if _OPEN.search(text.replace("’", "'")) else ""


def suits(city: City, wish: str) -> bool:
    """Whether a city is what is wished for."""
    return wish != WARM or any(abs(network().airports[code].latitude) < _TROPICS for code in city.airports)
