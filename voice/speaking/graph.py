"""Cuts a VITS voice, one ONNX graph, into the parts that it is made of.

The parts are those of the paper (Kim, Kong and Son 2021, "Conditional Variational Autoencoder with Adversarial
Learning for End-to-End Text-to-Speech"): text and durations, the flow, the decoder. The first looks at the whole text;
the others look a few frames to each side, so that they can be run in windows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, ValueInfoProto

FLOW = "/flow/"
DECODER = "/dec/"
"""How the names of a part's nodes begin: PyTorch's exporter takes them from the modules."""


class Indivisible(ValueError):
    """A voice can't be run in parts; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a graph, as a model of its own.

    Attributes:
        model: Serialized ONNX.
        inputs: Names of the tensors that it takes.
        outputs: Names of the tensors that it gives.
    """

    model: bytes
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def cut(model: ModelProto) -> tuple[Part, Part, Part]:
    """Part a voice into text, flow and decoder.

    What flow and decoder take is made by the parts before them: float tensors of shape ``(1, channels, frames)``.

    Raises:
        Indivisible: the nodes of flow or decoder can't be told by their names, or are joined in another way.
    """
    nodes = list(model.graph.node)
    given = {one.name for one in model.graph.input}
    changing = _behind(nodes, lambda node: "Random" in node.op_type or not given.isdisjoint(node.input))
    behind_flow = _behind(nodes, lambda node: node.name.startswith(FLOW)) & changing
    behind_decoder = _behind(nodes, lambda node: node.name.startswith(DECODER)) & changing
    text, flow = changing - behind_flow - behind_decoder, behind_flow - behind_decoder
    constant = set(range(len(nodes))) - changing

    def made(part: set[int]) -> set[str]:
        return {name for index in part for name in nodes[index].output}

    def wanted(part: set[int]) -> tuple[str, ...]:
        outside = (given | made(changing)) - made(part)
        return tuple(dict.fromkeys(name for index in sorted(part) for name in nodes[index].input if name in outside))

    into_flow, into_decoder = wanted(flow), wanted(behind_decoder)
    sound = tuple(one.name for one in model.graph.output)
    if not flow or not behind_decoder or not set(sound) <= made(behind_decoder):
        raise Indivisible(f"no nodes {FLOW}… and behind them nodes {DECODER}… that give its sound")
    if given & {*into_flow, *into_decoder}:
        raise Indivisible("flow or decoder read what the whole voice is given")
    crossing = tuple(dict.fromkeys(name for name in (*into_flow, *into_decoder) if name in made(text)))
    flowed = tuple(name for name in into_decoder if name in made(flow))
    return (
        _part(model, constant | text, tuple(one.name for one in model.graph.input), crossing),
        _part(model, constant | flow, into_flow, flowed),
        _part(model, constant | behind_decoder, into_decoder, sound),
    )


def _behind(nodes: Sequence[NodeProto], begins: Callable[[NodeProto], bool]) -> set[int]:
    """Give the indices of nodes that ``begins`` names, and of all that depend on them."""
    found: set[int] = set()
    made: set[str] = set()
    for index, node in enumerate(nodes):
        if begins(node) or not made.isdisjoint(node.input):
            found.add(index)
            made.update(node.output)
    return found


def _part(model: ModelProto, part: set[int], inputs: Sequence[str], outputs: Sequence[str]) -> Part:
    from onnx import TensorProto, helper

    typed = {one.name: one for one in (*model.graph.input, *model.graph.output)}

    def value(name: str) -> ValueInfoProto:
        return typed.get(name) or helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, None, None])

    nodes = [model.graph.node[index] for index in sorted(part)]
    read = {name for node in nodes for name in node.input}
    weights = [one for one in model.graph.initializer if one.name in read]
    graph = helper.make_graph(nodes, "part", [*map(value, inputs)], [*map(value, outputs)], weights)
    whole = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    return Part(whole.SerializeToString(), tuple(inputs), tuple(outputs))
