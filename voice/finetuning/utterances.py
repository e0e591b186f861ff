"""What ears learn from: a caller's words with the audio and the times of each stretch, recorded or read aloud.

Turns that were not recorded are read over lines of all kinds by voices that no recorded caller of this project has.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from voice.bench.fixtures import conditions
from voice.bench.fixtures.agent_voice import AgentVoice
from voice.bench.fixtures.engines import Engine, EngineMissing, Espeak, Festival, Pitched
from voice.bench.fixtures.kokoro import Kokoro
from voice.bench.fixtures.markup import Pause, Phrase
from voice.bench.fixtures.signals import resample
from voice.bench.fixtures.spelling import aloud, written
from voice.bench.fixtures.studio import BREAK_SECONDS, record
from voice.bench.recordings.manifest import RecordedTurn
from voice.finetuning.errors import CannotTeach
from voice.hearing.audio import read
from voice.hearing.decoder import SAMPLE_RATE, WINDOW_SECONDS
from voice.ports import Samples

READERS: Mapping[str, tuple[Engine, float]] = {
    "agent": (AgentVoice(), 2.0),
    "agent-deep": (Pitched(AgentVoice(), 0.84), 1.0),
    "agent-low": (Pitched(AgentVoice(), 0.92), 1.0),
    "agent-high": (Pitched(AgentVoice(), 1.12), 1.0),
    "agent-highest": (Pitched(AgentVoice(), 1.25), 1.0),
    "espeak-f2": (Espeak("en-us+f2", 150), 0.7),
    "espeak-m3": (Espeak("en-us+m3", 155), 0.7),
    "espeak-annie": (Espeak("en-gb+Annie", 150), 0.7),
    "espeak-scotland": (Espeak("en-gb-scotland+m7", 150), 0.5),
    "festival-ked": (Festival("ked_diphone", "festvox-kdlpc16k"), 1.4),
    "kokoro-a": (Kokoro("jf_gongitsune+jf_tebukuro", 1.15), 0.2),
    "kokoro-b": (Kokoro("jf_nezumi+jf_tebukuro", 1.1), 0.2),
    "kokoro-c": (Pitched(Kokoro("jf_gongitsune+jf_nezumi", 1.15), 0.9), 0.2),
}
"""Who reads, and how often in proportion."""

LINES = {
    "clean-16k": 4.0,
    "phone-8k": 3.0,
    "clean-16k+quiet-20dB": 0.5,
    "clean-16k+cafe-15dB": 0.7,
    "clean-16k+street-10dB": 0.5,
    "phone-8k+street-15dB": 0.8,
    "phone-8k+cafe-20dB": 0.8,
    "phone-8k+loss-3%": 0.4,
}
"""The lines they are heard over, and how often in proportion."""

_BREATH = re.compile(r"(?<=[.?!;]) +|(?<=,) +(?=(?:and|then|but|or|so|no|sorry|actually|from|to|on|for|we|i)\b)", re.I)
_PAUSES = 0.5
"""Of the places for a breath, those where it takes a while."""
_UNFINISHED = 0.4
"""Of the turns with pauses, those that are heard up to one of them only, as in a call."""
_LONGEST_PAUSE_SECONDS = 1.4


@dataclass(frozen=True, slots=True)
class Utterance:
    """A turn as ears get it.

    Attributes:
        audio: 16 kHz, at most 30 s.
        stretches: What is said, in order: start and end in seconds, and the words.
    """

    audio: Samples
    stretches: tuple[tuple[float, float, str], ...]


def recorded(turn: RecordedTurn) -> Utterance:
    """Take a recording of a caller.

    Raises:
        AudioError: the file can't be read.
        CannotTeach: it has more than 30 s.
    """
    audio = read(turn.audio, rate=SAMPLE_RATE).samples
    seconds = len(audio) / SAMPLE_RATE
    if seconds > WINDOW_SECONDS:
        raise CannotTeach(f"{turn.audio} has {seconds:.0f} s, more than {WINDOW_SECONDS:.0f}: cut it at a pause")
    start, end = (turn.speech[0][0], turn.speech[-1][1]) if turn.speech else (0.0, seconds)
    return Utterance(audio, ((start, end, written(turn.text.strip())),))


def readers() -> dict[str, float]:
    """Give the voices that can read here, and how often each does in proportion.

    It also loads their models, which must not be left to threads.

    Raises:
        EngineMissing: none can.
    """
    able: dict[str, float] = {}
    problem = ""
    for name, (engine, share) in READERS.items():
        try:
            engine.speak("Hello.", 1.0)
        except EngineMissing as error:
            problem = str(error)
        else:
            able[name] = share
    if not able:
        raise EngineMissing(problem)
    return able


def read_aloud(text: str, able: Mapping[str, float], chance: random.Random) -> Utterance:
    """Have a turn read by one of the voices, with pauses as a caller makes them.

    What takes longer than 30 s is heard up to a pause.

    Raises:
        CannotTeach: it has none in that time.
    """
    engine, _ = READERS[_drawn(able, chance)]
    condition = conditions.parse(_drawn(LINES, chance))
    parts, said = _breaths(written(text.strip()), chance)
    rng = np.random.default_rng(chance.getrandbits(32))
    take = record(parts, engine, condition, rng, speed=chance.uniform(0.85, 1.25), seed=chance.randrange(4))
    audio = resample(take.samples, take.rate, SAMPLE_RATE)
    spans = take.speech
    if len(spans) != len(said):  # a voice's own pause, or words too quiet to be told from one
        said, spans = [" ".join(said)], ((spans[0][0], spans[-1][1]),)
    made = Utterance(audio, tuple((start, end, words) for (start, end), words in zip(spans, said, strict=True)))
    fitting = sum(end <= WINDOW_SECONDS for _, end, _ in made.stretches)
    if not fitting:
        raise CannotTeach(f"this takes more than {WINDOW_SECONDS:.0f} s to say, make two turns of it: {text}")
    if fitting < len(said):
        return _so_far(made, fitting, chance)
    if len(said) > 1 and chance.random() < _UNFINISHED:
        return _so_far(made, chance.randrange(1, len(said)), chance)
    return Utterance(audio[: int(WINDOW_SECONDS * SAMPLE_RATE)], made.stretches)


def _so_far(whole: Utterance, count: int, chance: random.Random) -> Utterance:
    """Give what is heard of a turn in the pause behind ``count`` stretches, where nothing says yet that it is over."""
    end, following = whole.stretches[count - 1][1], whole.stretches[count][0]
    until = min(chance.uniform(end + 0.05, following), WINDOW_SECONDS)
    return Utterance(whole.audio[: int(until * SAMPLE_RATE)], whole.stretches[:count])


def _breaths(text: str, chance: random.Random) -> tuple[tuple[Phrase | Pause, ...], list[str]]:
    """Break a text where a caller might take a breath: what the studio records, and the words between pauses."""
    said: list[str] = []
    parts: list[Phrase | Pause] = []
    for piece in _BREATH.split(text):
        if said and chance.random() < _PAUSES:
            parts.append(Pause(chance.uniform(BREAK_SECONDS + 0.1, _LONGEST_PAUSE_SECONDS)))
            said.append(piece)
        elif said:
            said[-1] += f" {piece}"
            before = parts.pop()
            assert isinstance(before, Phrase)
            piece = f"{before.written} {piece}"
        else:
            said.append(piece)
        parts.append(Phrase(piece, _spelled_out(piece, chance)))
    return tuple(parts), said


def _spelled_out(text: str, chance: random.Random) -> str:
    """Write a phrase for a voice; codes are spelled in one breath or letter by letter."""
    spoken = aloud(text)
    return spoken if chance.random() < 0.6 else re.sub(r"\b([A-Z0-9]), (?=[A-Z0-9]\b)", r"\1 ", spoken)


def _drawn(shares: Mapping[str, float], chance: random.Random) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]
