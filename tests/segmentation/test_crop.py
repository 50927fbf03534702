"""A crop shows one cell on black, as the pipelines have learnt it."""

import numpy as np
import pytest

from normocyte.core.errors import ImageError
from normocyte.core.types import CellKind, Sample, SegmentedCell
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.segmentation.support.crop import crop
from normocyte.segmentation.watershed import Watershed


@pytest.fixture
def cell(field):
    """One whole cell of the drawn field."""
    return next(c for c in Watershed().segment(field[0]).cells if c.kind is CellKind.RED_CELL)


def test_the_crop_is_black_outside_the_mask_and_as_it_was_inside(field, cell):
    picture = crop(field[0], cell)
    own = field[0][cell.y : cell.y + cell.height, cell.x : cell.x + cell.width]
    assert (picture[~cell.mask] == 0).all()
    np.testing.assert_array_equal(picture[cell.mask], own[cell.mask])


def test_the_step_that_looks_for_the_cell_finds_the_mask(field, cell):
    picture = crop(field[0], cell).astype(np.float32)
    found = CellMask(erode=0).apply(Sample(picture, np.ones(cell.mask.shape, np.uint8))).mask > 0
    assert np.mean(found == cell.mask) > 0.97


def test_black_pixels_of_the_cell_are_not_taken_for_padding():
    black = SegmentedCell(2, 2, np.ones((5, 5), bool), CellKind.RED_CELL)
    assert (crop(np.zeros((9, 9, 3), np.uint8), black) == 1).all()


def test_a_cell_of_another_picture_is_refused(cell):
    with pytest.raises(ImageError, match="does not lie in the picture of 20 x 10"):
        crop(np.zeros((10, 20, 3), np.uint8), cell)
