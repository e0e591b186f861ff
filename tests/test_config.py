from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from voice.booking.drafting.wire import MAIN
from voice.cascade.policy import Tier
from voice.cascade.words import Action, Reading
from voice.cli import main
from voice.config import PROFILES, ConfigError, load, profiles
from voice.llm.configuring import tier_config

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
    local = ONE_TIER.replace('"m"', '"llm-fast"') + 'provider = "embedded"\nadapter = "taught/a.gguf"\n'
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
    assert re.search(r":12: .* is not set \(wanted in lines 18, 23, 31 too\): export", str(told.value))


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


@pytest.mark.parametrize("table", ["", "[stt]\n", "[tts]\n"])
def test_a_key_in_a_profile_is_refused_and_not_repeated(tmp_path: Path, table: str) -> None:
    with pytest.raises(ConfigError) as told:
        load(write(tmp_path, ONE_TIER + table + 'api_key = "very-secret"\n'), {})
    line = len((ONE_TIER + table).splitlines()) + 1
    assert re.search(rf"mine\.toml:{line}: '[\w.]*api_key': .* api_key_env", str(told.value))
    assert "very-secret" not in str(told.value) + str(told.value.__cause__)


@pytest.mark.parametrize(
    "url", ["localhost:8000", "127.0.0.1:8000/v1", "api.example.com/v1", "ftp://a/v1", "http://", ""]
)
def test_an_address_that_is_not_whole_is_refused_with_its_line(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r":5: 'tiers\.0\.base_url': .*no whole address: give one like http://"):
        load(write(tmp_path, ONE_TIER + f'base_url = "{url}"\n'), {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('provider = "embedded"\nmodel = "my.gguf"\n', r":5: .*'my\.gguf': use llm-fast, llm-strong.*A path is not"),
        ('provider = "embedded"\nmodel = "whisper-base"\n', r":5: .*use llm-fast, llm-strong\."),
        ('provider = "embedded"\nmodel = "llm-fast"\nbase_url = "http://a/v1"\n', r":6: .*server elsewhere"),
        ('model = "m"\n[stt]\nmodel = "mine"\n', r":6: .*use whisper-base, whisper-tiny\.en\."),
        ('model = "m"\n[tts]\nmodel = "joe"\n', r":6: .*use piper-joe"),
    ],
)
def test_an_embedded_model_is_one_of_the_catalogue(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(write(tmp_path, 'name = "mine"\n[[tiers]]\nname = "only"\n' + text), {})


@pytest.mark.parametrize(
    "line", ["confidence = 2", "completeness = -1", "support = nan", "write = { confidence = 1.5 }"]
)
def test_a_threshold_outside_of_its_range_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=r":7: 'checks': .* must lie in 0…1, got"):
        load(write(tmp_path, ONE_TIER + "[checks]\ncorrectness = 1\n" + line + "\n"), {})


def test_openai_is_asked_in_its_own_form_and_others_in_the_common_one(tmp_path: Path) -> None:
    def asked(text: str) -> tuple[str, str]:
        config = tier_config(load(write(tmp_path, ONE_TIER + text), {}).tiers[0])
        return config.dialect, config.token_limit

    openais = "openai", "max_completion_tokens"
    assert asked("") == openais
    assert asked('base_url = "https://eu.api.openai.com/v1"\n') == openais
    assert asked('base_url = "https://mine.openai.azure.com/openai/v1"\n') == openais
    assert asked('base_url = "http://127.0.0.1:8001/v1"\n') == ("plain", "max_tokens")
    assert asked('base_url = "https://notopenai.com/v1"\n') == ("plain", "max_tokens")
    assert asked('dialect = "plain"\ntoken_limit = "max_tokens"\n') == ("plain", "max_tokens")
    assert asked('base_url = "http://a/v1"\ndialect = "llguidance"\n') == ("llguidance", "max_tokens")


