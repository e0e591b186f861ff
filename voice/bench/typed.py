"""What recorded calls come to when they are typed: ``python -m voice.bench.typed audio_fixtures``.

The same callers as in ``voice bench``, without ears, voice and time: what is left is how well a dialogue is understood
and led. What it gets right and a spoken call does not is what speech costs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.markup import escape

from voice.bench.chat_command import Screen, for_text
from voice.bench.measured.database import State, expected_states, state_of
from voice.bench.measured.spoken import atoms, find
from voice.bench.recordings.manifest import ManifestError, RecordedCall, RecordedTurn, load
from voice.booking.desk import FIXTURE_NOW
from voice.booking.drafting.grammar import MAIN
from voice.booking.written.scoring import is_exact
from voice.cascade.policy import Policy
from voice.config import load as load_profile
from voice.config import of_the_airline
from voice.ports import LanguageModel
from voice.runtime import Runtime
from voice.server.desks import DeskSource, open_source
from voice.stack import open_tiers
from voice.trace import Line, Trace


@dataclass(frozen=True, slots=True)
class TypedTurn:
    """A turn that was typed.

    Attributes:
        call: The call's name.
        turn: Its number in the recording, from 1.
        text: What the caller says.
        said: What the agent says to it.
        lacks: The facts of a right answer that were not said; None where none is known.
        actions: What was carried out, in the flat form.
        right: Whether that is exactly what the turn asks for; None where nobody labelled it.
    """

    call: str
    turn: int
    text: str
    said: str
    lacks: tuple[str, ...] | None
    actions: tuple[Mapping[str, Any], ...]
    right: bool | None

    @property
    def good(self) -> bool:
        """Whether nothing is known to be wrong with it."""
        return not self.lacks and self.right is not False


@dataclass(frozen=True, slots=True)
class TypedCall:
    """A call that was typed.

    Attributes:
        call: Its name.
        turns: What was said and done.
        database_right: Whether what is booked afterwards is what the labels come to; None where they come to nothing.
    """

    call: str
    turns: tuple[TypedTurn, ...]
    database_right: bool | None

    @property
    def resolved(self) -> bool:
        """Whether every fact was told and the right things are booked."""
        return self.database_right is not False and not any(turn.lacks for turn in self.turns)


async def typed_call(
    call: RecordedCall,
    source: DeskSource,
    tiers: Mapping[str, LanguageModel],
    policy: Policy,
    folder: Path,
    expected: State | None,
) -> TypedCall:
    """Type a call's turns, one after the other, whatever the agent says.

    Args:
        call: What to type; sounds that are no turns are left out.
        source: Gives it a desk of its own.
        tiers: A model for each of the policy's.
        policy: What is decided by.
        folder: Where the desk may leave its file.
        expected: What should be booked afterwards, if it is known.
    """
    lines: list[Line] = []
    screen = Screen()
    turns: list[TypedTurn] = []
    async with source.desk(folder) as desk:
        trace = Trace(None, None, lines.append)
        screen.runtime = Runtime(policy=policy, desk=desk, tiers=tiers, mouth=screen, trace=trace)
        screen.runtime.start()
        for number, turn in enumerate(call.turns, start=1):
            if turn.kind != "turn":
                continue
            lines.clear()
            if not screen.over:
                screen.runtime.heard(turn.text)
                await screen.runtime.answered()
            turns.append(_judged(call.id, number, turn, lines))
        await screen.runtime.close()
    state = state_of(folder / "desk.db")
    return TypedCall(call.id, tuple(turns), None if expected is None else state == expected)


def _judged(call: str, number: int, turn: RecordedTurn, lines: Sequence[Line]) -> TypedTurn:
    said = " ".join(line["text"] for line in lines if line["kind"] == "sound")
    heard = atoms(said.split())
    done = [line["actions"] for line in lines if line["kind"] == "perform"]
    actions = tuple(done[-1]) if done else ()
    expect = [action.as_dict() for action in turn.expect]
    return TypedTurn(
        call=call,
        turn=number,
        text=turn.text,
        said=said,
        lacks=tuple(fact for fact in turn.says if find(fact, heard) is None) if turn.says else None,
        actions=actions,
        right=is_exact(expect, actions) if expect else None,
    )


def summary(calls: Sequence[TypedCall]) -> dict[str, Any]:
    """Count: each figure is how many were right, of how many that can be judged."""
    turns = [turn for call in calls for turn in call.turns]

    def count(judged: Sequence[bool]) -> dict[str, int]:
        return {"right": sum(judged), "n": len(judged)}

    return {
        "turns": len(turns),
        "every_fact": count([not turn.lacks for turn in turns if turn.lacks is not None]),
        "actions": count([turn.right for turn in turns if turn.right is not None]),
        "database": count([call.database_right for call in calls if call.database_right is not None]),
        "resolved": count([call.resolved for call in calls]),
    }


async def _typed(calls: Sequence[RecordedCall], profile: str, console: Console) -> list[TypedCall]:
    config = of_the_airline(load_profile(profile, actions=MAIN), "typed calls")
    done: list[TypedCall] = []
    async with AsyncExitStack() as exits:
        root = Path(exits.enter_context(TemporaryDirectory(prefix="voice-")))
        states = await expected_states(calls, root)
        sources = {
            name: await exits.enter_async_context(open_source(config.desk, name, lambda: FIXTURE_NOW))
            for name in dict.fromkeys(call.desk for call in calls)
        }
        prefix = next(iter(sources.values())).prefix
        tiers = await exits.enter_async_context(open_tiers(config, prefix=prefix, progress=console.print))
        for call in calls:
            with TemporaryDirectory(dir=root) as folder:
                found = await typed_call(
                    call, sources[call.desk], tiers, for_text(config.policy()), Path(folder), states.get(call.id)
                )
            _show(console, found)
            done.append(found)
    return done


def _show(console: Console, call: TypedCall) -> None:
    booked = {None: "", True: "", False: ", and the wrong things are booked"}[call.database_right]
    console.print(f"{escape(call.call)}: {sum(turn.good for turn in call.turns)} of {len(call.turns)} turns{booked}")
    for turn in call.turns:
        if not turn.good:
            lacks = f" lacks {', '.join(turn.lacks)}" if turn.lacks else ""
            did = f" did {json.dumps(turn.actions, ensure_ascii=False)}" if turn.right is False else ""
            console.print(f"  {turn.turn} “{turn.text}” → “{turn.said}”{lacks}{did}", markup=False, style="dim")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and give its exit code."""
    prog = "python -m voice.bench.typed"
    parser = argparse.ArgumentParser(prog=prog, description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="holds a manifest.jsonl")
    parser.add_argument("--profile", default="embedded", help="tiers and policy (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    args = parser.parse_args(arguments)
    try:
        calls = [call for folder in args.folders for call in load(folder)]
    except ManifestError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    done = asyncio.run(_typed(calls, args.profile, Console(stderr=args.json, soft_wrap=True)))
    found = summary(done)
    if args.json:
        sys.stdout.write(json.dumps({**found, "calls": [asdict(call) for call in done]}, ensure_ascii=False) + "\n")
        return 0
    console = Console()
    console.print(f"{len(done)} calls, {found['turns']} turns typed")
    for name, told in (
        ("every_fact", "turns with every fact"),
        ("actions", "turns with the right actions"),
        ("database", "calls after which the right things are booked"),
        ("resolved", "calls with all of it"),
    ):
        console.print(f"  {told}: {found[name]['right']} of {found[name]['n']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
