"""Performs the actions of a turn, in order, with one combined outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voice.booking.actions.afterwards import ANYTHING_ELSE, afterwards
from voice.booking.actions.again import again
from voice.booking.actions.alternatives import other_flights
from voice.booking.actions.anew import anew
from voice.booking.actions.besides import with_question
from voice.booking.actions.booked_party import others_too
from voice.booking.actions.choosing import picked
from voice.booking.actions.codeless import codeless
from voice.booking.actions.confirming import confirm, settled_guess
from voice.booking.actions.declining import conditional, declined, without_old_offer
from voice.booking.actions.earlier import recalled
from voice.booking.actions.existing import bags, cancel, change, lookup, with_each
from voice.booking.actions.flights import book, preferred, search
from voice.booking.actions.freeing import freed_search
from voice.booking.actions.inquiring import inquired, ranked
from voice.booking.actions.mending import mended
from voice.booking.actions.naming import named
from voice.booking.actions.of_booking import of_booking
from voice.booking.actions.one_flight import only_one_after_all
from voice.booking.actions.particulars import further
from voice.booking.actions.partly import to_the_point
from voice.booking.actions.party import whole_party
from voice.booking.actions.queueing import once
from voice.booking.actions.quoted import refund_time, taken_up, with_quoted
from voice.booking.actions.quoting import quoted
from voice.booking.actions.rebooking import about_the_change
from voice.booking.actions.reshaping import reshaped
from voice.booking.actions.returning import homeward
from voice.booking.actions.revising import Stance, approved, stance
from voice.booking.actions.several import announcing, both_meant, each_flight, which_of_several
from voice.booking.actions.shifting import moved_by_weeks
from voice.booking.actions.spelling import spelled
from voice.booking.actions.staying import stayed
from voice.booking.actions.suggesting import wished
from voice.booking.actions.taking_back import off_the_table, priced_bags
from voice.booking.actions.talk import chat, clarify, handoff, policy, repeat
from voice.booking.actions.telling import told_only
from voice.booking.actions.telling import waiting as waiting_for_code
from voice.booking.actions.turn import Handler, Step, Turn, open_question
from voice.booking.airline.store import StoreError
from voice.booking.dialogue import UNDERSTOOD, BookingDialogue
from voice.booking.offers.doubts import in_doubt
from voice.cascade.words import Action, Outcome, OutcomeKind

HANDLERS: Mapping[str, Handler] = {
    "search": search,
    "book": book,
    "lookup": lookup,
    "change": change,
    "cancel": cancel,
    "bags": bags,
    "policy": policy,
    "confirm": confirm,
    "clarify": clarify,
    "repeat": repeat,
    "chat": chat,
    "handoff": handoff,
}
"""Every action of the vocabulary."""

READ_ONLY = frozenset(HANDLERS) - {"confirm"}
"""All but a yes or no: the others only find, tell and propose."""

_ASIDES = frozenset({"lookup", "policy", "repeat", "chat"})
"""Actions that leave a waiting question as it is."""

_PROPOSING = frozenset({"search", "book", "change", "cancel", "bags"})
"""Actions that may wait for another one's question to be settled."""

_ANSWERS = (
    others_too,
    both_meant,
    recalled,
    other_flights,
    conditional,
    codeless,
    further,
    afterwards,
    declined,
    quoted,
    refund_time,
    inquired,
    named,
)
"""What answers a turn from what was told, done or booked, and what the desk can't do; the first that has an answer."""

_FAILURES = {
    "database_locked": "I'm sorry, our booking system is busy right now.",
    "disk_full": "I'm sorry, our booking system can't take changes right now.",
    "database_readonly": "I'm sorry, our booking system can't take changes right now.",
    "database_missing": "I'm sorry, I can't reach our booking system right now.",
    "database_error": "I'm sorry, something went wrong in our booking system.",
}


