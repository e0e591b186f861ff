"""A voice of three convolutions, in the shape of Piper's, made when a test wants it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LETTERS = "abcdefghijklmnopqrstuvwxyz .,?'"
RATE, HOP, FRAMES_A_LETTER = 1600, 16, 6
FLOW_REACH, DECODER_REACH = 2, 3


def save(folder: Path, *, flow: str = "/flow/", decoder: str = "/dec/", speakers: int = 1) -> Path:
    """Write ``tiny.onnx`` and its settings; each letter is read for `FRAMES_A_LETTER` frames.

    Args:
        folder: Where to.
        flow: How the names of the flow's nodes begin.
        decoder: How those of the decoder's begin.
        speakers: With more than one, flow and decoder take the speaker too.
    """
    chance = np.random.default_rng(1)
    weights = {
        "letters": chance.normal(size=(len(LETTERS) + 3, 4)),
        "speakers": chance.normal(size=(speakers, 4)),
        "flow.weight": chance.normal(size=(4, 4, 2 * FLOW_REACH + 1)) / 4,
        "pre.weight": chance.normal(size=(4, 4, 2 * DECODER_REACH + 1)) / 4,
        "up.weight": chance.normal(size=(4, 1, HOP)) / 4,
    }
    node = helper.make_node
    speaker = speakers > 1
    nodes = [
        node("Gather", ["letters", "input"], ["embedded"], "/enc_p/Gather"),
        node("Transpose", ["embedded"], ["turned"], "/enc_p/Transpose", perm=[0, 2, 1]),
        node("Resize", ["turned", "", "stretch"], ["read"], "/Resize", mode="nearest"),
        node("ReduceMean", ["read"], ["mean"], "/ReduceMean", axes=[1], keepdims=1),
        node("Equal", ["mean", "mean"], ["same"], "/Equal"),
        node("Cast", ["same"], ["mask"], "/Cast", to=TensorProto.FLOAT),
        node("Mul", ["read", "mask"], [flow + "0"], flow + "Mul"),
        node("Conv", [flow + "0", "flow.weight"], [flow + "1"], flow + "Conv", pads=[FLOW_REACH] * 2),
        node("Add", [flow + "1", "voice" if speaker else "nothing"], ["latent"], "/Add"),
        node("Conv", ["latent", "pre.weight"], [decoder + "0"], decoder + "Conv", pads=[DECODER_REACH] * 2),
        node("Add", [decoder + "0", "voice" if speaker else "nothing"], [decoder + "1"], decoder + "Add"),
        node("ConvTranspose", [decoder + "1", "up.weight"], [decoder + "2"], decoder + "up", strides=[HOP]),
        node("Tanh", [decoder + "2"], ["sound"], decoder + "Tanh"),
        node("Unsqueeze", ["sound", "second"], ["output"], "/Unsqueeze"),
    ]
    if speaker:
        nodes[:0] = [
            node("Gather", ["speakers", "sid"], ["chosen"], "/emb_g/Gather"),
            node("Unsqueeze", ["chosen", "last"], ["voice"], "/emb_g/Unsqueeze"),
        ]
    constants = {
        "stretch": np.array([1, 1, FRAMES_A_LETTER], np.float32),
        "second": np.array([1], np.int64),
        "last": np.array([2], np.int64),
        "nothing": np.zeros((1, 1, 1), np.float32),
        **{name: value.astype(np.float32) for name, value in weights.items()},
    }
    value = helper.make_tensor_value_info
    inputs = [
        value("input", TensorProto.INT64, [1, None]),
        value("input_lengths", TensorProto.INT64, [1]),
        value("scales", TensorProto.FLOAT, [3]),
        *([value("sid", TensorProto.INT64, [1])] if speaker else []),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        inputs,
        [value("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    path = folder / "tiny.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8), path)
    settings = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": ""},
        "phoneme_type": "text",
        "num_symbols": len(LETTERS) + 3,
        "num_speakers": speakers,
        "phoneme_id_map": {"_": [0], "^": [1], "$": [2], **{one: [i + 3] for i, one in enumerate(LETTERS)}},
    }
    Path(f"{path}.json").write_text(json.dumps(settings))
    return path
