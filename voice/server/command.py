"""``voice serve``: answers web pages, phone lines and recorded callers until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable, Collection, Generator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from voice import models
from voice.config import ConfigError, load
from voice.extras import install
from voice.server.documents import PHONES

if TYPE_CHECKING:
    from voice.config import Config
    from voice.telemetry.spans import Spans

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotInstalled(RuntimeError):
    """The parts that serving needs are not installed. The message has the command."""


def add_serve_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice serve`` takes."""
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument(
        "--pipeline",
        help="which pipeline answers: cascade, single, backend, one of them with one tier, like single-fast, or your "
        "own: path/to/file.py or package.module (default: the profile's)",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on (default: %(default)s, this machine only; the live view shows callers' words)",
    )
    parser.add_argument("--port", type=int, default=7860, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--calls", type=Path, metavar="DIR", help="leave each call's trace in a folder of its own here")
    parser.add_argument(
        "--desk",
        metavar="seed-N",
        help="give each call a fresh desk of the airline in this state, instead of the profile's database",
    )
    parser.add_argument("--max-calls", type=_calls, default=8, metavar="N", help="calls at once (default: %(default)s)")
    parser.add_argument(
        "--public-url",
        type=_url,
        metavar="URL",
        help="where phone providers and browsers reach this server, if not by its name",
    )
    parser.add_argument(
        "--phones",
        nargs="*",
        choices=PHONES,
        default=list(PHONES),
        metavar="PROVIDER",
        help=f"whose phone lines are answered: {', '.join(PHONES)}; without a name nobody's (default: all of them)",
    )
    parser.add_argument("--no-live", action="store_true", help="leave out the live view of running calls")
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input closes")
    parser.add_argument("--json", action="store_true", help="say in JSON when the server is ready, also at a terminal")


def _calls(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"a server of {count} calls answers none: give 1 or more")
    return count


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole address: give one like https://your-host")
    return text


def serve_main(args: argparse.Namespace, environ: Mapping[str, str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; calls that run then are hung up on, and finish what they are writing.

    Standard output gets a line for each part that is ready, then one JSON line
    ``{"ready": true, "port": …, "pid": …, "url": …}``; a terminal gets the addresses instead.

    Raises:
        voice.config.ConfigError: there is no such profile, pipeline or desk, or no folder for the calls.
        voice.server.process.CannotListen: the port is taken.
        voice.models.MissingModel: an embedded model is not there yet.
        NotInstalled: the extra ``serve`` is missing.
    """
    config = load(args.profile, actions=_airline())
    _make_folder(args.calls)
    stopped = contextlib.suppress(asyncio.CancelledError)  # while it was still loading
    with stopped, asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(_serve(args, config, os.environ if environ is None else environ))
    return 0


def _airline() -> Collection[str]:
    """Name all that the airline's desk can do."""
    from voice.booking.drafting.wire import MAIN

    return MAIN


def _make_folder(calls: Path | None) -> None:
    try:
        if calls:
            calls.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"--calls {calls}: there can be no folder ({error.strerror}): give another") from error


def _new_loop() -> asyncio.AbstractEventLoop:
    """Give the quickest loop that is installed: a third of what a call takes of the processor is the loop's own."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _serve(args: argparse.Namespace, config: Config, environ: Mapping[str, str]) -> None:
    try:
        from voice.server import background, desks, guard, live, process
        from voice.server.app import make_app
        from voice.server.lines import Lines
        from voice.server.pipeline import pipeline
        from voice.server.providers import Credentials
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] == "voice":
            raise
        raise NotInstalled(f"{error.name} is not installed: {install('serve')}") from error
    from voice.stack import open_stack

    stopper = process.Stopper()
    stopper.on_signals()
    if args.with_parent:
        stopper.with_parent()
    build, config = pipeline(args.pipeline or config.pipeline, config)
    background.check(config.background)
    if config.hand_off.dial:
        _say(
            f"who is handed off on a line of Twilio, Telnyx or Plivo is passed on to {config.hand_off.masked}; not on "
            "Exotel's, which asks nobody what follows its stream: put an applet behind the Voicebot there"
        )
    credentials = Credentials.found_in(environ)
    beyond = args.public_url or (None if args.host in LOOPBACK else args.host)
    if beyond and (can := guard.unchecked(credentials, args.phones)):
        _say(f"whoever reaches {beyond} {can}")
    for name in config.embedded_models:
        models.path(name)  # what is missing is told before anything is begun
    with contextlib.closing(process.bind(args.host, args.port)) as sock:
        async with contextlib.AsyncExitStack() as exits:
            source = await exits.enter_async_context(desks.open_source(config.desk, args.desk, now_at_the_airline))
            shared = config.desk.factory or "the profile's"
            _say(f"desk: {args.desk}, fresh for each call" if args.desk else f"desk: {shared}, for all calls")
            stack = await exits.enter_async_context(
                open_stack(config, prefix=source.prefix, names=source.names, progress=_say)
            )
            feed = None if args.no_live else live.Feed(here_only=args.host in LOOPBACK)
            spans = exits.enter_context(telemetry()) if config.trace.otel else None
            lines = Lines(
                stack,
                build,
                source,
                args.calls,
                most=args.max_calls,
                sinks=[feed] if feed is not None else [],
                now=now_at_the_airline,
                spans=spans,
            )

            async def hang_up() -> None:
                await lines.hang_up()
                if feed is not None:
                    feed.close()

            app = make_app(lines, feed=feed, credentials=credentials, public_url=args.public_url, phones=args.phones)
            await process.run(app, sock, stopper, ready=_announce(args, live=feed is not None), hang_up=hang_up)


@contextlib.contextmanager
def telemetry() -> Generator[Callable[[], Spans]]:
    """Send spans while it lasts; gives what makes a call's.

    Raises:
        NotInstalled: the extra ``tracing`` is missing.
    """
    try:
        from voice.telemetry.exporting import open_telemetry
        from voice.telemetry.spans import Spans
    except ModuleNotFoundError as error:
        raise NotInstalled(f"[trace] otel = true, but {error.name} is not installed: {install('tracing')}") from error
    with open_telemetry() as provider:
        yield lambda: Spans(provider.get_tracer("voice"))


def _announce(args: argparse.Namespace, *, live: bool) -> Callable[[int], None]:
    def ready(port: int) -> None:
        host = "127.0.0.1" if args.host in ("0.0.0.0", "::", "") else args.host
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if args.json or not sys.stdout.isatty():
            _say(json.dumps({"ready": True, "port": port, "pid": os.getpid(), "url": url}))
            return
        _say(f"\ntalk to the agent   {url}/")
        if live:
            _say(f"watch the calls     {url}/live")
        _say(f"phone lines         {args.public_url or url}/phone\n\nCtrl-C stops.")

    if live and args.host not in LOOPBACK:
        _say(f"whoever reaches {args.host} can read callers' words in the live view; --no-live leaves it out")
    elif live and args.public_url:
        _say(
            f"whoever reaches {args.public_url} can read callers' words in the live view, unless what leads from there "
            "to here keeps the Host or adds X-Forwarded-For; --no-live leaves it out"
        )
    return ready


def now_at_the_airline() -> datetime:
    """Give the moment at the airline: its days begin and end in New York."""
    return datetime.now(ZoneInfo("America/New_York"))  # noqa: TID251 (the real date is what serving is about)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
