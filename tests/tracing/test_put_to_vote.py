"""What a trace tells of two tiers that were asked at once."""

from __future__ import annotations

from dataclasses import replace

from tests.cascade.script import TWO_TIERS
from tests.tracing.calls import PlayedCall
from voice.cascade.commands import StartDraft
from voice.cascade.events import Drafted
from voice.cascade.policy import CheckPolicy, RouterPolicy
from voice.cascade.words import Action, Draft
from voice.tracing.drafts import made, reading_of
from voice.tracing.turns import turns_of

AT_ONCE = replace(
    TWO_TIERS, router=RouterPolicy(both_from=0.0, straight_to_larger=9.0), checks=CheckPolicy(confidence=0.9)
)


def test_a_draft_that_waited_for_the_smaller_tiers_counts_as_what_it_was_put_to_vote_to() -> None:
    two, other = Action("lookup", {"code": "QT44LZ"}), Action("lookup")
    call = PlayedCall("c", AT_ONCE)
    script = call.script
    script.hears(1.0, "My booking.")
    script.reads(1.0, actions=[two])
    call.keep()
    asked = {start.tier: start for start in script.all(StartDraft)}
    for at, tier, action in ((1.5, "strong", other), (2.0, "fast", two)):
        draft = Draft(tier, (action,), "{}", (-0.5,) * 5, 1000, 50)
        script.feed(Drafted(at, asked[tier].generation, draft))
        call.keep()
    script.examines(2.0)
    call.keep()
    script.examines(2.1)
    script.performs(2.2, "So be it.")
    (turn,) = turns_of(call.ends())
    reading = reading_of(turn)
    assert reading
    drafts = made(turn, reading)
    assert {tier: one.draft.actions for tier, one in drafts.items()} == {"fast": (two,), "strong": (two,)}
    assert drafts["strong"].seconds == 0.5
