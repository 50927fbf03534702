import numpy as np
import pytest

from normocyte.core.errors import ConfigError, ImageError
from normocyte.core.types import Sample
from normocyte.preprocessing.normalise import Normalise


def test_unit_divides_by_255(padded_cell):
    np.testing.assert_allclose(Normalise().apply(padded_cell).pixels, padded_cell.pixels / 255)


def test_standard_gives_each_channel_of_the_cell_mean_0_and_deviation_1(small_cell):
    counted = Normalise("standard").apply(small_cell).pixels[small_cell.mask > 0]
    np.testing.assert_allclose(counted.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(counted.std(axis=0), 1, rtol=1e-5)


def test_minmax_spans_0_to_1_in_the_cell_and_nowhere_leaves_it(small_cell):
    small_cell.pixels[0, 0] = 255
    scaled = Normalise("minmax").apply(small_cell).pixels
    np.testing.assert_array_equal(scaled[small_cell.mask > 0].min(axis=0), [0, 0, 0])
    np.testing.assert_array_equal(scaled[small_cell.mask > 0].max(axis=0), [1, 1, 1])
    assert scaled.max() == 1


@pytest.mark.parametrize("level", [0, 0.1, 137.3])
@pytest.mark.parametrize("method", ["standard", "minmax"])
def test_one_grey_level_becomes_0(method, level):
    flat = Sample(np.full((9, 9, 3), level, np.float32), np.ones((9, 9), np.uint8))
    assert not Normalise(method).apply(flat).pixels.any()


def test_an_empty_mask_is_an_image_error(small_cell):
    with pytest.raises(ImageError, match="Nothing in this image counts"):
        Normalise("standard").apply(Sample(small_cell.pixels, np.zeros((64, 64), np.uint8)))


def test_an_unknown_rule_is_refused():
    with pytest.raises(ConfigError, match="method must be one of unit, standard, minmax, not 'z'"):
        Normalise("z")
