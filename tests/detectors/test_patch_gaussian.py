"""A Gaussian of healthy patches for every depth."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.patch_gaussian import PatchGaussian
from normocyte.detectors.support.onnx_graph import count_parameters

ONE_PIXEL = {"windows": (1,), "components": 1, "step": 1}


def ringed(number: int) -> Batch:
    """Cells of 12 x 12 pixels in a frame of zeros, calm in the middle and restless in a ring of 3 pixels."""
    pixels = np.random.default_rng(1).normal(0.5, 0.2, (number, 16, 16, 1)).astype(np.float32)
    pixels[:, 5:-5, 5:-5] = np.random.default_rng(2).normal(0.5, 0.02, (number, 6, 6, 1))
    masks = np.zeros((number, 16, 16), np.uint8)
    masks[:, 2:-2, 2:-2] = 1
    return Batch(pixels * masks[..., np.newaxis], masks)


@pytest.mark.parametrize("distance", ["dark_spot", "full"])
def test_one_pixel_is_judged_in_standard_deviations(distance, healthy, held_out):
    detector = PatchGaussian(**ONE_PIXEL, classes=1, distance=distance)
    detector.fit(healthy, held_out, Training(1))
    expected = (held_out.pixels - healthy.pixels.mean()) / healthy.pixels.std(ddof=1)
    np.testing.assert_allclose(detector.maps(held_out), expected[..., 0], rtol=1e-3, atol=1e-4)


def test_the_full_distance_is_that_of_mahalanobis(cells, held_out):
    detector, many = (
        PatchGaussian((1,), 3, step=1, classes=1, shrinkage=0, distance="full"),
        cells(50, 1, channels=3),
    )
    detector.fit(many, many, Training(1))
    apart = many.pixels.reshape(-1, 3) - many.pixels.mean(axis=(0, 1, 2))
    squares = np.einsum("ij,jk,ik->i", apart, np.linalg.inv(np.cov(apart.T)), apart)
    np.testing.assert_allclose(detector.maps(many).ravel() ** 2, squares, rtol=1e-2, atol=1e-3)


def test_the_map_is_positive_where_it_is_darker(healthy, held_out):
    turned = PatchGaussian(components=4, distance="full", classes=1, darker_is="lower")
    turned.fit(healthy, held_out, Training(1))
    assert turned.maps(Batch(np.full((1, 8, 8, 1), -1, np.float32), held_out.masks[:1])).min() > 0


def test_each_depth_is_judged_by_its_own(held_out):
    detector, cells = PatchGaussian(**ONE_PIXEL, classes=3, depth_window=7), ringed(60)
    detector.fit(cells, held_out, Training(1))
    maps = detector.maps(Batch(cells.pixels + np.float32(0.1) * cells.masks[..., np.newaxis], cells.masks))
    assert maps[:, 8, 8].mean() > 2 * maps[:, 3, 3].mean()


def test_shrinkage_one_forgets_how_features_hang_together(cells):
    many = cells(50, 1, channels=3)
    many.pixels[..., 1] = many.pixels[..., 0]
    detector = PatchGaussian((1,), 3, step=1, classes=1, shrinkage=1, distance="full")
    detector.fit(many, many, Training(1))
    apart = many.pixels.reshape(-1, 3) - many.pixels.mean(axis=(0, 1, 2))
    variance = apart.var(axis=0, ddof=1).mean()
    np.testing.assert_allclose(detector.maps(many).ravel() ** 2, (apart**2).sum(axis=1) / variance, rtol=1e-2)


def test_too_few_patches_for_the_features_are_refused(cells, held_out):
    with pytest.raises(TrainingError, match="class 1 has 16 healthy patches, but a Gaussian of 16 features"):
        PatchGaussian(windows=(5,), components=16, classes=1).fit(cells(1, seed=1), held_out, Training(1))


def test_its_parameters_are_kernels_filters_and_offsets(healthy, held_out):
    detector = PatchGaussian(windows=(3,), components=4, classes=1)
    detector.fit(healthy, held_out, Training(1))
    assert count_parameters(detector.graph_) == 4 * 9 + 4 + 1


@pytest.mark.parametrize("fields", [{"classes": 0}, {"shrinkage": -0.1}, {"shrinkage": 1.1}])
def test_impossible_fields_are_refused(fields):
    with pytest.raises(ConfigError, match=str(next(iter(fields.values())))):
        PatchGaussian(**fields)
