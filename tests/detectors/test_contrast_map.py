"""The map that learns nothing."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.contrast_map import ContrastMap
from normocyte.detectors.support.onnx_graph import run_graph


@pytest.fixture
def contrast():
    pixels = np.random.default_rng(1).normal(size=(3, 8, 8, 1)).astype(np.float32)
    return Batch(pixels, np.ones((3, 8, 8), np.uint8))


def test_the_map_is_the_picture_itself(contrast):
    np.testing.assert_array_equal(ContrastMap().maps(contrast), contrast.pixels[..., 0])


def test_where_darker_is_lower_the_map_is_the_picture_upside_down(contrast):
    np.testing.assert_array_equal(ContrastMap("lower").maps(contrast), -contrast.pixels[..., 0])


def test_its_graph_expects_nothing_anywhere(contrast):
    detector = ContrastMap()
    detector.fit(contrast, contrast, Training())
    assert not run_graph(detector.graph_, contrast.pixels).any()


def test_no_cells_are_refused(contrast):
    nobody = contrast.take(np.arange(0))
    with pytest.raises(TrainingError, match="got 0 healthy cells"):
        ContrastMap().fit(nobody, nobody, Training())


def test_an_impossible_direction_is_refused():
    with pytest.raises(ConfigError, match="not 'darker'"):
        ContrastMap("darker")
