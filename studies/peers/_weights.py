"""Hands the weights of EfficientNet-Lite0, as Normocyte reads them, to the peers as plain arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from normocyte.core.errors import needs
from normocyte.core.files import replacing
from normocyte.detectors.backbones.contract import OPSET, PLANES, SIDE, Features
from normocyte.detectors.backbones.efficientnet_lite0 import EfficientnetLite0, weights_file
from normocyte.detectors.backbones.support.torch_tensors import read_tensors

WEIGHTS = "weights/"
SHOWN, MAPS = "shown", "maps/"
PICTURES, COARSE = 3, 8


def export_weights(place: Path) -> None:
    """Write all tensors, a few pictures, and the feature maps that our own graph gives for them."""
    if place.is_file():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    coarse = rng.uniform(0, 255, (PICTURES, 3, COARSE, COARSE))
    shown = np.kron(coarse, np.ones((SIDE // COARSE, SIDE // COARSE))) + rng.normal(0, 9, (1, 3, SIDE, SIDE))
    shown = shown.clip(0, 255).astype(np.float32)
    tensors = {f"{WEIGHTS}{name}": tensor for name, tensor in read_tensors(weights_file()).items()}
    maps = {f"{MAPS}{row}": values for row, values in enumerate(_maps(shown))}
    with replacing(place) as temporary, temporary.open("wb") as file:
        np.savez(file, **{SHOWN: shown}, **tensors, **maps)


def _maps(shown: np.ndarray) -> list[np.ndarray]:
    """The feature maps of our own graph, the finest first."""
    onnx, runtime = needs("onnx", "train"), needs("onnxruntime", "train")
    session = runtime.InferenceSession(_model(onnx, EfficientnetLite0().features()).SerializeToString())
    return list(session.run(None, {PLANES: shown}))


def _model(onnx: object, features: Features) -> object:
    """The graph from pictures to feature maps."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    outputs = [
        helper.make_tensor_value_info(one.tensor, floats, ["n", one.channels, one.height, one.width])
        for one in features.maps
    ]
    planes = helper.make_tensor_value_info(PLANES, floats, ["n", 3, features.side, features.side])
    constants = [onnx.numpy_helper.from_array(value, name) for name, value in features.constants.items()]
    graph = helper.make_graph(features.nodes, "features", [planes], outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
