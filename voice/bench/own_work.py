"""What the agent's own work takes on labelled turns, without models: ``python -m voice.bench.own_work TURNS.jsonl``.

Every turn goes through the runtime: read, routed, drafted, checked, traced to a file. The models are stand-ins that
write what the rules read, a token at a time, at once; so what is left is the agent's own.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from voice.bench.desks import airline
from voice.bench.turns.labelled import BadTurns, LabelledTurn, load_turns
from voice.bench.turns.turn_desk import TurnDesk
from voice.booking.drafting import grammar
from voice.booking.reading import reader
from voice.cascade.commands import Say
from voice.cascade.policy import Policy
from voice.cascade.words import Draft, Reading
from voice.config import load
from voice.overhead import Clock
from voice.ports import Message, Mouth, Watch
from voice.runtime import Runtime
from voice.trace import JsonLines, Line, Trace
from voice.tracing.tables import overhead_table
from voice.tracing.where import overhead

_TOKEN = 4
"""Characters of a stand-in's token."""


class _WiredDesk(TurnDesk):
    """A turn's desk that writes its readings as a tier would, as the real one does, and remembers the last."""

    wire = '{"do":[]}'

    def read(self, text: str, dialogue: Any) -> Reading:
        """Read a transcript by rules."""
        read = super().read(text, dialogue)
        if read.actions:
            read = replace(read, wires=(grammar.wire(read.actions),))
            self.wire = read.wires[0]
        return read


class _Echo:
    """A stand-in for a tier."""

    def __init__(self, name: str, desk: _WiredDesk) -> None:
        self.name = name
        self._desk = desk

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        """Write what the rules read of the turn."""
        del messages, schema
        text = self._desk.wire
        written = Draft(self.name, ())
        for end in range(_TOKEN, len(text) + _TOKEN, _TOKEN):
            tokens = (*written.tokens, text[end - _TOKEN : end])
            written = Draft(self.name, (), text[:end], (-0.01,) * len(tokens), 1000, len(tokens), tokens=tokens)
            if watch:
                watch(written)
            await asyncio.sleep(0)
        return written

    async def warm(self, messages: Sequence[Message]) -> None:
        """Do nothing."""


class _Mouth(Mouth):
    """Says nothing, at once."""

    runtime: Runtime

    def say(self, utterance: Say) -> None:
        asyncio.get_running_loop().call_soon(self.runtime.spoken, utterance.utterance)


async def own_work(turns: Sequence[LabelledTurn], policy: Policy, path: Path, clock: Clock) -> list[Line]:
    """Put every turn through a runtime of its own, and give the lines of all traces.

    Args:
        turns: What is said: first as a guess while the caller may go on, then for good.
        policy: What is decided by.
        path: Where traces are written to, as in a call.
        clock: Times the work.

    Raises:
        TimeoutError: a turn is not decided within 10 s.
    """
    reader.load()
    lines, file, yardstick = list[Line](), JsonLines(path), airline()
    for turn in turns:
        mouth, desk = _Mouth(), _WiredDesk(yardstick.desk, yardstick.dialogue(turn.context))
        mouth.runtime = Runtime(
            policy=policy,
            desk=desk,
            tiers={tier.name: _Echo(tier.name, desk) for tier in policy.tiers},
            mouth=mouth,
            trace=Trace(turn.id, None, lines.append, file),
            clock=clock,
        )
        mouth.runtime.start()
        mouth.runtime.heard(turn.text, final=False)
        mouth.runtime.heard(turn.text)
        await asyncio.wait_for(mouth.runtime.answered(), 10.0)
        await mouth.runtime.close()
    file.close()
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and give its exit code."""
    prog = "python -m voice.bench.own_work"
    parser = argparse.ArgumentParser(prog=prog, description=(__doc__ or "").splitlines()[0])
    parser.add_argument("turns", type=Path, nargs="+", help="labelled turns, *.jsonl")
    parser.add_argument("--profile", default="embedded", help="what is decided by (default: %(default)s)")
    parser.add_argument("--cpu", action="store_true", help="time the processor, not the clock on the wall")
    args = parser.parse_args(arguments)
    try:
        turns = load_turns(*args.turns, desk=airline())
    except BadTurns as error:
        sys.stderr.write(f"{error}\n")
        return 1
    clock = time.thread_time if args.cpu else time.perf_counter
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(
            own_work(turns, load(args.profile, actions=grammar.MAIN).policy(), Path(folder) / "trace.jsonl", clock)
        )
    found = overhead(lines)
    Console().print(overhead_table(found) if found else "no turn was answered")
    return 0


if __name__ == "__main__":
    sys.exit(main())
