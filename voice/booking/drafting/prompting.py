"""What a tier is told: a constant prefix that servers keep cached, and this turn."""

from __future__ import annotations

from voice.booking.context import TurnContext
from voice.booking.drafting.grammar import notation, wire
from voice.cascade.words import Action, Reading
from voice.ports import Message

_TASK = """\
You read what an airline's caller says and write what they ask for, as JSON: {"do":[...]} with one object for each \
request, in order.
search: legs of a trip, each with from, to, date, time; then pax, cabin, max_price, nonstop, \
else (what to try otherwise).
change, cancel, lookup, bags: for a booking; the code, or "" if none was said. \
book: the offered flight that they choose.
policy: a question about rules. confirm: yes or no to the agent's question. chat, repeat, handoff (wants a person).
Copy values exactly as said. A leg starts where the one before ended; "back" means where the trip began.
Each leg has only what was said of that leg.
"""

_SEARCH = "search"
_SHOTS: tuple[tuple[str, str, tuple[tuple[str, dict[str, object]], ...]], ...] = (
    ("", "How big can my carry-on be?", (("policy", {"topic": "baggage"}),)),
    (
        "",
        "I'd like to go to Lisbon from Newark on the third.",
        ((_SEARCH, {"legs": [{"from": "Newark", "to": "Lisbon", "date": "the third"}]}),),
    ),
    (
        "",
        "Oslo to Bergen on Monday, on to Tromso on Wednesday evening and back home on the 9th, three people, max $800.",
        (
            (
                _SEARCH,
                {
                    "legs": [
                        {"from": "Oslo", "to": "Bergen", "date": "Monday"},
                        {"to": "Tromso", "date": "Wednesday", "time": "evening"},
                        {"to": "back", "date": "the 9th"},
                    ],
                    "pax": "three",
                    "max_price": "$800",
                },
            ),
        ),
    ),
    (
        "",
        "I need to be in Quito on May 2nd, I'm flying from Lima, then from Quito to Bogota on the 5th.",
        (
            (
                _SEARCH,
                {
                    "legs": [
                        {"from": "Lima", "to": "Quito", "date": "May 2nd"},
                        {"from": "Quito", "to": "Bogota", "date": "the 5th"},
                    ]
                },
            ),
        ),
    ),
    (
        "",
        "Can you put two bags on booking AB12CD, and do I get a meal?",
        (("bags", {"count": "two", "code": "AB12CD"}), ("policy", {"topic": "meals"})),
    ),
    (
        "Your trip leaves on Friday.",
        "Move the return flight to Sunday.",
        (("change", {"leg": "return flight", "date": "Sunday"}),),
    ),
    (
        "I found one at 9:15 AM for $214. Shall I book it?",
        "Yes, and what does a pet cost?",
        (("confirm", {"answer": "yes"}), ("policy", {"topic": "pets"})),
    ),
    (
        "I found one at 9:15 AM for $214. Shall I book it?",
        "Anything nonstop on Tuesday?",
        ((_SEARCH, {"legs": [{"date": "Tuesday"}], "nonstop": True}),),
    ),
    ("One leaves at 7:05 AM, one at 6:45 PM. Which one?", "The evening one.", (("book", {"offer": "evening one"}),)),
    ("", "Can you pull up my trip? The code is XK29PL.", (("lookup", {"code": "XK29PL"}),)),
    (
        "",
        "Business from Cairo to Athens next Sunday, or Monday if it's full. And cancel booking ZZ81TT.",
        (
            (
                _SEARCH,
                {
                    "legs": [{"from": "Cairo", "to": "Athens", "date": "next Sunday"}],
                    "cabin": "Business",
                    "fallback": "Monday",
                },
            ),
            ("cancel", {"code": "ZZ81TT"}),
        ),
    ),
)
_MOST_AGENT_CHARACTERS = 160


def _said(text: str, agent: str, bookings: tuple[str, ...] = ()) -> str:
    lines = [f"Agent: {agent[-_MOST_AGENT_CHARACTERS:]}"] if agent else []
    if bookings:
        lines.append(f"Booking: {bookings[-1]}")
    return "\n".join([*lines, f"Caller: {text}"])


PREFIX: tuple[Message, ...] = (
    Message("system", _TASK),
    *(
        message
        for agent, text, actions in _SHOTS
        for message in (
            Message("user", _said(text, agent)),
            Message("assistant", wire(Action(name, args) for name, args in actions)),
        )
    ),
)
"""The constant messages that every prompt starts with."""


FINE_TUNED_PREFIX: tuple[Message, ...] = (
    Message("system", "You read what an airline's caller says and write what they ask for."),
)
"""The same for a model that was taught this desk's turns: it needs no examples."""


def prefix(fine_tuned: bool) -> tuple[Message, ...]:
    """Give the constant messages that a prompt starts with."""
    return FINE_TUNED_PREFIX if fine_tuned else PREFIX


def turn_messages(reading: Reading, context: TurnContext, *, fine_tuned: bool = False) -> tuple[Message, ...]:
    """Give the messages for this turn: a constant prefix, then what the agent said last and the caller says now.

    A fine-tuned model is shown what the rules read, if the reading has it.
    """
    said = _said(reading.text, context.agent, context.bookings)
    if fine_tuned and reading.actions:
        said += f"\nRules: {notation(reading.actions)}"
    return (*prefix(fine_tuned), Message("user", said))
