"""The words that tell what a caller wants: intents, topics, choices, constraints."""

from __future__ import annotations

from collections.abc import Mapping

from voice.booking.dates.words import MONTH, WEEKDAY
from voice.booking.text.wording import Wording

QUESTION = Wording(
    r"\?|^\W*(?:(?:and|so) )?you (?:guys |folks )?(?:accept|allow|charge|do|got|have|offer|take)\b|"
    r"^\W*(?:what|when|how|do|does|can|could|may|must|should|is|are|am|will|would|which|where|why|who)\b|"
    r"\b(?:tell me|wondering|(?:like|love|want|need|keen|wish|good|dying|curious) to know|"
    r"(?:talk|walk) (?:to )?me (?:about|through)|question|what(?:'?s| is| do| does| are)|"
    r"(?:find out|know|hear|learn|ask) (?:about|more about)|find out (?:what|how|if|whether|when|which)|"
    r"how (?:much|many|long|early|do|big|heavy)|do (?:you|i|we|they)|does|is there|are there|are (?:we|you)|am i|"
    r"if i can|if i could|whether|allowed|policy|policies|rules?|fees?|charges?|allowance|"
    r"(?:is (?:it|one)|are we|am i) \w+|can i|could i|can we|may (?:i|we)|must (?:i|we)|(?:say|explain)(?: to)? me|"
    r"permitted|explain|information (?:about|on|regarding)|ask (?:you )?(?:about|if|whether)|curious|"
    r"(?<!never )(?<!you )(?<!didn't )(?<!hardly )know (?:about|if|whether|what|how))\b",
)
RULE_WORDS = Wording(
    r"\b(?:policy|policies|rules?|fees?|charges?|penalt(?:y|ies)|allowance|allowed|happens?|refundable|what if|"
    r"how late|(?:until|till|by) when|how long (?:before|do (?:i|we) have)|(?:the )?latest (?:i|we) can|"
    r"how much|cost(?:s)?(?: me)?|can i still|up to when|deadline|limit|extra|for (?:free|nothing)|free|permitted|"
    r"at no (?:cost|charge)|"
    r"without (?:a |any |the )?(?:fees?|charges?|penalt\w+|costs?|paying|losing|being charged))\b",
)
"""Words that make "cancel" or "change" a question about rules."""

