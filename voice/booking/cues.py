"""The words that tell what a caller wants: intents, topics, choices, constraints."""

from __future__ import annotations

import re
from collections.abc import Mapping

TOPICS: Mapping[str, re.Pattern[str]] = {
    topic: re.compile(pattern, re.IGNORECASE)
    for topic, pattern in {
        "refunds": r"\brefund\w*|\bmoney back\b|\bget (?:my|the) money\b|\breimburs\w+",
        "pets": r"\bpets?\b|\bdogs?\b|\bcats?\b|\bpupp(?:y|ies)\b|\bkittens?\b|\banimals?\b|\brabbits?\b|"
        r"\bbirds?\b|\bparrot\b",
        "children": r"\bchild(?:ren)?\b|\bkids?\b|\binfants?\b|\bbab(?:y|ies)\b|\btoddlers?\b|\bminors?\b|"
        r"\bunaccompanied\b|"
        r"\bstrollers?\b|\bcar seats?\b|\bnewborn\b|\b(?:on (?:his|her|their) own|fl(?:y|ying) alone)\b",
        "check_in": r"\bcheck(?:ing)?[\s-]?in\b|\bboarding (?:pass(?:es)?|time|closes?)\b|\b(?:get|be|arrive|"
        r"show up) (?:to|at) the "
        r"airport\b|\bhow early\b|\bbefore (?:my|the) flight\b",
        "wifi": r"\bwi[\s-]?fi\b|\binternet\b",
        "meals": r"\bmeals?\b|\bfood\b|\bsnacks?\b|\bdrinks?\b|\bvegan\b|\bvegetarian\b|\bkosher\b|\bhalal\b|"
        r"\bgluten\b|\beat\b|"
        r"\bpeanuts?\b|\bdinner\b|\bbreakfast\b",
        "documents": r"\bpassports?\b|\bvisas?\b|\bid\b|\bidentification\b|\bdriver'?s? licen[sc]e\b|"
        r"\bdocuments?\b|\breal id\b|"
        r"\bpaperwork\b",
        "delays": r"\bdelay(?:s|ed)?\b|\bhours? late\b|\b(?:is|are|was|gets?|runs?) late\b|\brunning late\b|"
        r"\bcompensat\w+|\bcancel(?:led|ed) (?:by|on me|because)\b|"
        r"\bmiss(?:ed|ing)? (?:my|the|a) (?:\w+ )?(?:connection|flight|plane)\b|\bbump(?:ed)?\b|\bweather\b|"
        r"\bovernight at\b",
        "seats": r"\bseats?\b(?! (?:left|available))|\bseat (?:selection|map)\b|\blegroom\b|\baisle\b|\bwindow\b|"
        r"\bwhere i sit\b|"
        r"\bsit (?:together|next)\b|\bexit row\b|\brecline\b",
        "baggage": r"\bbags?\b|\bbaggage\b|\bluggage\b|\bsuitcases?\b|\bcarry[\s-]?ons?\b|\bbackpacks?\b|"
        r"\boverweight\b|\bskis?\b|"
        r"\bgolf clubs?\b|\bbicycles?\b|\bbikes?\b|\bguitar\b|\binstruments?\b|\bsurfboard\b|\bliquids?\b|"
        r"\bpersonal item\b",
        "payment": r"\bpay(?:ing|ment)?s?\b|\bpaypal\b|\bcredit cards?\b|\bdebit\b|\binstallments?\b|\bvouchers?\b|"
        r"\bgift cards?\b|"
        r"\bapple pay\b|\bamerican express\b|\bamex\b|\bmastercard\b|\bpoints\b|\bcash\b|\binvoice\b|\breceipt\b",
        "changes": r"\bchang(?:e|es|ing|ed)\b|\brebook\w*|\breschedul\w+|\bswitch(?:ing)?\b|\bmov(?:e|ing) my\b",
        "cancellation": r"\bcancel(?:s|l?ing|l?ation)?\b",
    }.items()
}
"""Policy topics by the words for them, most particular first."""

