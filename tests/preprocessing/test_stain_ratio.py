import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.core.types import Sample
from normocyte.preprocessing.stain_ratio import StainRatio


def test_the_cell_is_one_the_parasite_less_and_the_background_one(small_cell):
    ratio = StainRatio().apply(small_cell)
    assert ratio.pixels[32, 20] == pytest.approx([1, 1, 1])
    assert ratio.pixels[25, 38] == pytest.approx([140 / 210, 60 / 150, 130 / 155])
    assert ratio.pixels[0, 0] == pytest.approx([1, 1, 1])


def test_a_bright_spot_is_clipped(small_cell):
    small_cell.pixels[40, 30] = 255
    assert StainRatio(maximum=1.1).apply(small_cell).pixels.max() == pytest.approx(1.1)


@given(st.tuples(*[st.floats(0.3, 1.1)] * 3))
def test_gain_of_each_channel_cancels(gains):
    pixels = np.random.default_rng(0).uniform(60, 220, (20, 20, 3)).astype(np.float32)
    mask = np.ones((20, 20), np.uint8)
    changed = StainRatio().apply(Sample(pixels * np.float32(gains), mask))
    np.testing.assert_allclose(changed.pixels, StainRatio().apply(Sample(pixels, mask)).pixels, rtol=1e-5)


def test_a_maximum_below_the_median_is_refused():
    with pytest.raises(ConfigError, match=r"maximum must be a number from 1 to 100, not 0\.5"):
        StainRatio(maximum=0.5)
