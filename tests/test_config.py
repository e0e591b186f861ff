from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from voice.cascade.policy import Tier
from voice.cascade.words import Action, Reading
from voice.cli import main
from voice.config import PROFILES, ConfigError, load, profiles

ONE_TIER = 'name = "mine"\n[[tiers]]\nname = "only"\nmodel = "m"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def test_the_learned_policy_that_comes_with_the_embedded_profile_can_be_named_in_it(tmp_path: Path):
    profile = (PROFILES / "embedded.toml").read_text("utf-8")
    named = profile.replace('# [policy]\n# file = "policies', f'[policy]\nfile = "{PROFILES}/policies')
    assert named != profile
    policy = load(write(tmp_path, named), {}).policy()
    assert policy.fitted is not None
    assert policy.rule != load("embedded", {}).policy().rule


def test_the_default_profile_needs_no_environment() -> None:
    config = load(environ={})
    assert [tier.name for tier in config.policy().tiers] == ["fast", "strong"]


def test_the_embedded_tiers_were_taught_and_their_adapters_are_there() -> None:
    config = load(environ={})
    assert all(tier.adapter and tier.adapter.is_file() for tier in config.tiers)
    assert all(tier.fine_tuned for tier in config.policy().tiers)


def test_an_adapter_lies_beside_its_profile_and_beside_an_embedded_model_only(tmp_path: Path) -> None:
    local = 'name = "mine"\n[[tiers]]\nname = "only"\nprovider = "embedded"\nmodel = "m"\nadapter = "taught/a.gguf"\n'
    assert load(write(tmp_path, local), {}).tiers[0].adapter == tmp_path / "taught" / "a.gguf"
    with pytest.raises(ConfigError, match="an adapter stands beside an embedded model"):
        load(write(tmp_path, ONE_TIER + 'adapter = "a.gguf"\n'), {})


def test_the_embedded_ears_were_taught_and_an_adapter_is_for_embedded_ears_only(tmp_path: Path) -> None:
    ears = load(environ={}).stt.adapter
    assert ears is not None
    assert ears.is_file()
    own = load(write(tmp_path, ONE_TIER + '[stt]\nadapter = "taught/ears.npz"\n'), {}).stt
    assert own.adapter == tmp_path / "taught" / "ears.npz"
    hosted = '[stt]\nprovider = "openai"\nmodel = "m"\nbase_url = "http://127.0.0.1:1/v1"\nadapter = "a.npz"\n'
    with pytest.raises(ConfigError, match="an adapter stands beside an embedded model"):
        load(write(tmp_path, ONE_TIER + hosted), {})


def test_only_a_taught_tier_is_shown_the_rules_reading(tmp_path: Path) -> None:
    taught = load(write(tmp_path, ONE_TIER + "fine_tuned = true\nsees_reading = true\n"), {}).policy().tiers[0]
    reading = Reading("Cancel it.", (Action("cancel"),))
    assert taught.shown(reading) == reading
    assert replace(taught, sees_reading=False).shown(reading).actions is None
    assert Tier("untaught").shown(reading) == reading
    with pytest.raises(ConfigError, match="sees the rules' reading"):
        load(write(tmp_path, ONE_TIER + "sees_reading = true\n"), {})


def test_every_profile_of_the_project_can_be_read() -> None:
    for name in profiles():
        assert load(name, {"OPENAI_API_KEY": "secret"}).policy().tiers


