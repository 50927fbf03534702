import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Sample
from normocyte.preprocessing.grayscale import Grayscale


def test_colours_become_their_luminance(padded_cell):
    gray = Grayscale().apply(padded_cell)
    expected = padded_cell.pixels @ np.array([0.299, 0.587, 0.114], np.float32)
    np.testing.assert_allclose(gray.pixels[..., 0], expected, atol=0.01)


def test_gray_stays_as_it_is(padded_cell):
    once = Grayscale().apply(padded_cell)
    np.testing.assert_array_equal(Grayscale().apply(once).pixels, once.pixels)


def test_two_channels_are_refused():
    sample = Sample(np.zeros((8, 8, 2), np.float32), np.ones((8, 8), np.uint8))
    with pytest.raises(ConfigError, match=r"needs 3 colour channels .* but got 2"):
        Grayscale().apply(sample)
