"""Yes and no in all their forms: by the polarity of a turn's words, where they are nothing but an answer.

A turn is nothing but an answer if phrases that agree or decline, and words that say nothing by themselves, are all that
it holds. So "I'd say yes", "better not" and "no, I must think first" need no patterns of their own.
"""

from __future__ import annotations

import re

from voice.booking.text.leftover import WEIGHTY_WORDS
from voice.booking.text.numerals import cardinal
from voice.booking.text.wording import Wording

_DOUBT = Wording(
    r"\b(?:don't|do not|doesn't|can't) (?:know|decide|tell|remember)\b|"
    r"\bnot (?:so |really |quite |yet )?(?:sure|certain|decided)\b|\bno idea\b|\bmaybe\b|\bperhaps\b|\bdepends\b|"
    r"\bunsure\b|\bif\b(?! (?:you (?:would|like|please|will|can|could|don\'t mind)|possible|i may))|\bunless\b|"
    r"\bbut\b(?! (?:no|not|yes)\b)|\bexcept\b|\bwhat (?:about|if|is|are|does|do|time|day)\b|\bhow\b|\bwhich\b|"
    r"\bwhen\b|\?",
)
_AGREES_WITH_NEGATION = Wording(
    r"\b(?:why not|no (?:problem|worries|doubt|objections?|issues?|trouble)|(?:not|isn't) a problem|not bad|"
    r"don't mind|nothing (?:wrong|against)|can't complain|"
    r"(?:not|no|don't|haven't|without)(?: (?:have|got|much|any|a|really|other|great|of a))*(?: choice| alternative|"
    r" option)|"
    r"can't (?:say no|argue(?: with (?:that|it))?|refuse|beat that)|why (?:wouldn't|shouldn't) (?:i|we)|"
    r"wouldn't miss it|couldn't have (?:said|put) it better(?: myself)?|no (?:drama|dramas|bother|sweat)|"
    r"not the end of the world|how could i (?:say no|refuse)|wouldn't say no|couldn't be better|i don't see why not|"
    r"don't worry)\b",
)
_DECLINES = Wording(
    r"\b(?:not what (?:i|we) \w+(?: for)?|"
    r"more than (?:i|we)(?:'ve| have| had)? "
    r"(?:want|expect|can|could|have|got|plan|hope|thought|budget)\w*(?: to)?(?: pay| spend| afford)?(?: for)?|"
    r"not on your life|no (?:chance|fear|way)|not a chance|out of the question|by no means|"
    r"i'd rather (?:it|you) did ?n['o]t|won't work|can't do that|no good|no use|don't you dare|hold your horses|"
    r"hard pass|far from it|give (?:it|that|this) a miss|(?:bin|scrap|ditch) (?:it|that|this)|"
    r"(?:perish|god forbid|heaven forbid)|hardly|i doubt (?:it|that)|doubt it|rather not|nuh[\s-]?uh|uh-uh|ain't|"
    r"(?:i'm|i am|we're|we are|i'll be|we'll be) (?:all )?(?:good|fine|set|okay|ok|done)(?! (?:with|to|for|by)\b)|no+|"
    r"nope|nah|nay|non|not|never ?mind|never|none|neither|nothing|cannot|don't|doesn't|didn't|won't|isn't|wasn't|"
    r"can't|wouldn't|shouldn't|haven't|shan't|needn't|wrong|incorrect|false|negative|stop|"
    r"(?:a (?:bit|little|touch)|much|far|way|rather|quite|just|somewhat)? ?too "
    r"(?:\w+ )?(?:expensive|much|early|late|long|pricey|high|steep|dear|soon|short|far)|"
    r"(?:a (?:bit|little)|rather|quite|very) (?:expensive|dear|pricey|steep|late)|"
    r"(?:a (?:bit|little)) (?:much|early|long|rich|tight)|changed my mind|think (?:about|over) it|think it over|"
    r"think (?:first|more)|think about (?:that|this)|sleep on it|get back to you|call (?:you )?back|"
    r"(?:leave|forget|drop|skip|keep) (?:it|that|this)(?: as it is| alone| be)?|keep my \w+|as it is|hold off|"
    r"i'?ll pass|pass|later|another time|other time|other day|changed our minds?|over my budget|out of my budget|"
    r"(?:talk|speak|check|ask|discuss)(?: \w+)? (?:with|to)? ?(?:my|the) \w+|"
    r"(?:must|need to|have to|got to|want to|let me) "
    r"(?:think|ask|check|talk|speak)(?: (?:it over|about (?:it|this|that)|on it|(?:with |to )?(?:my|our|the) \w+))?"
    r"(?: first)?)\b",
)
_AGREES = Wording(
    r"\b(?:yes|yeah|yep|yup|ya|yah|yea|aye|si|oui|sure(?: thing)?|surely|of course|absolutely|definitely|certainly|"
    r"naturally|obviously|clearly|totally|for sure|you got it|got it in one|you betcha|roger(?: that)?|"
    r"(?:ten|10)[\s-]four|bingo|amen|yessir|righto|rightio|right[\s-]ho|grand|champion|"
    r"(?:please )?(?:kindly )?do the needful|fire away|go right ahead|knock yourself out|be my guest|make it happen|"
    r"(?:the )?green light|count (?:me|us) in|(?:i'm|we're) (?:in|game)|sold|(?:might|may) as well|i guess(?: so)?|"
    r"i suppose(?: so)?|i reckon(?: so)?|if (?:i|we) must|all good|you're right|(?:heard|got) (?:me|that|it|us) right|"
    r"bang on|dead (?:right|on)|(?:a |one )?hundred per ?cent|100 ?%|that's (?:me|us|him|her)|"
    r"(?:if )?you would be (?:so )?kind|if you(?:'d| would) (?:be so kind|please)|(?:have|has) to do|do nicely|sweet|"
    r"awesome|cool|dandy|terrific|peachy|beauty|ripper|too easy|very well|okay|ok|alright|all right|right|correct|"
    r"exactly|precisely|indeed|true|affirmative|agreed?|accepted?|deal|done|fine|perfect(?:ly)?|great|good|wonderful|"
    r"excellent|lovely|brilliant|splendid|super|fantastic|marvell?ous|ideal|suits?|smashing|gladly|spot on|crack on|"
    r"suits? (?:me|us)(?: down to the ground| well)?|that'll do(?: nicely)?|jolly good|rather,? yes|"
    r"i should (?:like|love)|cheers|why ever not|too right|fair enough|right you are|very well|(?:with )?pleasure|"
    r"happy|delighted|by all means|please do|go (?:ahead|on|for it)|carry on|proceed|"
    r"let's (?:go(?: ahead| for it)?|do)|sounds? like a (?:plan|deal|winner)|let us do|do (?:it|so|that|this)|"
    r"(?:book|take|confirm|reserve|get|buy|make|lock|change|cancel|add|move) "
    r"(?:it|that|this|them|me|the booking|the change|the flight)(?: in| one| flight| so)?|"
    r"confirm(?:ed)?|book|works?|sounds?|looks?|you (?:may|can|bet|did|do|should)|"
    r"i (?:do|would|will|am|did|confirm|agree)|it (?:is|does|will)|that is (?:it|what i (?:want|said|meant|need))|"
    r"that's (?:it|what i (?:want|said|meant|need)|the one)|i'?d like (?:that|it|this)|i'?ll (?:take|have) it|"
    r"(?:mm|uh)[\s-]?h(?:u|m)+h?|that'?ll do|will do|make it so)\b",
)
_RECOUNTS = Wording(
    r"\bmake (?:it|that|them) (?:just |only )?(?:a |one|two|three|four|five|six|seven|eight|nine|\d)",
)
_PEOPLE = Wording(
    r"\bmake (?:it|that) (?:just |only |for )?(?P<count>one|two|three|four|[1-4]|"
    r"\w+(?= (?:of us|people|tickets|seats)))"
    r"(?: (?:of us|people|passengers|persons?|tickets?|seats?))?(?:,? (?:please|then|thanks|instead|actually))*\W*$",
)
_WAVERS = Wording(r"\W*(?:yeah|yep|yes)\b[\s,]+(?:no+|nah)\b[\s,]+(?=\w)")
_BEGS = Wording(r"\b(?:could|would|can|will) you,?(?: please)+\s*\?")
_WEAK = Wording(r"\bplease\b")
_WORDS = """
ain't blimey bloody boy bud buddy cripes crikey darling dude duck folks gee god golly gonna gosh guys heavens heck
hell hon honey indeed jeez jesus lad lord love man ouch pet phew sorted sweetheart sweetie wow yikes sake christ
heaven's goodness' pete's hallelujah that'll there'll this'll you've they've we've he's she's a about absolutely
actually afraid afterwards again ah all alone also am an and any anyway are as at at-all awfully be been being believe
best better booking button by can certainly could dear did do does entirely even ever exactly fare feel first flight
for frightfully from getting go got going good goodness guess had has have hear hello here hey hm hmm hold hope i i'd
i'll i'm i've if in is it it'd it'll it's its jolly just kind kindly know let let's like love ma'am madam makes mate
maybe me mean mind mine moment money more much must my need nice nicely now of oh okay on one only or our ourselves
pal please point possible price quite rather real really regret right said say sense shall she should sir so sooner
sorry still suppose tell terribly than thank thanks that that'd that's the them then there these thing think this
those though ticket time to today too totally trip try uh um unfortunately us very wait want wanted was way we we'd
we'll we're well were will wish with would yet you you'd you'll you're your
"""
_EMPTY = frozenset(_WORDS.split())
_HOLDS = Wording(r"\b(?:wait|hold on|hang (?:on|about)|bear with me|(?:one|a|half a) (?:moment|minute|second|sec))\b")
"""Asks for time. "Okay, hold on" approves nothing."""


