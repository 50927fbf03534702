"""ONNX graphs of detectors that are not networks, written by hand."""

from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import needs
from normocyte.detectors.networks.keras_model import finish_graph
from normocyte.detectors.support.onnx_graph import INPUT, OUTPUT

OPSET = 17
IR_VERSION = 9
Array = npt.NDArray[np.float32]


def linear_graph(mean: Array, components: Array, shape: tuple[int, ...]) -> bytes:
    """The graph of mean + (x - mean) V^T V.

    For flattened images x of this shape, and components V (k, height * width * channels).
    """
    make = needs("onnx", "train").helper.make_node
    nodes = [
        make("Flatten", [INPUT], ["flat"], axis=1),
        make("Sub", ["flat", "mean"], ["centred"]),
        make("MatMul", ["centred", "down"], ["code"]),
        make("MatMul", ["code", "up"], ["drawn"]),
        make("Add", ["drawn", "mean"], ["row"]),
        make("Reshape", ["row", "shape"], [OUTPUT]),
    ]
    constants = {
        "mean": mean,
        "down": np.ascontiguousarray(components.T),
        "up": components,
        "shape": np.array([-1, *shape], np.int64),
    }
    return made_graph(nodes, constants, (shape, shape), mean.size + components.size)


def constant_graph(value: float, shape: tuple[int, ...]) -> bytes:
    """The same value at every pixel, whatever is seen."""
    make = needs("onnx", "train").helper.make_node
    nodes = [make("Shape", [INPUT], ["size"]), make("Expand", ["value", "size"], [OUTPUT])]
    return made_graph(nodes, {"value": np.array(value, np.float32)}, (shape, shape), 0)


def made_graph(
    nodes: list[Any],
    constants: dict[str, Any],
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
    parameters: int,
    opset: int = OPSET,
    at_once: int | str = "n",
) -> bytes:
    """A checked graph of these nodes from INPUT to OUTPUT, whose shapes (without n) are given.

    `at_once`: how many pictures it takes; "n" for any number.
    """
    onnx = needs("onnx", "train")
    helper = onnx.helper
    seen, answered = ([at_once, *shape] for shape in shapes)
    graph = helper.make_graph(
        nodes,
        "normocyte",
        [helper.make_tensor_value_info(INPUT, onnx.TensorProto.FLOAT, seen)],
        [helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, answered)],
        [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    opsets = [helper.make_opsetid("", opset)]
    proto = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="normocyte")
    return finish_graph(proto, parameters)
