"""Lossy compression is told from blur by the background, and is no reason by itself to refuse a cell."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from normocyte.cell_checks.gate import COMPRESSION, Gate
from normocyte.cell_checks.support.lossy import Compression, compression_of, jpeg_copy
from normocyte.wording.causes import sentences
from tests.cell_checks.conftest import every_check

DISC = np.hypot(*(axis - 64 for axis in np.mgrid[:128, :128])) <= 50


def cell(seed, background=0):
    """A drawn crop of a cell with the grain of a camera, in front of a background of one colour."""
    rng = np.random.default_rng(seed)
    grain = (
        rng.normal(0, 3, (128, 128, 1))
        + cv2.GaussianBlur(rng.normal(0, 30, (128, 128, 1)), (0, 0), 3)[..., None]
    )
    inside = np.clip(np.array([205, 150, 160]) + grain, 0, 255).astype(np.uint8)
    return np.where(DISC[..., np.newaxis], inside, np.uint8(background))


def webp(pixels, quality):
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "WEBP", quality=quality)
    return np.asarray(Image.open(content).convert("RGB"))


def blurred(pixels, sigma):
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


@pytest.mark.parametrize("quality", [75, 85, 95])
@pytest.mark.parametrize("background", [0, 4, 255])
def test_a_jpeg_shows_its_ringing(quality, background):
    assert compression_of(jpeg_copy(cell(0, background), quality)) is Compression.RINGING


@pytest.mark.parametrize("quality", [30, 50])
def test_a_lossy_webp_shows_that_it_was_compressed(quality):
    assert compression_of(webp(cell(0), quality)) is not Compression.NONE


@pytest.mark.parametrize("background", [0, 4, 255])
@pytest.mark.parametrize("sigma", [1.3, 2.6, 3.9])
def test_a_blur_is_no_compression(background, sigma):
    assert compression_of(blurred(cell(0, background), sigma)) is Compression.NONE


def test_noise_in_the_padding_does_not_ring():
    noise = np.random.default_rng(0).integers(0, 4, (128, 128, 3), dtype=np.uint8)
    assert compression_of(np.where(DISC[..., np.newaxis], cell(0), noise)) is not Compression.RINGING


@pytest.mark.parametrize("shape", [(1, 1), (2, 40), (40, 40)])
def test_a_picture_without_a_cell_shows_no_compression(shape):
    assert compression_of(np.full((*shape, 3), 90, np.uint8)) is Compression.NONE


@pytest.fixture(scope="module")
def learnt():
    """A gate that has learnt from 100 grainy cells."""
    gate = Gate(every_check())
    gate.fit([cell(seed) for seed in range(100)], patients=10)
    return gate


def test_jpegs_of_healthy_cells_pass(learnt):
    others = [jpeg_copy(cell(seed), 75) for seed in range(200, 260)]
    assert learnt.causes(others) == [None] * 60


def test_the_range_without_compression_is_that_of_the_cells_alone(learnt):
    alone = Gate(learnt.checks)
    alone.learn(alone.measures([cell(seed) for seed in range(100)]), patients=10)
    np.testing.assert_array_equal(alone.limits_, learnt.limits_)
    detail = [measure.name for measure in learnt.known].index("detail")
    assert learnt.jpeg_limits_[0, detail] < alone.limits_[0, detail]


def test_a_blurred_cell_is_refused_for_that_and_a_compressed_one_for_its_compression(learnt):
    (blur,) = sentences(learnt.causes([blurred(cell(7), 3)]))
    (lost,) = sentences(learnt.causes([webp(blurred(cell(7), 1.2), 40)]))
    assert "too blurred" in blur
    assert "too little detail, lost to lossy compression or blur" in lost


def test_a_jpeg_that_is_refused_is_told_the_range_of_jpegs(learnt):
    (reason,) = sentences(learnt.causes([jpeg_copy((cell(7) * 0.3).astype(np.uint8), 75)]))
    colour = [measure.name for measure in learnt.known].index("colour")
    assert f"healthy cells {learnt.jpeg_limits_[0, colour]:.3g} and more" in reason


def test_what_was_described_before_is_refused_alike(learnt):
    images = [cell(7), jpeg_copy(cell(7), 75), blurred(cell(7), 3), jpeg_copy(blurred(cell(7), 3), 75)]
    assert learnt.causes_of(learnt.described(images)) == learnt.causes(images)


def test_copies_are_described_only_where_they_show_compression(learnt):
    assert set(learnt.copies([cell(7)] * 5)[COMPRESSION]) == {Compression.RINGING}
    assert len(learnt.copies([np.full((60, 60, 3), 90, np.uint8)])[COMPRESSION]) == 0


def test_a_gate_of_old_has_one_range(learnt):
    gate = Gate(learnt.checks)
    gate.restore({"limits": learnt.limits_})
    np.testing.assert_array_equal(gate.jpeg_limits_, learnt.limits_)
