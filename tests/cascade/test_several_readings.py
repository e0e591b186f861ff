"""Where rules and tiers read a turn differently: what is acted on, and what is said back first."""

from dataclasses import replace

from tests.cascade.script import SEARCH, TWO_TIERS, Script
from voice.cascade.commands import Examine, Perform, StartDraft
from voice.cascade.events import Drafted
from voice.cascade.policy import CheckPolicy, RouterPolicy
from voice.cascade.words import Action, Draft, OutcomeKind

CAREFUL = replace(TWO_TIERS, checks=CheckPolicy(confidence=0.98, support=1.0))


def search(**args: str) -> Action:
    return Action("search", {"legs": [{"from": "Boston", "to": "Denver"}], **args})


def three_readings(rules: Action, fast: Action, strong: Action, script: Script | None = None) -> Script:
    script = script or Script(CAREFUL)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[rules])
    script.drafts(1.5, fast, logprob=-0.1)
    script.examines(1.5, agreement=False)
    script.drafts(3.0, strong, logprob=-0.1)
    return script


def test_the_largest_tiers_draft_is_put_to_vote_before_it_is_examined() -> None:
    script = three_readings(search(pax="two", cabin="first"), search(pax="two"), search())
    assert script.last(Examine).actions == (search(pax="two"),)
    assert script.recorded("drafted")[-1].data["actions"] == [search().as_dict()]
    assert script.recorded("drafted")[-1].data["voted"] == [search(pax="two").as_dict()]
    script.examines(3.0, agreement=False)
    assert script.last(Perform).actions == (search(pax="two"),)


def test_a_draft_that_nothing_speaks_against_but_that_it_stands_alone_is_said_back() -> None:
    script = three_readings(search(pax="two"), search(pax="three"), search(pax="four"))
    script.examines(3.0, agreement=False)
    assert script.recorded("checked")[-1].data["scores"]["support"] == 0.6
    (asked,) = script.last(Perform).actions
    assert (asked.name, asked.args["missing"]) == ("clarify", "confirmation")
    assert asked.args["actions"] == [search(pax="four").as_dict()]


def test_a_question_of_the_largest_tier_is_not_said_back() -> None:
    script = Script(CAREFUL)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[search(pax="two")])
    script.drafts(1.5, Action("lookup"), logprob=-0.1)
    script.examines(1.5, agreement=False)
    script.drafts(3.0, Action("clarify", {"missing": "date"}), logprob=-0.1)
    script.examines(3.0, agreement=False)
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request"}),)


def test_saying_it_back_is_no_failure_so_that_two_of_them_hand_nobody_off() -> None:
    script = Script(CAREFUL)
    for at in (0.0, 10.0):
        script.hears(at + 1.0, "Boston to Denver.")
        script.reads(at + 1.0, actions=[search(pax="two")])
        script.drafts(at + 1.5, search(pax="three"), logprob=-0.1)
        script.examines(at + 1.5, agreement=False)
        script.drafts(at + 3.0, search(pax="four"), logprob=-0.1)
        script.examines(at + 3.0, agreement=False)
        script.performs(at + 3.0, "Is that right?", kind=OutcomeKind.CLARIFY)
    assert script.state.failures == 0


def test_what_lacks_something_is_said_back_so_that_the_caller_can_add_it() -> None:
    script = three_readings(search(pax="two"), search(pax="three"), search(pax="four"))
    script.examines(3.0, completeness=0.6, agreement=False)
    assert script.last(Perform).actions[0].args["missing"] == "confirmation"


def test_what_was_not_said_or_lacks_most_or_would_write_is_not_said_back() -> None:
    for faults in ({"correctness": 0.5}, {"completeness": 0.4}, {"irreversible": True}):
        script = three_readings(search(pax="two"), search(pax="three"), search(pax="four"))
        script.examines(3.0, agreement=False, **faults)  # type: ignore[arg-type]
        assert script.last(Perform).actions == (Action("clarify", {"missing": "request"}),)


def test_without_two_others_or_without_the_check_the_largest_tier_is_trusted() -> None:
    script = Script(CAREFUL)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    script.drafts(1.5, search(cabin="first"), logprob=-0.1)
    script.examines(1.5)
    script.drafts(3.0, search(nonstop="yes"), logprob=-0.1)
    script.examines(3.0)
    assert script.last(Perform).actions == (search(nonstop="yes"),)
    trusting = Script(replace(CAREFUL, checks=CheckPolicy(confidence=0.98)))
    script = three_readings(search(pax="two"), search(pax="three"), search(pax="four"), trusting)
    script.examines(3.0, agreement=False)
    assert script.last(Perform).actions == (search(pax="four"),)


def test_what_others_bear_out_needs_less_of_the_checks_that_only_measure_by_the_rules() -> None:
    script = three_readings(SEARCH, search(pax="two"), search(pax="two"))
    script.examines(3.0, completeness=0.6, correctness=0.7, agreement=False)
    assert script.last(Perform).actions == (search(pax="two"),)


def test_after_a_setback_the_larger_tier_is_not_outvoted_by_what_led_to_it() -> None:
    script = Script(CAREFUL)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[search(pax="two")])
    script.drafts(1.5, search(pax="two", cabin="first"))
    script.examines(1.5, agreement=False)
    script.performs(1.6, "There is no such place.", problems=("to: no such place",))
    script.drafts(3.0, search(nonstop="yes"))
    assert script.last(Examine).actions == (search(nonstop="yes"),)


def test_the_larger_tiers_no_is_never_outvoted_by_two_that_took_it_for_a_yes() -> None:
    def answer(said: str) -> Action:
        return Action("confirm", {"answer": said})

    script = three_readings(answer("yes"), answer("yes"), answer("no"))
    assert script.last(Examine).actions == (answer("no"),)
    assert script.recorded("drafted")[-1].data["voted"] is None
    script = three_readings(answer("yes"), answer("yes"), search())
    assert script.last(Examine).actions == (search(),)


def test_of_two_tiers_at_once_the_larger_ones_draft_waits_for_the_smaller_ones_and_is_put_to_vote_with_it() -> None:
    script = Script(replace(CAREFUL, router=RouterPolicy(both_from=0.0, straight_to_larger=9.0)))
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[search(pax="two")])
    by_tier = {start.tier: start for start in script.all(StartDraft)}
    assert set(by_tier) == {"fast", "strong"}
    for at, tier, action in ((2.0, "strong", search()), (2.5, "fast", search(pax="two", cabin="first"))):
        draft = Draft(tier, (action,), "{}", (-0.1,) * 10, 1000, 50)
        script.feed(Drafted(at, by_tier[tier].generation, draft))
    assert [(each.tier, each.actions) for each in script.all(Examine)] == [
        ("fast", (search(pax="two", cabin="first"),))
    ], "the smaller one's stands for itself"
    script.examines(2.5, completeness=0.3, agreement=False)
    assert script.last(Examine).actions == (search(pax="two"),)
    assert script.recorded("taken_up")[0].data == {"tier": "strong", "voted": [search(pax="two").as_dict()]}


def test_what_a_person_must_see_is_not_done_after_a_yes_to_what_was_understood() -> None:
    script = Script(replace(CAREFUL, gates={"search": ("human",)}))
    three_readings(search(pax="two"), search(pax="three"), search(pax="four"), script)
    script.examines(3.0, agreement=False)
    assert all(action.name in ("clarify", "handoff") for action in script.last(Perform).actions)
    assert not any(action.args.get("missing") == "confirmation" for action in script.last(Perform).actions)