def shown(profile: str | Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["config", "show", "--profile", str(profile)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("profile", [*profiles(), str(Path(__file__).parent / "restaurant" / "profile.toml")])
def test_a_profile_that_is_shown_can_be_read_and_means_the_same(
    profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    again, before = (load(one, keys=False) for one in (write(tmp_path, shown(profile, capsys)), profile))
    assert again.model_dump() == before.model_dump()


def test_every_table_is_shown_in_a_form_that_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policy.toml").write_text((PROFILES / "policies" / "embedded.toml").read_text("utf-8"), "utf-8")
    given = write(
        tmp_path,
        """
        name = "mine"
        greeting = "Hello \N{WAVING HAND SIGN}, \\"Ada\\"."
        resume_seconds = 1e-5
        [[tiers]]
        name = "only"
        model = "m"
        [keys]
        "#" = "Again."
        [gates]
        cancel = ["only", "read_back"]
        [checks.write]
        confidence = 0.95
        [rule.targets]
        max_risk = 0.05
        [policy]
        file = "policy.toml"
        """,
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    again, before = (load(one, {}) for one in (write(elsewhere, shown(given, capsys)), given))
    assert again.model_dump() == before.model_dump()
    assert again.fitted == before.fitted


def test_a_missing_environment_variable_names_the_line_that_wants_it() -> None:
    with pytest.raises(ConfigError, match=r"openai\.toml:\d+: the environment variable OPENAI_API_KEY is not set"):
        load("openai", {})


def test_a_variable_that_several_lines_want_is_told_of_once() -> None:
    with pytest.raises(ConfigError) as told:
        load("openai", {})
    assert len(str(told.value).splitlines()) == 1
    assert re.search(r":7: .* is not set \(wanted in lines 13, 18, 26 too\): export", str(told.value))


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("greetin = 1\n" + ONE_TIER, "greeting"),
        (ONE_TIER + "time_seconds = 1\n", "timeout_seconds"),
        (ONE_TIER + "[checks]\ncompletness = 0.8\n", "completeness"),
        (ONE_TIER + "[rule]\n[rule.targets]\nmax_rsk = 1\n", "max_risk"),
        (ONE_TIER + '[polcy]\nfile = "a.toml"\n', "policy"),
        (ONE_TIER + "[stt]\nadaptor = 1\n", "adapter"),
        (ONE_TIER + "zzz = 1\n", None),
    ],
)
def test_a_typo_is_told_with_the_key_that_may_be_meant(tmp_path: Path, text: str, near: str | None) -> None:
    with pytest.raises(ConfigError) as told:
        load(write(tmp_path, text), {})
    assert re.findall(r"did you mean '(\w+)'", str(told.value)) == ([near] if near else [])


def test_a_table_is_not_said_to_be_wrong_beside_what_is_wrong_in_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        load(write(tmp_path, 'name = "mine"\n[[tiers]]\nname = "only"\nmodle = "m"\n'), {})
    assert [line.partition("mine.toml")[2] for line in str(told.value).splitlines()] == [
        ":2: 'tiers.0.model' is missing",
        ":4: unknown key 'tiers.0.modle': did you mean 'model'?",
    ]


def test_a_key_is_never_shown() -> None:
    config = load("openai", {"OPENAI_API_KEY": "very-secret"})
    assert config.tiers[0].api_key is not None
    assert config.tiers[0].api_key.get_secret_value() == "very-secret"
    assert "very-secret" not in config.model_dump_json()
    assert "very-secret" not in repr(config)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bogus = 1\n" + ONE_TIER, r":1: unknown key 'bogus'"),
        (ONE_TIER + '[[tiers]]\nname = "b"\nmodle = "m"\n', r":7: unknown key 'tiers\.1\.modle'"),
        (ONE_TIER + "[checks]\ncompletness = 0.8\n", r":6: unknown key 'checks\.completness'"),
        (ONE_TIER + '[checks]\ncompleteness = "high"\n', r":6: 'checks\.completeness': .*valid number"),
        (ONE_TIER + "input_price = -1.0\n", r":5: 'tiers\.0\.input_price'"),
        (ONE_TIER + '[[tiers]]\nname = "only"\nmodel = "m"\n', r"two tiers have the same name"),
        (
            ONE_TIER + '[gates]\ncancel = "storng"\n',
            r":6: the gate of 'cancel' needs storng: use human, only",
        ),
        (
            ONE_TIER + "[checks]\nconfidence = 0.9\n[checks.write]\nconfidence = 0.9\nconfidance = 0.9\n",
            r":9: 'checks': .*there is no check confidance: use .*confidence",
        ),
        (ONE_TIER + "[shadow]\nmake_way = true\nshare = 4.0\n", r":7: 'shadow': .*share must lie in 0…1"),
        (ONE_TIER + 'input_price = 1.0\nadapter = "a.gguf"\n', r":6: 'tiers\.0': .*an adapter stands beside"),
        (ONE_TIER + "[rule]\n[rule.targets]\nmax_rsk = 1\n", r":7: unknown key 'rule\.targets\.max_rsk'"),
        (
            'name = "mine"\n[[tiers]]\nname = "a"\n[[tiers]]\nname = "b"\nmodel = "m"\n',
            r":2: 'tiers\.0\.model' is missing",
        ),
        ('\n[[tiers]]\nname = "only"\nmodel = "m"\n', r":1: 'name' is missing"),
        ('name = "mine"\n', r"'tiers' is missing"),
        ("name = [", r"this is no TOML"),
    ],
)
def test_a_typo_is_an_error_that_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(write(tmp_path, text), {})


def test_gates_name_one_need_or_several(tmp_path: Path) -> None:
    gates = '[gates]\nrefund = "human"\ncancel = ["only", "read_back"]\n[checks.write]\nconfidence = 0.95\n'
    policy = load(write(tmp_path, ONE_TIER + gates), {}).policy()
    assert policy.gates == {"refund": ("human",), "cancel": ("only", "read_back")}
    assert policy.checks.for_draft("write", seconded=False).confidence == 0.95
    assert policy.checks.for_draft("read", seconded=False) == policy.checks


def test_a_key_cannot_be_written_into_a_profile_by_mistake(tmp_path: Path) -> None:
    path = write(tmp_path, ONE_TIER)
    assert load(path, {}).tiers[0].api_key is None


def test_an_unknown_profile_names_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match="embedded, openai, vllm"):
        load("embeded", {})


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path / "none.toml", {})