OTHER_TOPIC = re.compile(
    r"\b(?:wheelchair|pregnan\w+|smok\w+|medication|oxygen|loyalty|frequent flyer|miles|lounge|insurance|"
    r"entertainment|alcohol|"
    r"parking|lost (?:and found|my|bag)|name change|misspelled|spelled|typo)\b",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"\?|^\W*(?:what|when|how|do|does|can|could|is|are|am|will|would|which|where|why|who)\b|"
    r"\b(?:tell me|wondering|like to know|want to know|question|what(?:'s| is| do| does| are)|how (?:much|many|"
    r"long|early|do|big|heavy)|"
    r"do (?:you|i|we|they)|does|is there|are there|are (?:we|you)|am i|if i can|if i could|whether|allowed|policy|"
    r"policies|rules?|"
    r"fees?|charges?|allowance|is it possible|can i|could i|can we)\b",
    re.IGNORECASE,
)
RULE_WORDS = re.compile(
    r"\b(?:policy|policies|rules?|fees?|charges?|penalt(?:y|ies)|allowance|allowed|happens?|refundable|what if|"
    r"how much|"
    r"cost(?:s)?(?: me)?|can i still|up to when|deadline|limit|extra|for free|free)\b",
    re.IGNORECASE,
)
"""Words that make "cancel" or "change" a question about rules."""

_BOOKING = r"(?:bookings?|reservations?|trips?|itinerar(?:y|ies)|tickets?|flights?|details|record)"
INTENTS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "handoff": r"\b(?:speak|talk|deal|connect|transfer|put|get|give|want|need|like|rather|where(?:'s|"
        r" is))\b[^.?!]{0,30}\b(?:human|person|people|agent|"
        r"representative|rep|operator|supervisor|manager|someone|somebody|customer service|"
        r"human being)\b(?! (?:else'?s|who is fl))|"
        r"^\W*(?:(?:a|an|live|real|human) )*(?:human|agent|representative|operator|supervisor|manager|person|"
        r"customer service)\W*(?:please)?\W*$|"
        r"\b(?:transfer me|connect me|put me through)\b",
        "lookup": rf"\b(?:look(?:ing)? (?:\w+ )?up|pull(?:ing)? (?:\w+ )?up|look(?:ing)? (?:at|for) (?:my|the|"
        rf"our) {_BOOKING}|"
        rf"check(?:ing)? (?:on )?(?:the |my |our )(?:\w+ ){{0,3}}{_BOOKING}|find my {_BOOKING}|"
        rf"(?:status|details) (?:of|on|for) (?:my|the|our)|"
        rf"retrieve|bring up|open (?:up )?my|see my {_BOOKING}|when (?:is|does|do) (?:my|our) (?:next )?(?:flight|"
        rf"trip|plane)|"
        rf"what time (?:is|does|do) (?:my|our) flight|(?:have|got) (?:a|an existing) (?:booking|reservation)|"
        rf"(?:confirm|verify|review) my {_BOOKING}|am i (?:still )?booked|"
        rf"what(?:'s| is) (?:on|in|the status of) my|is my (?:flight|booking|trip|reservation))",
        "cancel": r"\b(?:cancel(?:l?ing)?|call off|drop my|get rid of (?:my|the))\b",
        "change": r"\b(?:chang(?:e|ing)|mov(?:e|ing)|switch(?:ing)?|reschedul\w+|push(?:ing)?(?: (?:it|that|"
        r"my \w+))? (?:back|to|out)|"
        r"postpon\w+|upgrad\w+|downgrad\w+|rebook(?:ing)?|modify|swap|bring(?: \w+)? forward|put me on|get on (?:a|"
        r"an|the)|"
        r"(?:have it|it should|should) (?:leave|depart|go|be|say)|mistake (?:on|in|with) my|wrong (?:date|day|city|"
        r"airport|time)|(?:fly|leave|go|depart) (?:a day|one day|two days|a week) (?:earlier|later))\b",
        "bags": r"\b(?:add|adding|put|check|include|need|bring|take|with|get|buy|want|have)\b[^.?!]{0,30}?"
        r"\b(?:bags?|suitcases?|luggage|pieces)\b",
        "book": r"\b(?:i'?ll (?:take|have|go (?:with|for))|i (?:want|'d like|would like|prefer|choose|pick) the|"
        r"(?:let's|let us|we'll|we will|i will|i'd|can we|could we|can i|i) (?:do|take|go with|go for|have|get|grab) "
        r"(?:the|that|this|it|number|option)|"
        r"book (?:that|it|this|me (?:on )?(?:that|the)|the|number|option)|take (?:that|this|the) (?:\w+ )?(?:one|"
        r"flight|option)|"
        r"give me the|reserve (?:that|it|the)|go ahead with the|the \w+ (?:one|option|flight)(?: please)?\W*$)",
        "search": r"\b(?:flights?|fly(?:ing)?|tickets?|trip|travel(?:l?ing)?|go(?:ing)? (?:to|from|down|up|out|"
        r"over)|get(?:ting)? (?:to|from|there)|"
        r"head(?:ing|ed)?|book me|be in|round[\s-]?trip|one[\s-]?way|seats? (?:to|from|on)|fares?|nonstop|options|"
        r"leav(?:e|ing)|depart\w*|"
        r"com(?:e|ing) (?:back|home|from)|return\w*|cheap\w*|available|availability|what do you have|anything|"
        r"something)\b",
        "repeat": r"\b(?:(?:say|repeat|run|go over) (?:that|it|this|those)(?: one more time| again| by me|"
        r" once more)?|say again|come again|"
        r"one more time|once more|(?:what|how) (?:was|were) (?:that|those)(?: again)?|repeat (?:the|please)|"
        r"(?:didn't|did not|couldn't|can't) (?:quite )?(?:catch|hear|get) (?:that|you|it|what)|pardon|"
        r"what did you say|"
        r"speak (?:up|slower|more slowly)|say what)\b|^\W*(?:sorry|excuse me|what|huh|pardon me)\W*\?\W*$",
    }.items()
}

