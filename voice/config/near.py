"""Which known name an unknown one may have been meant for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel


def near_key(root: type[BaseModel], place: Sequence[str | int]) -> str | None:
    """Give the known key that is written most like the last one of a place, as pydantic gives places."""
    *tables, key = place
    kind: Any = root
    for each in tables:
        kind = _inside(kind) if isinstance(each, int) else _keys(kind).get(each)
    return near(str(key), _keys(kind))


def near(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that is written most like this one, None if none is alike."""
    return next(iter(get_close_matches(name, list(known), 1)), None)


def _keys(kind: Any) -> Mapping[str, Any]:
    """Give the keys of a table and what each of them holds; none of what is no table."""
    for one in (kind, *get_args(kind)):  # a table, or one of several kinds
        if isinstance(one, type) and issubclass(one, BaseModel):
            return {field.alias or name: field.annotation for name, field in one.model_fields.items()}
        if isinstance(one, type) and dataclasses.is_dataclass(one):
            return get_type_hints(one)
    return {}


def _inside(kind: Any) -> Any:
    """Give what a list of tables holds."""
    return next(iter(get_args(kind)), None)