def answer_of(text: str, *, strange: int = 0) -> tuple[str, bool]:
    """Read a turn that is nothing but an answer: ``yes``, ``no`` or ``""``, and whether it is beyond doubt.

    A yes is beyond doubt only without any word that could decline. Nothing is with words that are no part of an answer,
    of which at most ``strange`` may stand beside it, and none that changes what is asked for.
    """
    if (wavers := _WAVERS.match(text)) and (rest := answer_of(text[wavers.end() :], strange=strange))[0]:
        return rest[0], False  # "yeah, no, that's right": what follows counts
    said = _BEGS.sub("yes", text.replace("’", "'"))
    if _RECOUNTS.search(said):
        return "", False  # "Okay, make it one." approves no two
    if _DOUBT.search(_AGREES_WITH_NEGATION.sub(" ", said)):
        return "", False
    rest = said
    marks: list[tuple[int, str]] = []
    for pattern, polarity in ((_AGREES_WITH_NEGATION, "yes"), (_DECLINES, "no"), (_AGREES, "yes")):
        marks += [(match.start(), polarity) for match in pattern.finditer(rest)]
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    rest = re.sub(r"\bbut\b", " ", rest, flags=re.IGNORECASE)
    words = re.findall(r"[a-z0-9$][\w'-]*", rest.casefold())
    others = [word for word in words if word not in _EMPTY]
    unknown = len(others)
    if unknown > strange or any(word in WEIGHTY_WORDS or cardinal(word) is not None for word in others):
        return "", False
    kinds = [polarity for _, polarity in sorted(marks)]
    if not kinds:
        return ("yes", True) if _WEAK.search(said) and len(words) <= 3 else ("", False)
    if "no" not in kinds:
        return ("", False) if _HOLDS.search(said) else ("yes", not unknown)
    # "It is not good", "No, that's fine": what declines decides, and after a yes it leaves doubt.
    after_yes = bool(re.match(r"\W*(?:yes|yeah|yep)\b", said, re.IGNORECASE))
    return "no", not unknown and (kinds[0] == "no" or (kinds == ["yes", "no"] and not after_yes))


def recounts(text: str) -> bool:
    """Whether a turn puts another number in the place of one that was read back: "make it one"."""
    return bool(_RECOUNTS.search(text))


def people_instead(text: str) -> str:
    """Give the number of travellers that a turn puts in the place of the one read back, ``""`` if it may be an hour."""
    match = _PEOPLE.search(text)
    return match["count"] if match else ""


def has_answer(text: str) -> bool:
    """Whether any word of a text agrees or declines."""
    said = text.replace("’", "'")
    return any(pattern.search(said) for pattern in (_AGREES_WITH_NEGATION, _DECLINES, _AGREES))


def declines(text: str) -> bool:
    """Whether any word of a text declines."""
    return bool(_DECLINES.search(_AGREES_WITH_NEGATION.sub(" ", text.replace("’", "'"))))
