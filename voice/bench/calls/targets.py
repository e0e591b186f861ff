"""The agents that a benchmark measures: pipelines of ours that it starts, and running agents of any make."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from voice.bench.calls.agent import Agent, running_agent
from voice.bench.calls.campaign import Callee, recorded
from voice.bench.calls.schedule import Job
from voice.bench.wire import Line, Protocol, open_line
from voice.config import Config, of_the_airline
from voice.server.pipeline import find

UNNAMED = "target"
"""What a target is called that has no name."""


class TargetError(ValueError):
    """These agents can't be measured. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Who is measured, and over which wire.

    Attributes:
        pipelines: Of ours, by name.
        urls: Running agents, by the name that the report gives them.
        protocol: What all of them are spoken to in.
    """

    pipelines: tuple[str, ...]
    urls: Mapping[str, str]
    protocol: Protocol = "protobuf"

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, as the report names them."""
        return (*self.pipelines, *self.urls)

    def __len__(self) -> int:
        return len(self.pipelines) + len(self.urls)


def targets(pipelines: Sequence[str], given: Sequence[str], protocol: Protocol, config: Config) -> Targets:
    """Read who is to be measured.

    Args:
        pipelines: Names of ours.
        given: Running agents, each ``ws://…`` or ``NAME=ws://…``.
        protocol: What they are spoken to in.
        config: The profile. Where nobody is named, its own peers are measured.

    Raises:
        TargetError: a target is no such text, or two have the same name.
        ConfigError: there is no pipeline of one of the names, or the profile is of another desk.
    """
    urls: dict[str, str] = {}
    for target in given:
        name, _, url = target.partition("=") if not target.startswith(("ws://", "wss://")) else (UNNAMED, "", target)
        if not name or "/" in name or not url.startswith(("ws://", "wss://")):
            raise TargetError(f"--target takes ws://… or NAME=ws://…, got {target!r}")
        if name in urls:
            raise TargetError(f"two targets are named {name!r}: give one another name")
        urls[name] = url
    ours = tuple(dict.fromkeys(pipelines)) if pipelines or urls else peers(config)
    for name in ours:
        if "/" in name:
            raise TargetError(f"--pipeline {name}: a folder is named after it, so name it as a module, package.module")
        find(name, of_the_airline(config, "voice bench"))
    if both := urls.keys() & set(ours):
        raise TargetError(f"a target and a pipeline are both named {min(both)!r}: give --target another NAME")
    return Targets(ours, urls, protocol)


def peers(config: Config) -> tuple[str, ...]:
    """Name the cascade and what it is measured against: each end of its tiers alone, and both as pipecat pairs them."""
    first, last = config.tiers[0].name, config.tiers[-1].name
    if first == last:
        return "cascade", f"single-{last}"
    return "cascade", f"single-{last}", f"single-{first}", "backend"


@asynccontextmanager
async def open_targets(
    targets: Targets,
    work: Sequence[Job],
    *,
    profile: str,
    desk: str,
    out: Path,
    at_once: int,
    show: Callable[[str], None],
) -> AsyncGenerator[list[Callee]]:
    """Start our own agents, each with model servers of its own, so that none finds another's prompts in a cache.

    Args:
        targets: Who is measured.
        work: The calls to make; a pipeline that took all of them before is not started.
        profile: Our agents' profile.
        desk: The state of the database that each of their calls begins with.
        out: Gets a folder for each agent.
        at_once: How many calls they must be able to take.
        show: Told what is being done.

    Raises:
        NotReady: one did not start.
    """
    async with AsyncExitStack() as exits:
        callees: list[Callee] = []
        for pipeline in targets.pipelines:
            calls = out / pipeline
            if all(recorded(calls / job.folder) for job in work):
                callees.append(Callee(pipeline, calls, _nobody))
                continue
            show(f"starting {pipeline}")
            agent = await exits.enter_async_context(
                running_agent(pipeline=pipeline, profile=profile, calls=calls, desk=desk, at_once=at_once)
            )

            def ours(call: str, agent: Agent = agent) -> Awaitable[Line]:
                return open_line(targets.protocol, agent.url(call, targets.protocol))

            callees.append(Callee(pipeline, calls, ours, pid=agent.pid))
        for name, url in targets.urls.items():

            def theirs(_: str, url: str = url) -> Awaitable[Line]:
                return open_line(targets.protocol, url)

            callees.append(Callee(name, out / name, theirs, traces=False))
        yield callees


async def _nobody(call: str) -> Line:
    raise AssertionError(f"the call {call} was made already")
