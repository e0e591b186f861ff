"""The words by which callers take back what they said."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.text.wording import Wording

STRONG = (
    r"no,? wait|wait,? no|wait(?: a (?:minute|second|sec|moment))?|hang (?:on|about)|hold on|just a (?:moment|second)|"
    r"one (?:moment|second)|(?:oh )?sorry|excuse(?: me)?|(?:i )?(?:beg your )?pardon(?: me)?|(?:my )?apolog(?:y|ies)|"
    r"i apologi[sz]e|oops|whoops|oopsie|ouch|i (?:do )?mean(?:t)?(?: to say)?|what i mean(?:t)?(?: to say)? (?:is|was)|"
    r"i (?:want(?:ed)?|would like|was going|tried) to say|or rather|correction|"
    r"(?:let me|i(?: have to| must| need to)?|can i|may i) "
    r"(?:correct|rephrase|fix|repeat|restate)(?: (?:that|it|this|myself|again))?|"
    r"let me (?:try|start|say|do|begin)(?: (?:that|it|this))? (?:again|over)|let me start over|start again|"
    r"(?:scratch|scrap|strike|forget|ignore|skip|cancel|delete|undo|cross) (?:that|it|this|what i said)(?: out)?|"
    r"never ?mind(?: that)?(?! (?:about|the|my|our|how|what|if|that)\b)|(?:actually )?make (?:it|that)|change (?:it|"
    r"that) to|(?:my|a) (?:mistake|error|bad|fault)|"
    r"by mistake|i made (?:a mistake|an error)|mistake|i misspoke|"
    r"i (?:said|told|say|gave)(?: (?:it|that|you|this))?(?: the)? "
    r"wrong(?:ly)?(?: (?:day|date|city|one|place|name|time))?|"
    r"i got (?:it|that|the \w+) wrong|i take (?:that|it) back|i tell a lie|i lied|silly me|stupid me|"
    r"how silly(?: of me)?|what am i (?:saying|talking about)|"
    r"i(?:'m| am| was) (?:wrong|confused|mistaken|mixing (?:it|that|them) up)|i (?:confused|mixed)(?: \w+)? up|"
    r"(?:no,? )?(?:that's|that is|this is|that was|it's|it is) "
    r"(?:wrong|not right|incorrect|not correct|false|not true|not it|not what i (?:meant|mean|want(?:ed)?))|"
    r"that is(?: to say)?(?=,)|change of plans?|(?:it's )?(?:just )?the (?:other way (?:a)?round|opposite)|"
    r"on second thoughts?|come to think of it|now that i think (?:about|of) it|thinking about it|i changed my mind|"
    r"you know what|tell you what|hold that(?: thought)?|(?:i )?should(?:'ve| have) said|"
    r"i've got (?:that|it|this) (?:all )?(?:backwards?|back to front|the wrong way (?:a)?round|mixed up)|"
    r"except (?:that )?(?:it|that) should be|"
    r"(?:that|it|this) (?:won't|doesn't|does not|wouldn't|will not|can't) (?:work|do|suit|fly)(?: (?:for )?(?:me|us))?|"
    r"(?:that|it)(?:'s| is| would be) (?:no good|too (?:early|late|soon)|a no go|my day off)|no[, ]+no(?:[, ]+no)*|"
    r"(?:ah|oh|uh|er|erm)[, ]+no|not that|or (?:was|is) it|"
    r"(?:the|a) wrong (?:day|date|month|week|city|place|name|year|line|page)|or better(?: said| to say)?|"
    r"better(?: said| to say)|what was it|did i say \w+(?: \w+)?\??"
)
WEAK = (
    r"no|nope|nah|rather(?! than)|actually|well|better|let's (?:say|make it|do)|"
    r"(?:it's|it is|that's|that is|it) (?:actually|should be)|(?:it|that) should be|should be"
)
LINK = (
    r"(?:is it|was it|yes|it's|it is|it was|it's actually|that's|that is|make (?:it|that)|i meant?|i mean|"
    r"i want(?:ed)?|let's (?:say|do|make it)|"
    r"(?:the|my) (?:right |correct )?(?:day|date|city|time|destination|one|number|code|price|limit|budget|airport) "
    r"(?:is|was|should be)|"
    r"(?:it |that )?(?:should|must|has to|needs to) (?:be|say)|not|just|only|the|to|from|on|at|in|for|by|until|of)"
)
_CUE = Wording(
    rf"(?P<cue>(?:[\s,.;:…–—?!-]+(?:oh|ah|and|or|but|so)?[\s,]*(?:let's\s+)?\b(?:{STRONG}|"
    rf"{WEAK})\b)+)[\s,.;:…–—?!-]*(?P<links>(?:{LINK}\b[\s,]*)*)",
)
IS_STRONG = Wording(rf"\b(?:{STRONG})\b")
WIPES = Wording(
    r"\b(?:(?:scratch|scrap|strike|forget|ignore) (?:that|it|this|what i said)|"
    r"never ?mind(?! (?:about|the|my|our|how|what|if)\b)|i take (?:that|it) back|"
    r"let me start over|start again|change of plans?)\b",
)
INVERTS = Wording(r"\b(?:other|wrong) way (?:a)?round\b|\bopposite\b|\bbackwards?\b|\bback to front\b")


@lru_cache(maxsize=64)
def cues_in(text: str) -> tuple[re.Match[str], ...]:
    """Find where a caller may take something back: ``cue`` is what says so, ``links`` what leads on from there."""
    return tuple(_CUE.finditer(text))
