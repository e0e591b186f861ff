"""A call with one turn of every sort, for tests and pictures."""

from __future__ import annotations

from scripted_call import Attempt, Turn

from voice.cascade.words import Action, Entity, Findings, Outcome, OutcomeKind, Reading


def _cities(*names: str) -> tuple[Entity, ...]:
    return tuple(Entity("city", name) for name in names)


BAGS = "How many bags can I take for free?"
LOOKUP = "Can you look up my booking? It's A B C one two three."
SEARCH = "I need a flight from Boston to Denver next Friday."
ITINERARY = (
    "I need to fly from Seattle to Tokyo on the third of March,",
    "then, uh, on to Osaka on the seventh, no wait, the eighth,",
    "and back to Seattle on the twelfth, all under eighteen hundred dollars.",
)

POLICY_TURN = Turn(
    segments=((BAGS, 2.3, 0.0),),
    reading=Reading(BAGS, entities=()),
    attempts={"fast": Attempt(0.52, (Action("policy", {"topic": "baggage"}),))},
    outcome=Outcome(
        OutcomeKind.ANSWER,
        ("One carry-on is free.", "Checked bags cost $35 for the first and $45 for the second."),
        None,
        ("$35", "$45"),
    ),
    complexity="simple",
)
LOOKUP_TURN = Turn(
    segments=(("Can you look up my booking?", 1.5, 0.5), ("It's A B C one two three.", 2.2, 0.0)),
    reading=Reading(
        "Can you look up my booking? It's ABC123.",
        actions=(Action("lookup", {"code": "ABC123"}),),
        certain=True,
        entities=(Entity("code", "ABC123"),),
    ),
    attempts={"fast": Attempt(0.5, (Action("lookup", {"code": "ABC123"}),))},
    outcome=Outcome(
        OutcomeKind.ANSWER,
        ("A B C, one two three: Boston to Denver, Friday, December 4th, 9:15 AM, one passenger.", "What can I change?"),
        None,
        ("A B C, one two three", "9:15 AM"),
    ),
    patience=0.7,
    reason="a code may go on",
    complexity="simple",
)
SEARCH_TURN = Turn(
    segments=((SEARCH, 2.9, 0.0),),
    reading=Reading(SEARCH, entities=(*_cities("Boston", "Denver"), Entity("date", "next Friday")), legs=1),
    attempts={
        "fast": Attempt(
            0.66,
            (Action("search", {"legs": [{"from": "Boston", "to": "Denver"}]}),),
            -0.41,
            Findings(0.67, 1.0, agreement=False, problems=("the date 'next Friday' is not used",)),
        ),
        "strong": Attempt(
            1.35, (Action("search", {"legs": [{"from": "Boston", "to": "Denver", "date": "next Friday"}]}),)
        ),
    },
    outcome=Outcome(
        OutcomeKind.ANSWER,
        ("I found a nonstop on Friday, December 11th, at 9:15 AM for $214.", "Shall I book it?"),
        None,
        ("9:15 AM", "$214"),
    ),
    perform_seconds=0.03,
    complexity="simple",
)
ITINERARY_TURN = Turn(
    segments=((ITINERARY[0], 3.4, 0.9), (ITINERARY[1], 3.7, 1.1), (ITINERARY[2], 4.0, 0.0)),
    reading=Reading(
        "I need to fly from Seattle to Tokyo on the third of March, then on to Osaka on the eighth, "
        "and back to Seattle on the twelfth, all under eighteen hundred dollars.",
        entities=(
            *_cities("Seattle", "Tokyo"),
            Entity("date", "the third of March"),
            *_cities("Osaka"),
            Entity("date", "the eighth"),
            Entity("date", "the twelfth"),
            Entity("price", "eighteen hundred dollars"),
        ),
        legs=3,
        corrected=True,
    ),
    attempts={
        "fast": Attempt(1.3, (Action("search", {"legs": [{"from": "Seattle", "to": "Tokyo"}]}),), -0.6),
        "strong": Attempt(
            3.1,
            (
                Action(
                    "search",
                    {
                        "legs": [
                            {"from": "Seattle", "to": "Tokyo", "date": "the third of March"},
                            {"from": "Tokyo", "to": "Osaka", "date": "the eighth"},
                            {"from": "Osaka", "to": "Seattle", "date": "the twelfth"},
                        ],
                        "max_price": "eighteen hundred dollars",
                    },
                ),
            ),
            -0.09,
        ),
    },
    outcome=Outcome(
        OutcomeKind.ANSWER,
        (
            "Seattle to Tokyo, Tokyo to Osaka and back comes to $1,746.",
            "The first flight leaves Wednesday, March 3rd, at 11:40 AM.",
            "Shall I book it?",
        ),
        None,
        ("$1,746", "11:40 AM"),
    ),
    perform_seconds=0.12,
    complexity="complex",
)
YES_TURN = Turn(
    segments=(("Yes, book that.", 0.9, 0.0),),
    reading=Reading("Yes, book that.", actions=(Action("confirm", {"answer": "yes"}),), certain=True),
    attempts={},
    outcome=Outcome(
        OutcomeKind.ANSWER,
        ("Booked. Your code is Q T, four four, L Z.",),
        None,
        ("Q T, four four, L Z",),
        wrote=("QT44LZ",),
    ),
    perform_seconds=0.08,
    patience=0.3,
    reason="a yes to a question",
    interrupts=5.6,
    complexity="simple",
)

WHOLE_CALL = (POLICY_TURN, LOOKUP_TURN, SEARCH_TURN, ITINERARY_TURN, YES_TURN)
