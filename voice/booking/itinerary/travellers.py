"""Who a turn says is flying: the subjects of verbs of travel, whatever they are called.

"My son goes", "the boss will need to be", "the rest of us follow", "Anna from Milan", "I return": a turn in which more
than one of them stands gives each a flight of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from voice.booking.text.wording import Wording

_NO_NAME = (
    r"(?:The|A|An|My|Our|His|Her|Their|I|And|But|Then|So|If|When|After|Before|While|Also|Please|Now|Well|Okay|Ok|Yes|"
    r"Yeah|No|Hi|Hello|It|That|This|There|What|Which|Where|Who|How|Can|Could|Would|Will|Do|Does|Is|Are|Let|Going|"
    r"Coming|Leaving|Flying|Returning|Departing|Heading|Get|Put|Book|Find|Not|Only|Just|Maybe|Same|Or|For|From|To|In|"
    r"On|At|By|Out|Back|Home|Straight|Direct|Nonstop|One|Two|Three|Four|Five|Need|Want|You|Your|Any|Some\w*|Next|First|"
    r"Second|Third|Finally|Lastly|Later|Afterwards|Thanks|Thank|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Christmas|Easter|Thanksgiving|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"Tomorrow|Today|Tonight|Outbound|Inbound|Return|Actually|Sorry|Oh|Mister|Both|All|He|She|They|We|Early|Late|Class|"
    r"Classes|Lessons|Lectures|School|Work|Exams|Finals|Term|Semester|Things|Flights|Tickets|Meetings|Everything|"
    r"Nothing|Something|Someone|Everyone|Nobody|People|Boarding|Business|Economy|Premium|Cheapest|Leave|Fly|Go|Move|"
    r"Change|Cancel)\b"
)
_TITLE = r"(?:mr|mrs|ms|miss|dr|prof(?:essor)?|sir|lady|lord|captain|uncle|aunt|auntie)\b\.?"
_BARE_KIN = (
    r"mom|mum|mommy|mummy|dad|daddy|grandma|grandpa|granny|grandad|granddad|gran|auntie|himself|herself|(?:the )?missus"
)
_MANY = r"(?:both|all|half|some|most|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_OWNER = r"(?:my|our|his|her|their|the|both|those|these)"
_PRONOUN = r"(?-i:I)|we|he|she|they"
_NAME = rf"(?-i:(?!{_NO_NAME})[A-Z][a-zà-ÿ]+(?:[-'’][A-Z][a-z]+)?)"
_THING = (
    r"(?:flights?|planes?|trips?|legs?|returns?|outbound|inbound|trains?|cruise|bus|bookings?|reservations?|tickets?|"
    r"itinerary|meetings?|conference|wedding|ways?|routes?|ends?|journey|parts?|dates?|prices?|fares?|ideas?|plans?|"
    r"things?|ships?|ferry|tour|show|codes?|mornings?|afternoons?|evenings?|weeks?|weekends?|months?|seats?|nights?|"
    r"days?|hours?|visit|start|coming|going|budget|options?|stops?|connections?|bags?|ones?|first|second|third|last|"
    r"next|same|money|policy|airport)"
)
_WORD = (
    rf"(?!(?:{_THING}|is|are|was|were|as|and|or|to|from|in|on|at|for|of|with|the|it|that|i|will|would|can|should|has|"
    r"have|needs?|wants?|must|not|then|there|goes|comes|flies|leaves|returns?|both|all|an?)\b)[a-z][a-z-]*"
)
_ONE = (
    rf"(?:{_TITLE} {_NAME}(?: {_NAME})?|{_MANY} of (?:us|them|(?:{_OWNER} )?(?:{_WORD} )?{_WORD})|"
    rf"(?:the )?(?:rest|others?|other (?:half|one|two|three|four))(?: of (?:us|them|{_OWNER} {_WORD}))?|"
    rf"half (?:of )?(?:{_OWNER}) {_WORD}|(?:{_OWNER} )(?:{_MANY} |other )?(?:{_WORD} ){{0,2}}?{_WORD}(?: {_NAME})?|"
    rf"{_BARE_KIN}|{_PRONOUN}|"
    rf"{_MANY} (?:{_WORD} )?(?:people|adults|guys|girls|men|women|friends|colleagues|students|children|kids)|"
    rf"(?:two|three|four|five|six|seven|eight)(?= (?:leave|fly|go|come|return|travel|start|are|will)\b)|{_NAME})"
)
_RELATIVE = (
    r"(?:sons?|daughters?|wife|husband|kids|children|baby|brothers?|sisters?|mother|father|dad|mom|mum|friends?)"
)
_GROUP = rf"(?P<who>{_ONE}(?:(?:, | and | & )(?:{_ONE}|{_RELATIVE})){{0,3}})"
_GOES = (
    r"(?:go(?:es|ing)?|fl(?:y|ies|ying)|travel(?:s|l?ing)?|com(?:es?|ing)|leav(?:es?|ing)|head(?:s|ing|ed)?|"
    r"return(?:s|ing)?|depart(?:s|ing)?|join(?:s|ing)?|follow(?:s|ing)?|continu(?:es?|ing)|carr(?:y|ies|ying) on|"
    r"start(?:s|ing)?|land(?:s|ing)?|arriv(?:es?|ing)|tak(?:es?|ing) the same|set(?:s|ting)? off|"
    r"meet(?:s|ing)? (?:us|me|him|her|them)|(?:needs|wants|takes)(?= (?:from )?(?-i:[A-Z]))|"
    r"get(?:s|ting)? (?:in|on|to|there|from|back|home)|stay(?:s|ing)? (?:on |there |behind )?(?:until|till)|"
    r"be(?:ing)? (?:in|at|back|home)|back)"
)
_HELPS = (
    r"(?:can['’]t|cannot|couldn['’]t|won['’]t|don['’]t|doesn['’]t|is|are|am|was|will|would|should|can|must|may|might|"
    r"wants?|needs?|ha(?:s|ve)|got(?:ta)?|to|gonna|like|only|just|both|all|then|also|alone|going to|plans?|be|not|each)"
)
_SUBJECT = Wording(
    r"(?<![\w'’])(?:(?P<limit>only|"
    rf"just)(?: for)? )?{_GROUP}(?:, [^,.;]{{3,30}},)?(?P<helps>(?:['’](?:s|m|re|ll|d|ve)\b|"
    rf" {_HELPS}\b(?!['’])){{0,5}}) {_GOES}\b",
)
_VERBLESS = Wording(
    r"(?:^|(?<=[.,;:] )|(?<=\band )|(?<=\bthen )|(?<=\bbut )|(?<=\bwhile )|(?<=\bfor )|(?<=\bbe )|(?<=\bbook )|"
    r"(?<=\bput ))(?P<who>(?:both|all|"
    r"the (?:two|three|four|pair|lot))(?: of (?:us|them))?(?= (?:to|into) (?-i:[A-Z]))|"
    rf"the (?:rest|others?|other (?:half|one|two|three|four))(?: of (?:us|them|{_OWNER} {_WORD}))?|"
    r"(?:me|myself|him|her|them)(?= from| on (?:the \d|\w+day))|(?:he|she)(?= from)|"
    rf"(?:me and (?:{_OWNER} {_WORD}|{_NAME})|(?:{_OWNER} {_WORD}|{_NAME}) and me)(?= on (?:the \d|\w+day))|"
    rf"(?:two|three|four|five|six|seven|eight)(?= (?:back )?on (?:the \d|\w+day))|the {_WORD}(?= from (?-i:[A-Z]))|"
    rf"{_TITLE} {_NAME}(?: {_NAME})?|"
    rf"(?:my|our|his|her) (?:{_WORD} )?{_WORD}|{_BARE_KIN}|{_NAME})(?=[:,] (?-i:[A-Z])[\w. ]+ to (?-i:[A-Z])|"
    r": (?-i:[A-Z])| (?:from|on (?:the \d|\w+day|(?-i:[A-Z])\w*)|out of|to|into)\b)",
)
_PARTS = re.compile(r", | and | & ")
_OBJECT = Wording(r"\b(?:with|to|for|see|visit|meet|of|from|by|than|in|on|at|the)\s+$")
_CALLER = Wording(r"(?:I|we)$")
_WHOLE = Wording(r"(?:we|they|(?:both|all|the (?:two|three|four|pair|lot))(?: of (?:us|them))?)$")
_TOGETHER = Wording(r"\b(?:both|all|each)\b")
_ALONE = Wording(r"\b(?:alone|(?:on|by) (?:my|his|her|their) ?own|by (?:my|him|her|them)sel(?:f|ves))\b")
_NEXT_ONE = Wording(r"[.;?!]|,? (?:and|but|then|while|so) ")


@dataclass(frozen=True, slots=True)
class Traveller:
    """A subject of a verb of travel, or of none ("Anna from Milan").

    Attributes:
        start: Index of the first character.
        end: Index after the last.
        text: The words as said.
        caller: Whether it is the caller, alone or with others that are not named.
        limited: Whether it is said to be nobody else ("only", "alone").
        whole: Whether it may sum up people named before ("we", "the pair of them").
        together: Whether it does ("we're both", "they all").
    """

    start: int
    end: int
    text: str
    caller: bool = False
    limited: bool = False
    whole: bool = False
    together: bool = False


@lru_cache(maxsize=256)
def travellers(text: str, taken: tuple[tuple[int, int], ...] = ()) -> tuple[Traveller, ...]:
    """Find them in the order said.

    Args:
        text: A tidied transcript.
        taken: The stretches that are places, dates and the like, and so nobody.
    """
    found: list[Traveller] = []
    for pattern in (_SUBJECT, _VERBLESS):
        for match in pattern.finditer(text):
            start, end = _cut(text, match.start("who"), match.end("who"), taken, named=pattern is _VERBLESS)
            if start >= end or any(start < other.end and other.start < end for other in found):
                continue
            said = text[start:end]
            until = _NEXT_ONE.search(text, match.end())
            alone = _ALONE.search(text, end, until.start() if until else len(text))
            limited = bool(match.groupdict().get("limit")) or alone is not None
            whole = bool(_WHOLE.fullmatch(said)) and not limited
            together = bool(_TOGETHER.search(match.groupdict().get("helps") or ""))
            found.append(Traveller(start, end, said, bool(_CALLER.fullmatch(said)), limited, whole, together))
    return tuple(sorted(found, key=lambda one: one.start))


def _cut(text: str, start: int, end: int, taken: tuple[tuple[int, int], ...], *, named: bool) -> tuple[int, int]:
    """Leave out the parts of a list before the first one that may be a subject."""
    bounds = [start, *(start + match.end() for match in _PARTS.finditer(text[start:end]))]
    for begin in reversed(bounds):
        cut = _PARTS.search(text, begin, end)
        stop = cut.start() if cut else end
        covered = any(begin < last and first < stop for first, last in taken)
        if covered or (not named and _OBJECT.search(text, 0, begin)):
            return (bounds[bounds.index(begin) + 1] if begin != bounds[-1] else end), end
    return start, end
