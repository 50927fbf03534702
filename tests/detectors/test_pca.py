"""The linear counterpart of an autoencoder."""

import sys

import numpy as np
import pytest
from sklearn.decomposition import PCA

from normocyte.core.errors import ConfigError, MissingExtraError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.pca import Pca
from normocyte.detectors.support.onnx_graph import count_parameters

ALL_ALIKE = Batch(np.full((20, 8, 8, 1), 0.3, np.float32), np.ones((20, 8, 8), np.uint8))


@pytest.fixture
def fitted(healthy, held_out):
    detector = Pca(components=5)
    detector.fit(healthy, held_out, Training(1))
    return detector


def test_it_gives_back_what_scikit_learn_gives_back(fitted, healthy, cells):
    strange = cells(9, seed=7)
    model = PCA(5, svd_solver="full").fit(healthy.pixels.reshape(32, -1))
    expected = model.inverse_transform(model.transform(strange.pixels.reshape(9, -1)))
    np.testing.assert_allclose(fitted.expected(strange).reshape(9, -1), expected, atol=0.02)


def test_as_many_components_as_pixel_values_leave_nothing_over(cells, held_out):
    detector, many = Pca(components=64), cells(80, seed=1)
    detector.fit(many, held_out, Training())
    np.testing.assert_allclose(detector.maps(many), 0, atol=1e-5)


def test_its_parameters_are_the_mean_and_the_components(fitted):
    assert count_parameters(fitted.graph_) == 64 + 5 * 64


def test_darker_is_turns_the_sign(fitted, healthy, held_out):
    turned = Pca(components=5, darker_is="lower")
    turned.fit(healthy, held_out, Training(1))
    np.testing.assert_array_equal(turned.maps(held_out), -fitted.maps(held_out))


def test_it_needs_no_held_out_cells(healthy, cells):
    detector = Pca(components=5)
    detector.fit(healthy, cells(0, seed=1), Training())
    assert detector.graph_


def test_cells_that_are_all_alike_are_given_back():
    detector = Pca(components=2)
    detector.fit(ALL_ALIKE, ALL_ALIKE, Training())
    np.testing.assert_allclose(detector.maps(ALL_ALIKE), 0, atol=1e-6)


@pytest.mark.parametrize(("components", "number"), [(5, 5), (5, 0), (65, 80)])
def test_too_few_cells_or_pixels_for_the_components_are_refused(cells, held_out, components, number):
    with pytest.raises(
        TrainingError, match=f"{components} components .*got {number} cells of 64 values; lower"
    ):
        Pca(components=components).fit(cells(number, seed=1), held_out, Training())


def test_pixels_that_are_not_numbers_are_refused_with_their_count(cells, held_out):
    broken = cells(20, seed=1)
    broken.pixels[3, 0, :2] = np.inf
    with pytest.raises(TrainingError, match="2 pixel values of the healthy cells are not finite"):
        Pca(components=5).fit(broken, held_out, Training())


@pytest.mark.parametrize(
    "fields", [{"components": 0}, {"components": -3}, {"darker_is": "up"}, {"reading": "red"}]
)
def test_impossible_fields_are_refused(fields):
    with pytest.raises(ConfigError, match=str(next(iter(fields.values())))):
        Pca(**fields)


def test_without_scikit_learn_the_install_line_is_given(healthy, held_out, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.decomposition", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'normocyte\[train\]'"):
        Pca(components=5).fit(healthy, held_out, Training())
