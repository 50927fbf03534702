"""The network that takes drawn parasites off: its layers, what it sees, what it refuses."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.denoising_autoencoder import DenoisingAutoencoder
from normocyte.detectors.networks.graphs import constant_graph


@pytest.fixture
def discs():
    """Flat cells: a disc that counts on a square that does not."""
    down, right = np.indices((32, 32)) - 15.5
    disc = (np.hypot(down, right) < 13).astype(np.uint8)
    return Batch(np.zeros((20, 32, 32, 2), np.float32), np.tile(disc, (20, 1, 1)))


@pytest.fixture(scope="module")
def model():
    return DenoisingAutoencoder(filters=(2, 3, 4)).build((8, 16, 3))


def spoilt(discs: Batch, **fields: object) -> np.ndarray:
    return DenoisingAutoencoder(**fields).inputs(discs, np.random.default_rng(1))


def test_it_halves_and_doubles_once_less_than_it_has_levels(model):
    kinds = [type(layer).__name__ for layer in model.layers]
    assert [kinds.count(kind) for kind in ("MaxPooling2D", "UpSampling2D", "Add")] == [2, 2, 2]
    assert model.output_shape == model.input_shape == (None, 8, 16, 3)


def test_four_numbers_at_a_place_become_its_four_pixels(model):
    last = [layer for layer in model.layers if layer.get_weights()][-1]
    kernel, bias = (np.zeros_like(array) for array in last.get_weights())
    last.set_weights([kernel, bias + np.arange(12, dtype=np.float32)])
    taken = -model.predict(np.zeros((1, 8, 16, 3), np.float32), verbose=0)[0]
    np.testing.assert_array_equal(taken[:2, :2].reshape(-1), np.arange(12))
    np.testing.assert_array_equal(taken[2:4, 6:8], taken[:2, :2])


def test_a_network_that_takes_nothing_off_gives_the_cell_back(model):
    last = [layer for layer in model.layers if layer.get_weights()][-1]
    last.set_weights([np.zeros_like(array) for array in last.get_weights()])
    pixels = np.random.default_rng(1).random((2, 8, 16, 3)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(pixels, verbose=0), pixels)


@pytest.mark.parametrize(("sure", "left"), [(-50, 1.0), (0, 0.5), (50, 0.0)])
def test_a_network_that_blends_replaces_pixels_as_far_as_it_is_sure(sure, left):
    model = DenoisingAutoencoder(filters=(2, 3), blends=True).build((8, 8, 3))
    healthy, share = [layer for layer in model.layers if layer.get_weights()][-2:]
    healthy.set_weights([np.zeros_like(healthy.get_weights()[0]), np.full(12, 7, np.float32)])
    share.set_weights([np.zeros_like(share.get_weights()[0]), np.full(4, sure, np.float32)])
    pixels = np.random.default_rng(1).random((2, 8, 8, 3)).astype(np.float32)
    np.testing.assert_allclose(model.predict(pixels, verbose=0), 7 + left * (pixels - 7), atol=1e-5)


@pytest.mark.parametrize(("darker_is", "sign"), [("higher", 1), ("lower", -1)])
def test_what_is_drawn_is_darker_and_lies_in_the_cell(discs, darker_is, sign):
    seen = sign * spoilt(discs, share=1.0, noise=0.0, darker_is=darker_is)
    assert (seen.max(axis=(1, 2, 3)) > 0.05).all()
    assert seen.sum() > 10 * np.abs(np.minimum(seen, 0)).sum()
    assert not seen[discs.masks == 0].any()


def test_large_bodies_cover_more_of_the_cell_than_parasites_do(discs):
    parasites, bodies = (np.abs(spoilt(discs, share=1.0, noise=0.0, bodies=share)) for share in (0.0, 1.0))
    assert (bodies > 0.1).mean() > 2 * (parasites > 0.1).mean()


def test_the_map_shows_the_colours_that_the_reading_asks_for():
    colours = np.random.default_rng(1).random((2, 32, 32, 3)).astype(np.float32)
    detector = DenoisingAutoencoder(reading="green")
    detector.graph_ = constant_graph(0.0, (32, 32, 3))
    maps = detector.maps(Batch(colours, np.ones((2, 32, 32), np.uint8)))
    np.testing.assert_array_equal(maps, colours[..., 1])


def test_cells_without_a_drawing_and_without_noise_are_seen_as_they_are(discs):
    np.testing.assert_array_equal(spoilt(discs, share=0.0, noise=0.0), discs.pixels)


def test_the_healthy_cells_stay_as_they_are(discs):
    spoilt(discs)
    assert not discs.pixels.any()


def test_sides_that_cannot_be_halved_often_enough_are_refused_with_a_way_out(cells):
    odd = cells(16, seed=1, height=6)
    with pytest.raises(ConfigError, match="multiples of 8, not 6 x 8; resize it or use fewer filters"):
        DenoisingAutoencoder().fit(odd, odd, Training())


@pytest.mark.parametrize(
    "changes",
    [
        {"filters": ()},
        {"filters": (8,)},
        {"filters": (8, 0)},
        {"weakest": 0.0},
        {"weakest": 3.0, "strongest": 2.0},
        {"share": 1.5},
        {"share": -0.1},
        {"bodies": 1.1},
        {"bodies": -0.1},
        {"reading": "red"},
        {"noise": -1.0},
        {"noise": float("nan")},
        {"epochs": 0},
    ],
)
def test_impossible_fields_are_refused(changes):
    with pytest.raises(ConfigError):
        DenoisingAutoencoder(**changes)
