"""Records what the rules and every tier make of labelled turns: each model is asked once, ever, per turn and prompt.

A file is taken up where it ended. Its drafts are kept as long as models, messages and schema are the same; the reading
by rules, the checks and the score beside them are made anew, since they cost milliseconds. Where drafts don't hold any
more, the file as it was is kept beside it: another profile may have been meant.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

from voice.bench.turns.labelled import LabelledTurn
from voice.bench.turns.numbered import numbered_lines
from voice.bench.turns.outcomes import BadOutcomes, RecordedOutcome, TierOutcome, read_outcome, write_outcome
from voice.bench.turns.turn_desk import DeskFailed
from voice.bench.turns.work import Work
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.policy import Tier
from voice.cascade.words import Draft
from voice.ports import LanguageModel

PASSING = frozenset({"down", "slow", "rate_limited"})
"""Trouble of the moment: a turn that met it is asked again when its file is taken up."""

_log = logging.getLogger(__name__)


class Recorder:
    """Records turns, one after the other.

    Args:
        tiers: The policy's, the cheapest first.
        models: A model for each.
        version: See `voice.fingerprint.version_of`.
        yardstick: Of the desk.
    """

    def __init__(
        self, tiers: Sequence[Tier], models: Mapping[str, LanguageModel], version: str, yardstick: Yardstick
    ) -> None:
        self._tiers = tiers
        self._models = models
        self._version = version
        self._yardstick = yardstick

    def warm(self, turn: LabelledTurn) -> None:
        """Read a turn for nothing: the first reading of a process may load tables, and take a hundred times as long."""
        Work(turn, self._tiers, self._yardstick)

    async def record(self, turn: LabelledTurn) -> RecordedOutcome:
        """Read the turn by rules, and ask every tier; none about a turn that the desk can't read or put to one."""
        work = Work(turn, self._tiers, self._yardstick)
        drafts: dict[str, TierOutcome] = {}
        for tier in self._tiers:
            if work.unasked:
                drafts[tier.name] = work.judge(Draft(tier.name, (), error=str(work.unasked)), 0.0, 0.0)
                continue
            begun = time.perf_counter()
            draft = await self._models[tier.name].draft(*work.prompt(tier))
            seconds = time.perf_counter() - begun
            cost = tier.price(draft.prompt_tokens, draft.output_tokens)
            drafts[tier.name] = work.judge(draft, seconds, cost)
        return work.outcome(work.voted(drafts), self._version)

    def keep(self, turn: LabelledTurn, old: RecordedOutcome) -> RecordedOutcome | None:
        """Give the old outcome with everything but its drafts made anew; None if they don't hold any more."""
        work = Work(turn, self._tiers, self._yardstick)
        if (old.version, old.asked, list(old.tiers)) != (self._version, work.asked, [t.name for t in self._tiers]):
            return None
        if _met_trouble(old):
            return None
        drafts = {name: work.judge(one.draft(name), one.seconds, one.cost) for name, one in old.tiers.items()}
        return work.outcome(work.voted(drafts), self._version)


def resume(path: Path, turns: Sequence[LabelledTurn], recorder: Recorder) -> tuple[RecordedOutcome, ...]:
    """Take up a file: rewrite it with what holds of these turns, and leave other turns' lines as they are.

    If models or prompts are others than those of a line, so that it goes, the file as it was is kept as ``….old``.

    Returns:
        What holds of these turns, in their order.

    Raises:
        BadOutcomes: the file holds something else than outcomes; nothing is changed.
        OSError: it can't be written.
    """
    old = _readable(path) if path.exists() else {}
    held = {turn.id: still for turn in turns if turn.id in old and (still := recorder.keep(turn, old[turn.id]))}
    asked = {turn.id for turn in turns}
    lines = [write_outcome(held.get(name, one)) for name, one in old.items() if name in held or name not in asked]
    new = path.with_name(f"{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    new.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if gone := [name for name in old if name in asked and name not in held and not _met_trouble(old[name])]:
        kept = _beside(path)
        shutil.copyfile(path, kept)
        said = "%d of the %d turns in %s were recorded with other models or prompts and are asked again; kept as %s"
        _log.warning(said, len(gone), len(old), path, kept)
    new.replace(path)
    return tuple(held[turn.id] for turn in turns if turn.id in held)


def _met_trouble(outcome: RecordedOutcome) -> bool:
    """Say whether a tier was in passing trouble, or was not asked since the desk failed."""
    troubled = [one for one in outcome.tiers.values() if one.error]
    return any(
        one.error in PASSING or (not one.text and str(one.error).startswith(DeskFailed.BEGINS)) for one in troubled
    )


def _beside(path: Path) -> Path:
    """Name a file that is not there yet: ``out.jsonl.old``, ``out.jsonl.old2``, …."""
    names = (path.with_name(f"{path.name}.old{number if number > 1 else ''}") for number in count(1))
    return next(name for name in names if not name.exists())


def _readable(path: Path) -> dict[str, RecordedOutcome]:
    """Read a file whose last line may have been cut short."""
    lines = numbered_lines(path, errors="replace")
    found: dict[str, RecordedOutcome] = {}
    for number, line in lines:
        try:
            outcome = read_outcome(line)
        except BadOutcomes as error:
            if number == lines[-1][0]:
                break
            raise BadOutcomes(f"{path}:{number}: {error}; record into another file") from None
        found[outcome.id] = outcome
    return found


async def record(
    turns: Sequence[LabelledTurn], recorder: Recorder, path: Path, done: Callable[[], None] = lambda: None
) -> AsyncIterator[RecordedOutcome]:
    """Record the turns that a file lacks, a line each as soon as it is known, and give every turn's outcome.

    Args:
        turns: Of which the outcomes are wanted.
        recorder: Asks the tiers.
        path: The file; see `resume` for what becomes of its lines.
        done: Called for each turn that holds or was recorded.

    Raises:
        BadOutcomes, OSError: see `resume`.
    """
    if turns:
        recorder.warm(turns[0])
    held = resume(path, turns, recorder)
    for outcome in held:
        done()
        yield outcome
    there = {outcome.id for outcome in held}
    with path.open("a", encoding="utf-8") as file:
        for turn in turns:
            if turn.id in there:
                continue
            outcome = await recorder.record(turn)
            file.write(write_outcome(outcome) + "\n")
            file.flush()
            done()
            yield outcome
