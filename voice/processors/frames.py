"""Frames of our own that travel among pipecat's."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipecat.frames.frames import ControlFrame, DataFrame


@dataclass
class UtteranceStartFrame(DataFrame):
    """What follows is the sound of this utterance. ``kind`` is greeting, filler or answer."""

    utterance: int = 0
    text: str = ""
    speech: str = "answer"


@dataclass
class UtteranceEndFrame(DataFrame):
    """The sound of this utterance is complete."""

    utterance: int = 0


@dataclass
class TurnOverFrame(DataFrame):
    """The caller's turn is over, and every transcript of it has come before this frame."""

    interruptible: bool = field(default=False, init=False)


@dataclass
class QuestionFrame(ControlFrame):
    """Sent upstream when the agent has asked something: how a turn ends depends on what is expected.

    ``asked`` is ``yes_no``, ``argument``, or empty for an open floor.
    """

    asked: str = ""