_CODE = r"(?:[A-Z0-9]{6}\b)"
_BOOKING = r"(?:bookings?|reservations?|trips?|itinerar(?:y|ies)|tickets?|flights?|details|record)"
INTENTS: Mapping[str, Wording] = {
    name: Wording(pattern)
    for name, pattern in {
        "lookup": (
            r"\b(?:look(?:ing)? (?:\w+ ){0,2}up(?! (?:\w+ ){0,2}(?:flights?|fares?|prices?|tickets) (?:for|from|to|"
            r"on)\b)|"
            r"pull(?:ing)? (?:\w+ ){0,2}up|"
            r"(?:look(?:ing)?|search(?:ing)?|check(?:ing)?|find(?:ing)?|see|show me|open|read(?: me)?|view|get|"
            r"tell me about|"
            r"give me)(?: (?:at|for|into|on|up|me))?(?: (?:my|the|our|this|booking|reservation|code|number)){0,3} "
            rf"(?-i:{_CODE})|"
            r"(?:look(?:ing)? (?:at|for|into)|see|show me|find|get|view|open|read me|tell me(?: more)? about) "
            r"(?:my|our|the) (?:\w+ )?(?:bookings?|reservations?|itinerar(?:y|ies)|trip|details)|"
            r"(?:see|check|know|remember) (?:when|what time|what day) (?:i|we|my|our)|"
            rf"check(?:ing)? (?:on )?(?:the |my |our )(?:\w+ ){{0,3}}{_BOOKING}|find my {_BOOKING}|"
            rf"(?:status|details) (?:of|on|for) (?:my|the|our)|retrieve|bring up|open (?:up )?my|see my {_BOOKING}|"
            r"when (?:is|does|do) (?:my|our) (?:next )?(?:flight|trip|plane)|"
            r"what time (?:is|does|do) (?:my|our) flight|(?:have|got) (?:a|an existing) (?:booking|reservation)|"
            rf"(?:confirm|verify|review) my {_BOOKING}|am i (?:still )?booked|"
            r"what(?:'s| is) (?:on|in|the status of) my|is my (?:flight|booking|trip|reservation))"
        ),
        "cancel": (
            r"\b(?:cancel(?:l?ing)?|cancellation(?=,? please\b)|(?:make|do|request|need|want|like) a cancellation|annul\w*|call(?:ing)?(?: \w+){0,4}? off|"
            r"drop my(?! (?:\w+ )?(?:bags?|suitcases?|luggage|baggage)\b)|"
            r"get rid of (?:my|the|it|that|this|booking|[A-Z0-9]{6})|scrap(?:ping)?|void|"
            r"(?:bin|ditch|kill|axe|dump|chuck|scratch|nix|scrub|junk|trash|shelve|abandon|wipe|delete) "
            r"(?:my |our |the |this |that |whole |entire |booking |reservation |code )*(?:[A-Z0-9]{6}|booking|trip|"
            r"flight|reservation|thing|lot|it)\b|"
            r"(?:want|have|get|need|like|see)\b[^.?!]{0,40}\bcancell?ed|"
            r"(?:can|could|should|may|must|to) (?:now |just )?be (?:cancell?ed|scrapped|dropped|binned))\b"
        ),
        "change": (
            r"\b(?:chang(?:e|ing)(?! (?:of )?(?:planes?|aircraft|trains))|mov(?:e|ing)|shift(?:ing)?|alter(?:ing)?|"
            r"amend(?:ing)?|adjust(?:ing)?|switch(?:ing)?|reschedul\w+|"
            r"push(?:ing)?(?: (?:it|that|[A-Z0-9]{6}|my \w+))? (?:back|to|out)|postpon\w+|delay(?: it| my| the)|"
            r"upgrad\w+|downgrad\w+|rebook(?:ing)?|modify|swap|bring(?:ing)?(?: \w+){0,3} forward|"
            r"(?:put|get|have|need|want)(?: me)? (?:a|another|a different|a new|a later|an earlier) "
            r"(?:\w+ )?(?:date|day|time) (?:on|for) (?:my|our|the|this|that|it)|"
            r"(?:put|get|place) (?:me|us|him|her|them) on(?:to)?|get on (?:a|an|the)|"
            r"(?:have it|it should|should) (?:leave|depart|go|be|say)|mistake (?:on|in|with) my|"
            r"wrong (?:date|day|city|airport|time)|"
            r"(?:fly|leave|go|depart) (?:a day|one day|two days|a week) (?:earlier|later))\b"
        ),
        "bags": (
            r"\b(?:add|adding|throw|toss|pop|stick|chuck|put|check|include|need|bring|take|with|get|buy|want|"
            r"have)\b[^.?!]{0,30}?\b(?:bags?|suitcases?|luggage|pieces)\b"
        ),
        "book": (
            r"\b(?:i'?ll (?:take|have|go (?:with|for))|i (?:want|'d like|would like|prefer|choose|pick) the|"
            r"(?:let's|let us|we'll|we will|i will|i'd|can we|could we|can i|i) "
            r"(?:do|take|go with|go for|have|get|grab) (?:the|that|this|it|number|option)|"
            r"book (?:that|it|this|me (?:on )?(?:that|the)|the|number|option)|"
            r"take (?:that|this|the) (?:\w+ )?(?:one|flight|option)|"
            r"(?:give|get|put|book|gimme) (?:me |her |him |us |them |my \w+ )?(?:on )?the|reserve (?:that|it|the)|"
            r"go ahead with the|the \w+ (?:one|option|flight)(?: please)?\W*$)"
        ),
        "search": (
            r"\b(?:flights?|fly(?:ing)?|tickets?|trip|travel(?:l?ing)?|go(?:ing)? (?:to|from|down|up|out|over)|"
            r"get(?:ting)? (?:to|from|there)|head(?:ing|ed)?|book me|be in|round[\s-]?trip|one[\s-]?way|"
            r"seats? (?:to|from|on)|fares?|nonstop|options|leav(?:e|ing)|depart\w*|com(?:e|ing) (?:back|home|from)|"
            r"return\w*|cheap\w*|available|availability|what (?:do|have) you (?:have|got)|anything|something|"
            r"(?:make|do|place|need|want|like|have) an? (?:new )?(?:reservation|booking)|somewhere|reserve)\b"
        ),
    }.items()
}

