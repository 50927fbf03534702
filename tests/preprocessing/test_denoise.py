import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Sample
from normocyte.preprocessing.denoise import Denoise


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("method", ["median", "gaussian", "bilateral"])
@pytest.mark.parametrize("channels", [1, 3])
def test_noise_becomes_smaller(method, size, channels):
    noise = np.random.default_rng(1).normal(100, 5, (40, 40, channels)).astype(np.float32)
    smooth = Denoise(method, size).apply(Sample(noise, np.ones((40, 40), np.uint8)))
    assert smooth.pixels.shape == noise.shape
    assert smooth.pixels.std() < 0.8 * noise.std()


def test_the_median_removes_a_speck(padded_cell):
    padded_cell.pixels[64, 64] = 0
    assert Denoise("median").apply(padded_cell).pixels[64, 64, 0] == 210


def test_bilateral_keeps_an_edge_that_gaussian_blurs(padded_cell):
    row = padded_cell.pixels[64, :, 0]
    edge = np.argmax(row > 0)
    kept = Denoise("bilateral", 5).apply(padded_cell).pixels[64, edge, 0]
    blurred = Denoise("gaussian", 5).apply(padded_cell).pixels[64, edge, 0]
    assert row[edge] - kept < 1 < row[edge] - blurred


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"method": "mean"}, "method must be one of median, gaussian, bilateral, not 'mean'"),
        ({"size": 4}, "size must be one of 3, 5, not 4"),
        ({"strength": 0.0}, "strength must be a number from 0.001 to 1000, not 0.0"),
    ],
)
def test_impossible_fields_are_refused(fields, message):
    with pytest.raises(ConfigError, match=message):
        Denoise(**fields)
