"""What needs no booking: rules, questions back, courtesies, a colleague."""

from __future__ import annotations

import re
from dataclasses import replace

from voice.booking.actions.choosing import neither
from voice.booking.actions.flights import BOOK_QUESTION, offered, propose
from voice.booking.actions.partly import partly_understood, whole_wish
from voice.booking.actions.turn import QUESTIONS, Step, Turn, ask, open_question, with_colleague
from voice.booking.actions.understanding import read_back
from voice.booking.dialogue import Asked, BookingDialogue
from voice.booking.offers.resolving import UnclearError
from voice.booking.places.network import network
from voice.booking.talk.answers import answer_of
from voice.booking.talk.courtesies import announces, is_dismissal, is_hold
from voice.booking.talk.topics import TOPICS
from voice.booking.wishes import cues
from voice.cascade.words import Action, OutcomeKind

_BYE = re.compile(
    r"\b(?:bye|goodbye|good night|see you|that's all|that is all|that's it|nothing else|i'm done|all set)\b", re.I
)
_COURTESIES = (
    (r"\b(?:thanks|thank you|great|perfect|awesome|appreciate)\b", "You're welcome.", "Is there anything else?"),
    (r"\bhow are you\b", "I'm fine, thanks.", "What can I do for your trip?"),
    (
        r"\b(?:who (?:are|is|am i)|are you (?:a )?(?:robot|real|human|ai|machine)|your name)\b",
        "I'm the automated agent of {airline}.",
        "Can I find you a flight, or look up a booking?",
    ),
    (
        r"\b(?:hi|hello|hey|good (?:morning|afternoon|evening))\b",
        "Hello, this is {airline}.",
        "Where would you like to go?",
    ),
    (
        r"\b(?:what (?:can|do|could) you (?:do|help|offer)|what are you (?:for|able)|how can you help|"
        r"how does this work|what can i (?:do|ask)|what are my options)\b",
        "I can find and book flights, change or cancel a booking, add bags, and tell you our rules.",
        "What would you like to do?",
    ),
    (
        r"^\W*(?:\w+\W+){0,2}(?:can|could|do|does|will|would|are|is) (?:you|i|we|there)\b.*\?\W*$",
        "I can't help with that, only with flights, bookings and our travel rules.",
        "What would you like to do?",
    ),
    ("", "I'm here for flights, bookings and our travel rules.", "How can I help?"),
)
"""Words, the line they get, and the question that goes with it unless another one waits."""
AGAIN = "Sorry, I didn't get all of that. Could you say it another way?"
ONE_BY_ONE = "Sorry, I didn't get all of that. Could you say it again, one thing at a time?"
"""Asked when a request named places, dates or codes, and still could not be worked out."""

TOO_MUCH = "I can't work that out right now. You can ask me something simpler, or ask for a person at any time."
"""Told when nobody may be asked, or in time, what a request means; saying it again would not help."""

WAITS = "Of course, take your time."
"""Told to a caller who asks for a moment. No question: the one before it still waits."""
GO_AHEAD = "Sure, go ahead."
"""Told to a caller who says that wishes will follow."""
WHAT_CAN_I_DO = "What can I do for you?"
"""Asked after a yes to "Is there anything else?"."""
DROPPED, WHAT_ELSE = "No problem, I'll leave that.", "What else can I do for you?"
"""Told to a caller who takes back what was asked, or wants none of it."""

_ARGUMENTS = {"legs": "to", "destination": "to", "city": "to", "origin": "from", "day": "date", "passengers": "pax"}
_ACTION_OF = {"code": "lookup", "count": "bags", "leg": "change", "topic": "policy", "offer": "book"}


def _code_asked(dialogue: BookingDialogue) -> Asked | None:
    """Keep the question for a code: no yes answers it, and a code still does."""
    asked = dialogue.asked
    return asked if asked and asked.argument == "code" and not asked.guess else None


