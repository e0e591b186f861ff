"""Reads how a transcript ends: hanging, spelling, asking, telling a journey. Pure; English only.

It works on what a transcriber writes. Punctuation is believed only where it says that more will come (a comma, three
dots): Whisper likes to put a full stop after "and then to".
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z0-9$]['a-z0-9$]*", re.IGNORECASE)

_HESITATION = re.compile(r"u+h*m+|u+h+|er+m*|h*m+|well|like|so")
_NEVER_LAST = re.compile(
    r"a|an|the|my|our|your|his|her|their|these|every|another|some"
    r"|and|or|but|then|if|because|since|while|unless|until|till|plus|maybe|otherwise|actually"
    r"|to|from|into|onto|via|than|between|towards?|with|without|of|at|by|around|about|under|for|after|on|in"
    r"|i|i'd|i'll|i'm|we|we'd|we'll|we're|you're|they're|it's|that's|there's|is|are|was|were|be"
    r"|make|add|leaving|going|flying|returning|departing|arriving|coming"
)
_LAST_OF_A_QUESTION = re.compile(
    r"from|to|at|on|in|for|with|of|about|by|is|are|was|were|it's|be|going|flying|leaving|arriving|departing|coming"
)
_ENDS_SO = re.compile(
    r"(?:check|checked|log|move|get) in|(?:carry|hold|get|move) on|(?:want|need|like|have|supposed) to"
    r"|(?:that|it|there) is|(?:one|day|week) (?:after|before)|(?:not|isn't|aren't|also) (?:going|coming|flying)"
    r"|spot on|bags? on|(?:paid|asked) for|fine without|(?:they|we) are|i am|(?:think|hope|like) so|(?:as|very) well"
    r"|okay then"
)

ADDRESS = (
    r"(?:(?:(?:hi|hello|hey)(?: there)?|good (?:morning|afternoon|evening)|okay|ok|so|and|well|um|uh|oh|yes|no|yeah"
    r"|sorry|i'm sorry|excuse me|dear) )*+"
)
"""How one turns to somebody, before what is said (a pattern for words in lower case)."""

_WANTS_TO = re.compile(r"(?:^|.* )(?:i|we|i'd|we'd|i would|we would) (?:also |just |really )?(?:like|want|need) to")
_AGREES_TO = re.compile(r"(?:yes|yeah|no|sure|okay) \S+ (?:would )?(?:like|want|need) to")
_MOMENT = re.compile(
    r"(?:^| )(?:wait|hold on|hang on|(?:just )?(?:a|one) (?:moment|second|minute)|let me (?:see|think|check|look))$"
)
_COURTESY = re.compile(r"(?:^| )(?:please|thanks|thank you(?: very much)?|thanks a lot|good ?bye|bye)$")
_FAREWELL = re.compile(
    r"(?:^| )(?:good ?bye|bye|that's (?:all|everything)|that (?:was|is) (?:all|everything))(?: thank you| thanks)?$"
)
_OPENER = re.compile(
    r"(?:(?:hi|hello|hey|there|good (?:morning|afternoon|evening)|yes|yeah|no|ok|okay|so|well|um|uh|oh|and|now"
    r"|dear|sir|madam|excuse me"
    r"|i have|i've got|there are|just)(?: |$))*"
    r"(?:(?:a couple of|a few|one|two|three) (?:things?|questions?)|for (?:work|me|us|my \w+))?"
)
_CLOSED_ANSWER = re.compile(
    r"(?:(?:yes|yeah|yep|yup|no|nope|nah|sure|ok|okay|right|correct|exactly|absolutely|definitely|perfect|great|fine"
    r"|of course|not really|go ahead|do it|do that|book it|it is|i do|i don't|(?:that )?works(?: for me)?"
    r"|that's (?:it|all)|(?:that's|that is|sounds) (?:right|fine|good|correct|great|perfect)"
    r"|please|please do|thanks|thank you)(?: |$))+"
)
_QUESTION = re.compile(
    ADDRESS
    + r"(?:what|what's|when|where|which|who|how|why|can|could|may|do|does|did|is|are|will|would|should|has|am)\b"
)
_FROM_TO = re.compile(r"\b(?!I\b)[A-Z][a-z]+ to (?!The\b)[A-Z][a-z]+")
_JOURNEY = re.compile(
    r"\b(?:from (?:\w+ ){1,3}to|(?:i|we|i'd|we'd|i'll|we'll) leave|fly|flies|flying|flights? (?:to|from)"
    r"|(?:two|three|four|five|several) (?:flights|legs|stops|people|adults)"
    r"|(?:go|going|get|be|continues?|back|return(?:ing)?|come|coming|then|on) (?:to|in|from|home|on)"
    r"|stay(?:ing)?|nights|nonstop|book me|change the|leaving|departing|one way|round trip"
    r"|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_ONE_FLIGHT = re.compile(r"\b(?:(?:a|one|any|another|the \w+est) (?:\w+ )?(?:flight|ticket|seat)|one way)\b")
_CLOSING = re.compile(
    r"\b(?:(?:(?:less|more) than|under|below|over|at most|up to|maximum)(?: \S+){1,4}"
    r"|(?:one|two|three|four|five|six|\d+) (?:people|persons|adults?|passengers|of us|child|children)"
    r"|(?:business|economy|premium)(?: class)?(?: both ways)?|one way|round trip|instead"
    r"|back(?: home)?(?: to \w+)? on (?:the )?\S+(?: \S+)?)$"
)
_CONDITION = re.compile(r"(?:(?:and|but|so|um|uh|well) )*(?:if|unless|when|since|because|although|as soon as)\b")
_CODE_WORD = re.compile(r"\b(?:code|locator|confirmation|reference|(?:booking|reservation|record) number)\b")
_BOOKING = re.compile(r"\b(?:my|our|a|the) (?:\w+ )?(?:booking|reservation|itinerary|record)\b")
_WISH = re.compile(r"\b(?:look up|look at|look into|pull up|bring up|find|check|see|cancel|status)\b")
_ON_A_BOOKING = re.compile(_BOOKING.pattern + r"(?: up)?$")

_AS_IN = re.compile(r"(?:as|is) in")
_DIGIT = re.compile(r"zero|oh|one|two|three|four|five|six|seven|eight|nine")
# Whisper writes "L, S" as "Ls"; the words of two letters that it may begin a sentence with are none.
_TWO_LETTERS = (
    r"(?!(?:Ah|Am|An|As|At|Be|By|Do|Go|He|Hi|If|In|Is|It|Me|Mm|My|No|Of|Oh|Ok|On|Or|Pm|So|To|Uh|Um|Up|Us|We)$)"
    r"[A-Z][a-z]"
)
_SPELLED = re.compile(_TWO_LETTERS + r"|[A-Za-z]|[A-Z]{2,8}|[0-9]+|(?=[A-Za-z]*[0-9])[A-Za-z0-9]{2,8}")

_MIXED = re.compile(
    r"(?<!\bseat )(?<!\bgate )(?<!\brow )(?<!\bflight )(?<!\bterminal )(?<!\bnumber )"
    r"\b(?!\d+[AP]M\b)(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{2,}\W*$"
)


def words_of(text: str) -> list[str]:
    """Split a transcript into lower-case words; hyphens split, so that ``A-B-C`` is three."""
    return _WORD.findall(text.lower())


def plain(text: str) -> str:
    """Give the words alone, in lower case."""
    return " ".join(words_of(text))


def longer(text: str, before: str) -> bool:
    """Tell whether the text says what was said before, and more ("F7D5LS" after "F7D5")."""
    return plain(text) != plain(before) and plain(text).startswith(plain(before))


def last_sentence(text: str) -> str:
    """Give the words after the last full stop, question or exclamation mark inside of the text, lower case."""
    sentences = [words for part in re.split(r"[.?!](?=\s|$)", text) if (words := words_of(part))]
    return " ".join(sentences[-1]) if sentences else ""


def hanging(text: str) -> str | None:
    """Say what makes the end need more words ("hangs on “to”"), or None."""
    words, tail = words_of(text), text.rstrip()
    if not words:
        return None
    last, pair = words[-1], " ".join(words[-2:])
    if tail.endswith(("...", "…", "-", "—")):
        return "trails off"
    sentence = last_sentence(text)
    if _WANTS_TO.fullmatch(sentence) and not _AGREES_TO.fullmatch(sentence):
        return "hangs on “to”"
    if not _ENDS_SO.fullmatch(pair):
        if _HESITATION.fullmatch(last):
            return f"hesitates on “{last}”"
        asks = tail.endswith("?") and len(words) > 2 and bool(_LAST_OF_A_QUESTION.fullmatch(last))
        if _NEVER_LAST.fullmatch(last) and not asks:
            return f"hangs on “{last}”"
    if tail.endswith(","):
        return "stops at a comma"
    if _MOMENT.search(plain(text)):
        return "asks for a moment"
    if _open_condition(text):
        return "a condition without its consequence"
    return None


def _open_condition(text: str) -> bool:
    """Tell whether all that was said is a condition ("if the morning flight is full") and no more."""
    said = plain(text)
    one_sentence = last_sentence(text) == said
    return bool(_CONDITION.match(said)) and one_sentence and not question(text) and "," not in text.rstrip(" ,.")


def spelled(text: str) -> int:
    """Count the characters of the code that the text ends on: "K as in kilo, 7 2" has 3, "it's QT44LZ" 6."""
    words = _WORD.findall(text)
    count, at = 0, len(words)
    while at:
        word = words[at - 1]
        if at >= 4 and _AS_IN.fullmatch(" ".join(words[at - 3 : at - 1]).lower()):
            count, at = count + 1, at - 4
        elif _DIGIT.fullmatch(word.lower()):
            count, at = count + 1, at - 1
        elif _SPELLED.fullmatch(word):
            count, at = count + len(word), at - 1
        else:
            break
    return count


def speaks_of_a_code(text: str) -> bool:
    """Tell whether a code is being given or announced ("my confirmation code is…")."""
    return bool(_CODE_WORD.search(plain(text)))


def ends_on_letters_and_digits(text: str) -> bool:
    """Tell whether the last word is a code or a part of one ("add a bag to A49X"), and no seat, gate or flight."""
    return bool(_MIXED.search(text))


def ends_on_a_booking(text: str) -> bool:
    """Tell whether the text ends on a booking without naming it ("can you look up my booking")."""
    return bool(_ON_A_BOOKING.search(plain(text)))


def opener(text: str) -> bool:
    """Tell whether nothing was said yet but how one begins ("hi there", "two things", "and for work")."""
    return bool(_OPENER.fullmatch(plain(text)))


def acknowledgement(text: str) -> bool:
    """Tell whether the text is a lone "okay", which may only buy time."""
    return words_of(text) in (["ok"], ["okay"], ["right"], ["sure"])


def refusal(text: str) -> bool:
    """Tell whether the text begins with a no."""
    return words_of(text)[:1] in (["no"], ["nope"], ["nah"])


def asks_for_a_booking(text: str) -> bool:
    """Tell whether the text says what to do with a booking, so that its code completes the request."""
    return bool(_WISH.search(plain(text)))


def closed_answer(text: str) -> bool:
    """Tell whether the whole text is a yes or a no, in whatever words."""
    return bool(_CLOSED_ANSWER.fullmatch(plain(text)))


def courtesy(text: str) -> bool:
    """Tell whether the text ends on "please", "thanks" or "goodbye"."""
    return bool(_COURTESY.search(plain(text)))


def farewell(text: str) -> bool:
    """Tell whether the text ends the call."""
    return bool(_FAREWELL.search(plain(text)))


def question(text: str) -> bool:
    """Tell whether the last sentence is built as a question; a question mark alone is not believed."""
    sentence = last_sentence(text)
    return len(sentence.split()) > 2 and bool(_QUESTION.match(sentence))


def journey(text: str) -> bool:
    """Tell whether the text tells where someone goes, so that another leg, date or limit may follow."""
    return bool(_JOURNEY.search(plain(text)) or _FROM_TO.search(text))


def closed_journey(text: str) -> bool:
    """Tell whether the journey comes to its end: home again, a limit, its passengers, or a courtesy."""
    return courtesy(text) or bool(_CLOSING.search(plain(text)))


def one_flight(text: str) -> bool:
    """Tell whether the text asks for a single flight ("a flight from", "one way to")."""
    return bool(_ONE_FLIGHT.search(plain(text)))
