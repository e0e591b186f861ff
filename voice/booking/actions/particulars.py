"""What is said further on a rule that was just told: "He's forty pounds.", "She's eleven months old."."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.turn import Step, Turn, with_colleague
from voice.booking.dialogue import BookingDialogue
from voice.booking.talk.aftertalk import asks_cost
from voice.booking.talk.topics import TOPICS
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_READS = ("chat", "clarify", "repeat", "lookup")
_CABIN = Wording(r"\b(?:economy|premium|business)\b")
_FEW_WORDS = 6
_RULES = {"change": "changes", "cancel": "cancellation", "bags": "baggage"}


def further(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that only says more about the topic of the last answer; None if it does not."""
    topic, text = dialogue.topic or _of_question(dialogue), turn.reading.text
    if not text or not all(action.name in _READS and not action.args.keys() - {"missing"} for action in actions):
        return None
    if not topic or turn.policy.particular(topic, text) is None:
        topic = _of_words(turn, actions) or topic
    if not topic:
        return None
    answer = turn.policy.particular(topic, text)
    if answer is None and dialogue.pending is None:
        said, facts = turn.policy.answer(topic)
        cabin = _CABIN.search(text) if len(text.split()) <= _FEW_WORDS else None
        wanted = (cabin[0].casefold(),) if cabin else ("$", "free") if asks_cost(text) else ()
        parts = tuple(one for one in said if any(word in one.casefold() for word in wanted))
        answer = (parts, facts) if parts else None
    if answer is None:
        return None
    say, facts = answer
    data = {"topic": topic, "version": turn.policy.version}
    told = tuple(fact for fact in facts if fact in " ".join(say))
    if turn.policy.needs_colleague(topic, text):
        return replace(with_colleague(dialogue, *say), facts=told, data=data)
    return Step(dialogue, say, facts=told, data=data)


def _of_question(dialogue: BookingDialogue) -> str:
    """Give the topic of what a code is asked for: what that costs can be told without one."""
    asked = dialogue.asked
    return _RULES.get(asked.action.name, "") if asked and asked.argument == "code" and not asked.guess else ""


def _of_words(turn: Turn, actions: Sequence[Action]) -> str:
    """Give the topic of a turn that nothing else could be made of, if it has a particular for its words."""
    text = turn.reading.text
    if any(action.name != "clarify" or action.args.get("missing", "request") != "request" for action in actions):
        return ""
    topics = [*(topic for topic, words in TOPICS.items() if words.search(text)), "other"]
    return next((topic for topic in topics if turn.policy.particular(topic, text)), "")
