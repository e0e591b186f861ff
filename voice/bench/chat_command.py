"""``voice chat``: a typed conversation with the agent, every decision shown: the cascade without ears and voice."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from voice.bench.calls.console import CallView
from voice.cascade.commands import Say
from voice.cascade.policy import FillerPolicy, IdlePolicy, Policy
from voice.config import Config, ConfigError, load
from voice.ports import Mouth
from voice.runtime import Runtime
from voice.server.command import now_at_the_airline
from voice.server.desks import open_source
from voice.stack import open_tiers
from voice.trace import JsonLines, Line, Sink, Trace


def add_chat_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice chat`` takes."""
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument(
        "--desk",
        metavar="seed-N",
        help="a fresh desk that is forgotten afterwards, such as seed-1, instead of the profile's, which keeps what "
        "is booked",
    )
    parser.add_argument("--trace", type=Path, metavar="FILE", help="append every decision to this file too")
    parser.add_argument("--plain", action="store_true", help="show what the agent says and nothing else")


def chat_main(args: argparse.Namespace) -> int:
    """Talk until an empty line, the end of the input, or until the agent ends the call.

    Raises:
        ConfigError: the profile or the desk can't be used.
        OSError: the trace can't be written.
        voice.stack's and voice.models' errors: a tier can't be started.
    """
    config = load(args.profile)
    console = Console(soft_wrap=args.plain)
    show = _Plain(console) if args.plain else CallView(console).line
    asyncio.run(_chat(config, args.desk, args.trace, show))
    return 0


class _Plain:
    """Shows what the agent says, a line each."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, line: Line) -> None:
        if line["kind"] == "sound":
            self._console.print(line["text"], markup=False, highlight=False)


class Screen(Mouth):
    """Speech that is over as soon as it is shown; what else a mouth does has no meaning for a text.

    Attributes:
        runtime: Whose mouth it is.
        over: Whether the agent has ended the call, or passed it on.
    """

    runtime: Runtime

    def __init__(self) -> None:
        self.over = False

    def say(self, utterance: Say) -> None:
        """Show it."""
        self.runtime.note("sound", speech=utterance.kind, text=utterance.text)
        self.runtime.spoken(utterance.utterance)

    def hand_off(self) -> None:
        """Nobody is there to take over."""
        self.over = True

    def hang_up(self) -> None:
        """Ask for no more lines."""
        self.over = True


def for_text(policy: Policy) -> Policy:
    """Leave out what only makes sense for a voice: filler, and asking whether a silent caller is still there."""
    return replace(policy, filler=FillerPolicy(enabled=False), idle=IdlePolicy(prompts=()))


async def _chat(config: Config, desk: str | None, trace: Path | None, show: Sink) -> None:
    async with AsyncExitStack() as exits:
        sinks = [show]
        if trace:
            sinks.append(kept := _kept(trace))
            exits.callback(kept.close)
        source = await exits.enter_async_context(open_source(config.desk, desk, now_at_the_airline))
        tiers = await exits.enter_async_context(open_tiers(config, prefix=source.prefix, progress=_tell))
        screen = Screen()
        screen.runtime = Runtime(
            policy=for_text(config.policy()),
            desk=await exits.enter_async_context(source.desk(None)),
            tiers=tiers,
            mouth=screen,
            trace=Trace(None, None, *sinks),
        )
        exits.push_async_callback(screen.runtime.close)
        _tell("ready; an empty line ends the call")
        screen.runtime.start(config.greeting)
        async for text in _typed():
            screen.runtime.heard(text)
            await screen.runtime.answered()
            if screen.over:
                break


def _kept(trace: Path) -> JsonLines:
    try:
        return JsonLines(trace)
    except OSError as error:
        raise ConfigError(f"--trace {trace}: it can't be written ({error.strerror}): give another file") from error


async def _typed() -> AsyncIterator[str]:
    while line := (await asyncio.to_thread(_ask)).strip():
        yield line


def _ask() -> str:
    if sys.stdin.isatty():
        sys.stderr.write("> ")
        sys.stderr.flush()
    return sys.stdin.readline()


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
