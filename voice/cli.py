"""The ``voice`` command: argument parsing only.

Exit codes: 0 all is well, 1 it could not be done (the last line says what to do), 2 the command makes no sense.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from voice import models_cli
from voice.config import ConfigError, load
from voice.pipecat_log import show_pipecat_log

OK, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and give its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    show_pipecat_log(verbose="--verbose" in arguments)
    args = _parser(arguments).parse_args(arguments)
    logging.basicConfig(level=logging.INFO if args.verbose else logging.WARNING, stream=sys.stderr)
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


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="voice", description="A real-time voice agent with a model cascade.")
    parser.add_argument("--verbose", action="store_true", help="log everything, and show where errors come from")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chosen = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, (about, setup) in _COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        if name == chosen:
            # Only the chosen command's modules are imported: some take seconds.
            setup(command)
    models_cli.add_commands(commands)
    return parser


def _call(parser: argparse.ArgumentParser) -> None:
    from voice.bench.call_command import add_call_arguments, call_main

    add_call_arguments(parser)
    parser.set_defaults(run=lambda args: call_main(args, _now()))  # pyright: ignore[reportUnknownLambdaType]


def _serve(parser: argparse.ArgumentParser) -> None:
    from voice.server.command import add_serve_arguments, serve_main

    add_serve_arguments(parser)
    parser.set_defaults(run=serve_main)


def _chat(parser: argparse.ArgumentParser) -> None:
    from voice.bench.chat_command import add_chat_arguments, chat_main

    add_chat_arguments(parser)
    parser.set_defaults(run=chat_main)


def _bench(parser: argparse.ArgumentParser) -> None:
    from voice.bench.bench_command import add_bench_arguments, bench_main

    add_bench_arguments(parser)
    parser.set_defaults(run=lambda args: bench_main(args, _now()))  # pyright: ignore[reportUnknownLambdaType]


def _eval(parser: argparse.ArgumentParser) -> None:
    from voice.bench.eval_command import add_eval_arguments, eval_main

    add_eval_arguments(parser)
    parser.set_defaults(run=eval_main)


def _tune(parser: argparse.ArgumentParser) -> None:
    from voice.tuning.tune_command import add_tune_arguments, tune_main

    add_tune_arguments(parser)
    parser.set_defaults(run=lambda args: tune_main(args, _now()))  # pyright: ignore[reportUnknownLambdaType]


def _finetune(parser: argparse.ArgumentParser) -> None:
    from voice.finetuning.command import add_finetune_arguments, finetune_main

    add_finetune_arguments(parser)
    parser.set_defaults(run=finetune_main)


def _compare(parser: argparse.ArgumentParser) -> None:
    from voice.tuning.compare_command import add_compare_arguments, compare_main

    add_compare_arguments(parser)
    parser.set_defaults(run=compare_main)


def _trace(parser: argparse.ArgumentParser) -> None:
    from voice.trace_command import add_trace_arguments, trace_main

    add_trace_arguments(parser)
    parser.set_defaults(run=trace_main)


def _show_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["show"])
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.set_defaults(run=_config)


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "call": ("play a recorded caller into the agent, and see and keep the call", _call),
    "chat": ("type to the agent, and see what it decides and why", _chat),
    "serve": ("answer web pages and phone lines", _serve),
    "bench": ("measure agents with recorded callers, side by side", _bench),
    "eval": ("score how exactly labelled turns are understood", _eval),
    "tune": ("learn when to trust which tier, from recorded outcomes", _tune),
    "finetune": ("teach an embedded model labelled turns", _finetune),
    "compare": ("set every rule beside the others on recorded outcomes", _compare),
    "trace": ("look at recorded decisions, sum them up, or decide them again", _trace),
    "config": ("show what a profile means", _show_config),
}


def _now() -> datetime:
    return datetime.now()  # noqa: TID251 (the moment of the command itself)


def _config(args: argparse.Namespace) -> int:
    config = load(args.profile, keys=False).model_dump(mode="json", by_alias=True)
    print(json.dumps(config, indent=1) if args.json else _as_profile(config))
    return OK


def _as_profile(config: Mapping[str, Any]) -> str:
    """Write a profile that means the same. What is in no table comes first, or it would be in the one before it."""
    tables = {name: value for name, value in config.items() if isinstance(value, dict)}
    plain = {name: value for name, value in config.items() if name not in tables and name != "tiers"}
    parts = ["\n".join(_lines(plain))]
    parts += ["\n".join(["[[tiers]]", *_lines(tier)]) for tier in config["tiers"]]
    parts += ["\n".join([f"[{_toml_key(name)}]", *_lines(table)]) for name, table in tables.items()]
    return "\n\n".join(parts)


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [
        f"# {key} is not set" if value is None else f"{_toml_key(key)} = {_toml(value)}" for key, value in table.items()
    ]


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _toml(value: Any) -> str:
    match value:
        case dict():
            inner = [f"{_toml_key(key)} = {_toml(each)}" for key, each in value.items() if each is not None]
            return f"{{ {', '.join(inner)} }}" if inner else "{}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case float():
            return repr(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _explains_itself(error: Exception) -> bool:
    """Tell errors that say what to do from bugs."""
    return type(error).__module__.startswith("voice.") or isinstance(error, OSError)
