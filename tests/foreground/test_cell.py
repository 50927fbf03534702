"""What is cell, in crops whose background is not exactly black."""

import cv2
import numpy as np
import pytest

from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import Sample
from normocyte.foreground.cell import found_cell, plain_cells
from normocyte.preprocessing.cell_mask import CellMask

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


def drawn(seed):
    """A crop in front of a background that is black, nearly black, coloured, noisy or not plain at all."""
    rng = np.random.default_rng(seed)
    pixels = crop(rng.choice([0, 0, 1, 6, 40, 255]))
    pixels[~DISC] += rng.integers(0, rng.choice([1, 2, 4, 60]), (int((~DISC).sum()), 3), dtype=np.uint8)
    pixels = jpeg(pixels, 80) if seed % 3 == 0 else pixels
    return cv2.resize(pixels, (32, 32), interpolation=cv2.INTER_AREA) if seed % 2 else pixels[::4, ::4].copy()


def test_many_pictures_together_show_the_same_cells_as_one_after_another():
    pictures = np.stack([drawn(seed) for seed in range(60)])
    masks, is_plain = plain_cells(np.moveaxis(pictures, -1, 0))
    for mask_of_many, plain, picture in zip(masks, is_plain, pictures, strict=True):
        cell = found_cell(picture)
        assert plain == bool(cell and (cell.is_dark or cell.is_exact))
        assert not plain or np.array_equal(mask_of_many, cell.sure)
    assert 0 < is_plain.sum() < len(is_plain)


@pytest.mark.parametrize("seed", range(12))
def test_the_distance_is_the_largest_difference_of_a_channel_to_the_background(seed):
    picture = drawn(seed)
    frame = np.concatenate((picture[0], picture[-1], picture[:, 0], picture[:, -1])).astype(int)
    dark = frame.max(axis=1) <= 0.1 * picture.max()
    background = np.median(frame[dark] if dark.mean() >= 0.05 else frame, axis=0).astype(int)
    cell = found_cell(picture)
    expected = np.abs(picture.astype(int) - background).max(axis=2)
    assert cell is None or np.array_equal(cell.distance, expected)


def test_whether_a_background_is_exact_is_the_same_with_and_without_the_level():
    for seed in range(60):
        cell = found_cell(drawn(seed))
        if cell:
            away = cv2.dilate(cell.sure, np.ones((5, 5), np.uint8)) == 0
            assert cell.is_exact == (np.count_nonzero(cell.distance[away]) <= 0.01 * away.sum())


def test_bytes_that_travel_with_a_sample_change_no_mask():
    pixels = jpeg(crop(4), 90)
    whole = np.ones(pixels.shape[:2], np.uint8)
    sample = Sample(pixels.astype(np.float32), whole, pixels)
    np.testing.assert_array_equal(CellMask(erode=0).apply(sample).mask, mask(pixels))
