"""Turns that take back what was proposed before they go on to something else; farewells, which approve nothing."""

from __future__ import annotations

import re

from voice.booking.talk.courtesies import is_hold
from voice.booking.talk.verdicts import verdict
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_OPENERS = (
    r"(?:(?:well|oh|ah|ugh|no+|nope|nah|hm+|u[hm]+|er|erm|actually|so|okay|ok|alright|right|sorry|wait|stop|please|but|"
    r"and|then|listen|look|hey|hold on|hang on|you know what|on second thoughts?|come to think of it|i think|let's|"
    r"just|maybe|yeah|better)\b[\s,.…!-]*)*"
)
_IT = (
    r"(?:it|that|this|about it|about that|the (?:whole thing|change|cancellation|booking)|"
    r"all of (?:it|that))"
)
_TAKES_BACK = (
    rf"(?:(?:forget|scrap|scratch|drop|skip|leave|strike|undo|ignore|keep) {_IT}|forget what i said|"
    r"never ?mind(?: (?:that|it|then))?|"
    r"(?:do not|don['’]?t|please don['’]?t) (?:do|cancel|change|move|book|add|bother|buy|make)(?: (?:it|that|this|them|"
    r"anything|my \w+|the \w+|with (?:it|that)))?|"
    r"(?:not|(?:i|we) (?:don['’]?t|do not) want (?:it|that|this|to)(?: any ?more)?)|"
    r"(?:i|we)(?:['’]ve| have)? changed (?:my|our) minds?|(?:i|we)['’]ll (?:leave|skip|drop) (?:it|that)|"
    r"(?:i|we)['’]d rather not|(?:don['’]?t|do not) worry(?: about (?:it|that))?)"
)
_TAIL = (
    r"(?:[\s,]+(?:then|please|for now|after all|sorry|thanks|thank you|as it is|alone|again|though|actually|just yet|"
    r"yet|now))*"
)
_FIRST = Wording(rf"\W*{_OPENERS}{_TAKES_BACK}{_TAIL}\s*(?:[.,;!?…–—-]+|\b(?:and|but|what|how)\b|$)")
"""The beginning of a turn that takes back what came before it."""
_BAG = Wording(
    rf"\W*{_OPENERS}(?:forget|scrap|scratch|drop|skip|leave|never ?mind|not)(?: about)? the (?:\w+ )?"
    rf"(?:bags?|suitcases?|luggage|baggage){_TAIL}\s*(?:[.,;!?…–—-]+|\b(?:and|but|what|how)\b|$)"
)
"""The beginning of a turn that wants no bag any more."""
_LAST = Wording(
    r"(?<=[.?!,] )(?:(?:and|but|so|oh|just|then|please|well)\b\W*)*(?:(?:forget|drop|scrap|skip|never ?mind) "
    r"(?:about )?the (?:change|cancellation|move|booking)|"
    r"don't (?:change|cancel|book|move)(?: (?:it|that|this|them|anything))?)"
    rf"{_TAIL}\s*[.,!]*$"
)
"""The end of a turn that says by name what is off."""
_ONLY_OPENERS = Wording(rf"\W*{_OPENERS}\W*")
_LEAVES = Wording(
    r"\b(?:good ?bye|bye(?:[\s-]bye)?|farewell|so long|ciao|(?:see|talk to|speak to) you(?: (?:later|soon|then))?|"
    r"have (?:yourself )?an? (?:\w+ )?(?:day|one|evening|night|weekend|afternoon|week)|take care|"
    r"(?:that(?:['’]s| is|['’]ll be| will be) )(?:all|everything|it)(?: (?:for (?:now|today)|then|thanks))*|"
    r"good night)\b"
)

_BYE = Wording(r"\b(?:good ?bye|bye|farewell|so long|ciao|see you|good night)\b")
_NO = Wording(r"\W*(?:no+|nope|nah)(?:\W+(?:thanks|thank you|thank you very much|sorry|then))*\W*")


def takes_back(text: str) -> bool:
    """Whether a turn takes back what was proposed or asked: "Forget it. What's a bag?", "A bag? Don't change it."."""
    said = text.replace("’", "'")
    return bool(_FIRST.match(said) or _LAST.search(said))


def wants_no_bag(text: str) -> bool:
    """Whether a turn begins by taking back bags: "Skip the bag. When do we land?"."""
    return bool(_BAG.match(text))


def only_opens(text: str) -> bool:
    """Whether a text holds nothing that could be taken back: "Oh, no", "well, actually"."""
    return bool(_ONLY_OPENERS.fullmatch(text.replace("’", "'")))


def only_leaves(text: str) -> bool:
    """Whether a turn takes leave and agrees to nothing: "Great, goodbye." approves no cancellation."""
    if not _LEAVES.search(text) or verdict(rest := _LEAVES.sub(" ", text)) == "yes":
        return False
    noted = not re.search(r"\w", rest) or bool(cues.WEAK_YES.match(rest))
    return noted or (bool(_BYE.search(text)) and bool(_NO.fullmatch(rest)))


def without_hold(text: str) -> str:
    """Give what a turn wants before it asks for a moment: "I need to change a flight. Hold on, I'll find the code."."""
    cuts = [match.end() for match in re.finditer(r"[.?!…]\s+", text)]
    return next((text[:cut].rstrip() for cut in cuts if is_hold(text[cut:]) and not is_hold(text[:cut])), "")
