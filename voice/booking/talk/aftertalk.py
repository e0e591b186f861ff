"""What callers say after something was done, or ask of a desk that it can't do: by their words alone."""

from __future__ import annotations

from collections.abc import Mapping

from voice.booking.talk.answers import answer_of
from voice.booking.talk.courtesies import is_courtesy
from voice.booking.text.wording import Wording

_DONE = r"(?:booked|cancell?ed|changed|confirmed|moved|added|done|saved|reserved|all set|complete[d]?|final|through)"
_THING = r"(?:it|that|this|everything|(?:the|my|our) (?:booking|trip|flights?|bags?|change|cancell?ation|reservation))"
_ASKS: Mapping[str, Wording] = {
    "worked": Wording(
        rf"\b(?:did (?:{_THING}|you)(?: all)? "
        rf"(?:work|go through|succeed|do it|get done|change it|cancel it|book it|add it)|"
        rf"(?:is|are|was|were) {_THING}(?: (?:now|all|really|definitely|already))* {_DONE}|"
        rf"(?:has|have) {_THING} (?:been |gone |now )*{_DONE}|"
        rf"(?:have|did) you(?: really| now| already)? (?:{_DONE}|book|cancel|change|add|do|move) {_THING}|"
        rf"(?:am i|are we)(?: now| all| really)* (?:booked|confirmed|all set|good to go|on (?:it|that flight))|"
        rf"(?:has|did) anything changed?|so (?:it|that)(?:'s| is)(?: now| all)* {_DONE}\W*\?)",
    ),
    "paid": Wording(
        r"\b(?:(?:how much|what) (?:did|have|had) (?:i|we) (?:just |now |already |actually |really )*"
        r"(?:have to )?(?:paid|pay|spen[dt]|owe)|"
        r"(?:how much|what) (?:do|will) (?:i|we) (?:now |actually |really )*(?:have to )?(?:pay|owe)"
        r"(?=(?: (?:you|now|altogether|in total|in all|for (?:it|that|this|everything)))*\W*$)|"
        r"(?:how much|what) (?:was|am|were|did|have|has|is) (?:i|we|you|my card|it|that)"
        r"(?: just| now| been| being| get)* charged?(?: me| us)?|"
        r"(?:how much|what) did (?:it|that|this|everything|(?:the|my) (?:\w+ )?(?:change|booking|trip|bags?))(?: all)? "
        r"cost|what(?:'s| is| was) my (?:new )?total|what do i pay (?:altogether|in total|now|in all))\b",
    ),
}
_BAGS = r"(?:bags?|suitcases?|luggage|baggage)"
_CANT: Mapping[str, Wording] = {
    "send": Wording(
        r"\b(?:send|e-?mail|text|mail|forward|sms|whatsapp|fax)\b[^.?!]{0,40}\b(?:me|us|it|that|them|confirmation|"
        r"receipt|invoice|itinerary|details|ticket|booking|e-?mail|text|phone)\b|"
        r"\b(?:get|have|want|need)\b[^.?!]{0,30}\b(?:by|via|in|through) (?:an? )?(?:e-?mail|text|mail|sms)\b|"
        r"\b(?:will|do|did|can|could) (?:i|we) (?:get|receive|have)\b[^.?!]{0,20}\b(?:e-?mail|text|"
        r"confirmation(?! (?:code|number)))\b",
    ),
    "bags_off": Wording(
        rf"\btake\b[^.?!]{{0,25}}\b{_BAGS}\b[^.?!]{{0,12}}\b(?:off|out|away|back)\b|"
        rf"\bget\b[^.?!]{{0,25}}\b{_BAGS}\b[^.?!]{{0,12}}\boff\b|"
        rf"\b(?:take (?:off|out|away|back)|remove|delete|cancel|get rid of|(?<!i )(?<!we )drop(?! off)) "
        rf"(?:(?!(?:and|add|from|in|with)\b)[\w']+ ){{0,4}}{_BAGS}\b|"
        rf"\b(?:fewer|less|one less) {_BAGS}\b",
    ),
    "bag_off": Wording(
        r"\b(?:take|remove|drop)\b[^.?!]{0,15}\b(?:one|two|it|that|them|those)\b"
        r"(?! (?:\w+ )?(?:more|bags?|suitcases?)\b)|"
        r"\bcancel (?:one|two|them|those)\b",
    ),
    "revive": Wording(
        r"\b(?:reactivat\w+|reinstat\w+|un-?cancel\w*|restor\w+|reviv\w+|undo|bring (?:it|that|this|the booking) back|"
        r"get (?:it|the booking|my booking|my flight|my seats?|that) back|take (?:it|that) back)\b",
    ),
    "waive": Wording(
        r"\b(?:waive|reduce|lower|drop|skip|forgo|remove) (?:\w+ ){0,2}(?:fees?|charges?|cost|price|fare)|"
        r"(?:make|as) an exception|(?:give|get) (?:me|us|a|any) (?:a |any )?(?:discount|deal|better price)|"
        r"(?:do|go) (?:it )?(?:any )?(?:cheaper|lower|for (?:free|less|nothing))\b",
    ),
    "elsewhere": Wording(
        r"\b(?:book|reserve|find|get|need|want|rent|hire|arrange|order|call)\b[^.?!]{0,30}\b(?:hotels?|motel|hostel|"
        r"airbnb|taxis?|cabs?|uber|rental car|car rental|train tickets?|cruise|restaurant)\b|"
        r"\b(?:rent|hire) (?:me |us )?an? (?:\w+ )?(?:car|van|suv)\b",
    ),
    "by_name": Wording(
        r"\b(?:(?:find|look|search|pull|check|locate|see)\b[^.?!]{0,40}\b(?:name|surname|e-?mail|phone|passport|"
        r"address|birthday|date of birth)|(?:by|under|with|on|use|have) (?:my|the|a|her|his|our) "
        r"(?:\w+ )?(?:name|surname|"
        r"e-?mail|phone(?: number)?|passport|address|date of birth)|(?:it|booking|reservation)(?:'s| is| was) under|"
        r"(?:the|my) name(?:'s| is| on)|booked (?:it )?under)\b",
    ),
}
_NO_CODE = Wording(
    r"\b(?:(?:don't|do not|haven't|have not|didn't|can't|cannot|not)(?: \w+)? "
    r"(?:have|got|know|find|remember|recall|see|"
    r"get)\b[^.?!]{0,20}\b(?:code|number|locator|reference|one)|(?:lost|forgot|forgotten|misplaced|no)\b[^.?!]{0,12}"
    r"\b(?:code|number|locator|reference)|where (?:do|can|would|is) (?:i|the|my|that)\b[^.?!]{0,15}"
    r"(?:code|find (?:it|that)|number)|"
    r"(?:lost|deleted|mislaid|misplaced|threw away|(?:don't|do not|can't|cannot|didn't|never)(?: \w+)? (?:have|got|"
    r"get|find|"
    r"receive|see)) (?:my|the|any|an?) (?:\w+ )?(?:confirmation|(?:booking|itinerary|airline) e-?mail|booking details|"
    r"paperwork))\b",
)
_FINDS_BY = Wording(
    r"\b(?:find|look|search|pull|locate|check)\b[^.?!]{0,30}\b(?:it|me|us|them|booking|reservation|flight|ticket|trip)\b"
    r"[^.?!]{0,30}\b(?:by|under|with|on|using|from)\b "
    r"(?:(?:(?:my|the|our|her|his) (?:\w+ )?)?(?:names?|surname|e-?mail|"
    r"phone number|passport number|date of birth|birthday|address)|(?-i:[A-Z])[a-z]+)\b"
)
"""A booking is to be found by something else than its code."""
_SEEKS = Wording(
    r"\b(?:(?:how|where) (?:can|do|would|could|should|might) (?:i|we) (?:find|get|look|see)(?: (?:it|that|one|this|"
    r"for it|the code|"
    r"for that))?|where (?:is|would) (?:it|that)(?: be)?(?: written)?|(?:don't|do not|haven't|have not|can't|cannot) "
    r"(?:have|got|find|know|remember|see) (?:it|that|any|one)|what(?:'s| is) (?:a|the|that|my) (?:\w+ )?code)\b",
)
"""What is said of a code that was asked for."""
_UPSET = Wording(
    r"\b(?:terrible|awful|horrible|worst|unacceptable|ridiculous|outrageous|disgrace\w*|disgust\w+|pathetic|useless|"
    r"joke|furious|angry|disappoint\w+|frustrat\w+|fed up|appall\w+|rubbish service|complain|complaint|shame on|"
    r"(?:second|third|fourth|fifth|tenth) time (?:i'm|i am|i've|i have|i) call\w*|waste of (?:time|money)|"
    r"(?:waiting|waited|been on hold) (?:for )?(?:\w+ )?hours?)\b",
)
_WHY = Wording(
    r"\b(?:why|how come)\b[^.?!]*\b(?:much|expensive|costs?|fees?|penalt\w+|charge[sd]?|charging|pay|prices?|more|back|"
    r"nothing)\b",
)
_COST = Wording(
    r"\b(?:(?:is|are) there (?:an? |any )?(?:\w+ )?(?:fee|charge|cost)s?|is (?:it|that|this) (?:for )?free|"
    r"(?:do|would|will|must) (?:i|we) (?:have to )?pay|(?:does|will|would|do) (?:it|that|this|they) cost|how much)\b",
)
_REGRETS = Wording(
    r"\W*(?:(?:oh|oops|sorry|hang on|hold on)\W+)*(?:wait,? no|no,? wait|no,? no|oh no|stop|wrong)\W*(?:one|wait)?\W*"
)
_FLIES = Wording(r"\b(?:flights?|fly|flying)\b")
_NOTED = Wording(r"\W*(?:(?:oh|ah|um|well),? )?(?:okay|ok|alright|all right|fine|good|got it|i see|right)(?: then)?\W*")
_FEW_WORDS = 8
_CONDITION = Wording(r"\b(?:if|as long as|provided|unless|only when|depends|on condition)\b")
_FIRM = Wording(
    r"\W*(?:(?:oh|um|uh|well|and|so)\W+)*(?:yes|yeah|yep|yup|sure|okay|ok|please do|go ahead|do it|do that)\b"
)