def test_a_profile_says_what_else_a_tier_is_asked_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path,
        ONE_TIER + 'temperature = "default"\nseed = 7\nkeep_alive = false\n[tiers.extra]\nreasoning_effort = "low"\n',
    )
    config = tier_config(load(path, {}).tiers[0])
    assert (config.temperature, config.seed, config.keep_alive) == (None, 7, False)
    assert config.extra == {"reasoning_effort": "low"}
    text = shown(path, capsys)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert load(write(elsewhere, text), {}).tiers == load(path, {}).tiers


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('dialect = "strict"', r":5: 'tiers\.0\.dialect'"),
        ("temperature = 3", r":5: 'tiers\.0\.temperature"),
        ('temperature = "none"', r":5: 'tiers\.0\.temperature"),
        ("extra = { stream = false }", r":5: 'tiers\.0': .*extra can't replace stream of a request"),
        ("extras = { top_p = 1 }", r":5: unknown key 'tiers\.0\.extras': did you mean 'extra'"),
    ],
)
def test_what_a_tier_can_not_be_asked_with_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(write(tmp_path, ONE_TIER + line + "\n"), {})


def test_an_unknown_profile_names_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match="embedded, openai, vllm"):
        load("embeded", {})


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[gates]\ncancel = "human"\nsearc = "human"\n', r":7: gates: .*no action 'searc': did you mean 'search'\?"),
        ('[risk.actions]\nboook = "money"\n', r":6: risk\.actions: .*no action 'boook': did you mean 'book'\?"),
        ('[router]\ncode_alone = ["confrim"]\n', r":6: router\.code_alone: .*did you mean 'confirm'\?"),
        ('[gates]\nzzz = "human"\n', r":6: gates: .*no action 'zzz': there are .*book, cancel"),
    ],
)
def test_an_action_that_the_desk_has_not_is_an_error_once_the_desk_is_known(
    tmp_path: Path, text: str, message: str
) -> None:
    path = write(tmp_path, ONE_TIER + text)
    assert load(path, {}).policy()
    with pytest.raises(ConfigError, match=message):
        load(path, {}, actions=MAIN)


def test_a_threshold_of_a_tier_that_there_is_not_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r":6: rule\.thresholds: the profile has no tier 'onyl': did you mean 'only'"):
        load(write(tmp_path, ONE_TIER + "[rule]\nthresholds = {onyl = 0.5}\n"), {})
    assert load(write(tmp_path, ONE_TIER + "[rule]\nthresholds = {only = 0.5}\n"), {}).rule.thresholds == {"only": 0.5}


@pytest.mark.parametrize("profile", profiles())
def test_every_profile_names_actions_of_the_airlines_desk(profile: str) -> None:
    assert load(profile, keys=False, actions=MAIN)


@pytest.mark.parametrize("value", ["-1", "true", '"0.1"', "nan", "inf", "-inf"])
@pytest.mark.parametrize("key", ["money_per_turn", "seconds_per_hour", "model_calls_per_call"])
def test_a_budget_that_would_limit_nothing_is_an_error(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=rf"mine\.toml:7: 'budget.*{key}|mine\.toml:7: 'budget\.{key}'"):
        load(write(tmp_path, ONE_TIER + f'[budget]\nmode = "observe"\n{key} = {value}\n'), {})


def test_a_budget_of_nothing_or_of_whole_money_is_one(tmp_path: Path) -> None:
    config = load(write(tmp_path, ONE_TIER + "[budget]\nmoney_per_turn = 1\ntool_calls_per_turn = 0\n"), {})
    assert (config.budget.money_per_turn, config.budget.tool_calls_per_turn) == (1, 0)


@pytest.mark.parametrize("target", ["max_risk = nan", "max_risk = -1", "max_cost = inf", "min_quality = 1.1"])
def test_a_target_that_makes_no_sense_is_an_error(tmp_path: Path, target: str) -> None:
    with pytest.raises(ConfigError, match=rf":7: .*{target.split()[0]} must "):
        load(write(tmp_path, ONE_TIER + f"[rule]\n[rule.targets]\n{target}\n"), {})
