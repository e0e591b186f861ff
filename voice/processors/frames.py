"""Frames of our own that travel among pipecat's."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipecat.frames.frames import ControlFrame, DataFrame, SystemFrame
from pipecat.processors.frameworks.rtvi.models import ServerMessage

from voice.hearing.end_of_turn import Asked

HANDED_OFF = "handed off"
"""The reason of the ``EndFrame`` of a caller who was passed to a person: the call itself goes on elsewhere."""

HANDED_OFF_MESSAGE = ServerMessage(data={"type": "handed-off"}).model_dump()
"""What a web client is told then, as an RTVI message."""


@dataclass
class VoiceFrame(SystemFrame):
    """There seems to have been a voice (``on``), or none, for the last ``seconds``.

    It comes before the VAD's firm word, and may be taken back by the next one. One that says that a voice ended says
    how much audio came since the one that said that it began: ``since``, in seconds, 0 if unknown.
    """

    on: bool = False
    seconds: float = 0.0
    since: float = 0.0


@dataclass
class OverheardFrame(ControlFrame):
    """This was heard while the agent has the floor; empty for a sound without words.

    ``confidence`` is the transcriber's lowest in a word, 0…1, 1 if unknown.
    """

    text: str = ""
    confidence: float = 1.0


@dataclass
class HearSoFarFrame(SystemFrame):
    """Sent upstream: what was said up to now is wanted.

    Of somebody who speaks on over the agent it comes as an `OverheardFrame`, in a pause of the caller's turn as an
    ``InterimTranscriptionFrame``.
    """


@dataclass
class MurmurFrame(SystemFrame):
    """Sent both ways: what was overheard was nothing to answer. It can be forgotten, and the agent goes on."""


@dataclass
class UtteranceStartFrame(DataFrame):
    """What follows is the sound of this utterance. ``kind`` is greeting, filler or answer."""

    utterance: int = 0
    text: str = ""
    speech: str = "answer"


@dataclass
class UnspokenFrame(DataFrame):
    """The voice failed: the rest of the utterance has no sound."""


@dataclass
class UtteranceEndFrame(DataFrame):
    """The sound of this utterance is complete."""

    utterance: int = 0


@dataclass
class PrepareSpeechFrame(ControlFrame):
    """This text will probably be spoken next; a voice that can render ahead may do so."""

    text: str = ""


@dataclass
class DeliveryFrame(ControlFrame):
    """What is spoken from here on is spoken like this; see `voice.cascade.delivery.Delivery`."""

    rate: float = 1.0
    gain_db: float = 0.0
    interruptible: bool = field(default=False, init=False)


@dataclass
class UnheardFrame(DataFrame):
    """The ears failed: the caller's turn is over, and what was said in it is lost."""

    interruptible: bool = field(default=False, init=False)


@dataclass
class TurnOverFrame(DataFrame):
    """The caller's turn is over, and every transcript of it has come before this frame."""

    interruptible: bool = field(default=False, init=False)


@dataclass
class QuestionFrame(ControlFrame):
    """Sent upstream when an answer begins to be heard: how a turn ends depends on what the agent has just asked for.

    ``text`` is the sentence.
    """

    asked: Asked = Asked.OPEN
    text: str = ""


@dataclass
class PatienceFrame(ControlFrame):
    """How much silence will end the caller's turn, and why. For the trace.

    ``smart_turn`` is the probability in 0…1 that the sound of the turn is complete, None if it was not judged.
    """

    seconds: float = 0.0
    reason: str = ""
    smart_turn: float | None = None
    pauses: int = 0
