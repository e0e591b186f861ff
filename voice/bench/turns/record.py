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
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from voice.bench.turns.labelled import LabelledTurn
from voice.bench.turns.numbered import numbered_lines
from voice.bench.turns.outcomes import (
    BadOutcomes,
    ReadingOutcome,
    RecordedOutcome,
    TierOutcome,
    VotedOutcome,
    read_outcome,
    write_outcome,
)
from voice.bench.turns.scoring import is_exact
from voice.bench.turns.turn_desk import TurnDesk
from voice.cascade.policy import Tier
from voice.cascade.voting import put_to_vote
from voice.cascade.words import Action, Draft, Reading
from voice.fingerprint import fingerprint
from voice.ports import LanguageModel, Message

LEAST_LOGPROB = -100.0
"""Stands for the log-probability of what a model holds for impossible, which JSON can't write."""

PASSING = frozenset({"down", "slow", "rate_limited"})
"""Trouble of the moment: a turn that met it is asked again when its file is taken up."""

_log = logging.getLogger(__name__)

_FIRST = LabelledTurn("", "Boston to Denver on Friday, and my code is QT44LZ.", ())
"""Read before all others: the first reading of a process loads tables and takes a hundred times as long."""


class Recorder:
    """Records turns, one after the other.

    Args:
        tiers: The policy's, the cheapest first.
        models: A model for each.
        version: See `voice.fingerprint.version_of`.
    """

    def __init__(self, tiers: Sequence[Tier], models: Mapping[str, LanguageModel], version: str) -> None:
        self._tiers = tiers
        self._models = models
        self._version = version
        _Work(_FIRST, tiers)

    async def record(self, turn: LabelledTurn) -> RecordedOutcome:
        """Read the turn by rules, and ask every tier."""
        work = _Work(turn, self._tiers)
        drafts: dict[str, TierOutcome] = {}
        for tier in self._tiers:
            begun = time.perf_counter()
            draft = await self._models[tier.name].draft(*work.prompt(tier))
            seconds = time.perf_counter() - begun
            cost = tier.price(draft.prompt_tokens, draft.output_tokens)
            drafts[tier.name] = work.judge(draft, seconds, cost)
        return work.outcome(work.voted(drafts), self._version)

    def keep(self, turn: LabelledTurn, old: RecordedOutcome) -> RecordedOutcome | None:
        """Give the old outcome with everything but its drafts made anew; None if they don't hold any more."""
        work = _Work(turn, self._tiers)
        if (old.version, old.asked, list(old.tiers)) != (self._version, work.asked, [t.name for t in self._tiers]):
            return None
        if _met_trouble(old):
            return None
        drafts = {name: work.judge(one.draft(name), one.seconds, one.cost) for name, one in old.tiers.items()}
        return work.outcome(work.voted(drafts), self._version)


class _Work:
    """A turn that is being recorded."""

    def __init__(self, turn: LabelledTurn, tiers: Sequence[Tier]) -> None:
        self.turn = turn
        self.desk = TurnDesk(turn)
        begun = time.perf_counter()
        self.reading: Reading = self.desk.read(turn.text, self.desk.context)
        self.read_seconds = time.perf_counter() - begun
        prompts = [self.prompt(tier) for tier in tiers]
        self.asked = fingerprint(
            [[[(message.role, message.content) for message in messages], schema] for messages, schema in prompts]
        )

    def prompt(self, tier: Tier) -> tuple[Sequence[Message], Mapping[str, Any]]:
        """Give what a tier is asked, and the schema of its answer."""
        context = self.desk.context
        return (
            self.desk.prompt(tier.shown(self.reading), context, fine_tuned=tier.fine_tuned),
            self.desk.schema(self.reading, context, fine_tuned=tier.fine_tuned),
        )

    def judge(self, draft: Draft, seconds: float, cost: float) -> TierOutcome:
        """Check and score a draft as the cascade would get it."""
        error = draft.error
        if error is None or error.startswith("broken_json: "):
            try:
                draft, error = replace(draft, actions=self.desk.parse(draft.text, self.reading)), None
            except ValueError as reason:
                draft, error = replace(draft, actions=()), f"broken_json: {reason}"
        begun = time.perf_counter()
        found = self.desk.examine(draft.actions, self.reading, self.desk.context)
        examine_seconds = time.perf_counter() - begun
        actions = tuple(action.as_dict() for action in draft.actions)
        return TierOutcome(
            actions=actions,
            text=draft.text,
            tokens=draft.tokens,
            logprobs=tuple(max(LEAST_LOGPROB, value) for value in draft.logprobs),
            completeness=found.completeness,
            correctness=found.correctness,
            agreement=found.agreement,
            problems=found.problems,
            irreversible=found.irreversible,
            error=error,
            seconds=round(seconds, 4),
            examine_seconds=round(examine_seconds, 6),
            prompt_tokens=draft.prompt_tokens,
            output_tokens=draft.output_tokens,
            cost=cost,
            exact=is_exact(self.turn.expect, actions),
        )

    def voted(self, tiers: Mapping[str, TierOutcome]) -> dict[str, TierOutcome]:
        """Add what each tier's draft comes to beside those of the smaller ones."""
        before, found = list[Draft](), dict[str, TierOutcome]()
        for name, made in tiers.items():
            draft = made.draft(name)
            united = put_to_vote(draft, before, self.reading, self.desk.read_only)
            found[name] = made if united == draft else replace(made, voted=self._examined(united.actions))
            before += [] if made.error else [draft]
        return found

    def _examined(self, actions: tuple[Action, ...]) -> VotedOutcome:
        found = self.desk.examine(actions, self.reading, self.desk.context)
        flat = tuple(action.as_dict() for action in actions)
        return VotedOutcome(
            actions=flat,
            completeness=found.completeness,
            correctness=found.correctness,
            agreement=found.agreement,
            problems=found.problems,
            irreversible=found.irreversible,
            exact=is_exact(self.turn.expect, flat),
        )

    def outcome(self, tiers: Mapping[str, TierOutcome], version: str) -> RecordedOutcome:
        """Put it all together."""
        turn, reading = self.turn, self.reading
        actions = None if reading.actions is None else tuple(action.as_dict() for action in reading.actions)
        return RecordedOutcome(
            id=turn.id,
            split=turn.split,
            complexity=turn.complexity,
            kind=turn.kind,
            text=turn.text,
            agent=turn.agent,
            bookings=turn.bookings,
            expect=turn.expect,
            reading=ReadingOutcome.of(
                reading,
                actions,
                exact=actions is not None and is_exact(turn.expect, actions),
                seconds=round(self.read_seconds, 6),
            ),
            tiers=tiers,
            version=version,
            asked=self.asked,
            words=turn.words,
        )


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
    return any(one.error in PASSING for one in outcome.tiers.values())


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
