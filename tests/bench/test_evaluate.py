"""Labelled turns are read strictly and reported in the keys that users' scripts rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from voice.bench import desks
from voice.bench.turns.deciders import by_cascade, by_rules, by_tier, decision_of
from voice.bench.turns.evaluate import Decision, Judged, evaluate, report
from voice.bench.turns.labelled import BadTurns, LabelledTurn, load_turns
from voice.bench.turns.record import Recorder
from voice.cascade.policy import Policy, Tier
from voice.cascade.words import Action, Draft

AIRLINE = desks.airline()
PETS = LabelledTurn("a", "Can I take my dog?", ({"action": "policy", "topic": "pets"},))
TRIP = LabelledTurn(
    "b",
    "Boston to Denver on Friday and back on Monday.",
    (
        {
            "action": "search",
            "legs": [
                {"from": "Boston", "to": "Denver", "date": "Friday"},
                {"from": "Denver", "to": "Boston", "date": "Monday"},
            ],
        },
    ),
    complexity="complex",
)


class Parrot:
    """A tier that always says the same."""

    name = "parrot"

    def __init__(self, text: str, error: str | None = None, logprob: float = -0.5) -> None:
        self.text, self.error, self.logprob = text, error, logprob

    async def draft(self, messages: Any, schema: Any, *, watch: Any = None) -> Draft:
        return Draft(self.name, (), self.text, (self.logprob, -0.01), 100, 10, self.error)

    async def warm(self, messages: Any) -> None: ...


async def test_the_report_has_the_keys_of_the_format():
    found = report(await evaluate(AIRLINE, [PETS, TRIP], by_rules(AIRLINE)))
    assert (found["n"], found["exact"], found["escalated"]) == (2, 1.0, 0.0)
    assert [(name, part["n"], part["exact"]) for name, part in found["by_complexity"].items()] == [
        ("simple", 1, 1.0),
        ("complex", 1, 1.0),
    ]
    assert {"ci95", "by_kind", "by_split", "acted_on", "wrong_of_acted_on", "wrong_of_acted_on_ci95"} <= set(found)
    assert set(found["latency_ms"]) == {"p50", "p95"}
    assert set(found["turns"][0]) == {"id", "actions", "exact", "outcome", "tier", "scores"}
    json.dumps(found)


async def test_a_tier_is_scored_by_its_own_draft():
    judged = await evaluate(
        AIRLINE, [PETS, TRIP], by_tier(AIRLINE, Parrot('{"do":[{"policy":"pets"}]}'), Tier("parrot"))
    )
    assert [one.exact for one in judged] == [True, False]
    assert judged[0].decision.scores["agreement"] is True
    assert judged[0].decision.scores["min_logprob"] == -0.5


@pytest.mark.parametrize("sees_reading", [True, False])
async def test_a_tier_alone_is_asked_what_a_call_asks_it(sees_reading: bool):
    class Listening(Parrot):
        async def draft(self, messages: Any, schema: Any, *, watch: Any = None) -> Draft:
            asked.append(messages)
            return await super().draft(messages, schema, watch=watch)

    asked: list[Any] = []
    tier = Tier("parrot", fine_tuned=True, sees_reading=sees_reading)
    parrot = Listening('{"do":[{"policy":"pets"}]}')
    await evaluate(AIRLINE, [TRIP], by_tier(AIRLINE, parrot, tier))
    await Recorder([tier], {"parrot": parrot}, "v", AIRLINE).record(TRIP)
    alone, recorded = asked
    assert alone == recorded


@pytest.mark.parametrize("tier", [Parrot("", "down"), Parrot('{"do":[{"fly":1}]}')])
async def test_a_tier_in_trouble_is_not_exact_and_no_exception(tier: Parrot):
    (judged,) = await evaluate(AIRLINE, [PETS], by_tier(AIRLINE, tier, Tier("parrot")))
    assert not judged.exact
    assert judged.decision.outcome == "handoff"
    assert judged.decision.scores["error"]


CASCADE = Policy((Tier("small"), Tier("large")))


async def decided(turn: LabelledTurn, small: Parrot, large: Parrot) -> Judged:
    small.name, large.name = "small", "large"
    (judged,) = await evaluate(AIRLINE, [turn], by_cascade(AIRLINE, CASCADE, {"small": small, "large": large}))
    return judged


async def test_a_cascade_takes_the_first_draft_that_passes_its_checks():
    judged = await decided(PETS, Parrot('{"do":[{"policy":"pets"}]}', logprob=-0.01), Parrot("", "down"))
    assert (judged.exact, judged.decision.tier, judged.decision.outcome) == (True, "small", "answer")
    assert judged.decision.scores["asked"] == ["small"]


async def test_a_cascade_that_asked_a_larger_tier_has_escalated():
    judged = await decided(PETS, Parrot("", "down"), Parrot('{"do":[{"policy":"pets"}]}', logprob=-0.01))
    assert (judged.exact, judged.decision.outcome) == (True, "escalate")
    assert judged.decision.scores["asked"] == ["small", "large"]


async def test_a_turn_that_no_tier_can_answer_is_read_by_rules():
    judged = await decided(PETS, Parrot("", "down"), Parrot("", "down"))
    assert (judged.exact, judged.decision.tier) == (True, "rules")


async def test_a_turn_that_neither_tiers_nor_rules_can_answer_falls_back_to_a_question():
    text = "Something odd about the weather in my cousin's garden, and a hat."
    odd = LabelledTurn("o", text, ({"action": "clarify", "missing": "request"},))
    judged = await decided(odd, Parrot("", "down"), Parrot("", "down"))
    assert judged.decision.tier == "fallback"
    assert [action.name for action in judged.decision.actions] == ["clarify"]


async def test_code_decides_a_yes_and_nobody_a_murmur():
    yes = LabelledTurn("y", "Yes.", ({"action": "confirm", "answer": "yes"},), context={"agent": "Shall I book it?"})
    judged = await decided(yes, Parrot("", "down"), Parrot("", "down"))
    assert (judged.exact, judged.decision.tier, judged.decision.scores["asked"]) == (True, "code", [])
    judged = await decided(replace(yes, text="Mm-hmm."), Parrot("", "down"), Parrot("", "down"))
    assert (judged.exact, judged.decision.tier) == (False, "nobody")


NEWARK = LabelledTurn(
    "n",
    "From Boston to New York on December 11.",
    ({"action": "search", "legs": [{"from": "Boston", "to": "Newark", "date": "December 11"}]},),
)
SEARCH = '{"do":[{"search":[{"from":"Boston","to":"New York","date":"December 11"}]}]}'


def heard(turn: LabelledTurn, **sure: float) -> LabelledTurn:
    words = [word.strip(".") for word in turn.text.split()]
    return replace(turn, words=tuple((word, sure.get(word, 0.95)) for word in words))


@pytest.mark.parametrize(
    ("turn", "outcome", "acts"),
    [
        (heard(NEWARK, York=0.1), "clarify", False),
        (heard(NEWARK, December=0.1), "clarify", False),
        (heard(NEWARK, From=0.1), "answer", True),
        (heard(NEWARK), "answer", True),
        (NEWARK, "answer", True),
    ],
)
async def test_words_in_doubt_are_asked_about_instead_of_acted_on(turn: LabelledTurn, outcome: str, acts: bool):
    judged = await decided(turn, Parrot(SEARCH, logprob=-0.01), Parrot("", "down"))
    assert (judged.decision.outcome, judged.decision.acts, judged.exact) == (outcome, acts, False)
    assert judged.decision.tier == "small"
    found = report([judged])
    assert (found["acted_on"], found["wrong_of_acted_on"]) == ((1, 1.0) if acts else (0, None))


@pytest.mark.parametrize(
    ("turn", "outcome"),
    [
        (heard(NEWARK, York=0.1), "clarify"),
        (heard(NEWARK, Boston=0.35), "clarify"),
        (heard(NEWARK, Boston=0.45), "answer"),
        (NEWARK, "answer"),
        (heard(LabelledTurn("u", "I'd like to fly from Boston to Blenkinsop.", ())), "clarify"),
        (LabelledTurn("u", "I'd like to fly from Boston to Blenkinsop.", ()), "answer"),
        (heard(LabelledTurn("c", "Look up QT44LZ.", ()), QT44LZ=0.3), "clarify"),
        (heard(LabelledTurn("c", "Look up QT44LZ.", (), context={"bookings": ["QT44LZ"]}), QT44LZ=0.3), "answer"),
    ],
)
async def test_rules_alone_ask_about_what_was_misheard_too(turn: LabelledTurn, outcome: str):
    assert (await by_rules(AIRLINE)(turn)).outcome == outcome


async def test_a_doubt_is_asked_about_after_an_escalation_too_and_that_still_counts_as_one():
    judged = await decided(heard(NEWARK, York=0.1), Parrot("", "down"), Parrot(SEARCH, logprob=-0.01))
    assert (judged.decision.outcome, judged.decision.tier, judged.decision.escalated) == ("clarify", "large", True)
    assert report([judged])["escalated"] == 1.0


def test_words_in_doubt_that_the_decision_does_not_use_are_not_asked_about():
    def outcome(**action: Any) -> str:
        done = {"kind": "perform", "at": 0.1, "source": "small", "actions": [action]}
        return decision_of(AIRLINE, [{"kind": "route", "doubted": ("New York",)}, done], "small").outcome

    assert outcome(action="lookup", code="QT44LZ") == "answer"
    assert outcome(action="search", legs=[{"from": "Boston", "to": "Denver"}]) == "answer"
    assert outcome(action="change", to="new york") == "clarify"


async def test_a_profile_that_never_doubts_what_was_heard_acts_on_it():
    policy = replace(CASCADE, router=replace(CASCADE.router, heard_confidence=0.0))
    tier = Parrot(SEARCH, logprob=-0.01)
    tier.name = "small"
    decision = await by_cascade(AIRLINE, policy, {"small": tier, "large": tier})(heard(NEWARK, York=0.1))
    assert decision.outcome == "answer"


@pytest.mark.parametrize(
    ("actions", "outcome", "acts"),
    [
        ((Action("policy", {"topic": "pets"}),), "answer", True),
        ((Action("policy", {"topic": "pets"}),), "escalate", True),
        ((Action("clarify", {"missing": "request"}),), "escalate", False),
        ((Action("clarify", {"missing": "date"}),), "clarify", False),
        ((Action("handoff"),), "handoff", False),
        ((), "handoff", False),
    ],
)
def test_questions_and_handoffs_are_not_acted_on(actions: tuple[Action, ...], outcome: str, acts: bool):
    assert Decision(actions, outcome, "small").acts is acts


async def test_what_a_cascade_decides_counts_as_escalated_where_it_says_so():
    async def decide(turn: LabelledTurn) -> Decision:
        return Decision((Action("policy", {"topic": "pets"}),), "escalate", "strong")

    assert report(await evaluate(AIRLINE, [PETS], decide))["escalated"] == 1.0


def test_percentiles_are_those_of_the_bench():
    times = [Judged(PETS, Decision((), "answer", "code"), True, (20 - number) / 1000) for number in range(20)]
    assert report(times)["latency_ms"] == {"p50": 10.5, "p95": 19.0}
    assert report(times[:1])["latency_ms"] == {"p50": 20.0, "p95": 20.0}


async def test_no_turns_of_a_kind_have_no_share():
    assert report(await evaluate(AIRLINE, [PETS], by_rules(AIRLINE)))["by_complexity"]["complex"] == {
        "n": 0,
        "exact": None,
        "ci95": None,
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r":1: no JSON"),
        ("[]", r":1: a turn is a JSON object"),
        ('{"id": "x", "expect": []}', r":1: 'text' must be a str"),
        ('{"id": "x", "text": "y", "expect": [{}]}', r":1: each expected action"),
        ('{"id": "x", "text": "y", "expect": [], "complexity": "hard"}', r"simple or complex"),
        ('{"id": "x", "text": "y", "expect": [], "words": null}', r":1: 'words' must be a list"),
        ('{"id": "x", "text": "y", "expect": [], "words": {"y": 1}}', r":1: 'words' must be a list"),
        ('{"id": "x", "text": "y", "expect": [], "words": ["y"]}', r":1: each of 'words' .* got 'y'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [["y"]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [["y", 0.5, 1]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [[1, 0.5]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [["y", "sure"]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [["y", true]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [["y", 1.01]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [["y", -0.1]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "words": [["y", NaN]]}', r":1: each of 'words'"),
        ('{"id": "x", "text": "y", "expect": [], "context": "hello"}', r":1: 'context' is an object, got 'hello'"),
        (
            '{"id": "x", "text": "y", "expect": [], "context": {"agnt": "z"}}',
            r":1: 'context' is an object with 'agent'",
        ),
        ('{"id": "x", "text": "y", "expect": [], "context": {"agent": 1}}', r":1: 'context.agent' must be a text"),
        (
            '{"id": "x", "text": "y", "expect": [], "context": {"bookings": "Q"}}',
            r":1: 'context.bookings' must be a li",
        ),
        ('{"id": "x", "text": "y", "expect": [{"action": "cancle"}]}', r":1: .*'cancle': did you mean 'cancel'\?"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str):
    file = tmp_path / "turns.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(BadTurns, match=message):
        load_turns(file, desk=AIRLINE)


def test_the_confidence_in_each_word_is_read(tmp_path: Path):
    file = tmp_path / "turns.jsonl"
    file.write_text('{"id": "x", "text": "one two", "expect": [], "words": [["one", 0.41], ["two", 1]]}\n')
    assert load_turns(file, desk=AIRLINE)[0].words == (("one", 0.41), ("two", 1.0))


def test_a_separator_within_a_text_ends_no_line(tmp_path: Path):
    file = tmp_path / "turns.jsonl"
    file.write_text('{"id": "x", "text": "one\u2028two\x85three", "expect": []}\n', encoding="utf-8")
    assert [turn.text for turn in load_turns(file, desk=AIRLINE)] == ["one\u2028two\x85three"]


def test_an_empty_and_a_missing_file_are_told(tmp_path: Path):
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(BadTurns, match="holds no turns"):
        load_turns(tmp_path / "empty.jsonl", desk=AIRLINE)
    with pytest.raises(BadTurns, match="cannot read"):
        load_turns(tmp_path / "none.jsonl", desk=AIRLINE)


@pytest.mark.parametrize(("name", "least"), [("turns-dev", 0.9), ("turns-fresh", 0.7)])
async def test_the_rules_read_the_labelled_turns_and_are_right_where_they_are_certain(name: str, least: float):
    turns = load_turns(Path(__file__).parents[1] / "data" / f"{name}.jsonl", desk=AIRLINE)
    judged = await evaluate(AIRLINE, turns, by_rules(AIRLINE))
    assert (report(judged)["exact"] or 0) >= least
    assert [one.turn.id for one in judged if one.decision.scores["certain"] and not one.exact] == []
