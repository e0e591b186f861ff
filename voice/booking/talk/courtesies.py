"""Turns that ask nothing of the desk: greetings and thanks, "one moment", "never mind", "say that again", "a human"."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.text.wording import Wording
from voice.cascade.delivery import wish

_HOLD = (
    r"(?:(?:wait|hold on|hang on|hang about|bear with me|stay on the line|stay there|don't (?:hang up|go)|"
    r"hold the line)(?:(?: for)?(?: just)? (?:a|one|two|another) (?:\w+ )?(?:second|sec|moment|minute|mo|tick|bit)s?)?|"
    r"(?:just |wait |only |give me |another |half )*(?:a|one|two) (?:\w+ )?(?:second|sec|moment|minute|mo|tick)s?|"
    r"(?:let me|i(?:'m| am| have to| need to| must|'ll| will)(?: just)?) "
    r"(?:quickly )?(?:look(?:ing)?|check(?:ing)?|find(?:ing)?|get(?:ting)?|grab(?:bing)?|fetch(?:ing)?|search(?:ing)?|"
    r"see|think(?:ing)?|read|open(?:ing)?|ask(?:ing)?|"
    r"put(?:ting)? on)\b(?:(?!\b(?:to|from|flights?|tickets?)\b)[^.?!]){0,40})"
)
_DISMISS = (
    r"(?:never ?mind|forget (?:it|that|about it|what i said)|(?:it )?doesn't matter|not important|leave it|drop it|"
    r"skip (?:it|that)|don't bother|no matter|scrap (?:it|that)|scratch that|"
    r"let's (?:leave|forget|drop|skip) (?:it|that))"
)
_ANNOUNCES = (
    r"(?:(?:i(?:'ve| have)(?: got)?|there(?:'s| is| are)) )?(?:a couple of|a few|one|two|three) "
    r"(?:(?:more|quick|other|small|last) )*(?:things?|questions?|requests?)(?: for you)?"
)
_GREETING = (
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day|night)|"
    r"how (?:are|do) you(?: (?:do|doing|today|going))*|"
    r"(?:nice|pleased|good) to (?:meet|talk to|speak (?:to|with)|hear) you|"
    r"(?:so |very |really )*(?:many |much )?thank(?:s| you|ing you)?(?: you)?(?: (?:ever )?(?:so|very) much| a lot|"
    r" a million| a bunch| kindly| again| indeed|"
    r" for (?:\w+ ){0,3}(?:help|time|patience|assistance|everything|that|information|service|it|waiting|calling))*|"
    r"cheers|ta|much (?:obliged|appreciated)|obliged|bye(?:[\s-]bye)?|good ?bye|so long|farewell|ciao|ta-ta|"
    r"have (?:yourself )?an? (?:\w+ )?(?:day|one|evening|night|weekend|afternoon|time|week)|"
    r"(?:see|talk to|speak to) you(?: (?:later|soon|then|again))?|until next time|take care|you too|same to you|"
    r"likewise|all the best|"
    r"(?:that|this)(?:'s| is|'ll be| will be| would be| was)? "
    r"(?:all|it|"
    r"everything)(?: (?:for (?:now|today|the moment)|(?:that )?i (?:need(?:ed)?|want(?:ed)?)|then|really|from me))*|"
    r"nothing (?:else|more)|no(?:thing)? further \w+|"
    r"(?:i'm|i am|we're|we are) (?:good|all set|fine|done|all done|happy)|are you (?:still )?(?:there|with me)|"
    r"can you hear me|is (?:anyone|anybody|someone) there|do you hear me|"
    r"you(?:'ve| have)? (?:been|are|were) "
    r"(?:\w+ )*(?:helpful|kind|nice|great|wonderful|patient|a star|the best|"
    r"an angel)(?: (?:with|to|for) (?!\w+ (?:flights?|booking))[^.?!,]{1,40})?|"
    r"how(?:[\'’]s| is| was| has) (?:your|the) "
    r"(?:day|morning|afternoon|evening|week|weekend|shift)(?: been| going| so far| treating you)*|"
    r"you (?:sound|remind me)(?: \w+)? (?:like|of) [^.?!,]{1,30}|(?:very|so|really|most) (?:helpful|kind)(?: of you)?|"
    r"(?:i )?(?:really |do |much )?appreciate (?:it|that|your \w+|this)|"
    r"(?:this is|my name is|my name's|i'm|i am) (?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?(?: (?:here|speaking))?|speaking)"
)
_AROUND = Wording(
    r"\b(?:well|so|oh|ah|and|just|please|um|uh|then|wait|hm+|actually|i (?:think|guess|see|got it)|got it|i see|there|"
    r"again|now|today|grand|champion|sorted|smashing|super|terrific|fantastic|great|perfect|okay|ok|alright|all right|"
    r"awesome|wonderful|excellent|lovely|brilliant|good|cool|nice|fine|super|right|no|nope|nah|yes|yeah|sorry|dear|"
    r"love|"
    r"sir|madam|ma'am|my|friend|mate|to|you|everyone|everybody|for|here|very|much|so|really|indeed|but|that's|that is|"
    r"with|me)\b",
)
_REPEAT = Wording(
    r"\b(?:(?:say|repeat|tell me|read|run|go over|go through|give me|hear) (?:\w+ )?(?:that|it|this|those|them|"
    r"the \w+(?: \w+)?)(?: \w+)? (?:again|one more time|once more|once again|slower|more slowly|slowly|by me|back|"
    r"louder|please)|"
    r"(?:say|repeat|reread)(?: (?:that|it|this|those|yourself|again))?(?: please)?(?=\W*(?:$|[,.?!]|please|for me|"
    r"to me))|"
    r"say(?:ing)? (?:it |that |this |all |of |what you said )+(?:once more|once again|again|over|afresh)|"
    r"say it all|(?:ask|trouble|bother) you to repeat|"
    r"(?:give|let me have|tell me|run through) (?:it |that |those |them |the \w+ )+(?:to me |by me )?(?:once more|"
    r"once again|again)|"
    r"(?:say|repeat|go over|run) (?:that|it|this|those)\b|repeat (?:the|what)|"
    r"(?:could|can|would|will) you (?:please )?repeat|come again|once (?:more|again)|(?:one|another) (?:more )?time|"
    r"(?:what|how|when|where|who|which \w+) (?:was|were) (?:that|those|it)(?: again)?|"
    r"what did you (?:just )?(?:say|tell)|what (?:you|did you) said|what you said|"
    r"(?:didn't|did not|couldn't|could not|can't|cannot|haven't|have not|don't|do not|not)(?: \w+)? "
    r"(?:catch|hear|get that|get it|get what|understand|understood|understanding|caught|heard|follow|followed|"
    r"make (?:that|it) out)|"
    r"(?:didn't|did not|couldn't|could not|haven't|don't)(?: \w+){0,3} "
    r"(?:catch|hear|get|understand|follow|make out)(?: (?:all|any|half|most|a word|much|the last \w+))?(?: of)? "
    r"(?:that|it|this|what you said|you)|"
    r"you(?:'ve|'re| have| are| keep| just)?(?: kind of| sort of)? "
    r"(?:cut|cutting|drop|dropped|dropping|fad(?:ed|ing)|broke|broken|breaking|went|gone) "
    r"(?:out|off|up|away|quiet|silent)|"
    r"slow (?:down|up)(?: a (?:bit|little|touch))?|"
    r"(?:the |this |my )?(?:line|connection|signal|reception|phone)(?:'s| is| was| went)(?: \w+)? "
    r"(?:bad|terrible|awful|breaking|crackl\w+|poor|dreadful|dead|cutting|fuzzy|choppy|horrible)|"
    r"(?:what|which) (?:time|day|date|price|number|flight|part|gate|airline|city|airport) (?:was|were) "
    r"(?:that|it|those|the last \w+)|"
    r"how much (?:was (?:it|that)|did you say)|(?:wasn't|was not) listening|was (?:miles away|distracted)|you lost me|"
    r"what were you saying|missed (?:half|most|the last|part|all|some)|went (?:right )?(?:by|over|past)|"
    r"(?:too|so) (?:fast|quick|quickly|quiet|quietly)(?: for me)?|(?:more )?(?:slowly|slower)|speak up|louder|"
    r"(?:i )?beg your pardon|pardon(?: me)?\W*\?|pardon\W*$|i lost you|you(?:'re| are) breaking up|you broke up|"
    r"say what|missed (?:that|it|what))\b|"
    r"^\W*(?:(?:sorry|excuse me|oh|eh)\W+)?(?:sorry|excuse me|what|huh|pardon(?: me)?|eh|come again|what's that|"
    r"again)(?: again)?(?:,? please)?\W*\?\W*$|"
    r"^\W*(?:once )?again(?:,? please)?\W*$|\bpardon\b\W*\?",
)
_SOMEONE = (
    r"(?:humans?|(?:real |actual |live |human )?(?:person|people|being|agent)|agents?|representatives?|rep|operators?|"
    r"supervisors?|managers?|advis[eo]rs?|"
    r"(?:man|woman|lady|gentleman|chap|bloke|fellow|guy|"
    r"body)(?= (?:that |who |whom )?(?:i|we) (?:can|could|may|might)\b| to (?:talk|speak))|"
    r"(?:some|any)(?:one|body) (?:real|human|alive|actual)|whoever(?:'s| is) in charge|"
    r"(?:some|any)(?:one|body) in charge|flesh and blood|employees?|staff|team members?|somebody|someone|anybody|"
    r"anyone|attendants?|clerks?|consultants?|customer (?:service|care|support)|colleagues? of yours|"
    r"(?:your |a |the |one of your )(?:\w+ )?(?:boss|colleagues?|manager|superior|team|people)|your lot|travel agent|"
    r"help ?desk|reception)"
)
_HANDOFF = Wording(
    r"\b(?:speak|speaking|talk|talking|deal|dealing|connect|transfer|chat|put|pass|hand|patch|get|give|want|need|like|"
    r"rather|prefer|reach|there|where(?:'s| is)|have|find|fetch|bring|"
    rf"call)\b[^.?!]{{0,30}}?(?<!\bfor )\b{_SOMEONE}\b(?! "
    r"(?:else'?s|who (?:is|are) fl|flying|travell?ing|with me|in my|on the booking|"
    r"(?:who|that|to) (?:can |could |will |would )?(?!help|assist)\w+ "
    r"(?:him|her|them|my (?:mother|mum|mom|father|dad|husband|wife|son|daughter|parents))\b))|"
    rf"\b{_SOMEONE}\b (?:\w+ )?(?:could|can|would|might|should)(?: please)? (?:take over|help me instead|sort)\b|"
    r"\b(?:transfer me|connect me|put me through|pass me on|hand me over|patch me through)\b|"
    r"\b(?:don't|do not|not|no|stop|hate|tired of|enough of|without|instead of)\b[^.?!]{0,40}\b(?:robots?|bots?|"
    r"machines?|computers?|automated|recording|ai)\b",
)
_SOMEONE_ALONE = Wording(rf"\W*(?:(?:a|an|live|real|human|please|the|your) )*{_SOMEONE}\W*(?:please|now)*\W*$")
_NOT_HANDOFF = Wording(
    r"\b(?:are you|am i (?:speaking|talking|connected)|is this|who am i)\b|"
    r"\b(?:one|1|two|three|four|five|six|seven|eight|\d|per|each|another|every|first|same) "
    r"(?:\w+ )?(?:person|people|adult)\b|"
    r"\bfor (?:the )?(?:people|person)\b|\b(?:fly|travel)\w* (?:with|alone)\b|\bon the plane\b",
)
_OF_US = Wording(
    r"\b(?:are you|am i (?:speaking|talking)|is this) [^.?!]*\b(?:robot|human|machine|computer|person|bot|ai|real|"
    r"recording|automated)\b",
)


def _made_of(text: str, phrases: str) -> bool:
    """Whether a text holds such a phrase, and nothing but courtesies beside it."""
    rest, count = re.subn(rf"(?<![\w-])(?:{phrases})(?![\w-])", " ", text.replace("’", "'"), flags=re.IGNORECASE)
    return bool(count) and not re.search(r"\w", _AROUND.sub(" ", rest))


def is_hold(text: str) -> bool:
    """Whether the caller only asks the desk to wait a moment."""
    return _made_of(text, _HOLD)


def announces(text: str) -> bool:
    """Whether the caller only says that wishes will follow: "two things"."""
    return _made_of(text, _ANNOUNCES)


def is_dismissal(text: str) -> bool:
    """Whether the caller only takes back what was asked or said: "never mind"."""
    return bool(re.search(_DISMISS, text, re.IGNORECASE)) and _made_of(text, rf"{_DISMISS}|{_GREETING}")


def is_courtesy(text: str) -> bool:
    """Whether a turn is nothing but greetings, thanks and farewells, a hold, or what takes a question back."""
    rest = text.replace("’", "'")
    if re.fullmatch(
        r"(?:\W*(?:okay|ok|alright|all right|great|perfect|good|fine|cool|nice|wonderful|no|nope|excellent|lovely|"
        r"got it|i see)\b)+\W*",
        rest,
        re.IGNORECASE,
    ):
        return True
    return _made_of(rest, rf"{_GREETING}|{_HOLD}|{_DISMISS}|{_ANNOUNCES}") or bool(
        _OF_US.search(rest) and len(rest.split()) <= 12
    )


_BAGS_INCLUDED = Wording(
    r"\W*(?:(?:and|so|but|oh|okay|also|um|uh|well|sorry|wait)\b\W*)*"
    r"(?:(?:do|does|did|will|would) (?:i|we|it|that|this|they|you|the (?:fare|ticket|price|flight|trip)) "
    r"(?:also |already )?(?:get|include|come with|cover)|(?:is|are) (?:there )?)"
    r"(?: (?:a|an|any|one|two|our|my|the|free|checked|each))*\s+"
    r"(?:bags?|suitcases?|luggage|baggage|pieces? of luggage)(?: (?:for free|free|included|allowed))*"
    r"(?: (?:with|in|on|for) (?:it|that|this|the (?:fare|ticket|price|flight|trip)))?"
    r"(?: (?:each|too|as well|for free))*\W*"
)
"""Bags that a fare may hold already."""


def asks_again(text: str) -> bool:
    """Whether the caller wants to hear the last words again, or slower, louder, …."""
    wanted = wish(text)
    return bool(_REPEAT.search(text.replace("’", "'"))) or (wanted is not None and wanted.alone)


@lru_cache(maxsize=64)
def wants_person(text: str) -> bool:
    """Whether the caller wants to speak to a person."""
    said = text.replace("’", "'")
    return bool(_HANDOFF.search(said) or _SOMEONE_ALONE.match(said)) and not _NOT_HANDOFF.search(said)


def asks_for_free_bags(text: str) -> bool:
    """Whether a turn only asks if bags come with a fare, and adds none: "Do we get a checked bag with that?"."""
    return bool(_BAGS_INCLUDED.fullmatch(text.replace("’", "'")))
