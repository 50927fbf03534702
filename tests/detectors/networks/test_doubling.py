"""A doubled picture is one node of the graph, and every number stays as it was."""

import numpy as np
import onnx
import pytest

from normocyte.detectors.networks import keras_model
from normocyte.detectors.support.onnx_graph import run_graph


@pytest.fixture
def model():
    layers = keras_model.load_keras().layers
    image = layers.Input((8, 8, 1))
    x = layers.UpSampling2D()(layers.Conv2D(3, 3, strides=2, padding="same")(image))
    return keras_model.load_keras().Model(image, layers.Conv2D(1, 3, padding="same")(x))


def kinds(graph):
    return {node.op_type for node in onnx.load_from_string(graph).graph.node}


def test_doubling_becomes_a_resize_with_the_same_answers(model, monkeypatch):
    lean = keras_model.export_graph(model)
    monkeypatch.setattr(keras_model, "double_plainly", lambda _: None)
    as_exported = keras_model.export_graph(model)
    cells = np.random.default_rng(0).normal(size=(5, 8, 8, 1)).astype(np.float32)
    assert "Tile" in kinds(as_exported)
    assert "Resize" in kinds(lean)
    assert "Tile" not in kinds(lean)
    assert run_graph(lean, cells).tobytes() == run_graph(as_exported, cells).tobytes()
