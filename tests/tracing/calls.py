"""Traces of calls, as the core records them when it is played through scripted turns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.cascade.script import SEARCH, TWO_TIERS, Script
from voice.cascade.commands import Record, StartDraft
from voice.cascade.policy import Policy, ShadowPolicy
from voice.cascade.words import Action, OutcomeKind

Lines = list[dict[str, Any]]

OTHER = Action("search", {"legs": [{"from": "Boston", "to": "Dover"}]})
SHADOWED = replace(TWO_TIERS, shadow=ShadowPolicy(share=1.0))
MODELS = "models-1"


class PlayedCall:
    """A call whose turns are said one after the other.

    Args:
        call: Its id.
        policy: Decides; no turn gets a second opinion by default.
        about: What its first line says.
    """

    def __init__(self, call: str, policy: Policy = TWO_TIERS, **about: str) -> None:
        self.call = call
        self.script = Script(policy)
        first = {"date": "2026-11-20T10:00:00-05:00", "models": MODELS, **about}
        self.lines: Lines = [{"at": 0.0, "call": call, "turn": 0, "kind": "call", **first}]

    def says(
        self,
        text: str = "Boston to Denver.",
        fast: Action = SEARCH,
        strong: Action = SEARCH,
        *,
        logprob: float = -0.01,
        read: Action | None = None,
        kind: OutcomeKind = OutcomeKind.ANSWER,
    ) -> PlayedCall:
        """Say something, which ``fast`` drafts; where that is refused or gets a second opinion, ``strong`` does too."""
        script, at = self.script, self.script.now + 5.0
        script.speaks(at - 1)
        script.hears(at, text)
        script.reads(at, actions=None if read is None else [read])
        script.drafts(at + 0.5, fast, logprob=logprob)
        script.examines(at + 0.51, agreement=None if read is None else read == fast)
        if script.last(StartDraft).tier == "strong":
            script.drafts(at + 2.5, strong)
            script.examines(at + 2.51)
        script.performs(script.now + 0.1, "So be it.", kind=kind)
        while script.state.speaking:
            script.finishes_speaking(script.now + 1.0)
        if script.last(StartDraft).shadow:
            script.drafts(script.now + 2.0, strong)
            script.examines(script.now + 0.01)
        self.keep()
        return self

    def keep(self) -> None:
        """Keep what was recorded up to now."""
        for record in self.script.all(Record):
            line = {"at": self.script.now, "call": self.call, "turn": record.turn, "kind": record.kind, **record.data}
            self.lines.append(json.loads(json.dumps(line, default=list)))
        self.script.commands = [command for command in self.script.commands if not isinstance(command, Record)]

    def ends(self) -> Lines:
        """Hang up, and give the whole trace."""
        self.script.hangs_up(self.script.now + 5.0)
        self.keep()
        return self.lines


def write(path: Path, lines: Lines) -> Path:
    """Write a trace."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
