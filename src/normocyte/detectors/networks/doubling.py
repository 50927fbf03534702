"""Writes the doubling of a picture as one node, where the exporter of Keras takes eight that copy it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from normocyte.core.errors import needs

_CHAIN = ("Transpose", "Reshape", "Tile", "Unsqueeze", "Reshape", "Transpose", "Tile", "Unsqueeze")
"""From the last to the first: rows are copied, then columns, and the axes change places around it."""
_PERMUTED = {0: [0, 3, 1, 2], 5: [0, 2, 3, 4, 1]}
_COPIES = [1, 1, 1, 2, 1]
_AXIS = [3]
SCALES = "doubled"

Constants = Mapping[str, list[Any]]


def double_plainly(proto: Any) -> None:
    """In place: `UpSampling2D()` of nearest pixels becomes a Resize, with the same answers to the last bit.

    What is not exactly the exporter's way to write it stays as it is.
    """
    onnx = needs("onnx", "train")
    graph = proto.graph
    makers = {name: node for node in graph.node for name in node.output}
    constants = {one.name: onnx.numpy_helper.to_array(one).ravel().tolist() for one in graph.initializer}
    doubled = {node.output[0]: _doubled(node, makers, constants) for node in graph.node}
    sources = {last: first for last, first in doubled.items() if first}
    if not sources:
        return
    graph.initializer.append(onnx.numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), SCALES))
    nodes = [
        _resize(onnx, sources[node.output[0]], node.output[0]) if node.output[0] in sources else node
        for node in graph.node
    ]
    kept = _needed(nodes, {value.name for value in graph.output})
    graph.ClearField("node")
    graph.node.extend(kept)


def _doubled(node: Any, makers: Mapping[str, Any], constants: Constants) -> str:
    """The name of what this node gives at twice the size, (n, channels, height, width); empty for others."""
    for place, kind in enumerate(_CHAIN):
        if node is None or node.op_type != kind or not _is_as_exported(node, place, constants):
            return ""
        source = node.input[0]
        node = makers.get(source)
    return str(source)


def _is_as_exported(node: Any, place: int, constants: Constants) -> bool:
    if node.op_type == "Transpose":
        return list(node.attribute[0].ints) == _PERMUTED[place]
    wanted = {"Tile": _COPIES, "Unsqueeze": _AXIS}
    return node.op_type not in wanted or constants.get(node.input[1]) == wanted[node.op_type]


def _resize(onnx: Any, source: str, answer: str) -> Any:
    return onnx.helper.make_node(
        "Resize",
        [source, "", SCALES],
        [answer],
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _needed(nodes: list[Any], wanted: set[str]) -> list[Any]:
    """The nodes that lead to these answers, in their order."""
    kept = []
    for node in reversed(nodes):
        if wanted & set(node.output):
            kept.append(node)
            wanted = wanted | set(node.input)
    return kept[::-1]
