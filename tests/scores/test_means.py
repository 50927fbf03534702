import numpy as np
import pytest

from normocyte.scores.mean import Mean
from normocyte.scores.mean_absolute import MeanAbsolute
from normocyte.scores.mean_square import MeanSquare

MAPS = np.array([[[1, -3], [100, 2]], [[0, 0], [7, 0]]], np.float32)
MASKS = np.array([[[1, 4], [0, 1]], [[1, 1], [0, 1]]], np.uint8)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (MeanSquare(), [14 / 3, 0]),
        (MeanAbsolute(), [2, 0]),
        (Mean(), [0, 0]),
        (MeanSquare(masked=False), [10014 / 4, 49 / 4]),
        (MeanAbsolute(masked=False), [106 / 4, 7 / 4]),
        (Mean(masked=False), [100 / 4, 7 / 4]),
    ],
)
def test_the_mean_is_taken_over_what_counts(score, expected):
    np.testing.assert_allclose(score.reduce(MAPS, MASKS), expected)


def test_many_small_errors_are_summed_without_loss():
    maps = np.full((1, 1000, 1000), 1e-3, np.float32)
    assert MeanSquare().reduce(maps, np.ones(maps.shape, np.uint8)) == pytest.approx(1e-6, rel=1e-6)
