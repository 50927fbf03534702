import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from normocyte.core.errors import ConfigError
from normocyte.core.types import Sample
from normocyte.preprocessing.erode_mask import ErodeMask


@pytest.mark.parametrize("distance", [0, 1, 1.5, 4, 9.3])
def test_what_lies_deeper_than_the_distance_stays(small_cell, distance):
    expected = distance_transform_edt(small_cell.mask) > distance
    np.testing.assert_array_equal(
        ErodeMask(distance).apply(small_cell).mask, expected & (small_cell.mask > 0)
    )


def test_the_edge_of_the_picture_is_a_border():
    whole = Sample(np.zeros((10, 10, 1), np.float32), np.ones((10, 10), np.uint8))
    assert ErodeMask(1).apply(whole).mask.sum() == 64


def test_region_names_stay(small_cell):
    named = Sample(small_cell.pixels, small_cell.mask * np.uint8(5))
    assert set(np.unique(ErodeMask(2).apply(named).mask)) == {0, 5}


def test_a_negative_distance_is_refused():
    with pytest.raises(ConfigError, match="distance must be a number from 0 to 100, not -1"):
        ErodeMask(-1)
