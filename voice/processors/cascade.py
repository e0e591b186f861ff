"""The cascade as one pipecat processor. It stands where the LLM stands, and decides nothing itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    EndWorkerFrame,
    Frame,
    InputAudioRawFrame,
    InputDTMFFrame,
    InterimTranscriptionFrame,
    OutputTransportMessageUrgentFrame,
    StartFrame,
    TranscriptionFrame,
    TTSSpeakFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.cascade.commands import Say
from voice.cascade.delivery import Delivery
from voice.hearing.murmurs import aside
from voice.ports import Transcript, Word
from voice.processors.frames import (
    HANDED_OFF,
    HANDED_OFF_MESSAGE,
    DeliveryFrame,
    MurmurFrame,
    OverheardFrame,
    PatienceFrame,
    PrepareSpeechFrame,
    QuestionFrame,
    TurnOverFrame,
    UnheardFrame,
    UtteranceEndFrame,
    UtteranceStartFrame,
    VoiceFrame,
)
from voice.runtime import Runtime

MakeRuntime = Callable[["CascadeProcessor"], Runtime]
"""Makes the call's runtime, with the processor as its mouth."""

_Sent = PrepareSpeechFrame | DeliveryFrame | OutputTransportMessageUrgentFrame
"""What goes downstream in the order of what is said."""

_SECONDS_BETWEEN_KEYS = 1.0
"""Keys that come closer than this are one number."""


