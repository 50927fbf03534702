"""The autoencoder with an uncertain code: what it draws, what it costs, its three maps, what it refuses."""

from dataclasses import replace

import numpy as np
import onnx
import pytest

from normocyte.core.errors import BundleError, ConfigError, Interrupted
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.conv_autoencoder import ConvAutoencoder
from normocyte.detectors.networks.keras_model import export_graph, load_keras, seed_weights
from normocyte.detectors.variational_autoencoder import VariationalAutoencoder

FIELDS = {
    "filters": (3, 4),
    "latent": 2,
    "beta": 1.0,
    "epochs": 4,
    "least_updates": 80,
    "batch_size": 8,
    "learning_rate": 0.01,
}


@pytest.fixture(scope="module")
def model():
    built = VariationalAutoencoder(**FIELDS).build((8, 12, 3))
    seed_weights(built, np.random.default_rng(1))
    return built


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(2).random((6, 8, 12, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def learnt(healthy, held_out):
    detector = VariationalAutoencoder(**FIELDS)
    detector.fit(healthy, held_out, Training(3))
    return detector


def showing(detector: VariationalAutoencoder, shows: str) -> VariationalAutoencoder:
    """The same graph, read in another way."""
    changed = replace(detector, shows=shows)
    changed.graph_ = detector.graph_
    return changed


def divergence(detector: VariationalAutoencoder, seen: np.ndarray) -> np.ndarray:
    return showing(detector, "kl").maps(Batch(seen, np.ones(seen.shape[:3], np.uint8)))


def say(model, means: float, log_variance: float) -> None:
    """Give every place of every code this mean and this logarithm of its variance."""
    for name, value in (("mean", means), ("log_variance", log_variance)):
        layer = model.get_layer(name)
        kernel, bias = layer.get_weights()
        layer.set_weights([np.zeros_like(kernel), np.full_like(bias, value)])


def test_the_code_is_drawn_anew_while_it_learns_and_never_while_it_scores(model, pixels):
    learning = [np.asarray(model(pixels, training=True))[..., :3] for _ in range(2)]
    scoring = [np.asarray(model(pixels, training=False)) for _ in range(2)]
    assert np.abs(learning[0] - learning[1]).max() > 1e-3
    np.testing.assert_array_equal(scoring[0], scoring[1])


def test_the_noise_depends_on_the_seed_of_the_weights(model, pixels):
    detector = VariationalAutoencoder(**FIELDS)
    drawn = []
    for seed in (1, 1, 2):
        built = detector.build((8, 12, 3))
        seed_weights(built, np.random.default_rng(seed))
        built.set_weights(model.get_weights())
        drawn.append(np.asarray(built(pixels, training=True)))
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert np.abs(drawn[0] - drawn[2]).max() > 1e-3


def test_the_graph_draws_nothing_and_gives_all_three_answers(learnt):
    proto = onnx.load_from_string(learnt.graph_)
    assert [answer.name for answer in proto.graph.output] == ["expected", "likelihood", "kl"]
    assert not [node.op_type for node in proto.graph.node if "Random" in node.op_type]
    assert sum(node.op_type == "Exp" for node in proto.graph.node) == 1  # in the cost alone


@pytest.mark.parametrize(("mean", "log_variance"), [(0.0, 0.0), (1.5, 0.0), (0.0, -2.0), (-1.0, 1.0)])
def test_the_cost_is_the_divergence_from_chance_in_nats_a_pixel(model, pixels, mean, log_variance):
    say(model, mean, log_variance)
    a_number = (mean**2 + np.exp(log_variance) - 1 - log_variance) / 2
    cost = np.asarray(model(pixels, training=False))[..., -1]
    np.testing.assert_allclose(cost, 2 * a_number / 16, atol=1e-6)


def test_spreading_the_cost_over_the_pixels_keeps_its_sum(pixels):
    model = VariationalAutoencoder(**FIELDS).build((8, 12, 3))
    at_places = load_keras().Model(model.input, model.get_layer("kl").input)
    spread = np.asarray(model(pixels, training=False))[..., -1]
    places = np.asarray(at_places(pixels, training=False))[..., 0]
    assert places.std() > 0
    np.testing.assert_allclose(spread.sum(axis=(1, 2)), 16 * places.sum(axis=(1, 2)), rtol=1e-4)


def test_a_code_beyond_all_healthy_ones_costs_more_where_it_lies(learnt, held_out):
    strange = held_out.pixels.copy()
    strange[:, :4, :4] += 3.0
    risen = divergence(learnt, strange) - divergence(learnt, held_out.pixels)
    assert risen[:, :4, :4].mean() > 2 * abs(risen[:, 4:, 4:].mean())


def test_the_likelihood_is_the_residual_in_units_of_its_spread(learnt, healthy):
    maps = showing(learnt, "likelihood").maps(healthy)
    assert np.sqrt(np.mean(np.square(maps))) == pytest.approx(1.0, abs=0.25)
    assert np.corrcoef(maps.ravel(), learnt.maps(healthy).ravel())[0, 1] > 0.9


@pytest.mark.parametrize("shows", ["residual", "likelihood", "kl"])
def test_the_same_cells_give_the_same_bits(learnt, healthy, shows):
    detector = showing(learnt, shows)
    np.testing.assert_array_equal(detector.maps(healthy), detector.maps(healthy))
    assert detector.maps(healthy).shape == healthy.masks.shape
    assert detector.maps(healthy).dtype == np.float32


def test_a_stopped_training_draws_on_as_if_it_had_never_been_stopped(
    learnt, listener, healthy, held_out, tmp_path
):
    resumed = VariationalAutoencoder(**FIELDS)
    with pytest.raises(Interrupted):
        resumed.fit(healthy, held_out, Training(3, tmp_path, listener("epoch 3")))
    resumed.fit(healthy, held_out, Training(3, tmp_path))
    assert (resumed.graph_, resumed.curve_) == (learnt.graph_, learnt.curve_)


def test_a_dearer_code_says_less(learnt, healthy, held_out):
    dear = VariationalAutoencoder(**(FIELDS | {"beta": 100.0}))
    dear.fit(healthy, held_out, Training(3))
    assert divergence(dear, healthy.pixels).mean() < divergence(learnt, healthy.pixels).mean()


@pytest.mark.parametrize(("loss", "exponent"), [("mse", 0.5), ("mae", 1.0)])
def test_ten_times_the_units_cost_a_constant(loss, exponent):
    bound = VariationalAutoencoder(loss=loss).objective()
    wanted, answered = np.full((2, 4, 4, 2), 3, np.float32), np.ones((2, 4, 4, 5), np.float32)
    answered[..., -1] = 0
    tenfold = float(bound(10 * wanted, 10 * answered)) - float(bound(wanted, answered))
    assert tenfold == pytest.approx(2 * np.log(10), rel=1e-3)
    assert float(bound(wanted, answered)) == pytest.approx(
        2 * exponent * np.log(2 ** (1 / exponent)), rel=1e-3
    )


def test_a_graph_that_knows_no_code_cannot_show_its_cost(healthy):
    detector = VariationalAutoencoder(shows="kl")
    detector.graph_ = export_graph(ConvAutoencoder(filters=(2,), latent=2).build((8, 8, 1)))
    with pytest.raises(BundleError, match=r"answers expected, but not 'kl'\. Train it again"):
        detector.maps(healthy)


def test_sides_that_cannot_be_halved_often_enough_are_refused_with_a_way_out(cells):
    odd = cells(16, seed=1, height=6)
    with pytest.raises(ConfigError, match="multiples of 8, not 6 x 8; resize it or use fewer filters"):
        VariationalAutoencoder().fit(odd, odd, Training())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"filters": ()}, "filters must be a list of at least 1, .* from 1, not "),
        ({"filters": (8, 0)}, "filters must be a list of at least 1, .* from 1, not "),
        ({"latent": 0}, "latent must be a whole number from 1, not 0"),
        ({"beta": -1.0}, "beta must be a finite number from 0, not -1.0"),
        ({"beta": float("nan")}, "beta must be a finite number from 0, not nan"),
        ({"shows": "elbo"}, "shows must be one of residual, likelihood, kl, not 'elbo'"),
        ({"epochs": 0}, "epochs must be a whole number from 1, not 0"),
    ],
)
def test_impossible_fields_are_refused(changes, sentence):
    with pytest.raises(ConfigError, match=sentence):
        VariationalAutoencoder(**changes)
