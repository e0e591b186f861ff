from dataclasses import replace

from tests.cascade.script import SEARCH, TWO_TIERS, Script, kinds
from voice.cascade.commands import CancelDrafts, Perform, StartDraft
from voice.cascade.policy import EarlyPolicy, RouterPolicy

WIRE = '{"do":[{"search":[{"from":"Boston","to":"Denver"}]}]}'
NOTATION = "search/from Boston/to Denver"


def drafting_what_rules_read() -> Script:
    script = Script()
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[SEARCH], wires=(WIRE, NOTATION))
    return script


def test_a_draft_that_begins_as_the_rules_read_it_is_not_waited_for() -> None:
    script = drafting_what_rules_read()
    assert script.writes(1.2, WIRE[:10]) == []
    assert kinds(script.writes(1.3, WIRE[:40])) == ["Examine"]
    assert kinds(script.examines(1.3, agreement=True)) == ["CancelDrafts", "Perform"]
    assert script.last(Perform).actions == (SEARCH,)
    assert script.drafts(1.4, error="cancelled")[0] == script.recorded("drafted")[0]
    told = script.recorded("drafted")[0].data
    assert (told["early"], told["error"], told["seconds"]) == (True, None, 0.4)  # it was used: that is no waste
    assert script.state.budget.reserved == 0


def test_a_taught_tiers_notation_is_compared_as_json_is() -> None:
    script = drafting_what_rules_read()
    assert script.writes(1.2, NOTATION[:12]) == []
    assert kinds(script.writes(1.3, NOTATION[:24])) == ["Examine"]


def test_a_draft_that_takes_another_way_or_is_unsure_is_waited_for() -> None:
    for text, logprob in (('{"do":[{"search":[{"from":"Denver","to":"Bo', -0.01), (WIRE[:40], -2.0)):
        script = drafting_what_rules_read()
        assert script.writes(1.3, text, logprob=logprob) == []


def test_a_beginning_that_fails_its_checks_leaves_the_draft_to_be_finished() -> None:
    script = drafting_what_rules_read()
    script.writes(1.3, WIRE[:40])
    assert script.examines(1.3, completeness=0.2, agreement=True)[0].data["verdict"] == "wait"  # type: ignore[union-attr]
    assert script.writes(1.4, WIRE[:45]) == []
    script.drafts(1.5, SEARCH)
    script.examines(1.5, agreement=True)
    assert script.last(Perform).actions == (SEARCH,)


def test_a_write_waits_for_the_whole_draft() -> None:
    script = drafting_what_rules_read()
    script.writes(1.3, WIRE[:40])
    assert not kinds(script.examines(1.3, agreement=True, irreversible=True))


def test_a_draft_is_abandoned_at_its_first_bad_token() -> None:
    script = Script(replace(TWO_TIERS, early=EarlyPolicy(abandon_below=0.2)))
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    assert kinds(script.writes(1.2, '{"do":[{"ba', logprob=-3.0)) == ["CancelDrafts", "StartDraft"]
    assert script.last(StartDraft).tier == "strong"
    assert script.last(CancelDrafts).tier == "fast"


def test_both_tiers_may_be_started_at_once_and_the_first_good_draft_wins() -> None:
    script = Script(replace(TWO_TIERS, router=replace(RouterPolicy(), both_from=0.1)))
    script.hears(1.0, "Boston to Denver, or Tuesday.")
    script.reads(1.0, corrected=True)
    assert [start.tier for start in script.all(StartDraft)] == ["strong", "fast"]
    script.drafts(1.5, SEARCH)
    assert kinds(script.examines(1.5)) == ["CancelDrafts", "Perform"]


def test_when_the_small_draft_fails_the_larger_one_that_runs_already_is_waited_for() -> None:
    script = Script(replace(TWO_TIERS, router=replace(RouterPolicy(), both_from=0.1)))
    script.hears(1.0, "Boston to Denver, or Tuesday.")
    script.reads(1.0, corrected=True)
    script.drafts(1.5, SEARCH)
    assert not kinds(script.examines(1.5, completeness=0.1))
    assert len(script.all(StartDraft)) == 2
