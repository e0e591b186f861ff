"""Asks the desk on behalf of a call. Whatever it does, an event comes of it, and a slip is logged and traced."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from voice.cascade.commands import Examine, Perform, Read
from voice.cascade.events import Examined, Performed, WasRead
from voice.cascade.words import Dialogue, Findings, Outcome, OutcomeKind, Reading
from voice.contract import as_findings, as_mention, as_outcome, as_reading, check_desk
from voice.ports import Desk, Remembering

_log = logging.getLogger(__name__)

APOLOGY = "I'm sorry, something went wrong on my side. Could you say that again?"
"""Spoken when the desk itself breaks: true, and leads back to the caller."""


class GuardedDesk:
    """One call's way to its desk.

    Args:
        desk: Is asked.
        now: Gives the time, in seconds.
        failed: Told where something went wrong, and what, after it was logged.

    Raises:
        TypeError: it is no whole desk.
    """

    def __init__(self, desk: Desk, now: Callable[[], float], failed: Callable[[str, Exception], None]) -> None:
        check_desk(desk)
        self._desk, self._now, self._failed = desk, now, failed

    def read(self, command: Read) -> WasRead:
        """Have a transcript read. Without a reading it is left to the tiers; a filler can do without a mention."""
        reading, mention = Reading(command.text), ()
        try:
            reading = as_reading(self._desk.read(command.text, command.dialogue))
        except Exception as error:
            _log.exception("the desk could not read %r", command.text)
            self._failed("desk.read", error)
        else:
            try:
                mention = as_mention(self._desk.mention(reading))
            except Exception as error:
                _log.exception("the desk could not say what to mention of %r", command.text)
                self._failed("desk.mention", error)
        return WasRead(self._now(), command.generation, reading, mention)

    def examine(self, command: Examine) -> Examined:
        """Have a draft checked. One that can't be is not used."""
        try:
            findings = as_findings(self._desk.examine(command.actions, command.reading, command.dialogue))
        except Exception as error:
            _log.exception("the desk could not examine a draft of %s", command.tier)
            self._failed("desk.examine", error)
            findings = Findings(0.0, 0.0, problems=("the draft could not be checked",))
        return Examined(self._now(), command.generation, command.tier, findings, command.shadow)

    def remember(self, dialogue: Dialogue, outcome: Outcome) -> Dialogue:
        """Have a dialogue know of a write that ended late. It stays as it was where the desk can't do that."""
        if not isinstance(self._desk, Remembering):
            return dialogue
        try:
            return self._desk.remember(dialogue, outcome)
        except Exception as error:
            _log.exception("the desk could not remember what was written: %s", ", ".join(outcome.wrote))
            self._failed("desk.remember", error)
            return dialogue

    async def perform(self, command: Perform, seconds: float | None) -> Performed:
        """Have actions carried out, and give that up after so many seconds; None for a write, which never is."""
        names = [action.name for action in command.actions]
        try:
            async with asyncio.timeout(seconds):
                outcome = as_outcome(
                    await self._desk.perform(command.actions, command.reading, command.dialogue, key=command.key)
                )
        except TimeoutError:
            _log.exception("the desk did not answer: %s", names)
            outcome = Outcome(OutcomeKind.FAILED, (APOLOGY,), command.dialogue, error="desk: out_of_time")
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            _log.exception("the desk gave up %s by itself", names)
            outcome = _broken(command, error)
        except Exception as error:
            _log.exception("the desk could not perform %s", names)
            outcome = _broken(command, error)
        if not any(outcome.say):
            _log.warning("the desk said nothing after %s: the caller hears silence", names)
        return Performed(self._now(), command.generation, outcome)


def _broken(command: Perform, error: BaseException) -> Outcome:
    what = str(error) or type(error).__name__
    why = f"it could not be carried out: {what}"
    return Outcome(OutcomeKind.FAILED, (APOLOGY,), command.dialogue, error=f"desk: {what}", problems=(why,))