HYPOTHETICAL = re.compile(
    r"\b(?:what happens|what if i|if i (?:need|have|want|cancel|change|decide)|happens if|how much (?:is it|"
    r"does it|would it|to)|"
    r"(?:what(?:'s| is| are| do| would)|is there|are there|any) (?:the |a |your |it )?(?:\w+ )?(?:fees?|cost|"
    r"charges?|penalt\w+|polic\w+|rules?)|"
    r"(?:fee|cost|charge|penalty|policy) (?:for|to|on)|cost (?:me )?to (?:cancel|change)|"
    r"can i (?:still )?(?:cancel|change) (?:\w+ ){0,3}"
    r"(?:for free|later|within|up to|if|without|at any)|free(?:ly)? (?:to )?(?:cancel|change)|(?:cancellation|"
    r"change) (?:policy|fee|fees|rules?|"
    r"cost|charge)|(?:whether|if) (?:i|we) (?:can|could|may) (?:still )?(?:cancel|change)|can still (?:cancel|"
    r"change)|allowed to (?:cancel|change)|(?:able to|possible to) (?:cancel|change)[^.?]*\b(?:later|afterwards)|"
    r"do i (?:get|lose|have to pay)|will i (?:get|lose)|is it (?:possible|okay|ok|free) to (?:cancel|change))\b",
    re.IGNORECASE,
)

