"""What is cell, in crops whose background is not exactly black."""

import cv2
import numpy as np
import pytest

from normocyte.core.types import Sample
from normocyte.foreground.cell import found_cell
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.quality._thumbnails import Thumbnails

DISC = np.hypot(*(axis - 64 for axis in np.mgrid[:128, :128])) <= 50


def crop(background):
    pixels = np.full((128, 128, 3), background, np.uint8)
    pixels[DISC] = (210, 150, 155)
    pixels[60:68, 60:68] = (90, 40, 110)
    return pixels


def mask(pixels, erode=0):
    sample = Sample(pixels.astype(np.float32), np.ones(pixels.shape[:2], np.uint8))
    return CellMask(erode=erode).apply(sample).mask


def jpeg(pixels, quality):
    coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1].copy()


@pytest.mark.parametrize("background", [0, 1, 2, 4, 8, 255, 128, (0, 200, 0)])
def test_the_cell_is_the_same_before_every_plain_background(background):
    np.testing.assert_array_equal(mask(crop(background)), mask(crop(0)))


def test_noise_in_the_padding_is_no_cell():
    pixels = crop(0)
    noise = np.random.default_rng(0).integers(0, 4, pixels.shape, dtype=np.uint8)
    noisy = np.where(DISC[..., np.newaxis], pixels, noise)
    np.testing.assert_array_equal(mask(noisy, erode=1), mask(crop(0), erode=2))


@pytest.mark.parametrize("quality", [95, 90, 75])
def test_a_jpeg_keeps_the_cell_but_for_its_rim(quality):
    lossy = mask(jpeg(crop(0), quality), erode=1)
    assert not (lossy & ~DISC.astype(np.uint8) & 1).any()
    assert lossy.sum() >= 0.9 * DISC.sum()
    assert lossy[60:68, 60:68].all()


def test_a_black_pixel_in_the_cell_of_a_photo_stays_cell():
    pixels = crop(0)
    pixels[30:36, 60:66] = 1
    assert mask(pixels)[30:36, 60:66].all()


@pytest.mark.parametrize("background", [0, 4, 255, (0, 200, 0)])
def test_the_checks_of_quality_see_the_same_cell_as_the_step(background):
    small = cv2.resize(mask(crop(background)), (32, 32), interpolation=cv2.INTER_AREA)
    seen = Thumbnails.of([crop(background)]).masks[0]
    assert np.mean(seen != small) <= 0.05


def test_a_picture_without_a_plain_background_says_so():
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert found_cell(pixels) is None


def test_a_picture_of_one_colour_has_no_sure_cell():
    found = found_cell(np.full((40, 40, 3), 90, np.uint8))
    assert found is not None
    assert not found.sure.any()


def test_floats_and_bytes_show_the_same_cell():
    pixels = jpeg(crop(4), 90)
    one, other = found_cell(pixels), found_cell(pixels.astype(np.float32))
    np.testing.assert_array_equal(one.mask, other.mask)
    assert one.is_exact == other.is_exact
