import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, ImageError
from normocyte.core.types import Sample
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.support.foreground import inscribed_ellipse, largest_piece, middle


def area_of_disc(radius: float) -> float:
    return np.pi * radius**2


@pytest.mark.parametrize("picture", ["padded_cell", "field_cell"])
def test_the_cell_is_found_in_padding_and_on_a_bright_field(request, picture):
    sample = request.getfixturevalue(picture)
    found = CellMask(erode=0).apply(sample)
    assert found.mask.sum() == pytest.approx(area_of_disc(0.42 * 128), rel=0.03)
    assert found.mask[51, 77] == 1
    np.testing.assert_array_equal(found.pixels, sample.pixels)


@pytest.mark.parametrize("erode", [1, 2, 5])
def test_each_erosion_takes_one_pixel_off(padded_cell, erode):
    eroded = CellMask(erode=erode).apply(padded_cell)
    assert eroded.mask[64].sum() == CellMask(erode=0).apply(padded_cell).mask[64].sum() - 2 * erode


def test_a_piece_of_a_neighbour_is_left_out(padded_cell):
    padded_cell.pixels[:6, :20] = 180
    assert CellMask().apply(padded_cell).mask[:8, :22].sum() == 0


def test_a_neighbour_that_touches_by_a_corner_is_left_out():
    pixels = np.zeros((40, 40, 3), np.float32)
    pixels[4:24, 4:24] = pixels[24:34, 24:34] = 150
    assert CellMask(erode=0).apply(Sample(pixels, np.ones((40, 40), np.uint8))).mask[26:, 26:].sum() == 0


def test_a_black_dot_in_the_cell_is_closed(padded_cell):
    padded_cell.pixels[64, 64] = 0
    assert CellMask().apply(padded_cell).mask[64, 64] == 1


def test_a_pale_centre_belongs_to_the_cell(field_cell):
    field_cell.pixels[56:72, 56:72] = 238
    assert CellMask().apply(field_cell).mask[56:72, 56:72].all()


@pytest.mark.parametrize(("picture", "method"), [("padded_cell", "padding"), ("field_cell", "otsu")])
def test_auto_is_padding_where_there_is_padding_and_otsu_elsewhere(request, picture, method):
    sample = request.getfixturevalue(picture)
    np.testing.assert_array_equal(CellMask().apply(sample).mask, CellMask(method).apply(sample).mask)


def test_otsu_finds_the_cell_in_padding_too(padded_cell):
    found = CellMask("otsu", erode=0).apply(padded_cell)
    assert found.mask.sum() == pytest.approx(area_of_disc(0.42 * 128), rel=0.03)


def test_what_did_not_count_is_no_cell(padded_cell):
    padded_cell.mask[:, 64:] = 0
    assert CellMask().apply(padded_cell).mask[:, 66:].sum() == 0


def test_the_inscribed_ellipse_keeps_neighbours_in_the_corners_out(field_cell):
    wide = Sample(field_cell.pixels[8:120], field_cell.mask[8:120])
    wide.pixels[:30, :30] = 120  # touches the cell
    assert CellMask(erode=0).apply(wide).mask[3:8, 3:8].all()
    inside = CellMask(erode=0, ellipse=True).apply(wide).mask
    assert not inside[:12, :12].any()
    assert inside[56].sum() == CellMask(erode=0).apply(wide).mask[56].sum()


@pytest.mark.parametrize("shape", [(2, 2), (40, 60), (61, 33)])
def test_the_inscribed_ellipse_touches_all_four_sides(shape):
    ellipse = inscribed_ellipse(shape)
    assert all(side.any() for side in (ellipse[0], ellipse[-1], ellipse[:, 0], ellipse[:, -1]))
    assert ellipse.sum() == pytest.approx(np.pi / 4 * ellipse.size, rel=0.03 if ellipse.size > 4 else 0.3)


@pytest.mark.parametrize("level", [0, 128])
def test_a_picture_without_a_cell_is_an_image_error(level):
    flat = Sample(np.full((50, 60, 3), level, np.float32), np.ones((50, 60), np.uint8))
    with pytest.raises(ImageError, match=r"No cell found: 0 pixels of 60 x 50 .* at least 30"):
        CellMask().apply(flat)


@given(st.integers(2, 30), st.integers(2, 30), st.floats(0.05, 0.95), st.integers(0, 2**32 - 1))
def test_the_largest_piece_is_the_one_that_labelling_finds(height, width, share, seed):
    mask = (np.random.default_rng(seed).random((height, width)) < share).astype(np.uint8)
    _, labels = cv2.connectedComponents(mask, connectivity=4)
    sizes = np.bincount(labels[mask > 0], minlength=1)
    piece = largest_piece(mask, middle(mask))
    assert piece.sum() == sizes.max()
    assert len(np.unique(labels[piece > 0])) <= 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"method": "magic"}, "method must be one of auto, padding, otsu, not 'magic'"),
        ({"erode": -1}, "erode must be a whole number from 0 to 20, not -1"),
    ],
)
def test_impossible_fields_are_refused(fields, message):
    with pytest.raises(ConfigError, match=message):
        CellMask(**fields)
