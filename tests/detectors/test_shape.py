"""The backbone shape: numbers of one outline."""

import cv2
import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch
from normocyte.detectors.backbones.shape import Shape
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_gaussian import FeatureGaussian
from normocyte.detectors.feature_maps.encoder import encoder_for
from normocyte.scores.mean import Mean

SHARE, HU, ECCENTRICITY, HARMONICS, SOLIDITY, RINGS = 0, slice(1, 5), 5, slice(6, 14), 14, slice(15, 23)


def drawn(axes, angle=0.0, inside=150, middle=None, outside=230):
    """An ellipse on a plain background, 64 x 64, perhaps with another brightness in its middle."""
    image = np.full((64, 64, 3), outside, np.uint8)
    cv2.ellipse(image, (32, 32), axes, angle, 0, 360, (inside,) * 3, -1)
    if middle is not None:
        cv2.circle(image, (32, 32), min(axes) // 2, (middle,) * 3, -1)
    return image


def numbers(*images):
    """The 23 numbers of each image."""
    batch = batch_of(images)
    (rows, _), *_ = encoder_for(Shape().features(), batch, is_smooth=False).places(batch, Training())
    return rows[:, 0, 0]


def batch_of(images):
    pixels = np.stack(images).astype(np.float32)
    return Batch(pixels, np.ones(pixels.shape[:3], np.uint8))


def test_the_share_is_the_root_of_the_area():
    (circle,) = numbers(drawn((16, 16)))
    assert circle[SHARE] == pytest.approx(np.sqrt(np.pi * 16.5**2) / 64, abs=0.01)


def test_a_circle_is_round_filled_and_even_and_an_ellipse_is_long():
    circle, ellipse = numbers(drawn((18, 18)), drawn((24, 12)))
    assert circle[ECCENTRICITY] < 0.02
    assert ellipse[ECCENTRICITY] == pytest.approx((4 - 1) / (4 + 1), abs=0.05)
    assert circle[SOLIDITY] == pytest.approx(1, abs=0.05)
    assert np.abs(circle[RINGS]).max() < 0.02
    assert ellipse[HARMONICS][1] > 5 * circle[HARMONICS].max()


def test_nothing_changes_when_the_image_is_turned_or_mirrored():
    image = drawn((24, 12), angle=20, middle=190)
    cv2.circle(image, (44, 40), 8, (150, 150, 150), -1)
    turned = numbers(image, np.rot90(image), np.rot90(image, 2), image[:, ::-1])
    np.testing.assert_allclose(turned, np.broadcast_to(turned[0], turned.shape), atol=2e-3)


def test_dark_on_bright_and_bright_on_dark_have_the_same_outline():
    dark, bright = numbers(drawn((20, 12)), drawn((20, 12), inside=200, outside=0))
    np.testing.assert_allclose(dark[: RINGS.start], bright[: RINGS.start], atol=1e-4)


def test_a_pale_middle_is_seen_in_the_first_rings():
    pale, even = numbers(drawn((20, 20), middle=200), drawn((20, 20)))
    assert pale[RINGS][0] > 0.1 > np.abs(even[RINGS]).max()
    assert pale[RINGS][-2] < 0


def test_images_without_any_outline_have_finite_numbers():
    flat, dark, white = (np.full((64, 64, 3), level, np.uint8) for level in (128, 0, 255))
    assert np.isfinite(numbers(flat, dark, white)).all()


def test_a_cell_of_another_shape_is_far_from_healthy_ones():
    rng = np.random.default_rng(0)
    healthy = [drawn((size, size + rng.integers(-1, 2)), middle=190) for size in rng.integers(16, 22, 40)]
    detector = FeatureGaussian("shape", areas=1)
    detector.fit(batch_of(healthy), batch_of(healthy), Training())
    usual, odd = batch_of(healthy), batch_of([drawn((27, 8)), drawn((18, 18))])
    scores = [Mean().reduce(detector.maps(batch), batch.masks) for batch in (usual, odd)]
    assert scores[1].min() > scores[0].max()


def test_it_has_one_place_and_no_layers():
    with pytest.raises(ConfigError, match=r"cannot be divided into areas = 4 x 4; choose one of 1\."):
        FeatureGaussian("shape", areas=4).fit(
            batch_of([drawn((9, 9))] * 5), batch_of([drawn((9, 9))]), Training()
        )
    with pytest.raises(ConfigError, match="shape has no layers"):
        Shape().features(("outline",))