CABINS = ("premium economy", "economy", "business", "first")
NONSTOP = re.compile(
    r"\b(?:non[\s-]?stops?|direct(?:ly)?(?= flights?| only|\W*$|,| please| from| to| if)|(?:direct|"
    r"straight) flights?|"
    r"(?:no|without|zero) (?:any )?(?:stops?|layovers?|connections?|stopovers?|changes)|(?:no|"
    r"without) (?:connecting|stopping|changing)|fly direct)\b",
    re.IGNORECASE,
)
RETURNS = re.compile(
    r"\b(?:(?:fl(?:y|ying)|com(?:e|ing)|go(?:ing)?|get(?:ting)?|be|head(?:ing)?|travel(?:ing)?)?\s?(?:back|"
    r"home)(?= |$|,|\.)|return(?:ing|s)?|"
    r"(?:fly(?:ing)? |head(?:ing)? |leav(?:e|ing) )?out again|round[\s-]?trip)\b",
    re.IGNORECASE,
)
ROUND_TRIP = re.compile(r"\bround[\s-]?trip\b|\breturn (?:flight|ticket|trip)\b|\bthere and back\b", re.IGNORECASE)
NEXT_LEG = re.compile(
    r"\b(?:and then|then|after that|afterwards|from there|next|followed by|followed with|finally|lastly|second leg|"
    r"third leg|"
    r"continu(?:e|ing)|on to|onwards?(?: to)?)\b|[.;]\s",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"\b(?:the )?(?P<offer>(?:very )?(?:first|second|third|fourth|last|middle|other|cheapest|cheaper|earliest|"
    r"earlier|latest|later|"
    r"early|late|morning|afternoon|evening|noon|nonstop|non-stop|direct|fastest|quickest|shortest|expensive|"
    r"best)(?: (?:one|option|flight|"
    r"departure|of the (?:two|three)))?|(?:option|number) (?:one|two|three|four|\d)|(?:that|this) (?:one|flight)|"
    r"\d{1,2}:\d\d(?: ?[ap]\.?m\b\.?)?(?: (?:one|flight|option|departure))?|one (?:at|for|leaving at) [^,.?!]+|"
    r"\$ ?\d+(?: one)?|\d{1,2} ?[ap]\.?m\b\.?(?: one| flight)?|(?:seven|eight|nine|ten|eleven|twelve|noon|six|five|"
    r"four|three)"
    r"(?: o'?clock| (?:fifteen|thirty|forty[- ]five|oh five))?(?: one| flight)|(?:cheap|expensive|quick|fast|long|"
    r"short) one)\b",
    re.IGNORECASE,
)
LEG = re.compile(
    r"\b(?:the )?(?P<leg>(?:first|second|third|fourth|last|outbound|outgoing|inbound|return(?:ing)?|connecting|"
    r"final|middle|initial)"
    r"(?: (?:leg|flight|segment|part|half|one|trip|portion))|outbound|return|inbound|(?:flight|leg|way|trip|"
    r"part) (?:back|home|there|out)|"
    r"(?:flight|leg|trip|part|segment)(?: that goes)? (?:to|from|out of|"
    r"into) (?-i:[A-Z])\w[\w.]*(?: (?-i:[A-Z])\w[\w.]*)*(?: to (?-i:[A-Z])\w[\w.]*)?)",
    re.IGNORECASE,
)
FALLBACK = re.compile(
    r"(?:,? (?:and|or|but) )?\b(?:if (?:that|it|this|those|there)(?:'s| is| are|s)?(?: no|n't|"
    r" not)?[^,.?!]{0,40}?(?:,|then\b|\btry\b|\bdo\b|"
    r"\btake\b|$)|if not|otherwise|or else|failing that|as a (?:backup|fallback|second choice|plan b)|alternatively|"
    r"if (?:you|we) (?:can't|cannot|don't)[^,.?!]{0,40},|second choice)[,\s]*(?:then )?(?:(?:we could |i could |"
    r"i'd |maybe |just |also |please )*"
    r"(?:try|do|take|go|look at|check|use|be|fly|leave)\b ?)?(?:(?:is|would be|on|to|from|at|the)\b ?)*",
    re.IGNORECASE,
)
WEAK_YES = re.compile(
    r"^\W*(?:(?:okay|ok|alright|all right|great|perfect|good|fine|right|wonderful|excellent|lovely|thanks|"
    r"thank you|then|so|oh)\b[\s,.!;]*)+$",
    re.IGNORECASE,
)
"""Words that take note of what was said, and approve it only where nothing else follows."""
CORRECTS = re.compile(
    r"^\W*no\b[\s,.]*(?:i (?:said|meant|mean|asked for)|make (?:it|that)|(?:it's|it is|it was|that's|"
    r"that was)(?! (?:too|not|wrong|way|a |much|fine|ok|good|all|everything))|for|to|from|on)\b",
    re.IGNORECASE,
)
"""A "no" that puts right what was heard, and declines nothing."""
YES = re.compile(
    r"(?:yes|yeah|yep|yup|ya|sure(?: thing)?|of course|absolutely|definitely|certainly|okay|ok|alright|all right|"
    r"go ahead(?: and (?:book|do|"
    r"cancel|change|confirm) (?:it|that|this))?|please(?: do)?|do (?:it|that)|go for it|let's (?:do (?:it|that)|go|"
    r"book it)|"
    r"(?:that's|that is|it's|it is|this is)? ?(?:right|correct|fine|perfect|great|good|it|okay|ok|exactly right)|"
    r"that'?ll (?:do|work)|"
    r"(?:that|it|this) works(?: for me)?|works for me|sounds (?:good|great|perfect|fine|right|like a plan)|"
    r"(?:you can )?(?:book|confirm|take) (?:it|that|this)(?: (?:one|flight|trip|please|for me|then))*|confirmed?|"
    r"(?:mm|uh)[\s-]?h(?:u|m)+h?|exactly|i do|you did|"
    r"it (?:is|does)|that's the one|i'?d like that|make it so|why not|by all means|i'm sure|perfect|great|"
    r"wonderful|excellent|lovely|"
    r"thanks|thank you|then|i'?ll take it|yes i (?:do|would|did)|go on|proceed|you bet|for sure|affirmative|indeed|"
    r"that would be (?:great|good|fine|perfect|lovely))",
    re.IGNORECASE,
)
NO = re.compile(
    r"(?:no|nope|nah|no way|not (?:now|yet|really|today|right now|at the moment|interested)|no,? (?:thanks|"
    r"thank you)|thanks|thank you|"
    r"don't(?: (?:do|book|cancel|change) (?:it|that))?|never ?mind|leave (?:it|that)(?: (?:as it is|alone|for now|"
    r"be))?|forget (?:it|that)|"
    r"i (?:don't|do not) (?:want (?:that|it|to)|think so)|i'?d rather not|(?:that's|that is|it's|it is) (?:not|"
    r"wrong)(?: (?:right|correct|it|"
    r"what i (?:said|want|meant)))?|wrong|incorrect|i didn't|i (?:did not|don't)|please don't|"
    r"(?:that's|that is|it's|it is) (?:a bit |a little |way |much |far |just )?too (?:expensive|much|early|late|"
    r"long|pricey|high|steep)|"
    r"keep (?:it|that|my booking)(?: (?:as it is|please))?|hold off|not that one|negative|absolutely not|please|"
    r"i changed my mind|(?:i think )?i'?ll pass|pass|(?:i'll|i need to|let me) (?:think about it|"
    r"think it over|get back to you|call back)|maybe (?:later|another time)|some other time|stop|"
    r"(?:i )?(?:need|have|want|got) to (?:talk|speak|check|ask|think)(?: (?:to|with|about))? (?:my|the|"
    r"it)(?: \w+)?(?: first)?|"
    r"(?:neither|none)(?: of (?:those|them|these))?(?: works?)?(?: for me)?)",
    re.IGNORECASE,
)
CHAT = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|how are you(?: (?:doing|today))*|"
    r"thanks?(?: you)?(?: (?:so|very) much| a lot| a million|"
    r" for (?:your|the|all your) help)?|thank you|bye(?:[\s-]bye)?|good ?bye|have a (?:good|nice|great|"
    r"lovely) (?:day|one|evening|night|weekend|afternoon)|"
    r"(?:see|talk to) you(?: (?:later|soon))?|take care|cheers|you too|great|perfect|okay|ok|alright|all right|"
    r"awesome|wonderful|excellent|"
    r"that's (?:all|it|everything|great)(?: (?:for (?:now|today)|i need(?:ed)?|then))?|that will be all|"
    r"that'll be all|nothing else|no|nope|i'm (?:good|all set|fine|done)|"
    r"we're (?:good|done|all set)|there|so (?:very )?much|again|then|never ?mind|are you (?:still )?there|"
    r"can you hear me|is (?:anyone|anybody|someone) there|"
    r"(?:very|so) (?:helpful|kind)|you(?:'ve| have) been (?:very |so |really )?helpful|appreciate it|"
    r"i appreciate (?:it|that|your help)|"
    r"for (?:now|today)|this is \w+|my name is \w+(?: \w+)?|i'm \w+|nice to (?:meet|talk to) you|much appreciated|"
    r"got it|i see|good|cool|nice)",
    re.IGNORECASE,
)


def made_of(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether the text is nothing but such phrases, with punctuation, "well" and "please" between them."""
    rest = re.sub(rf"\b(?:{pattern.pattern})(?!\w)", " ", text, flags=re.IGNORECASE)
    rest = re.sub(
        r"\b(?:well|so|oh|ah|and|just|please|um|uh|then|wait|hold on|hang on|hm+|actually|i think|i guess)\b",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    return not re.search(r"\w", rest) and bool(re.search(r"\w", text))
