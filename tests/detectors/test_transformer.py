"""The network that fills in hidden patches: what it sees, what it may not see, what it refuses."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError, Interrupted
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.networks.keras_model import export_graph, seed_weights
from normocyte.detectors.support.onnx_graph import run_graph
from normocyte.detectors.transformer import Transformer

PATCH = 4


@pytest.fixture(scope="module")
def detector():
    """Two blocks for small pictures."""
    return Transformer(patch=PATCH, width=8, heads=2, blocks=2)


@pytest.fixture(scope="module")
def model(detector):
    """Untrained, for colour pictures that are not square."""
    built = detector.build((16, 24, 3))
    seed_weights(built, np.random.default_rng(1))
    return built


@pytest.fixture(scope="module")
def graph(detector, model):
    return export_graph(detector.deployed(model))


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(2).normal(size=(5, 16, 24, 3)).astype(np.float32)


@pytest.fixture
def discs():
    """Flat cells: a disc that counts on a square that does not."""
    down, right = np.indices((32, 32)) - 15.5
    disc = (np.hypot(down, right) < 13).astype(np.uint8)
    return Batch(np.zeros((20, 32, 32, 1), np.float32), np.tile(disc, (20, 1, 1)))


def lesson(cells: Batch, **fields: object):
    return Transformer(patch=PATCH, **fields).lesson(cells, np.random.default_rng(1))


def rows_of(down: int) -> slice:
    return slice(down * PATCH, (down + 1) * PATCH)


@pytest.mark.parametrize("down", range(4))
@pytest.mark.parametrize("right", range(6))
def test_no_pixel_has_a_say_in_what_is_expected_in_its_patch(graph, pixels, down, right):
    place = np.s_[:, rows_of(down), rows_of(right)]
    changed = pixels.copy()
    changed[place] += 5
    before, after = run_graph(graph, pixels), run_graph(graph, changed)
    np.testing.assert_array_equal(after[place], before[place])
    assert np.abs(after - before).max() > 1e-3


@pytest.mark.parametrize("number", [1, 3, 70])
def test_the_graph_gives_what_keras_gives(detector, model, graph, number):
    pixels = np.random.default_rng(3).normal(size=(number, 16, 24, 3)).astype(np.float32)
    expected = detector.deployed(model).predict(pixels, verbose=0)
    assert np.abs(run_graph(graph, pixels) - expected).max() <= 1e-5


@pytest.mark.parametrize("turn", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_each_turn_gives_what_was_hidden_in_it(detector, model, graph, pixels, turn):
    down, right = np.indices((16, 24)) // PATCH % 2
    hidden = ((down == turn[0]) & (right == turn[1]))[np.newaxis, ..., np.newaxis].repeat(5, axis=0)
    seen = np.concatenate([np.where(hidden, 0, pixels), hidden], axis=-1).astype(np.float32)
    alone = model.predict(seen, verbose=0)
    given = run_graph(graph, pixels)
    assert np.abs(np.where(hidden, given - alone, 0)).max() <= 1e-5


def test_a_picture_comes_out_in_the_shape_in_which_it_went_in(detector, model):
    deployed = detector.deployed(model)
    assert deployed.output_shape == deployed.input_shape == (None, 16, 24, 3)


def test_a_quarter_is_hidden_and_comes_as_zeros_with_a_mark(cells):
    seen = lesson(cells(20, seed=1, height=16, width=16), share=0.0).seen
    assert (seen[..., 1].mean(axis=(1, 2)) == 0.25).all()
    assert not seen[..., 0][seen[..., 1] == 1].any()
    assert (seen[..., 0][seen[..., 1] == 0] != 0).all()


def test_the_answer_is_the_healthy_cell_with_the_same_marks(discs):
    drawn = lesson(discs, share=1.0)
    np.testing.assert_array_equal(drawn.wanted[..., :1], discs.pixels)
    np.testing.assert_array_equal(drawn.wanted[..., 1:], drawn.seen[..., 1:])
    assert drawn.seen[..., 0].any()


def test_without_drawings_the_rest_of_the_cell_is_seen_as_it_is(cells):
    healthy = cells(20, seed=1, height=16, width=16)
    seen = lesson(healthy, share=0.0, noise=0.0).seen
    np.testing.assert_array_equal(seen[..., :1], healthy.pixels * (1 - seen[..., 1:]))


def test_every_patch_gets_its_turn(cells):
    marks = lesson(cells(64, seed=1, height=16, width=16)).seen[..., 1]
    assert (marks.max(axis=0) == 1).all()
    assert (marks.min(axis=0) == 0).all()


@pytest.mark.parametrize(("loss", "size"), [("mse", 4.0), ("mae", 2.0)])
def test_the_loss_looks_at_what_was_hidden_alone(discs, loss, size):
    drawn = lesson(discs, loss=loss)
    hidden = drawn.wanted[..., 1:]
    answered = np.where(hidden == 1, drawn.wanted[..., :1] + 2, 99).astype(np.float32)
    judged = Transformer(loss=loss).objective()(drawn.wanted, answered)
    assert np.mean(judged) == pytest.approx(size)


def test_the_loss_forgives_what_is_far_too_dark(discs):
    drawn = lesson(discs)
    answered = drawn.wanted[..., :1] - 4
    strict, forgiving = Transformer().objective(), Transformer(robust_beyond=1.0).objective()
    assert np.mean(forgiving(drawn.wanted, answered)) < np.mean(strict(drawn.wanted, answered)) / 2


def test_the_network_begins_faintly(detector, model, graph, pixels):
    assert np.std(run_graph(graph, pixels)) < 0.5 * np.std(pixels)


def test_a_training_taken_up_again_gives_the_same_bits(cells, listener, tmp_path):
    healthy, held_out = cells(24, seed=1), cells(8, seed=2)
    fields = {"patch": 4, "width": 4, "heads": 1, "blocks": 1, "epochs": 5, "batch_size": 8}
    whole, resumed = Transformer(**fields), Transformer(**fields)
    whole.fit(healthy, held_out, Training(3))
    with pytest.raises(Interrupted):
        resumed.fit(healthy, held_out, Training(3, tmp_path, listener("epoch 3")))
    resumed.fit(healthy, held_out, Training(3, tmp_path))
    assert resumed.graph_ == whole.graph_


@pytest.mark.parametrize(("height", "width"), [(12, 16), (16, 12), (4, 4)])
def test_sides_that_cannot_be_cut_are_refused_with_a_way_out(cells, height, width):
    odd = cells(16, seed=1, height=height, width=width)
    sentence = f"multiples of 8, not {height} x {width}; resize it or choose another patch"
    with pytest.raises(ConfigError, match=sentence):
        Transformer(patch=PATCH).fit(odd, odd, Training())


@pytest.mark.parametrize(
    "changes",
    [
        {"patch": 0},
        {"width": 0},
        {"heads": 0},
        {"blocks": 0},
        {"width": 12, "heads": 5},
        {"width": 6, "heads": 2},
        {"weakest": 0.0},
        {"weakest": 3.0, "strongest": 2.0},
        {"share": 1.5},
        {"bodies": -0.1},
        {"noise": -1.0},
        {"noise": float("nan")},
        {"epochs": 0},
        {"loss": "huber"},
    ],
)
def test_impossible_fields_are_refused(changes):
    with pytest.raises(ConfigError):
        Transformer(**changes)
