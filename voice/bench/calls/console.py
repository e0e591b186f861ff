"""A call in the terminal while it runs: one block a turn, told from the trace as its lines come.

Its latencies are the agent's own view of itself; `CallView.finish` gives what the recording says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from voice.bench.calls.console_words import AHEAD, NARROW, actions_told, drafted_told, scores_told, turn_table
from voice.bench.recordings.manifest import RecordedTurn
from voice.bench.timeline.model import Timeline
from voice.trace import Line

_INDENT = 4
_LABEL = 9
_ROUTES = {"draft": "small tier first: ", "larger": "straight to the larger tier: "}


class CallView:
    """Takes trace lines as they come and prints what they mean.

    A ``with`` block around the call shows what is heard while the caller speaks, where the console is a terminal.

    Args:
        console: Where to print. Without a terminal the same lines come plain.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._pieces: list[str] = []
        self._held: dict[int, list[Line]] = {}
        self._in_vain: dict[int, list[Line]] = {}
        self._turn = 0
        self._spoke_until = 0.0
        self._first_sound: float | None = None
        self._first_answer: float | None = None
        self._closed = True
        self._kinds: dict[str, Callable[[Line], None]] = {
            "call": self._call,
            "transcript": self._transcript,
            "turn": self._turn_over,
            "route": self._route,
            "drafted": self._drafted,
            "checked": self._checked,
            "escalate": self._escalate,
            "fall_back": self._fall_back,
            "budget": self._budget,
            "performed": self._performed,
            "sound": self._sound,
            "barge_in": self._barge_in,
            "ended": self._ended,
        }

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._status:
            self._status.stop()
            self._status = None

    # ---- what comes in

    def caller(self, number: int, turn: RecordedTurn, at: float) -> None:
        """Tell that the recorded caller begins to speak a turn, at this second of the recording."""
        del turn
        self._close_turn()
        self._console.print(Text(f"\n{_clock(at)}  the caller speaks, recorded turn {number}", style="dim"))

    def line(self, line: Line) -> None:
        """Take a line of the trace. Lines about work done before the caller had finished wait until they count."""
        take = self._kinds.get(line.get("kind", ""))
        if not take:
            return
        turn = int(line.get("turn") or 0)
        if line["kind"] not in AHEAD or turn <= self._turn:
            take(line)
            return
        if line["kind"] == "route":
            overtaken = self._held.pop(turn, [])
            self._in_vain.setdefault(turn, []).extend(each for each in overtaken if each["kind"] == "escalate")
        if not line.get("stale"):
            self._held.setdefault(turn, []).append(line)

    def finish(self, timeline: Timeline, *, broken: str | None = None) -> None:
        """Print what the recording says of each turn.

        Args:
            timeline: The whole call.
            broken: Why the call ended early, or None.
        """
        self.__exit__(None, None, None)
        self._close_turn()
        if broken:
            self._console.print(Text(f"\nThe call ended early: {broken}", style="red"))
        if not timeline.turns:
            self._console.print("\nNothing was said in this call.")
            return
        self._console.print(turn_table(timeline.turns, self._console.width))
        self._console.print(Text("Read off the recording, from the end of the caller's speech.", style="dim"))

    # ---- lines

    def _call(self, line: Line) -> None:
        self._console.print(Text.assemble((str(line.get("call", "call")), "bold"), f"  {line.get('profile', '')}"))

    def _transcript(self, line: Line) -> None:
        if text := str(line.get("text", "")).strip():
            self._pieces.append(text)
            if self._status:
                self._status.update(Text(f"… {' '.join(self._pieces)}", style="dim", overflow="ellipsis", no_wrap=True))

    def _turn_over(self, line: Line) -> None:
        self._close_turn()
        self._turn = int(line["turn"])
        self._spoke_until = float(line["at"]) - float(line.get("silence_seconds") or 0.0)
        self._first_sound = self._first_answer = None
        self._closed = False
        pieces = f"  in {len(self._pieces)} pieces" if len(self._pieces) > 1 else ""
        self._pieces.clear()
        if self._status:
            self._status.update("")
        number = Text(f"{self._turn:>2}  ".ljust(_INDENT), style="bold")
        heard = Text.assemble((f"“{line.get('text', '')}”", "bold"), (pieces, "dim"))
        self._print(number, heard)
        for line in self._in_vain.pop(self._turn, []):
            self._escalate(line, " ahead, in vain")
        for earlier in self._held.pop(self._turn, []):
            self._kinds[earlier["kind"]](earlier)
        self._held = {turn: lines for turn, lines in self._held.items() if turn > self._turn}

    def _route(self, line: Line) -> None:
        route = str(line.get("route", ""))
        self._say("route", Text.assemble(_ROUTES.get(route, ""), (str(line.get("reason", "")), "dim")))

    def _drafted(self, line: Line) -> None:
        overtaken = (line.get("error") == "cancelled" or line.get("stale")) and not line.get("early")
        if overtaken and (self._closed or line["turn"] != self._turn):
            return
        self._say(str(line.get("tier")), drafted_told(line))
        if voted := line.get("voted"):
            self._say("", Text.assemble(("put to vote: ", "dim"), actions_told(voted)))

    def _checked(self, line: Line) -> None:
        good = line.get("verdict") == "accept"
        scores: Mapping[str, Any] = line.get("scores") or {}
        text = Text.assemble(("✓ " if good else "✗ ", "green" if good else "red"), (scores_told(scores), "dim"))
        if reasons := [*(line.get("failed") or ()), *(line.get("problems") or ())]:
            text.append(f"  {'; '.join(reasons)}", style="dim" if good else "red")
        self._say("", text)

    def _escalate(self, line: Line, how: str = "") -> None:
        because = "; ".join(map(str, line.get("because") or ()))
        self._say("escalate", Text.assemble((f"to the {line.get('to')} tier{how}", "yellow"), (f"  {because}", "dim")))

    def _fall_back(self, line: Line) -> None:
        action = (line.get("action") or {}).get("action", "")
        self._say("fall back", Text.assemble((str(line.get("because", "")), "yellow"), f"  {action}"))

    def _budget(self, line: Line) -> None:
        how = "refused" if line.get("enforced", True) else "would be refused"
        self._say("budget", Text(f"{line.get('tier', 'the desk')} {how}: {line.get('refused')}", style="yellow"))

    def _performed(self, line: Line) -> None:
        outcome = str(line.get("outcome", ""))
        text = Text(outcome, style="red" if outcome == "failed" else "")
        if wrote := line.get("wrote"):
            text.append(f"  wrote {', '.join(wrote)}", style="magenta")
        if error := line.get("error"):
            text.append(f"  {error}", style="red")
        self._say("desk", text)

    def _sound(self, line: Line) -> None:
        speech = str(line.get("speech", "answer"))
        if speech == "greeting" or not self._turn:
            self._say(speech, Text(f"“{line.get('text', '')}”"))
            return
        after = float(line["at"]) - self._spoke_until
        style = {"filler": "yellow", "answer": "cyan"}.get(speech, "")
        text = Text(f"“{line.get('text', '')}”", style=style)
        if speech == "filler":
            text.append("  filler", style="dim")
        self._say(f"{after:+.2f} s", text)
        if self._first_sound is None:
            self._first_sound = after
        if speech == "answer" and self._first_answer is None:
            self._first_answer = after

    def _barge_in(self, line: Line) -> None:
        text = Text(f"during the {line.get('during')}", style="red")
        if unsaid := [str(sentence) for sentence in line.get("unsaid") or ()]:
            text.append(f"  unsaid: {' '.join(unsaid)}", style="dim")
        self._say("barge-in", text)

    def _ended(self, line: Line) -> None:
        self._close_turn()
        told = f", ${spent:.6f} spent" if (spent := line.get("spent")) else ""
        if opinions := line.get("second_opinions"):
            told += f", ${opinions:.6f} of it on second opinions"
        if reserved := line.get("reserved"):
            told += f", up to ${reserved:.6f} more for what is under way"
        self._console.print(Text(f"\nthe call ended{told}", style="dim"))

    # ---- printing

    def _close_turn(self) -> None:
        """Say how long the turn took, once it is over."""
        if self._closed:
            return
        self._closed = True
        sound, answer = self._first_sound, self._first_answer
        told = "no sound" if sound is None else f"first sound {sound:+.2f} s"
        if sound is not None and answer != sound:
            told += ", no answer" if answer is None else f", first answer {answer:+.2f} s"
        self._say("", Text(f"{told} by the agent's own clock", style="dim"))

    def _say(self, label: str, text: Text) -> None:
        if self._console.width < NARROW:
            self._print(Text("  "), Text.assemble((f"{label}  " if label else "", "dim"), text))
        else:
            self._print(Text(f"{'':{_INDENT}}{label:{_LABEL}} ", style="dim"), text)

    def _print(self, label: Text, text: Text) -> None:
        """Print a text beside its label, with its later lines under its first one."""
        width = max(10, self._console.width - len(label))
        for number, line in enumerate(text.wrap(self._console, width)):
            line.rstrip()
            self._console.print(Text.assemble(label if number == 0 else " " * len(label), line))


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"
