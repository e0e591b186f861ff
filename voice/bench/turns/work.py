"""One turn that is being recorded: what its tiers are asked, and what is made of their drafts.

Drafts are checked and scored as the cascade would get them. A turn on which the desk fails is not exact, and is named.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voice.bench.turns.labelled import LabelledTurn
from voice.bench.turns.outcomes import ReadingOutcome, RecordedOutcome, TierOutcome, VotedOutcome, kept_context
from voice.bench.turns.turn_desk import DeskFailed
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.policy import Tier
from voice.cascade.voting import put_to_vote
from voice.cascade.words import Action, Draft, Findings, Reading
from voice.fingerprint import fingerprint
from voice.ports import Message

LEAST_LOGPROB = -100.0
"""Stands for the log-probability of what a model holds for impossible, which JSON can't write."""

_MADE_ANEW = ("broken_json: ", DeskFailed.BEGINS)
"""How errors begin that may be mended without asking a tier again."""

_log = logging.getLogger(__name__)


class Work:
    """A turn that is being recorded.

    Attributes:
        unasked: Why tiers can't be asked about it, None if they can.
    """

    def __init__(self, turn: LabelledTurn, tiers: Sequence[Tier], yardstick: Yardstick) -> None:
        self.turn = turn
        self.yardstick = yardstick
        self.desk = yardstick.begin(turn.context)
        self.unasked: DeskFailed | None = None
        self.reading = Reading(turn.text)
        asked: object
        begun = time.perf_counter()
        try:
            self.reading = self.desk.read(turn.text, self.desk.dialogue)
            self.read_seconds = time.perf_counter() - begun
            prompts = [self.prompt(tier) for tier in tiers]
            asked = [
                [[(message.role, message.content) for message in messages], schema] for messages, schema in prompts
            ]
        except DeskFailed as error:
            self.read_seconds = time.perf_counter() - begun
            self.unasked, asked = error, str(error)
        self.asked = fingerprint(asked)

    def prompt(self, tier: Tier) -> tuple[Sequence[Message], Mapping[str, Any]]:
        """Give what a tier is asked, and the schema of its answer."""
        dialogue = self.desk.dialogue
        return (
            self.desk.prompt(tier.shown(self.reading), dialogue, fine_tuned=tier.fine_tuned),
            self.desk.schema(self.reading, dialogue, fine_tuned=tier.fine_tuned),
        )

    def judge(self, draft: Draft, seconds: float, cost: float) -> TierOutcome:
        """Check and score a draft as the cascade would get it."""
        error, failed = draft.error, self.unasked
        if not failed and (error is None or error.startswith(_MADE_ANEW)):
            try:
                draft, error = replace(draft, actions=self.desk.parse(draft.text, self.reading)), None
            except ValueError as reason:
                draft, error = replace(draft, actions=()), f"broken_json: {reason}"
            except DeskFailed as reason:
                failed = reason
        begun = time.perf_counter()
        found = Findings(0.0, 0.0)
        try:
            found = self.desk.examine(draft.actions, self.reading, self.desk.dialogue)
        except DeskFailed as reason:
            failed = failed or reason
        if failed:
            draft, error = replace(draft, actions=()), str(failed)
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
            exact=failed is None and self._is_exact(actions),
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
        try:
            found = self.desk.examine(actions, self.reading, self.desk.dialogue)
        except DeskFailed as error:
            found = Findings(0.0, 0.0, problems=(str(error),))
        flat = tuple(action.as_dict() for action in actions)
        return VotedOutcome(
            actions=flat,
            completeness=found.completeness,
            correctness=found.correctness,
            agreement=found.agreement,
            problems=found.problems,
            irreversible=found.irreversible,
            exact=self._is_exact(flat),
        )

    def _is_exact(self, actions: Sequence[Mapping[str, Any]]) -> bool:
        try:
            return self.yardstick.is_exact(self.turn.expect, actions)
        except DeskFailed as error:
            self.desk.failed = self.desk.failed or error
            return False

    def outcome(self, tiers: Mapping[str, TierOutcome], version: str) -> RecordedOutcome:
        """Put it all together, and name a turn on which the desk failed."""
        turn, reading = self.turn, self.reading
        actions = None if reading.actions is None else tuple(action.as_dict() for action in reading.actions)
        outcome = RecordedOutcome(
            id=turn.id,
            split=turn.split,
            complexity=turn.complexity,
            kind=turn.kind,
            text=turn.text,
            **kept_context(turn.context),
            expect=turn.expect,
            reading=ReadingOutcome.of(
                reading,
                actions,
                exact=actions is not None and self._is_exact(actions),
                seconds=round(self.read_seconds, 6),
            ),
            tiers=tiers,
            version=version,
            asked=self.asked,
            words=turn.words,
            desk=self.yardstick.name,
        )
        if self.desk.failed:
            _log.warning("turn %s: %s", turn.id, self.desk.failed)
        return outcome