UNDOES = Wording(
    r"\b(?:(?:has|have) to go(?! (?:to|on|from|out))|(?:can|may|might as well) go(?=\W*(?:$|[,.;!]| and\b| but\b))|"
    r"delet(?:e|ing)|remov(?:e|ing)|eras(?:e|ing)|drop(?:ping)?|undo(?:ing)?|withdraw(?:ing)?|"
    r"tak(?:e|ing)(?: \w+){1,5}? (?:away|off|out|down)|take me off|give up|let go of|"
    r"do(?:ing)? away with|no longer (?:need|want|require|use)|"
    r"(?:don't|do not|won't|not|can't|cannot)(?: \w+)? "
    r"(?:need|want|use|require|take|fly|travel|go)\b[^.?!]{0,40}\b(?:any ?more|any longer))\b",
)
"""Words that cancel where they are about a booking."""
SHIFTS = Wording(
    r"\b(?:goes|moves|shifts?|slides?|becomes|switches|gets? (?:moved|changed|pushed|shifted)|"
    r"(?:needs?|ha(?:s|ve)|wants?|ought|got) to "
    r"(?:now )?(?:go|be|start|leave|land|fly|depart|arrive|end|finish|move|shift)|"
    r"(?:should|must)(?: now| really)? (?:be|go|start|leave|land|depart|arrive|end|finish))\b",
)
"""What a booking does that is to be changed: "QX7K2M goes to the 8th"."""
PLAN_FAILS = Wording(
    r"\b(?:can['’]?t|cannot|can not|won['’]t|will not|unable to|couldn['’]t|not able to|no longer) (?:\w+ )?(?:fly|"
    r"travel|go|make|leave|do|manage|use|take)\b[^.?!]*\b(?:as (?:planned|booked|arranged|agreed|scheduled)|after all|"
    r"any ?more|any longer|now)\b",
)
"""What is booked is not to be flown then: what another sentence says takes its place."""
KEEPS = Wording(
    r"\b(?:don['’]?t|do not|didn['’]?t|never|not|no need to|without|rather than|"
    r"instead of)(?: "
    r"(?:want(?:ed)?|need|like|wish|mean|have|to|you|it|that|this|my|our|the|flight|booking|trip|be|get|go|actually|"
    r"really|ever|please)){0,6} (?:cancel|"
    r"annul|scrap)\w*",
)
"""What leaves a booking as it is, though it speaks of cancelling."""
INSTEAD = Wording(
    r"\b(?:instead|in place of|rather|prefer\w*|another (?:day|date|time|flight)|different|"
    r"(?:could|can|may) (?:i|we) (?:\w+ )?(?:fly|go|leave|travel|depart|take|have|be|sit)|"
    r"(?:something|anything|one|flight|plane|departure) (?:a bit |a little |much )?(?:earlier|later)|is wrong|"
    r"incorrect|(?:would|could|might|is) [^.?!]{1,30} (?:be )?possible|"
    r"(?:can't|cannot|can not|won't|unable to) (?:\w+ )?(?:travel|fly|go|make|leave|come)|"
    r"(?:ha(?:s|ve)|needs?|ought|got|wants?) to (?:now |really )?(?:be|start|go|leave|land|depart|arrive|end|finish)|"
    r"(?:must|should)(?: now| really)? (?:be|start|go|leave|land|depart|arrive|end|finish)|"
    r"(?:goes|moves|shifts?|slides?|becomes|switches) to|"
    r"(?:like|want|need|have|wish) to (?:fly|go|leave|travel|depart|be|get)|put|make it|should (?:be|go|leave)|"
    r"(?:could|can|may|might) (?:\w+ ){1,3}(?:go|be|leave|fly|move)|push|stick|pop|shove|bump|slide|get me|set|"
    r"have me|i need|i want|i'd like|(?:day|days|hours?|week) (?:later|earlier)|new date|to the)\b",
)
"""Words that ask for something else in the place of what is booked."""
HYPOTHETICAL = Wording(
    r"\b(?:(?:cost|charge|set)\w*(?: (?:me|us))?(?: back)? (?:to|if (?:i|we)) (?:cancel|call|change|move|switch|shift|"
    r"push|swap|amend|alter|bump|rebook|postpone|scrap|drop)|"
    r"without (?:a |any |the )?(?:fees?|charges?|penalt\w+|costs?|paying|losing|being charged)|"
    r"(?<!can )(?<!could )(?<!will )(?<!would )(?<!please )(?<!want )you "
    r"(?:guys |lot |people )?(?:ever |do |have to )?(?:cancel|scrub|scrap|ground|pull) (?:the|a|our) (?:flight|plane)|"
    r"if (?:the|my|our|your|a|this|that) (?:\w+ )?(?:planes?|flights?|connection|weather|airline|crew)\b|"
    r"charged (?:if|for|when)|"
    r"(?:will|would|do|am|shall) (?:i|we) (?:be |get |have to )?(?:charged|pay|lose|penali[sz]ed)|suppos(?:e|ing)|"
    r"were i to|if i (?:had|was|were) to|say i (?:had|need|want)\w*|"
    r"(?:let[\'’]s|let us) say (?:i|we|my|our|something)\b|imagine (?:i|we|my)\b|what would (?:you|it|that)|"
    r"(?:is it|is one|are we|am i|one is|is that) (?:permitted|allowed|able|possible|free) to "
    r"(?:cancel|change|move|switch|amend|alter|modify|fly|shift|postpone|rebook)|"
    r"(?:change|move|switch|shift|transfer)\b[^.?!]{0,30}\bto (?:another|a different|a later|an earlier|some other) "
    r"(?:day|date|time|flight|week)|"
    r"if (?:my|our) plans? change\w*|what happens|what if i|if i (?:need|have|want|cancel|change|decide)|happens if|"
    r"how much (?:is it|does it|would it|to)|"
    r"(?:what(?:'s| is| are| do| would)|is there|are there|any) "
    r"(?:the |a |your |it )?(?:\w+ )?(?:fees?|cost|charges?|penalt\w+|polic\w+|rules?)|"
    r"(?:fee|cost|charge|penalty|policy) (?:for|to|on)|cost (?:me )?to (?:cancel|change)|"
    r"can i (?:still )?(?:cancel|change) (?:\w+ ){0,3}(?:for free|later|within|up to|if|without|at any)|"
    r"free(?:ly)? (?:to )?(?:cancel|change)|"
    r"if (?:you|they|the airline)(?: \w+){0,2} (?:cancel|scrap|ground|change|move)|"
    r"(?:cancellation|change) (?:policy|fee|fees|rules?|cost|charge)|"
    r"(?:whether|if) (?:i|we) (?:can|could|may) (?:still )?(?:cancel|change)|can still (?:cancel|change)|"
    r"allowed to (?:cancel|change)|(?:able to|possible to) (?:cancel|change)[^.?]*\b(?:later|afterwards)|"
    r"do i (?:get|lose|have to pay)|will i (?:get|lose)|is it (?:possible|okay|ok|free) to (?:cancel|change))\b",
)

