"""Speech that holds the floor. It promises nothing and states nothing that was not heard from the caller."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from voice.cascade.policy import FillerPolicy

_OPENER_SECONDS = 1.2
"""What an opener and the pause after it cover: a shorter wait needs no more, and places take about 2 s to repeat."""


def phrase(
    position: int,
    remaining_seconds: float,
    mention: Sequence[str],
    used: Collection[str],
    policy: FillerPolicy,
) -> str | None:
    """Choose the next phrase, or None for silence.

    Phrases are short, so that the answer can follow any of them without a cut: an opener, then the places that were
    heard (which lets the caller catch a mishearing), then holders.

    Args:
        position: How many phrases this turn has had.
        remaining_seconds: How long the answer is still expected to take.
        mention: Words heard that may be repeated.
        used: Phrases of this call so far; none is said twice.
        policy: What there is to say.
    """
    if not policy.enabled or position >= policy.most_phrases or remaining_seconds < policy.least_wait_seconds:
        return None
    if position == 0:
        if mention and remaining_seconds > _OPENER_SECONDS:
            opener = _first_unused(policy.openers, used)
            said = repeat_back(mention, policy)
            if said not in used:
                return f"{opener.rstrip('.')}, {said[0]}{said[1:]}" if opener else said
        return _first_unused(policy.openers, used) or _first_unused(policy.holders, used)
    return _first_unused(policy.holders, used)


def repeat_back(mention: Sequence[str], policy: FillerPolicy) -> str:
    """Word the places heard: "Seattle, Tokyo, then Osaka."."""
    places = (
        mention[0]
        if len(mention) == 1
        else policy.mention_joiner.join(mention[:-1]) + policy.mention_last_joiner + mention[-1]
    )
    return policy.mention.format(places=places)


def _first_unused(phrases: Sequence[str], used: Collection[str]) -> str | None:
    return next((text for text in phrases if text not in used), None)


def parts(text: str) -> tuple[str, ...]:
    """Give what counts as used besides the phrase itself: the opener inside of it."""
    return (f"{text.split(',')[0]}.",)
