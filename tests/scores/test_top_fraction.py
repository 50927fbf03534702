import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from normocyte.core.errors import ConfigError
from normocyte.scores.dark_top_fraction import DarkTopFraction
from normocyte.scores.top_fraction import TopFraction

RAMP = np.arange(-5, 5, dtype=np.float32).reshape(1, 2, 5)
ALL = np.ones((1, 2, 5), np.uint8)


@pytest.mark.parametrize(("fraction", "expected"), [(0, 5), (0.1, 5), (0.11, 4.5), (0.5, 3.8), (1, 2.5)])
def test_the_largest_share_in_size_is_averaged(fraction, expected):
    assert TopFraction(fraction).reduce(RAMP, ALL) == pytest.approx(expected)


@pytest.mark.parametrize(("fraction", "expected"), [(0, 4), (0.1, 4), (0.11, 3.5), (0.3, 3), (1, -0.5)])
def test_only_darker_counts_in_the_dark_share(fraction, expected):
    assert DarkTopFraction(fraction).reduce(RAMP, ALL) == pytest.approx(expected)


def test_the_share_is_one_of_the_pixels_that_count():
    mask = ALL.copy()
    mask[0, 1, 3:] = 0
    assert DarkTopFraction(0.25).reduce(RAMP, mask) == pytest.approx(1.5)
    assert DarkTopFraction(0.25, masked=False).reduce(RAMP, mask) == pytest.approx(3)


@given(
    arrays(np.float32, (3, 4, 6), elements=st.floats(-9, 9, width=32)),
    arrays(np.uint8, (3, 4, 6), elements=st.integers(0, 2)),
    st.floats(0, 1),
)
def test_it_agrees_with_sorting_each_image(maps, masks, fraction):
    masks[:, 0, 0] = 1
    ordered = [np.sort(image[mask > 0])[::-1] for image, mask in zip(maps, masks, strict=True)]
    counts = [max(1, int(np.ceil(fraction * len(values) - 1e-9))) for values in ordered]
    expected = [values[:count].mean() for values, count in zip(ordered, counts, strict=True)]
    np.testing.assert_allclose(DarkTopFraction(fraction).reduce(maps, masks), expected, atol=1e-5)


@pytest.mark.parametrize("part", [TopFraction, DarkTopFraction])
@pytest.mark.parametrize("fraction", [-0.1, 1.5, float("nan")])
def test_a_fraction_that_is_no_share_is_refused(part, fraction):
    with pytest.raises(ConfigError, match=f"fraction must be a number from 0 to 1, not {fraction}"):
        part(fraction=fraction)
