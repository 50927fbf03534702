"""The network of the mission, layer by layer, and what it refuses."""

import numpy as np
import onnx
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch
from normocyte.detectors._base import Training
from normocyte.detectors._keras import export_graph, seed_weights
from normocyte.detectors._onnx import count_parameters, graph_shape, run_graph
from normocyte.detectors.conv_autoencoder import ConvAutoencoder


@pytest.fixture(scope="module")
def model():
    """Two levels for colour pictures that are not square."""
    built = ConvAutoencoder(filters=(4, 6), latent=5).build((8, 12, 3))
    seed_weights(built, np.random.default_rng(1))
    return built


@pytest.fixture(scope="module")
def graph(model):
    return export_graph(model)


def test_the_layers_are_those_of_the_mission(model):
    kinds = [type(layer).__name__ for layer in model.layers]
    assert (kinds.count("MaxPooling2D"), kinds.count("UpSampling2D")) == (2, 2)
    assert (kinds.count("Conv2D"), kinds.count("Dense")) == (5, 2)


def test_the_code_between_is_as_long_as_its_field_says(model):
    assert min(int(np.prod(layer.output.shape[1:])) for layer in model.layers) == 5


def test_a_picture_comes_out_in_the_shape_in_which_it_went_in(model):
    assert model.output_shape == model.input_shape == (None, 8, 12, 3)


@pytest.mark.parametrize("number", [1, 3, 70])
def test_the_graph_gives_what_keras_gives(model, graph, number):
    pixels = np.random.default_rng(2).random((number, 8, 12, 3)).astype(np.float32)
    assert np.abs(run_graph(graph, pixels) - model.predict(pixels, verbose=0)).max() <= 1e-5


def test_the_graph_knows_its_shape_and_its_parameters(model, graph):
    assert graph_shape(graph) == (8, 12, 3)
    assert count_parameters(graph) == model.count_params() > 0


def test_the_graph_holds_no_name_that_depends_on_what_was_built_before(model, graph):
    ConvAutoencoder(filters=(2,)).build((4, 4, 1))
    again = ConvAutoencoder(filters=(4, 6), latent=5).build((8, 12, 3))
    again.set_weights(model.get_weights())
    assert export_graph(again) == graph


def test_the_graph_tells_nothing_of_the_machine_that_made_it(graph):
    proto = onnx.load_from_string(graph)
    assert [entry.key for entry in proto.metadata_props] == ["parameters"]
    assert (proto.doc_string, proto.graph.doc_string) == ("", "")
    assert {node.doc_string for node in proto.graph.node} == {""}


def test_cells_need_not_be_square_to_be_turned(cells):
    detector = ConvAutoencoder(epochs=2, batch_size=4, augment=True, filters=(2,), latent=3)
    detector.fit(cells(32, seed=1, height=6), cells(8, seed=2, height=6), Training(1))
    assert detector.maps(cells(3, seed=3, height=6)).shape == (3, 6, 8)


@pytest.mark.parametrize(("height", "width"), [(30, 32), (32, 30), (4, 4)])
def test_sides_that_cannot_be_halved_often_enough_are_refused_with_a_way_out(height, width):
    cells = Batch(np.ones((16, height, width, 1), np.float32), np.ones((16, height, width), np.uint8))
    sentence = f"multiples of 8, not {height} x {width}; resize it or use fewer filters"
    with pytest.raises(ConfigError, match=sentence):
        ConvAutoencoder().fit(cells, cells, Training())


@pytest.mark.parametrize("fields", [{"filters": ()}, {"filters": (8, 0)}, {"latent": 0}, {"epochs": 0}])
def test_a_network_of_nothing_is_refused(fields):
    with pytest.raises(ConfigError, match="above zero"):
        ConvAutoencoder(**fields)
