"""Finds the moments at which an agent would ask itself whether a recorded caller is done, and what it would know then.

The recordings go through the voice activity detection of a call, so that gaps between words count as well as pauses
that somebody wrote, and noise is heard as noise.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voice.bench.recordings import manifest
from voice.bench.recordings.manifest import RecordedTurn
from voice.hearing.activity import LATE_SECONDS, OFF_SECONDS, ON_SECONDS, Activity
from voice.hearing.audio import read
from voice.hearing.decoder import SAMPLE_RATE, WINDOW_SECONDS
from voice.hearing.end_of_turn import PAUSE_SECONDS, Asked, wait_for
from voice.ports import Samples, Transcriber
from voice.processors.early_vad import WatchedVADAnalyzer
from voice.processors.patience import AGAIN_SECONDS
from voice.processors.smart_turn import SmartTurn

DECODED_SECONDS = 0.15
"""From the moment that a pause is noticed until its transcript is there; a pause that is over by then is not judged."""

_TAIL_SECONDS = 2.5
_CHUNK = SAMPLE_RATE // 50
_WINDOW = int(WINDOW_SECONDS * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Pause:
    """A moment at which a caller seems to have fallen silent, and what an agent knows of it.

    Attributes:
        turn: Which turn, as ``call/number``.
        complexity: ``simple``, ``complex`` or None.
        asked: What the agent had asked.
        heard: What was transcribed so far.
        probability: Smart-turn's, or None.
        pauses: How many the caller made before this one.
        written: How many pauses somebody wrote into the turn.
        since: When the silence seems to have begun, in seconds from the start of the recording.
        resumed: When the caller is noticed to go on; None at the end of the turn.
        end: When the caller really ended the turn.
        again: What was transcribed once more, with the silence behind it, before a wait for missing words ran out; None
            if nothing is missing or the caller had gone on by then.
    """

    turn: str
    complexity: str | None
    asked: Asked
    heard: str
    probability: float | None
    pauses: int
    written: int
    since: float
    resumed: float | None
    end: float
    again: str | None = None


async def find(
    folders: Sequence[Path], transcriber: Transcriber, smart_turn: SmartTurn | None, names: Sequence[str] = ()
) -> AsyncIterator[Pause]:
    """Go through the recorded turns whose spans are known.

    What the agent asked is taken from what the turn is labelled with: a lone ``confirm`` answers a yes-or-no question.

    Args:
        folders: Fixture sets.
        transcriber: The ears.
        smart_turn: Judges the sound; None leaves that out.
        names: What the ears listen for.

    Raises:
        ManifestError, AudioError: a set or a recording can't be read.
    """
    for call in (call for folder in folders for call in manifest.load(folder)):
        turns = [turn for turn in call.turns if turn.kind == "turn"]
        for number, turn in enumerate(turns, start=1):
            if turn.speech:
                async for pause in _of_a_turn(f"{call.id}/{number}", turn, transcriber, smart_turn, names):
                    yield pause


async def _of_a_turn(
    name: str, turn: RecordedTurn, transcriber: Transcriber, smart_turn: SmartTurn | None, names: Sequence[str]
) -> AsyncIterator[Pause]:
    samples = read(turn.audio, rate=SAMPLE_RATE).samples
    asked = Asked.YES_NO if any(action.name == "confirm" for action in turn.expect) else Asked.OPEN
    padded, pauses = _padded(samples), 0
    for noticed, resumed in await gaps(samples):
        since = noticed - OFF_SECONDS - LATE_SECONDS
        if resumed is None or resumed - noticed > DECODED_SECONDS:
            so_far = samples[: int(noticed * SAMPLE_RATE)]
            heard = await transcriber.transcribe(so_far[-_WINDOW:], names=names)
            wait = wait_for(heard.text, asked=asked, pauses=pauses)
            again, at = None, since + wait.seconds - AGAIN_SECONDS
            if wait.lacking and (resumed is None or at < resumed):
                longer = padded[: int(at * SAMPLE_RATE)][-_WINDOW:]
                again = (await transcriber.transcribe(longer, names=names)).text
            yield Pause(
                name,
                turn.complexity,
                asked,
                heard.text,
                await smart_turn.probability(_pcm(so_far)) if smart_turn else None,
                pauses,
                len(turn.speech) - 1,
                round(since, 2),
                None if resumed is None else round(resumed, 2),
                turn.speech[-1][1],
                again,
            )
        pauses += resumed is not None and resumed - ON_SECONDS - since >= PAUSE_SECONDS


async def gaps(samples: Samples) -> list[tuple[float, float | None]]:
    """Give when each silence is noticed, and when the voice after it; seconds from the start of the samples."""
    analyzer, activity = WatchedVADAnalyzer(sample_rate=SAMPLE_RATE), Activity()
    analyzer.set_sample_rate(SAMPLE_RATE)
    padded = _padded(samples)
    edges: list[tuple[float, bool]] = []
    for start in range(0, len(padded) - _CHUNK + 1, _CHUNK):
        await analyzer.analyze_audio(_pcm(padded[start : start + _CHUNK]))
        on = activity.feed(analyzer.voiced, _CHUNK / SAMPLE_RATE)
        if on is not None:
            edges.append(((start + _CHUNK) / SAMPLE_RATE, on))
    await analyzer.cleanup()
    offs = [at for at, on in edges if not on]
    ons = [at for at, on in edges if on][1:]
    return [(off, ons[i] if i < len(ons) else None) for i, off in enumerate(offs)]


def _padded(samples: Samples) -> Samples:
    return np.concatenate([samples, np.zeros(int(_TAIL_SECONDS * SAMPLE_RATE), np.float32)])


def _pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes()