CABINS = ("premium economy", "economy", "business", "first")
_NEVER = (
    r"(?:do(?:es)?n['’]t(?! mind| care| matter)|do not(?! mind| care)|does not(?! matter)|won['’]t|will not|can['’]t|"
    r"cannot|not|no|nothing|none|never|without|avoid(?:ing)?|hate|skip(?:ping)?|rather not|wouldn['’]t|isn['’]t|zero|"
    r"sick of)"
)
_STOPS = (
    r"(?:(?<!non-)(?<!non )stop(?:s|ping|overs?)?|layovers?|lay overs?|(?:dis)?connect(?:s|ing|ions?)?|transfers?|"
    r"transferring|chang(?:e|es|ing)(?: of)? (?:of )?(?:the )?(?:planes?|aircraft|flights?(?= on the way|,|\.|$))|"
    r"plane changes?|changes|changing(?=\W*(?:$|[.,?!])))"
)
NONSTOP = Wording(
    r"\b(?:non[\s-]?stops?|direct(?:ly)?(?= flights?| only|\W*$|,|\.| please| from| to| if| and| or)|"
    r"(?:direct|straight) (?:flights?|services?|connections?|routes?|one|shot|through)|non-stopping|"
    rf"{_NEVER}(?: (?:any|a|an|to|be|me|us|with|that|which|has|have|make|putting|through|want|like|do|wish|have to|"
    r"single|the|of|for|flights?|more)){0,5} "
    rf"{_STOPS}|"
    r"fly direct|in one (?:go|hop))\b",
)
_STOPS_ALLOWED = Wording(
    r"\b(?:needn['’]t|need not|(?:do|does)n['’]t (?:have|need) to|(?:do|does)n['’]t (?:need|mind|care|matter)|"
    r"not necessarily|no need|no longer need|(?:do|does) not (?:have|need|mind|care|matter))\b[^.,;?!]{0,30}\b"
    r"(?:non-?stops?|direct|stops?|connections?)\b|"
    r"\bno (?:non-?stops?|direct)(?: flights?)? (?:needed|required|necessary)\b|"
    r"\b(?:non-?stops?|direct)(?: flights?)? (?:is |was )?(?:not|isn['’]t|wasn['’]t) (?:needed|required|necessary|a must)\b|"
    r"\b(?:forget|never mind|drop|skip) (?:about )?(?:the )?(?:non-?stops?|direct)\b",
)