def after_asked(text: str) -> str:
    """Give what a turn asks of what was done: ``worked``, ``paid`` or ``""``."""
    said = text.replace("’", "'")
    return next((name for name, pattern in _ASKS.items() if pattern.search(said)), "")


def cannot(text: str) -> tuple[str, ...]:
    """Give what a turn may ask for that the desk can't do: ``send``, ``bags_off``, ``bag_off``, …."""
    said = text.replace("’", "'")
    return tuple(name for name, pattern in _CANT.items() if pattern.search(said))


def asks_cost(text: str) -> bool:
    """Whether a turn asks what something costs, and names nothing: "Is there a fee?"."""
    return bool(_COST.search(text)) and len(text.split()) <= _FEW_WORDS


def asks_why(text: str) -> bool:
    """Whether a turn asks why a sum is as it is."""
    return bool(_WHY.search(text))


def is_sorry(text: str) -> bool:
    """Whether a turn only takes back what was said before: "Wait, no."."""
    return bool(_REGRETS.fullmatch(text))


def flies(text: str) -> bool:
    """Whether a turn speaks of flights."""
    return bool(_FLIES.search(text))


def lacks_code(text: str) -> bool:
    """Whether a caller says to have no code, or asks where it is."""
    return bool(_NO_CODE.search(text.replace("’", "'")))


def seeks_code(text: str) -> bool:
    """Whether a caller who was asked for a code does not have it, or asks where it is."""
    return bool(_SEEKS.search(text.replace("’", "'")))


def finds_by_name(text: str) -> bool:
    """Whether a booking is to be found by a name or an address: "Can you find it under Reyes?"."""
    return bool(_FINDS_BY.search(text.replace("’", "'")))


def is_upset(text: str) -> bool:
    """Whether a caller complains."""
    return bool(_UPSET.search(text.replace("’", "'")))


def is_conditional(text: str) -> bool:
    """Whether a turn puts a condition: "yes, if I get all of it back"."""
    return bool(_CONDITION.search(text))


def is_plain_yes(text: str) -> bool:
    """Whether a turn is a firm yes and nothing else."""
    return bool(_FIRM.match(text)) and answer_of(text)[0] == "yes" and not is_thanks(text)


def is_thanks(text: str) -> bool:
    """Whether a turn thanks or takes leave."""
    return is_courtesy(text) and not _FIRM.fullmatch(text.strip(" .!,"))


def is_noted(text: str) -> bool:
    """Whether a turn only says that it was heard: "Okay."."""
    return bool(_NOTED.fullmatch(text))
