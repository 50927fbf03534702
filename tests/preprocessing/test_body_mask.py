"""The lit body of a slice is found by its intensity, and slices are cut to its box."""

import numpy as np
import pytest

from normocyte.core.errors import ImageError
from normocyte.core.types import Sample
from normocyte.preprocessing.body_mask import BodyMask
from normocyte.preprocessing.crop_to_mask import CropToMask


def slice_of(height=80, width=60, middle=(30, 25), half=(20, 12), channels=1):
    """A bright oval with a dark hole on a dark, noisy background, and a speck beside it."""
    down, right = np.mgrid[:height, :width]
    away = ((down - middle[0]) / half[0]) ** 2 + ((right - middle[1]) / half[1]) ** 2
    gray = np.where((away < 1) & (away > 0.05), 150.0, 8.0)
    gray[70:74, 50:54] = 200
    gray += np.random.default_rng(0).normal(0, 2, gray.shape)
    pixels = np.repeat(gray.astype(np.float32)[..., None], channels, axis=2)
    return Sample(pixels, np.ones((height, width), np.uint8)), away < 1


@pytest.mark.parametrize("channels", [1, 3])
def test_the_body_is_the_largest_lit_piece_with_its_holes_filled(channels):
    sample, body = slice_of(channels=channels)
    found = BodyMask().apply(sample).mask > 0
    assert np.mean(found != body) < 0.01
    assert found[30, 25]
    assert not found[72, 52]


def test_a_picture_that_is_lit_throughout_stays_whole():
    pixels = np.random.default_rng(0).uniform(100, 200, (50, 40, 1)).astype(np.float32)
    pixels[:, :2] = 0
    assert BodyMask(level=0.1).apply(Sample(pixels, np.ones((50, 40), np.uint8))).mask[10, 30] == 1


def test_a_picture_of_one_shade_has_no_body():
    blank = Sample(np.full((20, 20, 1), 90, np.float32), np.ones((20, 20), np.uint8))
    with pytest.raises(ImageError, match="nearly all pixels have the gray 90"):
        BodyMask().apply(blank)


def test_a_crop_is_the_box_of_the_body_with_its_margin():
    sample, body = slice_of()
    made = CropToMask(margin=0.1).apply(sample.with_mask(body.astype(np.uint8)))
    assert made.mask.shape == (39 + 2 * 4, 23 + 2 * 4)
    assert made.pixels.shape == (*made.mask.shape, 1)
    assert made.mask.sum() == body.sum()


def test_a_padded_crop_is_square_and_what_lies_beyond_the_picture_does_not_count():
    sample, body = slice_of(width=30, middle=(30, 12))
    made = CropToMask(margin=0, fit="pad").apply(sample.with_mask(body.astype(np.uint8)))
    assert made.mask.shape == (39, 39)
    assert made.mask.sum() == body.sum()
    np.testing.assert_array_equal(made.pixels[:, 0], made.pixels[:, 1])


def test_bodies_of_several_places_and_sizes_become_alike():
    boxes = [CropToMask().apply(BodyMask().apply(slice_of(middle=at)[0])).mask for at in ((30, 25), (40, 30))]
    assert abs(boxes[0].mean() - boxes[1].mean()) < 0.02


def test_a_crop_of_nothing_is_refused():
    with pytest.raises(ImageError):
        CropToMask().apply(Sample(np.zeros((9, 9, 1), np.float32), np.zeros((9, 9), np.uint8)))
