"""The network that finds what was drawn: what it is taught, what scoring sees of it, what it refuses."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.networks.graphs import constant_graph
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.synthetic_parasites import SyntheticParasites

SHAPE = (16, 16, 1)
PIXELS = np.random.default_rng(1).random((2, *SHAPE)).astype(np.float32)


@pytest.fixture
def discs():
    """Flat cells: a disc that counts on a square that does not."""
    down, right = np.indices((32, 32)) - 15.5
    disc = (np.hypot(down, right) < 13).astype(np.uint8)
    return Batch(np.zeros((20, 32, 32, 1), np.float32), np.tile(disc, (20, 1, 1)))


def answers(log_odds: float, doubt: float, answer: int = 0) -> np.ndarray:
    """What an answer leaves of PIXELS when the network takes .5 off everywhere, as sure as these log odds."""
    detector = SyntheticParasites(filters=(2, 3), doubt=doubt)
    model = detector.build(SHAPE)
    last = [layer for layer in model.layers if layer.get_weights()][-1]
    kernel, _ = last.get_weights()
    last.set_weights([np.zeros_like(kernel), np.array([0.5] * 4 + [log_odds], np.float32)])
    return detector.deployed(model).predict(PIXELS, verbose=0)[answer]


@pytest.mark.parametrize(
    ("log_odds", "doubt", "off"),
    [(30, 0.0, 0.5), (-30, 0.0, 0.0), (-30, 0.3, 0.15), (0, 0.0, 0.25), (-30, 1.0, 0.5)],
)
def test_it_takes_off_as_much_as_it_is_sure_of(log_odds, doubt, off):
    np.testing.assert_allclose(PIXELS - answers(log_odds, doubt), off, atol=1e-6)


def test_a_person_is_shown_the_cell_with_all_of_it_taken_off():
    np.testing.assert_allclose(PIXELS - answers(-30, 0.3, answer=1), 0.5, atol=1e-6)


def test_a_bundle_without_that_answer_shows_what_is_taken_off_in_part():
    cells = Batch(PIXELS, np.ones(PIXELS.shape[:3], np.uint8))
    detector = SyntheticParasites()
    detector.graph_ = constant_graph(0.25, SHAPE)
    shown, is_healthy = detector.healthy(cells)
    np.testing.assert_array_equal(shown, detector.expected(cells))
    assert not is_healthy


@pytest.mark.parametrize(("darker_is", "sign"), [("higher", 1), ("lower", -1)])
def test_it_shall_find_what_was_drawn_dark_enough_and_nothing_else(discs, darker_is, sign):
    detector = SyntheticParasites(share=1.0, noise=0.0, visible=2.0, darker_is=darker_is)
    lesson = detector.lesson(discs, np.random.default_rng(1))
    np.testing.assert_array_equal(lesson.wanted[..., :1], discs.pixels)
    np.testing.assert_array_equal(lesson.wanted[..., 1:], sign * lesson.seen > 2)
    assert lesson.wanted[..., 1].any(axis=(1, 2)).mean() > 0.5


def test_untouched_cells_hold_nothing_to_find(discs):
    lesson = SyntheticParasites(share=0.0).lesson(discs, np.random.default_rng(1))
    assert not lesson.wanted.any()


def test_the_loss_falls_when_what_was_drawn_is_found_and_when_it_is_taken_off():
    ops, loss = load_keras().ops, SyntheticParasites().objective()
    wanted = np.zeros((1, 2, 2, 2), np.float32)
    wanted[0, 0, 0, 1] = 1
    blind = wanted * 0
    finding = blind + np.where(wanted[..., 1:] > 0, 4, -4).astype(np.float32) * np.array([0, 1], np.float32)
    left = finding + np.array([0.5, 0], np.float32)
    values = [
        float(loss(ops.convert_to_tensor(wanted), ops.convert_to_tensor(a))) for a in (blind, left, finding)
    ]
    assert values[0] > values[2]
    assert values[1] == pytest.approx(values[2] + 0.25, abs=1e-5)


@pytest.mark.parametrize(
    "changes",
    [
        {"filters": (8,)},
        {"weakest": 0.0},
        {"share": 1.5},
        {"visible": 0.0},
        {"visible": 12.0},
        {"finding": 0.0},
        {"finding": float("inf")},
        {"doubt": -0.1},
        {"doubt": 1.1},
    ],
)
def test_impossible_fields_are_refused(changes):
    with pytest.raises(ConfigError):
        SyntheticParasites(**changes)


@pytest.mark.parametrize(("is_light", "sides"), [(False, {4, 3, 1}), (True, {4, 1})])
def test_a_light_one_convolves_beyond_its_stem_with_one_pixel_at_half_the_size(is_light, sides):
    model = SyntheticParasites(filters=(2, 3), light=is_light).build(SHAPE)
    kernels = [layer for layer in model.layers if hasattr(layer, "kernel_size")]
    at_half_size = {layer.kernel_size[0] for layer in kernels if layer.output.shape[1] == SHAPE[0] // 2}
    assert at_half_size == sides


def test_a_light_one_learns_too(discs):
    detector = SyntheticParasites(filters=(2, 3), light=True, epochs=1)
    detector.fit(discs, discs, Training(1))
    assert detector.expected(discs).shape == discs.pixels.shape
