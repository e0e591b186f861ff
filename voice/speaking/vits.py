"""A VITS voice whose sound comes in windows: the first one is there before the rest of a long sentence is made.

The text part runs once for a sentence; flow and decoder, where most of the time goes, run a window at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from voice.extras import install
from voice.ports import Samples
from voice.speaking.graph import Indivisible, Part, cut
from voice.speaking.windows import Frames, Local, Network, Sizes, chained, reach_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FIRST_SECONDS = 0.4
GROWTH = 1.6
MOST_SECONDS = 2.5
"""Windows of a sentence: each is made well within the time that the one before it plays, on a busy machine too."""

MOST_THREADS = 4

MOST_REACH = 48
"""Frames. A voice of which a part looks farther is not run in windows; Piper's look 32 (flow) and 11 (decoder) far."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a voice reads, as VITS has it.

    Attributes:
        noise: Chance in the sound.
        length: Of everything, 1 as it was learned; more is slower.
        noise_width: Chance in the durations.
        speaker: Which of its speakers; None if it has one.
    """

    noise: float
    length: float
    noise_width: float
    speaker: int | None = None

    def inputs(self, ids: Sequence[int], rate: float = 1.0) -> dict[str, Any]:
        """Give what a whole voice, or its text part, takes for a sentence's phoneme ids."""
        speaker = {} if self.speaker is None else {"sid": np.array([self.speaker], np.int64)}
        return {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([self.noise, self.length / rate, self.noise_width], np.float32),
            **speaker,
        }


class Voice(Protocol):
    """Makes sound of phoneme ids."""

    def samples(self, ids: Sequence[int], rate: float = 1.0) -> Iterator[Samples]:
        """Give the sound of a sentence in pieces, at the voice's own level and so many times its pace."""
        ...


class WholeVoice:
    """A voice that makes a sentence at once.

    Args:
        model: ONNX.
        manner: How it reads.
        threads: See `session`.
    """

    def __init__(self, model: Path, manner: Manner, threads: int | None = None) -> None:
        self._session = session(str(model), threads)
        self._manner = manner

    def samples(self, ids: Sequence[int], rate: float = 1.0) -> Iterator[Samples]:
        """See `Voice.samples`: one piece."""
        yield _run(self._session, None, self._manner.inputs(ids, rate))[0].ravel()


class StreamedVoice:
    """A voice that makes a sentence in windows; the same samples as in one run, but for rounding.

    Args:
        model: ONNX.
        manner: How it reads.
        sample_rate: Of its sound, in samples a second.
        probe: Phoneme ids of any sentence, to find out how its parts are joined.
        threads: See `session`.

    Raises:
        Indivisible: the voice is built in another way, or the package ``onnx`` is not there to part it.
    """

    def __init__(
        self, model: Path, manner: Manner, sample_rate: int, probe: Sequence[int], threads: int | None = None
    ) -> None:
        try:
            import onnx
        except ImportError as error:
            raise Indivisible(f"the package onnx is missing: {install('embedded')}") from error
        text, flow, decoder = cut(onnx.load(model))
        self._manner = manner
        self._text = session(text.model, threads)
        joints = dict(zip(text.outputs, _run(self._text, text.outputs, manner.inputs(probe)), strict=True))
        length = max(joint.shape[-1] for joint in joints.values())
        moving = {name: joint for name, joint in joints.items() if joint.ndim == 3 and joint.shape[-1] == length}
        latents = [name for name, joint in moving.items() if joint.shape[1] > 1]
        masks = moving.keys() - latents
        if len(latents) != 1 or len(flow.outputs) != 1 or any(np.any(moving[name] != 1) for name in masks):
            raise Indivisible(f"its text part gives {[*joints]}, its flow {[*flow.outputs]}")
        still = {name: joint for name, joint in joints.items() if name not in moving}
        self._latent = latents[0]
        run_flow = _network(session(flow.model, threads), flow, self._latent, masks, still)
        run_decoder = _network(session(decoder.model, threads), decoder, flow.outputs[0], masks, still)
        latent = run_flow(moving[self._latent])
        try:
            self._flow = Local(run_flow, reach_of(run_flow, moving[self._latent].shape[1], MOST_REACH))
            self._decoder = Local(run_decoder, reach_of(run_decoder, latent.shape[1], MOST_REACH))
        except ValueError as error:
            raise Indivisible(str(error)) from error
        rate = sample_rate * length / run_decoder(latent).shape[-1]
        self.sizes = Sizes(first=round(FIRST_SECONDS * rate), growth=GROWTH, most=round(MOST_SECONDS * rate))

    def samples(self, ids: Sequence[int], rate: float = 1.0) -> Iterator[Samples]:
        """See `Voice.samples`: a piece for each window."""
        return self.windows(self.latent(ids, rate), self.sizes)

    def latent(self, ids: Sequence[int], rate: float = 1.0) -> Frames:
        """Read a sentence: what is to be heard, frame by frame. It holds all of a rendering's chance."""
        return _run(self._text, [self._latent], self._manner.inputs(ids, rate))[0]

    def windows(self, latent: Frames, sizes: Sizes) -> Iterator[Samples]:
        """Give the sound of what `latent` gave, shape ``(n,)`` for each window."""
        return (sound.ravel() for sound in chained(self._flow, self._decoder, latent, sizes))


def _network(
    session: InferenceSession, part: Part, moving: str, masks: Iterable[str], still: Mapping[str, Frames]
) -> Network:
    """Make a part a function of the one input that changes; nothing is masked, and the speaker stays the same."""
    fixed = {name: value for name, value in still.items() if name in part.inputs}
    masked = [name for name in masks if name in part.inputs]

    def run(frames: Frames) -> Frames:
        ones = np.ones((1, 1, frames.shape[-1]), np.float32)
        output = _run(session, part.outputs[:1], {moving: frames, **dict.fromkeys(masked, ones), **fixed})[0]
        return output.reshape(1, -1, output.shape[-1])

    return run


def _run(session: InferenceSession, outputs: Sequence[str] | None, inputs: Mapping[str, Any]) -> list[Frames]:
    return cast(list[Frames], session.run(outputs, inputs))


def session(model: bytes | str, threads: int | None) -> InferenceSession:
    """Load a model for the processor.

    Args:
        model: ONNX, or the path of it.
        threads: For one run; None takes all cores, at most four. They sleep between runs: waiting ones that spin make
            everything three times as slow beside busy language models.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or min(os.cpu_count() or 1, MOST_THREADS)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