def wants_nonstop(text: str) -> bool:
    """Whether only a flight without a stop will do. "It needn't be nonstop" wants none."""
    return bool(NONSTOP.search(_STOPS_ALLOWED.sub(" ", text)))


RETURNS = Wording(
    r"\b(?:(?:fl(?:y|ying)|com(?:e|ing)|go(?:ing)?|get(?:ting)?|be|head(?:ing)?|travel(?:ing)?)?\s?\b(?:back|"
    r"home)(?= |$|,|\.)|"
    r"return(?:ing|s)?|(?:fly(?:ing)? |head(?:ing)? |leav(?:e|ing) )?out again|round[\s-]?trip|"
    r"(?:(?<=, )|(?<=\band ))in(?= on the \d| the \d))\b",
)
ROUND_TRIP = Wording(r"\bround[\s-]?trip\b|\breturn (?:flight|ticket|trip)\b|\bthere and back\b")
NEXT_LEG = Wording(
    r"\b(?:and then|then|after that|afterwards|from there|next|followed by|followed with|finally|lastly|second leg|"
    r"third leg|continu(?:e|ing)|on to|onwards?(?: to)?)\b|"
    r"[.;]\s",
)
OFFER = Wording(
    r"\b(?:the )?(?P<offer>(?:very )?(?:first|second|third|fourth|last|middle|other|cheapest|cheaper|earliest|latest|"
    r"(?<!\bday )(?<!\bdays )(?<!\bweek )(?<!\bweeks )(?<!\bmonth )(?:earlier|later)|early|late|former|latter|(?:less|least|more|most|not so|not as) expensive|less pricey|"
    r"(?:morning|afternoon|evening)(?! (?:person|people|types?|owls?|birds?|larks?|meetings?|shifts?)\b)|noon|nonstop|"
    r"non-stop|direct|fastest|quickest|shortest|expensive|"
    r"best)(?: (?:one|option|flight|departure|of the (?:two|three|lot|bunch|four)))?|"
    r"(?:option|number|choice) (?:one|two|three|four|\d|[abcd]\b)|(?:that|this) (?:one|flight)|"
    r"\d{1,2}[:.]\d\d(?: ?[ap]\.?m\b\.?)?(?: (?:one|flight|option|departure))?|"
    r"one (?:at|for|that|which|with|without|in|of|leaving|departing|going|arriving)\b "
    r"(?:(?! (?:sounds?|looks?|works?|suits?|seems?|would be|please)\b)[^,.?!])+|"
    r"\$ ?\d+(?: one)?|\d{1,2} ?[ap]\.?m\b\.?(?: one| flight)?|"
    r"(?:seven|eight|nine|ten|eleven|twelve|noon|six|five|four|three)(?: o'?clock|"
    r" (?:fifteen|thirty|forty[- ]five|oh five))?(?: one| flight)|"
    r"(?:cheap|expensive|quick|fast|long|short) one)\b",
)
LEG = Wording(
    r"\b(?:the )?(?P<leg>(?:first|second|third|fourth|last|outbound|outgoing|inbound|return(?:ing)?|connecting|final|"
    r"middle|initial)(?: (?:leg|flight|segment|part|half|one|trip|portion))|"
    r"outbound|return|inbound|(?:flight|leg|way|trip|part) (?:back(?! by\b)|home|there|out)|one (?:back(?! by\b)|home)|"
    r"(?:both|all|all three) (?:of the )?(?:flights|legs|segments|parts|ways)|each (?:flight|leg)|"
    rf"(?!(?:{WEEKDAY}|{MONTH})\b)(?-i:[A-Z])[\w.]+(?: (?-i:[A-Z])\w+)?(?: to (?-i:[A-Z])[\w.]+(?: (?-i:[A-Z])\w+)?)?"
    r" (?:leg|segment|bit|stretch)|"
    r"(?:flight|leg|trip|part|segment)(?: that goes)? (?:to|from|out of|into) "
    rf"(?!(?:{WEEKDAY}|{MONTH})\b)(?-i:[A-Z])\w[\w.]*(?: (?-i:[A-Z])\w[\w.]*)*(?: to (?-i:[A-Z])\w[\w.]*)?)",
)
WEAK_YES = Wording(
    r"^\W*(?:(?:okay|ok|alright|all right|great|perfect|good|fine|right|wonderful|excellent|lovely|thanks|thank you|"
    r"then|so|oh)\b[\s,.!;]*)+$",
)
"""Words that take note of what was said, and approve it only where nothing else follows."""
CORRECTS = Wording(
    r"^\W*no\b[\s,.]*(?:i (?:said|meant|mean|asked for)|make (?:it|that)|"
    r"(?:it's|it is|it was|that's|that was)(?! (?:too|not|wrong|way|a |much|fine|ok|good|all|everything))|for|to|from|"
    r"on)\b",
)
"""A "no" that puts right what was heard, and declines nothing."""
OF_MINE = Wording(
    r"\b(?:is|has|was|will|did|does|are|have|had) (?:my|our) "
    r"(?:\w+ )?(?:flights?|planes?|trip|booking|reservation|seats?|bags?|meals?|ticket)\b|"
    r"\b(?:am|are|was|were) (?:i|we)\b",
)
"""A question about what is booked, and not about rules, where the booking is named."""
