"""What ``voice bench`` takes and refuses; and whole benchmarks over the real wire, against agents without models."""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from scripted_agent import Manner, ScriptedListener, fixtures, scripted_server

from voice import models
from voice.bench import bench_command
from voice.bench.bench_command import BenchError, add_bench_arguments, bench_main, chosen
from voice.bench.calls.targets import TargetError, Targets, targets
from voice.bench.recordings.manifest import ManifestError
from voice.bench.reports.figures import as_json
from voice.bench.wire import Protocol
from voice.config import ConfigError
from voice.config import load as load_profile

NOW = datetime(2026, 12, 1, 9, 0)
SIMPLE = [(0.2, 1.2)]
PROFILE = """
name = "mine"
[policy]
file = "policy.toml"
[[tiers]]
name = "only"
provider = "embedded"
model = "llm-fast"
adapter = "taught.gguf"
"""
POLICY = """
format = 2
version = "2026-12-01-0"
made = {{}}
metrics = {{}}
[rule]
[fitted]
version = "2026-12-01-0"
[fitted.router.code]
intercept = {intercept}
[fitted.router.tiers]
"""


def parsed(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_bench_arguments(parser)
    return parser.parse_args([str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def _without_models(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench_command, "WhisperListener", lambda model: ScriptedListener())
    monkeypatch.setattr(models, "path", Path)


@contextmanager
def answering(manner: Manner, protocol: Protocol = "protobuf") -> Generator[str]:
    """Run a scripted agent on a thread of its own; give its address."""
    loop = asyncio.new_event_loop()
    ready: asyncio.Future[str] = loop.create_future()
    over = asyncio.Event()

    async def serve() -> None:
        async with scripted_server(manner, protocol) as url:
            ready.set_result(url)
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(_wait(ready), loop).result(10)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


async def _wait(ready: asyncio.Future[str]) -> str:
    return await ready


def test_calls_are_chosen_by_name_in_the_order_of_the_manifest(tmp_path: Path):
    calls = fixtures(tmp_path, one=[SIMPLE], two=[SIMPLE], three=[SIMPLE])
    assert [call.id for call in chosen(calls, "three, one", None)] == ["one", "three"]
    with pytest.raises(ManifestError, match="no call 'thre'; there is three"):
        chosen(calls, "one,thre", None)


def test_a_sample_is_the_same_every_time_and_never_too_large(tmp_path: Path):
    calls = fixtures(tmp_path, **{f"c{number}": [SIMPLE] for number in range(20)})
    picked = chosen(calls, None, 5)
    assert len(picked) == 5
    assert picked == chosen(calls, None, 5)
    assert picked == [call for call in calls if call in picked]
    assert chosen(calls, None, 50) == calls
    assert len(chosen(calls, "c1,c2", 1)) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "nonesuch"], r"takes ws://… or NAME=ws://"),
        (["--target", "a=http://localhost"], r"takes ws://… or NAME=ws://"),
        (["--agent", "../a=ws://localhost"], r"takes ws://… or NAME=ws://"),
        (["--target", "a=ws://one", "--agent", "a=ws://two"], "two targets are named 'a'"),
        (["--target", "ws://one", "--target", "ws://two"], "two targets are named 'target'"),
        (["--pipeline", "cascade", "--target", "cascade=ws://one"], "a target and a pipeline are both named 'cascade'"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: list[str], message: str, tmp_path: Path):
    fixtures(tmp_path / "set", one=[SIMPLE])
    with pytest.raises(TargetError, match=message):
        bench_main(parsed("--fixtures", tmp_path / "set", "--out", tmp_path / "out", *arguments), NOW)
    assert not (tmp_path / "out").exists()


def test_who_names_nobody_measures_the_cascade_and_its_peers():
    config = load_profile("embedded")
    assert targets([], [], "protobuf", config).pipelines == ("cascade", "single-strong", "single-fast", "backend")
    one_tier = config.model_copy(update={"tiers": config.tiers[:1]})
    assert targets([], [], "protobuf", one_tier).pipelines == ("cascade", "single-fast")


def test_a_target_needs_no_name_and_its_address_may_hold_an_equals_sign():
    config = load_profile("embedded")
    assert targets([], ["ws://host/ws?a=b"], "twilio", config) == Targets((), {"target": "ws://host/ws?a=b"}, "twilio")
    mine = targets(["single"], ["mine=wss://host/ws?a=b"], "protobuf", config)
    assert (mine.pipelines, mine.urls) == (("single",), {"mine": "wss://host/ws?a=b"})


def test_a_missing_fixture_set_or_profile_is_named(tmp_path: Path):
    with pytest.raises(ManifestError, match="nowhere"):
        bench_main(parsed("--fixtures", tmp_path / "nowhere", "--pipeline", "cascade"), NOW)
    fixtures(tmp_path / "set", one=[SIMPLE])
    with pytest.raises(ConfigError, match="nonesuch"):
        bench_main(parsed("--fixtures", tmp_path / "set", "--pipeline", "cascade", "--profile", "nonesuch"), NOW)


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_numbers_of_calls_are_at_least_one(number: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parsed("--fixtures", "set", "--sample", number)
    assert "--sample" in capsys.readouterr().err


def test_a_folder_with_another_run_is_not_mixed_with_this_one(tmp_path: Path):
    fixtures(tmp_path / "set", one=[SIMPLE])
    arguments = ("--fixtures", tmp_path / "set", "--agent", "a=ws://127.0.0.1:9/ws", "--out", tmp_path / "out")
    with pytest.raises(RuntimeError, match="no agent answers"):
        bench_main(parsed(*arguments), NOW)
    with pytest.raises(BenchError, match="another manners: give another --out"):
        bench_main(parsed(*arguments, "--patience", "9"), NOW)
    with pytest.raises(BenchError, match="another protocol and concurrency"):
        bench_main(parsed(*arguments, "--protocol", "twilio", "--concurrency", "2"), NOW)
    fixtures(tmp_path / "set", one=[SIMPLE, SIMPLE])
    with pytest.raises(BenchError, match="another manifest"):
        bench_main(parsed(*arguments), NOW)


def test_a_run_with_other_models_policy_or_addresses_is_not_mixed_with_this_one(tmp_path: Path):
    fixtures(tmp_path / "set", one=[SIMPLE])
    (tmp_path / "policy.toml").write_text(POLICY.format(intercept=0.5))
    (tmp_path / "taught.gguf").write_bytes(b"first")
    (tmp_path / "mine.toml").write_text(PROFILE)
    profile = tmp_path / "mine.toml"
    arguments = ("--fixtures", tmp_path / "set", "--profile", profile, "--out", tmp_path / "out", "--target")
    for address in ("a=ws://127.0.0.1:9/ws", "b=ws://127.0.0.1:9/ws?key=secret", "a=ws://127.0.0.1:9/ws"):
        with pytest.raises(RuntimeError, match="no agent answers"):
            bench_main(parsed(*arguments, address), NOW)
    assert "secret" not in (tmp_path / "out" / "settings.json").read_text()
    with pytest.raises(BenchError, match="another target b: give another --out"):
        bench_main(parsed(*arguments, "b=ws://127.0.0.1:9/other"), NOW)
    (tmp_path / "policy.toml").write_text(POLICY.format(intercept=0.6))
    (tmp_path / "taught.gguf").write_bytes(b"second")
    with pytest.raises(BenchError, match="another models and policy: give another --out"):
        bench_main(parsed(*arguments, "a=ws://127.0.0.1:9/ws"), NOW)


def test_a_reference_that_is_not_measured_is_refused_before_the_run(tmp_path: Path):
    fixtures(tmp_path / "set", one=[SIMPLE])
    before = tmp_path / "old.json"
    before.write_text(json.dumps(as_json({"single": [], "a": []})))
    arguments = ("--fixtures", tmp_path / "set", "--target", "a=ws://127.0.0.1:9/ws", "--baseline", before)
    with pytest.raises(BenchError, match="--reference single: it is not measured, only a is"):
        bench_main(parsed(*arguments, "--out", tmp_path / "out", "--reference", "single"), NOW)
    assert not (tmp_path / "out").exists()


@pytest.mark.real
@pytest.mark.parametrize("protocol", ["protobuf", "twilio"])
def test_known_delays_are_measured_over_the_real_wire(
    protocol: Protocol, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    fixtures(tmp_path / "set", one=[SIMPLE, SIMPLE], two=[[(0.2, 1.0), (1.6, 2.4)]])
    with answering(Manner(delay=0.3), protocol) as quick, answering(Manner(delay=1.1, patience=0.8), protocol) as slow:
        arguments = ("--fixtures", tmp_path / "set", "--out", tmp_path / "out", "--json", tmp_path / "figures.json")
        arguments += ("--protocol", protocol)
        status = bench_main(parsed(*arguments, "--agent", f"quick={quick}", "--agent", f"slow={slow}"), NOW)
    report = json.loads((tmp_path / "figures.json").read_text())
    assert report == json.loads((tmp_path / "out" / "bench.json").read_text())
    turns = {name: agent["turns"] for name, agent in report["agents"].items()}
    late = max(call["late_ms"] for agent in report["agents"].values() for call in agent["calls"])
    assert [turn["first_audio_ms"] for turn in turns["quick"]] == [pytest.approx(300, abs=20 + late)] * 3
    assert [turn["first_audio_ms"] for turn in turns["slow"]] == [pytest.approx(1900, abs=20 + late)] * 3
    assert [turn["cut_short"] for turn in turns["quick"]] == [False, False, True]
    assert not any(turn["cut_short"] for turn in turns["slow"])
    assert status == 0
    assert "first audio" in capsys.readouterr().out


@pytest.mark.real
def test_an_agent_that_hangs_up_or_keeps_silent_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    fixtures(tmp_path / "set", one=[SIMPLE, SIMPLE])
    with answering(Manner(hangs_up_after=2)) as rude:
        arguments = ("--fixtures", tmp_path / "set", "--out", tmp_path / "out", "--json", "-")
        assert bench_main(parsed(*arguments, "--agent", f"rude={rude}"), NOW) == 1
    report = json.loads(capsys.readouterr().out)["agents"]["rude"]
    assert report["summary"]["all"]["answered"] == 1
    assert "hung up" in report["calls"][0]["broken"]
    assert report["turns"][1]["first_audio_ms"] is None
