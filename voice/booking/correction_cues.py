"""The words by which callers take back what they said."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.wording import Wording

STRONG = (
    r"no,? wait|wait,? no|wait(?: a (?:minute|second|sec|moment))?|hang (?:on|about)|hold on|just a (?:moment|"
    r"second)|one (?:moment|second)|(?:oh )?sorry|excuse(?: me)?|"
    r"(?:i )?(?:beg your )?pardon(?: me)?|(?:my )?apolog(?:y|ies)|i apologi[sz]e|oops|whoops|oopsie|ouch|"
    r"i (?:do )?mean(?:t)?(?: to say)?|what i mean(?:t)?(?: to say)? (?:is|was)|"
    r"i (?:want(?:ed)?|would like|was going|tried) to say|or rather|correction|(?:let me|i(?: have to| must|"
    r" need to)?|can i|may i) (?:correct|rephrase|fix|repeat|restate)(?: (?:that|it|this|myself|again))?|"
    r"let me (?:try|start|say|do|begin)(?: (?:that|it|this))? (?:again|over)|let me start over|start again|"
    r"(?:scratch|scrap|strike|forget|ignore|skip|cancel|delete|undo|cross) (?:that|it|this|what i said)(?: out)?|"
    r"never ?mind(?: that)?|(?:actually )?make (?:it|that)|change (?:it|that) to|(?:my|a) (?:mistake|error|bad|"
    r"fault)|by mistake|i made (?:a mistake|an error)|mistake|"
    r"i misspoke|i (?:said|told|say|gave)(?: (?:it|that|you|this))?(?: the)? wrong(?:ly)?(?: (?:day|date|city|one|"
    r"place|name|time))?|i got (?:it|that|the \w+) wrong|"
    r"i take (?:that|it) back|i tell a lie|i lied|silly me|stupid me|how silly(?: of me)?|what am i (?:saying|"
    r"talking about)|i(?:'m| am| was) (?:wrong|confused|mistaken|mixing (?:it|that|them) up)|i (?:confused|"
    r"mixed)(?: \w+)? up|"
    r"(?:no,? )?(?:that's|that is|this is|that was|it's|it is) (?:wrong|not right|incorrect|not correct|false|"
    r"not true|not it|not what i (?:meant|mean|want(?:ed)?))|"
    r"that is(?: to say)?(?=,)|change of plans?|(?:it's )?(?:just )?the (?:other way (?:a)?round|opposite)|"
    r"on second thoughts?|"
    r"come to think of it|now that i think (?:about|of) it|thinking about it|"
    r"i changed my mind|you know what|tell you what|hold that(?: thought)?|"
    r"(?:i )?should(?:'ve| have) said|i've got (?:that|it|this) (?:all )?"
    r"(?:backwards?|back to front|the wrong way (?:a)?round|mixed up)|except (?:that )?(?:it|that) should be|"
    r"(?:that|it|this) (?:won't|doesn't|does not|wouldn't|will not|can't) (?:work|do|suit|fly)(?: (?:for )?(?:me|us))?|"
    r"(?:that|it)(?:'s| is| would be) (?:no good|too (?:early|late|soon)|a no go|my day off)|"
    r"no[, ]+no(?:[, ]+no)*|(?:ah|oh|uh|er|erm)[, ]+no|not that|or (?:was|is) it|(?:the|a) wrong (?:day|date|month|"
    r"week|city|place|name|year|line|page)|or better(?: said| to say)?|better(?: said|"
    r" to say)|what was it|did i say \w+(?: \w+)?\??"
)
WEAK = (
    r"no|nope|nah|rather(?! than)|actually|well|better|let's (?:say|make it|do)|"
    r"(?:it's|it is|that's|that is|it) (?:actually|should be)|(?:it|that) should be|should be"
)
LINK = (
    r"(?:is it|was it|yes|it's|it is|it was|it's actually|that's|that is|make (?:it|that)|i meant?|"
    r"i mean|i want(?:ed)?|"
    r"let's (?:say|do|make it)|"
    r"(?:the|my) (?:right |correct )?(?:day|date|city|time|destination|one|number|code|price|limit|budget|"
    r"airport) (?:is|was|should be)|"
    r"(?:it |that )?(?:should|must|has to|needs to) (?:be|say)|not|"
    r"just|only|the|to|from|on|at|in|for|by|until|of)"
)
_CUE = Wording(
    rf"(?P<cue>(?:[\s,.;:…–—?!-]+(?:oh|ah|and|or|but|so)?[\s,]*(?:let's\s+)?\b(?:{STRONG}|{WEAK})\b)+)"
    rf"[\s,.;:…–—?!-]*"
    rf"(?P<links>(?:{LINK}\b[\s,]*)*)",
)
IS_STRONG = Wording(rf"\b(?:{STRONG})\b")
WIPES = Wording(
    r"\b(?:(?:scratch|scrap|strike|forget|ignore) (?:that|it|this|what i said)|never ?mind|i take (?:that|it) back|"
    r"let me start over|start again|"
    r"change of plans?)\b",
)
INVERTS = Wording(r"\b(?:other|wrong) way (?:a)?round\b|\bopposite\b|\bbackwards?\b|\bback to front\b")


@lru_cache(maxsize=64)
def cues_in(text: str) -> tuple[re.Match[str], ...]:
    """Find where a caller may take something back: ``cue`` is what says so, ``links`` what leads on from there."""
    return tuple(_CUE.finditer(text))
