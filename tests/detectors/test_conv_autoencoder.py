"""The network of the mission, layer by layer, and what it refuses."""

from dataclasses import replace

import numpy as np
import onnx
import pytest

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.seeds import generator
from normocyte.core.types import Batch
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.look import Kind, patient_look
from normocyte.detectors.contract import Training
from normocyte.detectors.conv_autoencoder import ConvAutoencoder
from normocyte.detectors.networks.keras_model import export_graph, seed_weights
from normocyte.detectors.support.onnx_graph import count_parameters, graph_shape, run_graph
from normocyte.pipeline.pipeline import Pipeline, prepare, stack
from normocyte.pipeline.recipe.recipe import find_recipe


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


def drawn(pipeline: Pipeline, kind: Kind, seed: int) -> Batch:
    """24 cells of one look behind the steps of a pipeline."""
    look = patient_look(generator(1, "patient"))
    cells = [draw_cell(generator(seed, "cell", index), look, kind) for index in range(24)]
    return stack([prepare(pipeline.shown.steps, cell) for cell in cells])


@pytest.fixture(scope="module")
def in_colour():
    """The recipe on log ratios, small and fitted, with healthy and infected cells behind its steps."""
    pipeline = find_recipe("conv_ratio").pipeline()
    healthy, infected = (drawn(pipeline, kind, seed) for seed, kind in enumerate((Kind.HEALTHY, Kind.RING)))
    changes = {"epochs": 4, "least_updates": 160, "batch_size": 8, "learning_rate": 0.01}
    small = replace(pipeline.shown.detector, filters=(4, 8), latent=8, **changes)
    small.fit(healthy, healthy, Training(1))
    return small, healthy, infected


def test_it_learns_to_give_back_three_log_ratios(in_colour):
    detector, healthy, _ = in_colour
    assert healthy.pixels.shape == (24, 64, 64, 3)
    assert min(detector.curve_.held_out_loss) < 0.8 * np.mean(np.square(healthy.pixels))


def test_of_three_log_ratios_it_shows_the_contrast_of_what_it_cannot_give_back(in_colour):
    detector, healthy, infected = in_colour
    residual = infected.pixels - detector.expected(infected)
    np.testing.assert_allclose(detector.maps(infected), residual @ [-0.5, 1, -0.5], atol=1e-5)
    strongest = [detector.maps(batch).max(axis=(1, 2)) for batch in (infected, healthy)]
    assert np.mean(strongest[0][:, np.newaxis] > strongest[1]) > 0.8


@pytest.mark.parametrize(("height", "width"), [(30, 32), (32, 30), (4, 4)])
def test_sides_that_cannot_be_halved_often_enough_are_refused_with_a_way_out(height, width):
    cells = Batch(np.ones((16, height, width, 1), np.float32), np.ones((16, height, width), np.uint8))
    sentence = f"multiples of 8, not {height} x {width}; resize it or use fewer filters"
    with pytest.raises(ConfigError, match=sentence):
        ConvAutoencoder().fit(cells, cells, Training())


@pytest.mark.parametrize("fields", [{"filters": ()}, {"filters": (8, 0)}, {"latent": -1}, {"epochs": 0}])
def test_a_network_of_nothing_is_refused(fields):
    with pytest.raises(ConfigError, match=r"must be a .* from [01], not "):
        ConvAutoencoder(**fields)


def test_without_a_dense_code_the_small_image_is_the_code():
    model = ConvAutoencoder(filters=(4, 6), latent=0).build((8, 12, 3))
    assert "Dense" not in {type(layer).__name__ for layer in model.layers}
    assert min(int(np.prod(layer.output.shape[1:])) for layer in model.layers) == 2 * 3 * 6


def test_it_draws_twice_at_full_size_so_that_no_square_of_doubled_pixels_shows(model):
    last = [layer for layer in model.layers if type(layer).__name__ == "Conv2D"][-2:]
    assert [layer.output.shape[1:3] for layer in last] == [(8, 12), (8, 12)]


def test_a_sigmoid_answers_from_0_to_1_whatever_is_seen():
    model = ConvAutoencoder(filters=(4,), latent=0, output="sigmoid").build((8, 8, 1))
    pixels = np.random.default_rng(1).normal(0, 50, (4, 8, 8, 1)).astype(np.float32)
    answered = model.predict(pixels, verbose=0)
    assert 0 <= answered.min() <= answered.max() <= 1


def test_a_sigmoid_refuses_pixels_that_it_can_never_give_back(cells):
    healthy = cells(32, seed=1)
    healthy.pixels[3, 2, 1] = 4.5
    with pytest.raises(TrainingError, match=r"from 0 to 1, but they range from .* to 4\.5; add the step"):
        ConvAutoencoder(output="sigmoid").fit(healthy, healthy, Training())
