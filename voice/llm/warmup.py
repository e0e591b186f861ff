"""Keeps a llama.cpp server's prompt cache on disk, so that only the first start on a machine pays for the prefix."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import uuid
from collections.abc import Sequence
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import openai

from voice.ports import Message

_log = logging.getLogger(__name__)

_Slot = dict[str, int]

_SAMPLE_BYTES = 1 << 20
_KEPT_FILES = 8
_PREFILL_SECONDS = 300.0


class Warmth(StrEnum):
    """How a server's slots got the constant prefix."""

    RESTORED = "restored"
    PREFILLED = "prefilled"


def prefix_key(model: Path, messages: Sequence[Message]) -> str:
    """Name the cache of this prefix under these weights and this server version: 32 hexadecimal digits.

    The weights are told apart by their size, first and last mebibyte: reading all of them would take seconds.
    """
    digest = hashlib.sha256()
    with model.open("rb") as file:
        digest.update(file.read(_SAMPLE_BYTES))
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _SAMPLE_BYTES))
        digest.update(file.read(_SAMPLE_BYTES))
    try:
        server = version("xllamacpp")
    except PackageNotFoundError:
        server = "none"
    prefix = [[message.role, message.content] for message in messages]
    digest.update(json.dumps([size, server, prefix], ensure_ascii=False).encode())
    return digest.hexdigest()[:32]


async def warm_slots(
    base_url: str, messages: Sequence[Message], *, key: str, folder: Path | None, slots: int
) -> Warmth:
    """Put the prefix into all ``slots`` of the server at ``base_url`` (its ``/v1`` address).

    Args:
        base_url: The server's OpenAI-compatible address.
        messages: The constant messages that every prompt starts with.
        key: See `prefix_key`.
        folder: Where the server saves slots, or None to prefill only. Any number of processes may share it: a file
            appears under its key in one step, and one that is broken or disappears is prefilled again.
        slots: How many slots the server has.

    Raises:
        openai.APIError: the server is down or refuses the prompt.
    """
    name = f"{key}.slot"
    limits = openai.Timeout(_PREFILL_SECONDS, connect=5.0)
    root = base_url.removesuffix("/v1")
    async with openai.AsyncOpenAI(api_key="none", base_url=root, max_retries=0, timeout=limits) as client:
        if folder is not None and (folder / name).is_file():
            if all([await _restore(client, slot, name) for slot in range(slots)]):
                (folder / name).touch()
                return Warmth.RESTORED
            (folder / name).unlink(missing_ok=True)
        await _prefill(client, 0, messages)
        saved = folder is not None and await _save(client, folder, name)
        for slot in range(1, slots):
            if not (saved and await _restore(client, slot, name)):
                await _prefill(client, slot, messages)
    return Warmth.PREFILLED


async def _prefill(client: openai.AsyncOpenAI, slot: int, messages: Sequence[Message]) -> None:
    chat = [{"role": message.role, "content": message.content} for message in messages]
    chat.append({"role": "user", "content": "-"})
    body = {"messages": chat, "max_tokens": 1, "temperature": 0, "id_slot": slot}
    await client.post("/v1/chat/completions", cast_to=object, body=body)


async def _restore(client: openai.AsyncOpenAI, slot: int, name: str) -> bool:
    try:
        answer = await client.post(f"/slots/{slot}?action=restore", cast_to=_Slot, body={"filename": name})
    except openai.APIStatusError:
        return False
    return answer.get("n_restored", 0) > 0


async def _save(client: openai.AsyncOpenAI, folder: Path, name: str) -> bool:
    """Save slot 0 under ``name`` in one step. A full disk is no error: the next start prefills again."""
    draft = folder / f"{name}.{uuid.uuid4().hex}.part"
    try:
        answer = await client.post("/slots/0?action=save", cast_to=_Slot, body={"filename": draft.name})
        if not 0 < answer.get("n_written", 0) == draft.stat().st_size:
            raise OSError("the file is not whole")
        draft.replace(folder / name)
        _prune(folder)
    except (OSError, openai.APIStatusError) as error:
        _log.warning("the prompt cache could not be saved in %s: %s", folder, error)
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _prune(folder: Path) -> None:
    """Drop the caches of old prompts and weights, and parts that killed processes left long ago."""
    finished = sorted(folder.glob("*.slot"), key=_age_order, reverse=True)
    for path in finished[_KEPT_FILES:]:
        path.unlink(missing_ok=True)
    newest = max((_age_order(path) for path in finished), default=0.0)
    for path in folder.glob("*.part"):
        if _age_order(path) < newest - 3600:
            path.unlink(missing_ok=True)


def _age_order(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
