"""The ``voice`` command: argument parsing only.

Exit codes: 0 all is well, 1 it could not be done (the last line says what to do), 2 the command makes no sense.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from voice import models_cli
from voice.config import ConfigError, load

OK, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and give its exit code."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO if args.verbose else logging.WARNING, stream=sys.stderr)
    _quiet_pipecat(verbose=args.verbose)
    try:
        return args.run(args)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return FAILED
    except Exception as error:
        if args.verbose or not _explains_itself(error):
            raise
        print(f"voice: {error}", file=sys.stderr)
        return USAGE if isinstance(error, ConfigError) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="voice", description="A real-time voice agent with a model cascade.")
    parser.add_argument("--verbose", action="store_true", help="log everything, and show where errors come from")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add(commands, "call", "play a recorded caller into the agent, and see and keep the call", _call)
    _add(commands, "serve", "answer web pages and phone lines", _serve)
    _add(commands, "bench", "measure agents with recorded callers, side by side", _bench)
    models_cli.add_commands(commands)
    config = commands.add_parser("config", help="show what a profile means")
    config.add_argument("action", choices=["show"])
    config.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    config.add_argument("--json", action="store_true", help="print JSON for programs")
    config.set_defaults(run=_config)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],  # pyright: ignore[reportPrivateUsage]
    name: str,
    about: str,
    setup: Callable[[argparse.ArgumentParser], None],
) -> None:
    setup(commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + "."))


def _call(parser: argparse.ArgumentParser) -> None:
    from voice.bench.call_command import add_call_arguments, call_main

    add_call_arguments(parser)
    parser.set_defaults(run=lambda args: call_main(args, datetime.now()))  # noqa: TID251 (the command's own start)


def _serve(parser: argparse.ArgumentParser) -> None:
    from voice.server.command import add_serve_arguments, serve_main

    add_serve_arguments(parser)
    parser.set_defaults(run=serve_main)


def _bench(parser: argparse.ArgumentParser) -> None:
    from voice.bench.bench_command import add_bench_arguments, bench_main

    add_bench_arguments(parser)
    parser.set_defaults(run=lambda args: bench_main(args, datetime.now()))  # noqa: TID251 (the command's own start)


def _config(args: argparse.Namespace) -> int:
    config = load(args.profile).model_dump(mode="json")
    if args.json:
        print(json.dumps(config, indent=1))
        return OK
    for section, value in config.items():
        if section == "tiers":
            for tier in value:
                print("\n[[tiers]]")
                _print_table(tier)
        elif isinstance(value, dict):
            print(f"\n[{section}]")
            _print_table(value)
        else:
            print(f"{section} = {json.dumps(value)}")
    return OK


def _print_table(table: dict[str, object]) -> None:
    for key, value in table.items():
        print(f"# {key} is not set" if value is None else f"{key} = {json.dumps(value, ensure_ascii=False)}")


def _quiet_pipecat(*, verbose: bool) -> None:
    from loguru import logger

    logger.remove()
    logger.add(sys.stderr, level="DEBUG" if verbose else "WARNING")


def _explains_itself(error: Exception) -> bool:
    """Tell errors that say what to do from bugs."""
    return type(error).__module__.startswith("voice.") or isinstance(error, OSError)