def perform_all(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Outcome:
    """Perform actions in order.

    Only one question can be asked at a time: actions that would ask a second one wait until the first is settled.
    Trouble of the database is an outcome, with what was written before it.
    """
    actions = priced_bags(turn, dialogue, off_the_table(turn, dialogue, told_only(turn, dialogue, actions)))
    if outcome := with_question(turn, dialogue, actions, _perform):
        return outcome
    return _perform(turn, dialogue, actions)


def _perform(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Outcome:
    return with_quoted(_performed_all(turn, dialogue, taken_up(dialogue, actions)))


def _performed_all(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Outcome:
    doubted = in_doubt(turn.reading, dialogue.unsure, waits=dialogue.asked is not None)
    dialogue = replace(dialogue, unsure=replace(dialogue.unsure, waiting=doubted))
    turn = replace(turn, reading=replace(turn.reading, doubted=doubted))
    mending = _mended(turn, dialogue)
    if isinstance(mending, Step):
        return _combined(dialogue, mending.dialogue, [(Action("clarify"), mending)])
    actions = [mending] if mending else spelled(turn, dialogue, picked(turn, dialogue, actions))
    actions = _meant(turn, dialogue, freed_search(turn, dialogue, actions))
    actions = _to_the_point(turn, dialogue, actions)
    if answer := _inquired(turn, dialogue, actions):
        return _combined(dialogue, answer.dialogue, [(Action("repeat"), answer)])
    actions = of_booking(turn, dialogue, actions)
    dialogue = replace(without_old_offer(dialogue, actions), topic="")
    steps: list[tuple[Action, Step]] = []
    waiting: list[Action] = []
    dialogue, actions = settled_guess(dialogue, actions)
    before, queue = dialogue, approved(turn, dialogue, _ordered(_without_idle_answer(dialogue, actions)))
    stances = [stance(turn, dialogue, action) for action in queue]
    if not _stays(dialogue, queue, stances):
        dialogue = replace(dialogue, later=())  # the caller went on to something else
    dialogue, queue = once(dialogue, queue)
    while True:
        while queue:
            action = queue.pop(0)
            if action.name in _PROPOSING:
                brief = action in actions and action.name in ("search", "book")
                steps = [(done, _without_offer_of_more(step, brief=brief)) for done, step in steps]
            if action.name == "book" and steps and steps[-1][0].name == "search":
                found = preferred(turn, steps[-1][1], action)
                steps[-1], dialogue = (steps[-1][0], found), found.dialogue
                continue
            if any(step.ask for _, step in steps) and action.name not in _ASIDES and action.name != "handoff":
                waiting += [action] if action.name in _PROPOSING - {"book"} else []  # it picks of what is told now
                continue
            step = _performed(turn, dialogue, action)
            steps.append((action, step))
            if action.name != "confirm" or Stance.OTHER not in stances:
                dialogue = step.dialogue  # what a no asks for instead counts from what was read back
            if step.kind is OutcomeKind.FAILED:
                return _combined(before, dialogue, steps)
        if not dialogue.later or _asks([step for _, step in steps]) or dialogue.pending or dialogue.asked:
            break
        queue, dialogue = list(dialogue.later), replace(dialogue, later=())
    steps = [(action, announcing(action, step, waiting)) for action, step in _without_offer_behind_answers(steps)]
    return _combined(before, replace(dialogue, later=(*dialogue.later, *waiting)), steps)


def _meant(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give what a turn means in view of what is booked, unless the database can't be read."""
    try:
        actions = anew(turn, dialogue, only_one_after_all(turn, dialogue, actions))
        actions = each_flight(turn, dialogue, about_the_change(turn, dialogue, actions))
        actions = which_of_several(turn, dialogue, actions)
        actions = again(turn, dialogue, with_each(turn, actions))
        meant = homeward(turn, dialogue, stayed(turn, dialogue, ranked(turn, dialogue, actions)))
        meant = moved_by_weeks(turn, dialogue, wished(turn, dialogue, reshaped(turn, dialogue, meant)))
        return [whole_party(turn, dialogue, action) for action in meant]
    except StoreError:
        return actions


def _to_the_point(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Do what would only be said back where it asks by itself, unless the database can't be read."""
    try:
        return to_the_point(turn, dialogue, actions)
    except StoreError:
        return actions


def _mended(turn: Turn, dialogue: BookingDialogue) -> Action | Step | None:
    """Give what a turn makes of a code that was misheard, unless the database can't be read, which its actions tell."""
    try:
        return mended(turn, dialogue)
    except StoreError:
        return None


def _inquired(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that only asks about what is known, unless the database can't be read, which its actions tell."""
    try:
        return next((step for answer in _ANSWERS if (step := answer(turn, dialogue, actions))), None)
    except StoreError:
        return None


def _without_offer_of_more(step: Step, *, brief: bool) -> Step:
    """Leave out the "What would you like instead?" after a no when the caller has said it already.

    Where the next sentence is another flight no more than "Okay." is said before it.
    """
    if step.data.get("answer") != "no":
        return step
    return replace(step, ask="", say=("Okay.",) if brief else step.say)


def _without_offer_behind_answers(steps: Sequence[tuple[Action, Step]]) -> list[tuple[Action, Step]]:
    """Ask for nothing in the place of what a no refused where the caller asked something else, which is answered."""
    if not any(action.name in _ASIDES and step.say and step.data.get("answer") != "no" for action, step in steps):
        return list(steps)
    return [(one, replace(step, ask=ANYTHING_ELSE) if step.data.get("answer") == "no" else step) for one, step in steps]


def _ordered(actions: Sequence[Action]) -> list[Action]:
    """Put the yes or no first: it answers the question of the turn before, never one that this turn is about to ask."""
    answers = {str(action.args.get("answer")): action for action in actions if action.name == "confirm"}
    rest = [action for action in actions if action.name != "confirm"]
    if any(action.name == "search" for action in rest):  # the bags are for the trip that is sought
        rest.sort(key=lambda action: action.name == "bags" and "code" not in action.args)
    if len(answers) > 1:
        return [Action("clarify", {"missing": "answer"}), *(action for action in rest if action.name in _ASIDES)]
    return [*answers.values(), *rest] or [Action("clarify", {"missing": "request"})]


def _without_idle_answer(dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Leave out a yes or no beside a wish where nothing was asked: "No thanks. Move it to the eighth."."""
    wishes = [action for action in actions if action.name != "confirm"]
    return wishes if wishes and dialogue.pending is None and dialogue.asked is None else actions


def _performed(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    try:
        return waiting_for_code(turn, HANDLERS.get(action.name, clarify)(turn, dialogue, action))
    except StoreError as error:
        failed = "Nothing was changed." if action.name == "confirm" else ""
        say = tuple(part for part in (_FAILURES.get(error.code, _FAILURES["database_error"]), failed) if part)
        question = "Shall I try it again?" if action.name == "confirm" and dialogue.pending else ""
        return Step(dialogue, say, question, kind=OutcomeKind.FAILED, error=error.code)


def _stays(dialogue: BookingDialogue, actions: Sequence[Action], stances: Sequence[Stance]) -> bool:
    """Whether a turn stays with the question that was asked, or settles it, so that what waits for it still does."""
    asked = dialogue.asked
    if any(action.name == "confirm" or (asked and action.name in (asked.action.name, "lookup")) for action in actions):
        return True
    if any(action.args.get("missing") == "confirmation" for action in actions):
        return True
    return all(
        action.name in _ASIDES or action.name == "book" or its is not Stance.APART
        for action, its in zip(actions, stances, strict=True)
    )


def _asks(steps: Sequence[Step]) -> bool:
    """Whether a question is to be answered before the next thing; what is wanted instead may be what waits."""
    return any(step.ask and step.data.get("answer") != "no" for step in steps)


def _combined(before: BookingDialogue, dialogue: BookingDialogue, steps: Sequence[tuple[Action, Step]]) -> Outcome:
    say = [sentence for _, step in steps for sentence in step.say]
    question = next((step.ask for _, step in steps if step.ask), "")
    repeats = any(step.data.get("read_back") for _, step in steps)
    waits = any(step.data.get("waits") for _, step in steps)  # a caller who asked for a moment is not asked again
    if not question and all(action.name in _ASIDES for action, _ in steps):
        question = open_question(dialogue) if not (repeats or waits) else ""
    elif not question:
        dialogue = replace(dialogue, pending=None)  # a yes must never reach back past another answer
    if question:
        say.append(question)
    facts = tuple(dict.fromkeys(fact for _, step in steps for fact in step.facts))
    wrote = tuple(dict.fromkeys(locator for _, step in steps for locator in step.wrote))
    unheard = _still_unheard(before, dialogue, steps)
    aside = all(
        step.data.get("aside") for _, step in steps
    )  # it answered nothing: what came before it is worth repeating
    if not (waits or unheard or aside):
        dialogue = replace(dialogue, said=tuple(say), facts=facts)
        if say and not all(step.data.get("empty") for _, step in steps):
            dialogue = replace(dialogue, content=tuple(say), content_facts=facts)
    dialogue = replace(dialogue, heard=not unheard)
    return Outcome(
        kind=_kind([step for _, step in steps], wrote),
        say=tuple(say),
        dialogue=dialogue,
        facts=facts,
        data=tuple({"action": action.name, **step.data} for action, step in steps),
        wrote=wrote,
        error=next((step.error for _, step in steps if step.error), None),
        problems=tuple(problem for _, step in steps for problem in step.problems),
        unheard=replace(dialogue, heard=False) if dialogue.pending or _said_back(dialogue) else None,
    )


def _said_back(dialogue: BookingDialogue) -> bool:
    return dialogue.asked is not None and dialogue.asked.guess == UNDERSTOOD


def _still_unheard(before: BookingDialogue, after: BookingDialogue, steps: Sequence[tuple[Action, Step]]) -> bool:
    """Whether a proposal that the caller broke into is still open and was not said again: no yes approves it yet."""
    said_again = any(step.data.get("read_back") for _, step in steps)
    same = after.pending == before.pending and (after.pending is not None or (_said_back(after) and _said_back(before)))
    return same and not before.heard and not said_again


def _kind(steps: Sequence[Step], wrote: Sequence[str]) -> OutcomeKind:
    kinds = {step.kind for step in steps}
    if OutcomeKind.FAILED in kinds and not wrote:
        return OutcomeKind.FAILED
    if OutcomeKind.HANDOFF in kinds:
        return OutcomeKind.HANDOFF
    told = bool(wrote) or any(step.say and step.kind is OutcomeKind.ANSWER for step in steps)
    return OutcomeKind.CLARIFY if OutcomeKind.CLARIFY in kinds and not told else OutcomeKind.ANSWER
