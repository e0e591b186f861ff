"""Finds in the recording what the trace speaks of: whose turn a stretch of speech is, where a sound begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice.bench.recordings.manifest import RecordedTurn, Span

_TOLERANCE_SECONDS = 0.15
"""How far a labelled end of speech and the agent's own view of it may lie apart."""

_LEAST_UNHEARD_SECONDS = 0.25
"""Speech shorter than this that no turn took up is a cough, or the rest of a cut."""

_SNAP_SECONDS = 0.25
"""How far the trace's time of a sound and its onset in the recording may lie apart."""

_NEW_TURN_SECONDS = 2.5
"""Where neither a label nor the trace tells turns apart, a silence of this length does."""

_GIVEN_UP_SECONDS = 5.0
"""No agent waits this long within a turn: what was said before such a silence was not taken up."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the caller's speech, and the number of the recorded turn it is from (from 1, None if unknown)."""

    span: Span
    recorded: int | None


@dataclass(frozen=True, slots=True)
class Commit:
    """The agent took a turn to be over at ``at``, and the caller's last word to have ended at ``spoke_until``."""

    turn: int
    at: float
    spoke_until: float


@dataclass(frozen=True, slots=True)
class Said:
    """The speech of one turn; ``turn`` is None where the agent never took it up."""

    turn: int | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Ear:
    """What is known of the recording.

    Attributes:
        recorded: What the caller was to say.
        starts: When each of these began.
        by_energy: Where the caller's track has sound.
        agent: Where the agent's track has sound; None without a recording.
    """

    recorded: tuple[RecordedTurn, ...] = ()
    starts: tuple[float, ...] = ()
    by_energy: tuple[Span, ...] = ()
    agent: tuple[Span, ...] | None = None

    def speech(self) -> list[Piece]:
        """Give the caller's speech in order: as labelled, and by energy where nobody labelled it."""
        if not self.starts:
            return [Piece(span, None) for span in self.by_energy]
        pieces: list[Piece] = []
        for index, start in enumerate(self.starts):
            until = self.starts[index + 1] if index + 1 < len(self.starts) else float("inf")
            labelled = [(round(start + a, 3), round(start + b, 3)) for a, b in self.recorded[index].speech]
            spans = labelled or [span for span in self.by_energy if start <= span[0] < until]
            pieces += [Piece(span, index + 1) for span in spans]
        return pieces


def share_out(speech: Sequence[Piece], commits: Sequence[Commit]) -> list[Said]:
    """Give every commit the speech that came before it and after the one before.

    An agent may cut a turn in the middle of a labelled stretch, or hear two recorded turns as one: what counts is what
    was said when it took its turn. What no turn took up comes as turns of their own, one for each recorded turn.
    """
    said: list[Said] = []
    unheard: list[Piece] = []
    left = list(speech)
    for commit in commits:
        mine: list[Piece] = []
        while left and left[0].span[0] < commit.at:
            piece = left.pop(0)
            start, end = piece.span
            if end > commit.at + _TOLERANCE_SECONDS:
                if start < commit.spoke_until < end:
                    mine.append(Piece((start, commit.spoke_until), piece.recorded))
                    start = commit.spoke_until
                left.insert(0, Piece((start, end), piece.recorded))
                break
            mine.append(piece)
        taken_up = _after_last_long_silence(mine)
        unheard += mine[: len(mine) - len(taken_up)]
        said.append(Said(commit.turn, tuple(taken_up)))
    said += _unheard([*unheard, *left])
    return sorted(said, key=lambda turn: turn.pieces[0].span[0] if turn.pieces else _at(turn, commits))


def locate(agent: Sequence[Span], told: float) -> float | None:
    """Find the sound that the trace tells of in the recording: an onset nearby, else the middle of a longer sound."""
    near = [start for start, _ in agent if abs(start - told) <= _SNAP_SECONDS]
    if near:
        return min(near, key=lambda start: abs(start - told))
    return told if any(start <= told < end for start, end in agent) else None


def _after_last_long_silence(pieces: list[Piece]) -> list[Piece]:
    for index in range(len(pieces) - 1, 0, -1):
        if pieces[index].span[0] - pieces[index - 1].span[1] > _GIVEN_UP_SECONDS:
            return pieces[index:]
    return pieces


def _unheard(left: Sequence[Piece]) -> list[Said]:
    groups: list[list[Piece]] = []
    for piece in sorted(left, key=lambda piece: piece.span):
        before = groups[-1][-1] if groups else None
        silence = piece.span[0] - before.span[1] if before else 0.0
        if before and before.recorded == piece.recorded and (piece.recorded or silence < _NEW_TURN_SECONDS):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [
        Said(None, tuple(pieces))
        for pieces in groups
        if sum(end - start for start, end in (piece.span for piece in pieces)) >= _LEAST_UNHEARD_SECONDS
    ]


def _at(turn: Said, commits: Sequence[Commit]) -> float:
    return next(commit.at for commit in commits if commit.turn == turn.turn)