def policy(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Answer from the rules."""
    topic = str(action.args.get("topic") or "other").split("|")[0]
    say, facts = turn.policy.answer(topic, turn.reading.text)
    told, data = replace(dialogue, topic=topic), {"topic": topic, "version": turn.policy.version}
    if turn.policy.needs_colleague(topic, turn.reading.text):
        return replace(with_colleague(told, *say), facts=facts, data=data)
    return Step(told, say, "", facts, data)


def clarify(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Ask for the argument that a reading found missing, and keep what was understood."""
    missing = str(action.args.get("missing") or "request").split("|")[0]
    if missing == "confirmation" and (step := read_back(turn, dialogue, action.args.get("actions") or ())):
        return step
    argument = _ARGUMENTS.get(missing, missing)
    if argument not in QUESTIONS:
        argument = "request"
    if argument == "offer" and dialogue.offers:
        return offered(turn, dialogue, Action("book"))
    if argument == "request" and action.args.get("because"):
        cleared = replace(dialogue, pending=None, asked=None)
        return Step(cleared, (TOO_MUCH,), kind=OutcomeKind.CLARIFY, data={"asked": argument})
    if argument == "request" and (step := partly_understood(turn, dialogue)):
        return step
    wish = whole_wish(turn, dialogue) if argument == "request" else None
    if wish and (step := read_back(turn, dialogue, [wish.as_dict()])):
        return step
    if argument == "request" and turn.reading.entities:
        # A request that could not be worked out. The question before it is off: a "yes" now would mean this one.
        cleared = replace(dialogue, pending=None, asked=_code_asked(dialogue))
        again = ONE_BY_ONE if max(turn.reading.requests, turn.reading.legs) > 1 else AGAIN
        return Step(cleared, (), again, kind=OutcomeKind.CLARIFY, data={"asked": argument, "empty": True})
    if argument in ("answer", "request"):
        again = open_question(dialogue)
        if again and (topic := _topic_asked(turn.reading.text)):
            return replace(policy(turn, dialogue, Action("policy", {"topic": topic})), ask=again)
        question = f"Sorry, I didn't get that. {again}" if again else QUESTIONS[argument]
        data = {"asked": argument, "aside": bool(again), "empty": True}
        return Step(dialogue, (), question, kind=OutcomeKind.CLARIFY, data=data)
    partial = next((known for known in turn.reading.actions or () if known.name not in ("clarify", "confirm")), None)
    if partial is None and dialogue.asked:
        partial = dialogue.asked.action
    if partial is None and argument == "date" and dialogue.search:
        return ask(dialogue, dialogue.search, UnclearError("date", (QUESTIONS["date"],), leg=dialogue.leg))
    partial = partial or Action(_ACTION_OF.get(argument, "search"))
    return ask(dialogue, partial, UnclearError(argument, (QUESTIONS[argument],)))


def _topic_asked(text: str) -> str:
    """Give the topic of a question on the rules that nobody made sense of otherwise; ``""`` where there is none."""
    if not cues.QUESTION.search(text):
        return ""
    return next((topic for topic, words in TOPICS.items() if words.search(text)), "")


def repeat(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Say the last answer again that told or asked anything; its facts come from the answer that said it."""
    if not dialogue.said:
        return Step(dialogue, (), QUESTIONS["request"], kind=OutcomeKind.CLARIFY)
    if dialogue.content and dialogue.content != dialogue.said:
        return _before_apology(turn, dialogue)
    return Step(dialogue, dialogue.said, facts=dialogue.facts, data={"read_back": True})


def _before_apology(turn: Turn, dialogue: BookingDialogue) -> Step:
    """Say again what came before an apology. An offer that it cleared is made anew, any other question is off."""
    told = tuple(one for one in dialogue.content if not one.endswith("?"))
    if dialogue.content[-1] == BOOK_QUESTION and dialogue.pending is None and dialogue.asked is None and dialogue.shown:
        return propose(turn, dialogue, dialogue.search or Action("search"), dialogue.shown[-1].trip)
    said = told or dialogue.content
    return Step(dialogue, said, facts=tuple(fact for fact in dialogue.content_facts if fact in " ".join(said)))


def chat(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Be friendly for a sentence."""
    text, airline = turn.reading.text, network().airline
    if is_hold(text):
        return Step(dialogue, (WAITS,), data={"waits": True})
    if announces(text):
        return Step(dialogue, (GO_AHEAD,), data={"waits": True})
    if is_dismissal(text):
        return dropped(replace(dialogue, later=()))
    answer = answer_of(text)[0] if dialogue.asked and not dialogue.asked.guess else ""
    if answer == "no":
        return neither(dialogue, dialogue.asked) if dialogue.asked and dialogue.asked.choices else dropped(dialogue)
    if _BYE.search(text):
        return farewell(dialogue)
    if not open_question(dialogue) and answer_of(text)[0] == "no":
        return Step(dialogue, ("Okay.",), WHAT_ELSE)
    words, line, question = next(row for row in _COURTESIES if re.search(row[0], text, re.I))
    if answer == "yes" and not words:
        return Step(dialogue)  # "Would you like another day?" "Yes": which one is asked next
    say = line.format(airline=airline)
    waits = bool(open_question(dialogue))
    return Step(dialogue, (say,) if waits else (say, question), data={"aside": waits})


def farewell(dialogue: BookingDialogue) -> Step:
    """Take leave."""
    say = (f"Thanks for calling {network().airline}.", "Have a good trip!")
    return Step(replace(dialogue, pending=None, asked=None, later=()), say)


def dropped(dialogue: BookingDialogue) -> Step:
    """Leave what was asked; what waits behind it comes next."""
    return Step(replace(dialogue, pending=None, asked=None), (DROPPED,), WHAT_ELSE, data={"answer": "no"})


def handoff(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Bring in a colleague."""
    say = ("I'll connect you with a colleague. Please stay on the line.",)
    return Step(replace(dialogue, pending=None, asked=None, later=()), say, kind=OutcomeKind.HANDOFF)
