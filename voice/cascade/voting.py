"""What several readings of one turn come to, part by part, where at least two of them agree.

After ROVER, recognizer output voting error reduction (J. G. Fiscus, "A post-processing system to yield reduced word
error rates", ASRU 1997), with the parts of actions in the place of words: readers err in different places, so that two
of three can be right about every part though none is right about all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from voice.cascade.words import Action, Draft, Reading

Actions = Sequence[Action]
Part = tuple[Any, ...]

LEAST_READERS = 3
"""Of two readings that differ nobody knows which one is right."""


def put_to_vote(draft: Draft, before: Sequence[Draft], reading: Reading, read_only: Collection[str]) -> Draft:
    """Unite a draft with what smaller readers made of its turn.

    Args:
        draft: The larger tier's.
        before: The drafts of smaller tiers, in the order they were written.
        reading: By rules.
        read_only: The actions that write nothing. Where anybody read another one the draft stays as it is: nothing is
            approved because the smaller readers took the larger one's no for a yes.
    """
    if draft.error or not draft.actions:
        return draft
    readings = (draft.actions, *(one.actions for one in reversed(before)), reading.actions or ())
    if any(action.name not in read_only for actions in readings for action in actions):
        return draft
    return replace(draft, actions=voted(readings))


def voted(readings: Sequence[Actions]) -> tuple[Action, ...]:
    """Unite readings of one turn.

    Which actions there are, and how long their lists are, is what most readings say. Among those that say so each
    argument is decided alone, down to those of a list's items: what two have, or two leave out, holds.

    Args:
        readings: The most trusted first; it decides where no two agree. Empty ones have no vote.

    Returns:
        The first reading itself, if fewer than three have a vote or no two are of one shape.
    """
    voters = [reading for reading in readings if reading]
    shape, count = Counter(map(_shape, voters)).most_common(1)[0] if voters else ((), 0)
    if len(voters) < LEAST_READERS or count == 1:
        return tuple(readings[0])
    alike = [reading for reading in voters if _shape(reading) == shape]
    return tuple(
        Action(same[0].name, _united_mappings([action.args for action in same])) for same in zip(*alike, strict=True)
    )


def support(actions: Actions, others: Sequence[Actions]) -> float | None:
    """Say how far other readings of the turn bear out what was made of it.

    Args:
        actions: What was made of it.
        others: The other readings; empty ones say nothing.

    Returns:
        0…1, the share of its parts that another reading has as well; a part that it lacks beside the reading next to it
        counts like one that nobody else has. None with fewer than two others.
    """
    parts, known = {*_parts(actions)}, [{*_parts(other)} for other in others if other]
    if len(known) < LEAST_READERS - 1 or not parts:
        return None
    lacking = min(len(other - parts) for other in known)
    return len(parts & set[Part]().union(*known)) / (len(parts) + lacking)


def _parts(actions: Actions) -> Iterator[Part]:
    for action in actions:
        yield (action.name,)
        for key, value in action.args.items():
            yield from _parts_of(value, (action.name, key))


def _parts_of(value: Any, where: Part) -> Iterator[Part]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _parts_of(part, (*where, key))
    elif _is_list(value):
        for index, item in enumerate(value):
            yield from _parts_of(item, (*where, index))
    else:
        yield (*where, _plain(value))


def _shape(actions: Actions) -> tuple[Part, ...]:
    return tuple(
        (action.name, *sorted((key, len(value)) for key, value in action.args.items() if _is_list(value)))
        for action in actions
    )


def _united_mappings(mappings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    keys = dict.fromkeys(key for mapping in mappings for key in mapping)
    united = {key: _united([mapping.get(key) for mapping in mappings]) for key in keys}
    return {key: value for key, value in united.items() if value is not None}


def _united(values: Sequence[Any]) -> Any:
    """Decide one argument; None is one that was left out."""
    plain, count = Counter(map(_plain, values)).most_common(1)[0]
    if count > 1:
        return next(value for value in values if _plain(value) == plain)
    if all(_is_list(value) for value in values) and len({len(value) for value in values}) == 1:
        return [_united(items) for items in zip(*values, strict=True)]
    if all(isinstance(value, Mapping) for value in values):
        return _united_mappings(values)
    return values[0]


def _plain(value: Any) -> str | None:
    """Give the words of a value, without capitals and stops."""
    if value is None:
        return None
    return " ".join("".join(letter if letter.isalnum() else " " for letter in repr(value).casefold()).split())


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
