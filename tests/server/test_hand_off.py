"""A caller who is passed to a person: what they hear, what follows on each line, and what the trace says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pipecat.frames.frames import EndFrame, Frame
from pipecat.frames.protobufs import frames_pb2
from pipecat.runner.types import CallData

from pipelines import cascade
from tests.server.peer import peer
from tests.server.switchboard import HungUp, Socket, Switchboard, hear_something, say_something, stack, switchboard
from tests.server.test_phone import PROVIDERS, speak, twilio
from voice.cascade.commands import Say
from voice.cascade.policy import HandOffPolicy
from voice.cascade.words import Action, Outcome, OutcomeKind, Reading
from voice.config import ConfigError, load
from voice.ports import Mouth
from voice.processors.call import Call
from voice.processors.frames import HANDED_OFF
from voice.server.providers import Credentials, serializer_of
from voice.testing import Performance, ScriptedDesk, ScriptedTranscriber, ToneSpeaker, in_virtual_time
from voice.trace import Trace

PERSON = "a person please"


def connecting(asked: str = PERSON) -> ScriptedDesk:
    readings = {asked: Reading(asked, (Action("handoff"),), certain=True)}
    outcome = Outcome(OutcomeKind.HANDOFF, ("I'll connect you.",), None)
    return ScriptedDesk(readings, [Performance((Action("handoff"),), outcome)], read_only={"handoff"})


def hand_offs(board: Switchboard) -> list[str]:
    return [line["then"] for line in board.trace if line["kind"] == "hand_off"]


PASSED = {"label": "rtvi-ai", "type": "server-message", "data": {"type": "handed-off"}}
LEFT = {"type": "signalling", "message": {"type": "peerLeft"}}


def holding(board: Switchboard) -> None:
    """Have the line held after a hand-off."""
    policy = replace(board.lines.stack.policy, hand_off=HandOffPolicy("hold"))
    board.lines.stack = replace(board.lines.stack, policy=policy)


async def told(caller: Socket, last: dict[str, object]) -> list[dict[str, object]]:
    """Give what a web client is told until it is told this."""
    messages: list[dict[str, object]] = []
    while not messages or messages[-1] != last:
        frame = frames_pb2.Frame.FromString(await caller.receive())  # type: ignore[attr-defined]
        messages += [json.loads(frame.message.data)] if frame.WhichOneof("frame") == "message" else []
    return messages


async def until_hung_up(caller: Socket) -> tuple[list[bytes | str], HungUp]:
    """Give all that a caller is sent, and how the call ends."""
    received: list[bytes | str] = []
    while True:
        try:
            received.append(await caller.receive())
        except HungUp as hung_up:
            return received, hung_up


async def test_the_call_ends_after_the_sentence_and_the_page_is_told_of_the_person_and_that_the_agent_hung_up():
    with connecting() as agent:
        async with switchboard(agent, PERSON) as board, Socket(board.app, "/ws", "rtvi=true") as caller:
            await say_something(caller)
            await hear_something(caller)
            assert PASSED in await told(caller, LEFT)
            await caller.until_hung_up()
            await board.until_traced("closed")
    assert hand_offs(board) == ["end"]
    kinds = board.kinds()
    assert kinds.index("sound_over") < kinds.index("hand_off") < kinds.index("ended")


async def test_on_hold_the_line_stays_open_and_nothing_more_is_answered():
    with connecting() as agent:
        async with switchboard(agent, PERSON, "is anybody there") as board:
            holding(board)
            async with Socket(board.app, "/ws", "rtvi=true") as caller:
                await say_something(caller)
                await told(caller, PASSED)
                await board.until_traced("hand_off")
                await say_something(caller)
                await board.until_traced("transcript", 2)
                assert len(board.lines.active) == 1
            await board.until_traced("closed")
    assert hand_offs(board) == ["hold"]
    assert board.kinds().count("turn") == 1
    assert board.speaker.said == ["I'll connect you."]


@pytest.mark.parametrize("then", ["end", "hold"])
async def test_a_page_on_webrtc_is_told_of_the_person_as_well(then: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])
    with connecting() as agent:
        async with switchboard(agent, PERSON) as board, peer(board) as caller:
            if then == "hold":
                holding(board)
            await caller.stand()
            await board.until(lambda: len(board.lines.active) == 1)
            caller.say_something()
            await caller.hear_something()
            await board.until(lambda: PASSED in map(json.loads, caller.told))
            if then == "end":
                await caller.hung_up()
    said = list(map(json.loads, caller.told))
    assert then == "hold" or said.index(PASSED) < said.index(LEFT)


async def test_who_speaks_no_rtvi_is_sent_no_message_of_it():
    with connecting() as agent:
        async with switchboard(agent, PERSON) as board, Socket(board.app, "/ws") as caller:
            await say_something(caller)
            received, _ = await until_hung_up(caller)
    frames = [frames_pb2.Frame.FromString(each) for each in received]  # type: ignore[attr-defined]
    assert {frame.WhichOneof("frame") for frame in frames} == {"audio"}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_phone_lines_stream_is_closed_so_that_the_providers_own_flow_goes_on(provider: str):
    with connecting() as agent:
        async with switchboard(agent, PERSON) as board, Socket(board.app, "/phone") as caller:
            for message in PROVIDERS[provider]():
                await caller.send(json.dumps(message))
            await speak(caller, provider)
            received, hung_up = await until_hung_up(caller)
            assert hung_up.code == 1000
            assert {json.loads(each)["event"] for each in received} <= {"media", "playAudio", "clear", "clearAudio"}
            await board.until_traced("closed")
    assert hand_offs(board) == ["end"]


async def test_in_the_shipped_pipeline_a_key_for_a_person_ends_the_call_after_the_whole_sentence(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("tests.server.switchboard.build", cascade.build)
    with connecting("A person, please.") as agent:
        async with switchboard(agent) as board, Socket(board.app, "/phone") as caller:
            for message in twilio():
                await caller.send(json.dumps(message))
            await board.until(lambda: len(board.lines.active) == 1)
            await caller.send(json.dumps({"event": "dtmf", "dtmf": {"digit": "0"}}))
            assert (await caller.until_hung_up()).code == 1000
            await board.until_traced("closed")
    assert hand_offs(board) == ["end"]
    sounds = {line["kind"]: line["at"] for line in board.trace if line["kind"] in ("sound", "sound_over", "ended")}
    assert sounds["sound"] + 0.1 < sounds["sound_over"] <= sounds["ended"]


@pytest.mark.parametrize(("reason", "passed"), [(HANDED_OFF, 0), (None, 1)])
async def test_a_provider_whose_credentials_are_known_is_not_told_to_hang_up_on_who_was_handed_off(
    reason: str | None, passed: int, monkeypatch: pytest.MonkeyPatch
):
    ended: list[Frame] = []

    async def hang_up(frame: Frame) -> None:
        ended.append(frame)

    keys = Credentials(twilio=("AC1", "secret"))
    line = serializer_of("twilio", CallData(stream_id="MZ1", call_id="CA1"), keys)
    monkeypatch.setattr(line, "_protocol", type("Protocol", (), {"serialize": staticmethod(hang_up)}))
    await line.serialize(EndFrame(reason=reason))
    assert len(ended) == passed


def test_a_profile_says_what_follows_a_hand_off_and_nothing_that_is_not_there(tmp_path: Path):
    profile, tier = tmp_path / "own.toml", '[[tiers]]\nname = "fast"\nmodel = "m"\n'
    profile.write_text(f'name = "own"\n{tier}[hand_off]\nthen = "hold"\n', encoding="utf-8")
    assert load(profile).policy().hand_off.then == "hold"
    profile.write_text(f'name = "own"\n{tier}[hand_off]\nthen = "transfer"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="'end' or 'hold'"):
        load(profile)


@in_virtual_time
async def test_a_pipeline_may_have_a_function_of_its_own_called():
    happened: list[str] = []

    class Voice(Mouth):
        def say(self, utterance: Say) -> None:
            happened.append(utterance.text)
            runtime.spoken(utterance.utterance)

        def hang_up(self) -> None:
            happened.append("hang up")

    def transfer() -> None:
        happened.append("transfer")
        raise RuntimeError("nobody is there")

    with connecting() as agent, ScriptedTranscriber() as ears:
        call = Call(stack(ears, ToneSpeaker()), agent, Trace("call-1", 0.0))
        runtime = call.runtime(Voice(), hand_off=transfer)
        runtime.start()
        runtime.heard(PERSON)
        await runtime.answered()
        await runtime.close()
    assert happened == ["I'll connect you.", "transfer", "hang up"]
