"""The model server's own process: `python -m voice.llm.child --model FILE`.

It prints one JSON line on standard output, ``{"port": 40123}`` when it answers or ``{"error": "..."}``, and lives until
its standard input closes. The parent holds the other end of that pipe, so the server dies with it, however it dies.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from voice.extras import install

NICENESS = 10
"""On a machine without cores to spare, hearing and speaking go before thinking: they take a fraction of its time."""


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _die_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m voice.llm.child", description=__doc__)
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--adapter", default="", help="a GGUF file with a low-rank adapter for it")
    parser.add_argument("--name", default="model", help="the model name that the server reports")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--context", type=int, default=4096, help="tokens a slot")
    parser.add_argument("--slots", type=int, default=1, help="requests answered at the same time")
    parser.add_argument("--template", default="", help="a chat template, instead of the one in the GGUF file")
    parser.add_argument("--state", default="", help="folder for saved prompt caches")
    return parser.parse_args()


def main() -> None:
    """Serve one model until standard input closes."""
    options = _arguments()
    os.nice(NICENESS)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        import xllamacpp  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        _say(error=f"xllamacpp cannot be imported ({error}): {install('embedded')}")
        raise SystemExit(1) from None
    xllamacpp: Any
    params = xllamacpp.CommonParams()
    params.model.path = options.model
    if options.adapter:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(options.adapter, 0.0)]  # a request turns it on
    params.model_alias = {options.name}
    params.port = options.port
    params.n_gpu_layers = 0
    params.n_parallel = options.slots
    params.n_ctx = options.context * options.slots
    params.cpuparams.n_threads = options.threads
    params.cpuparams_batch.n_threads = options.threads
    params.cache_ram_mib = 0  # every prompt shares one long prefix, which the slots hold already
    params.cache_idle_slots = False
    params.ui = False
    params.verbosity = 1
    if options.template:
        params.chat_template = Path(options.template).read_text(encoding="utf-8")
    if options.state:
        params.slot_save_path = os.path.join(options.state, "")
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        _say(error=str(error))
        raise SystemExit(1) from None
    _say(port=urlsplit(server.listening_address).port)
    threading.Event().wait()


if __name__ == "__main__":
    main()