class CascadeProcessor(FrameProcessor):
    """Turns transcripts and turn frames into events, and utterances into ``TTSSpeakFrame``s.

    Put it after the turn processor and before the TTS service; a `voice.processors.playback.PlaybackProcessor` after
    the output transport tells what was really played.

    Args:
        make_runtime: Called once, when the pipeline starts.
        greeting: What the agent says first, if anything.
        keys: What a key of the phone stands for, as if it had been said.
    """

    def __init__(self, make_runtime: MakeRuntime, *, greeting: str = "", keys: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._keys = keys or {}
        self._make_runtime = make_runtime
        self._greeting = greeting
        self._runtime: Runtime | None = None
        self._outbox: asyncio.Queue[Say | _Sent | EndWorkerFrame | None] = asyncio.Queue()
        self._speaking: asyncio.Task[None] | None = None
        self._settled: list[str] = []
        self._interim = ""
        self._reported = ""
        self._confidence = 1.0
        self._question = ""
        self._words: list[tuple[str, float]] = []
        self._interim_words: list[tuple[str, float]] = []
        self._spoke_until = 0.0
        self._turn_open = False
        self._voice_since: float | None = None
        self._keyed = ""
        self._gathering: asyncio.TimerHandle | None = None
        self._handed_off = False

    @property
    def runtime(self) -> Runtime:
        """The call's runtime.

        Raises:
            RuntimeError: the pipeline has not started.
        """
        if self._runtime is None:
            raise RuntimeError("the pipeline has not started: there is no call yet")
        return self._runtime

    # ---- the mouth

    def say(self, utterance: Say) -> None:
        """Send an utterance on its way."""
        self._outbox.put_nowait(utterance)

    def prepare(self, text: str) -> None:
        """Have the voice render a text ahead."""
        self._outbox.put_nowait(PrepareSpeechFrame(text=text))

    def hand_off(self) -> None:
        """Tell web clients, and have the line of a call that ends from now on left to whoever takes it over."""
        self._handed_off = True
        self._outbox.put_nowait(OutputTransportMessageUrgentFrame(message=HANDED_OFF_MESSAGE))

    def hang_up(self) -> None:
        """End the call, after what is being said."""
        self._outbox.put_nowait(EndWorkerFrame(reason=HANDED_OFF if self._handed_off else None))

    def deliver(self, delivery: Delivery) -> None:
        """Have the voice speak like this from now on."""
        self._outbox.put_nowait(DeliveryFrame(rate=delivery.rate, gain_db=delivery.gain_db))

    def stop(self) -> None:
        """Stop everything that is being spoken or waits to be."""
        waiting = [self._outbox.get_nowait() for _ in range(self._outbox.qsize())]
        for item in [*(item for item in waiting if item is not None and not isinstance(item, Say)), None]:
            self._outbox.put_nowait(item)  # the interruption overtakes what goes the same way as frames

    async def _speak(self) -> None:
        while True:
            utterance = await self._outbox.get()
            if utterance is None:
                await self.broadcast_interruption()
                continue
            if isinstance(utterance, _Sent):
                await self.push_frame(utterance)
                continue
            if isinstance(utterance, EndWorkerFrame):
                await self.push_frame(utterance, FrameDirection.UPSTREAM)
                continue
            await self.push_frame(
                UtteranceStartFrame(utterance=utterance.utterance, text=utterance.text, speech=utterance.kind)
            )
            await self.push_frame(TTSSpeakFrame(utterance.text, append_to_context=False))
            await self.push_frame(UtteranceEndFrame(utterance=utterance.utterance))

    # ---- frames

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Handle what the ears and the turn processor report; pass everything on but transcripts."""
        await super().process_frame(frame, direction)
        match frame:
            case StartFrame():
                await self.push_frame(frame, direction)
                self._runtime = self._make_runtime(self)
                self._speaking = self.create_task(self._speak(), "mouth")
                self._runtime.start(self._greeting)
                return
            case EndFrame() | CancelFrame():
                await self._end()
            case UserStartedSpeakingFrame():
                self._turn_open = True
                self.runtime.caller_spoke(since=self._voice_since)
                self._voice_since = None
            case VADUserStartedSpeakingFrame():
                if not self._turn_open and self._voice_since is None:
                    self._voice_since = asyncio.get_running_loop().time() - frame.start_secs
                self.runtime.note("voice_on")
            case MurmurFrame():
                self._voice_since = None
            case QuestionFrame():
                self._question = frame.text
            case OverheardFrame():
                self.runtime.note("overheard", text=frame.text, confidence=round(frame.confidence, 3))
            case VoiceFrame(on=False):
                self.runtime.note("quiet", seconds=frame.seconds)
            case VADUserStoppedSpeakingFrame():
                self._spoke_until = asyncio.get_running_loop().time() - frame.stop_secs
                self.runtime.note("voice_off", at=self._spoke_until)
            case TranscriptionFrame() | InterimTranscriptionFrame():
                self._hear(frame)
                return
            case UserStoppedSpeakingFrame():
                # It may have overtaken transcripts that are still queued here; the turn ends behind them.
                await self.queue_frame(TurnOverFrame())
            case TurnOverFrame():
                self._turn_over()
                return
            case UnheardFrame():
                self.runtime.heard("", spoke_until=self._spoke_until, deaf=True)
                return
            case PatienceFrame():
                self.runtime.note(
                    "patience",
                    seconds=frame.seconds,
                    reason=frame.reason,
                    smart_turn=frame.smart_turn,
                    pauses=frame.pauses,
                )
                return
            case InputAudioRawFrame():
                return
            case InputDTMFFrame():
                self._press(frame.button.value)
            case _:
                pass
        await self.push_frame(frame, direction)

    def _press(self, key: str) -> None:
        """Gather keys of the phone until no more come: one alone may stand for words, several are a number."""
        self._keyed += key
        if self._gathering:
            self._gathering.cancel()
        self._gathering = asyncio.get_running_loop().call_later(_SECONDS_BETWEEN_KEYS, self._pressed)

    def _pressed(self) -> None:
        """Take a key that was pressed alone for what it stands for. What else is keyed in may be a card's number."""
        keys, self._keyed, self._gathering = self._keyed, "", None
        text = self._keys.get(keys)
        self.runtime.note("key", key=keys if text else "", count=len(keys), means=text)
        if text:
            self.runtime.caller_spoke()
            self.runtime.heard(text, final=True, spoke_until=asyncio.get_running_loop().time())

    def _hear(self, frame: TranscriptionFrame | InterimTranscriptionFrame) -> None:
        """Take what was heard: an interim result replaces the one before, a final one settles it."""
        text = frame.text.strip()
        words = frame.result.words if isinstance(frame.result, Transcript) else ()
        confidence = min((word.confidence for word in words), default=1.0)
        if not self._turn_open and text == self._reported:
            return  # what was answered already, in its final form or heard once more
        if isinstance(frame, TranscriptionFrame):
            self._settled.append(text)
            self._words += _sure(words)
            self._interim, self._interim_words = "", []
        else:
            self._interim, self._interim_words = text, _sure(words)
        self._confidence = confidence
        if not text:
            return
        self.runtime.note("transcript", text=text, confidence=round(confidence, 3))
        if self._turn_open:
            self._report(final=False)
        else:
            # A transcriber that was too slow for the end of its turn.
            self._turn_over()

    def _turn_over(self) -> None:
        self._turn_open = False
        self._report(final=True)
        self._settled.clear()
        self._words.clear()
        self._interim, self._interim_words = "", []
        self._confidence = 1.0

    def _report(self, *, final: bool) -> None:
        self._reported = " ".join(filter(None, [*self._settled, self._interim]))
        nothing = aside(self._reported, self._question, confidence=self._confidence)
        if nothing and final:
            self.runtime.note("murmur", text=self._reported, after=self._question)
        self.runtime.heard(
            "" if nothing else self._reported,
            final=final,
            spoke_until=self._spoke_until,
            confidence=self._confidence,
            words=(*self._words, *self._interim_words),
        )

    async def _end(self) -> None:
        if self._gathering:
            self._gathering.cancel()
        if self._runtime:
            await self._runtime.close()
        if self._speaking:
            await self.cancel_task(self._speaking)
            self._speaking = None

    async def cleanup(self) -> None:
        """Finish what is being written, also when the pipeline was torn down without an end frame."""
        await self._end()
        await super().cleanup()


def _sure(words: Sequence[Word]) -> list[tuple[str, float]]:
    return [(word.text, word.confidence) for word in words]
