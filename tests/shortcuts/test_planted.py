"""Each shortcut baseline sees what it is for, and measures it in units that can be checked by hand."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.inputs.stored import StoredFile, StoredImage
from normocyte.images.stored import stored_in
from normocyte.shortcuts.border import Border
from normocyte.shortcuts.burned_in import BurnedIn
from normocyte.shortcuts.colour_histogram import ColourHistogram
from normocyte.shortcuts.file_format import FileFormat
from normocyte.shortcuts.file_size import FileSize
from normocyte.shortcuts.gray_histogram import GrayHistogram
from normocyte.shortcuts.image_size import ImageSize
from normocyte.shortcuts.jpeg_quality import JpegQuality
from normocyte.shortcuts.near_duplicates import NearDuplicates
from normocyte.shortcuts.support.running import dilated, eroded, opened

FLAT = np.full((64, 48, 3), 100, np.uint8)


def smooth(seed, side=96):
    noise = np.random.default_rng(seed).normal(size=(side, side))
    blurred = cv2.GaussianBlur(noise, (0, 0), 6)
    gray = 120 + 60 * blurred / np.abs(blurred).max()
    return np.repeat(gray.astype(np.uint8)[..., None], 3, axis=2)


def jpeg(pixels, quality):
    data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    return stored_in(data, "image.jpg")


@pytest.mark.parametrize("depth", [1, 4, 10])
def test_a_frame_is_a_step_at_its_own_depth(depth):
    image = FLAT.copy()
    image[depth:-depth, depth:-depth] = 90
    steps = Border().measure(StoredImage(image))[:10]
    assert steps[depth - 1] == 10
    assert np.count_nonzero(steps) == 1


def test_padding_is_the_share_of_flat_lines():
    image = smooth(0)
    image[:12] = 0
    assert Border().measure(StoredImage(image))[-1] == pytest.approx(12 / (96 + 96))


@pytest.mark.parametrize("quality", [30, 50, 75, 95])
def test_the_quality_of_a_jpeg_is_read_from_its_table(quality):
    assert JpegQuality().measure(jpeg(smooth(1), quality))[0] == pytest.approx(quality, abs=2)


def test_blocks_stay_visible_in_a_png_of_a_jpeg():
    coarse = [JpegQuality().measure(StoredImage(jpeg(smooth(seed), 10).pixels))[1] for seed in range(5)]
    plain = [JpegQuality().measure(StoredImage(smooth(seed)))[1] for seed in range(5)]
    assert min(coarse) > max(plain)


@pytest.mark.parametrize("is_upright", [False, True])
@pytest.mark.parametrize("level", [255, 0])
def test_a_bar_near_the_margin_is_seen_with_its_contrast(is_upright, level):
    image = FLAT.copy()
    place = (slice(58, 60), slice(30, 44)) if not is_upright else (slice(40, 60), slice(43, 45))
    image[place] = level
    bright, dark, *_ = BurnedIn().measure(StoredImage(image))
    assert (bright, dark) == ((155, 0) if level else (0, 100))


def test_a_bar_is_not_lost_where_an_image_is_large():
    image = np.full((1500, 2000, 3), 100, np.uint8)
    image[1400:1402, 1500:1900] = 255
    assert BurnedIn().measure(StoredImage(image))[0] == 155


def test_bytes_are_counted_for_each_pixel():
    image = StoredImage(FLAT, StoredFile(64 * 48 * 2, "PNG"))
    assert FileSize().measure(image) == pytest.approx((np.log(2),))


def test_a_format_that_no_healthy_image_has_is_far_away():
    baseline = FileFormat()
    rows = [baseline.measure(StoredImage(FLAT, StoredFile(1, name))) for name in ("PNG", "JPEG")]
    baseline.fit(np.array([rows[0]] * 12))
    assert np.diff(baseline.score(np.array(rows))) > 1


def test_size_and_aspect_are_logarithms():
    assert ImageSize().measure(StoredImage(FLAT)) == pytest.approx((np.log(64 * 48), np.log(48 / 64)))


@settings(max_examples=10)
@given(rolled=st.integers(0, 95))
def test_a_histogram_does_not_see_where_a_pixel_is(rolled):
    image = smooth(2)
    moved = StoredImage(np.roll(image, rolled, axis=1))
    assert np.array_equal(GrayHistogram().measure(moved), GrayHistogram().measure(StoredImage(image)))


def test_a_gray_image_has_no_colours():
    assert not np.any(ColourHistogram().measure(StoredImage(FLAT)))
    tinted = FLAT + np.array([0, 20, 40], np.uint8)
    assert np.square(ColourHistogram().measure(StoredImage(tinted))).sum() == pytest.approx(3)


def test_a_copy_with_another_brightness_is_a_near_duplicate():
    baseline = NearDuplicates()
    learnt = [smooth(seed) for seed in range(3)]
    baseline.fit(np.array([baseline.measure(StoredImage(one)) for one in learnt]))
    asked = [learnt[1] + np.uint8(15), smooth(9)]
    assert baseline.score(np.array([baseline.measure(StoredImage(one)) for one in asked])).tolist() == [0, 1]


@settings(max_examples=30)
@given(length=st.integers(1, 9), axis=st.integers(0, 1), seed=st.integers(0, 99))
def test_running_extremes_are_those_of_every_window(length, axis, seed):
    plane = np.random.default_rng(seed).integers(0, 256, (9, 11)).astype(np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(plane, length, axis=axis)
    assert np.array_equal(eroded(plane, length, axis), windows.min(axis=-1))
    assert np.array_equal(dilated(plane, length, axis), windows.max(axis=-1))
    assert (opened(plane, length, axis) <= plane).all()
