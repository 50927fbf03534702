"""The rule that learns nothing."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.stain_rule import StainRule
from normocyte.detectors.support.onnx_graph import count_parameters, run_graph
from normocyte.scores.dark_top_fraction import DarkTopFraction


@pytest.fixture
def ratios(cells):
    return cells(6, seed=4, channels=3)


@pytest.fixture
def rule(ratios, held_out):
    detector = StainRule()
    detector.fit(ratios, held_out, Training())
    return detector


def test_read_at_the_darkest_pixel_it_is_minus_the_least_green_ratio_up_to_a_constant(rule, ratios):
    ratios.masks[:, :, :3] = 0
    scores = DarkTopFraction(fraction=0.0).reduce(rule.maps(ratios), ratios.masks)
    np.testing.assert_allclose(scores, 1 - ratios.pixels[:, :, 3:, 1].min(axis=(1, 2)), rtol=1e-6)


def test_red_and_blue_have_no_say(rule, ratios):
    recoloured = Batch(ratios.pixels * np.array([0, 1, 9], np.float32), ratios.masks)
    np.testing.assert_array_equal(rule.maps(recoloured), rule.maps(ratios))


@pytest.mark.parametrize("value", [0, -5, np.nan, np.inf])
def test_the_graph_answers_the_median_whatever_it_sees(rule, value):
    seen = np.full((3, 8, 8, 3), value, np.float32)
    np.testing.assert_array_equal(run_graph(rule.graph_, seen), np.ones_like(seen))


def test_it_holds_no_learnt_number(rule):
    assert count_parameters(rule.graph_) == 0


def test_gray_cells_are_refused_with_a_way_out(cells):
    with pytest.raises(ConfigError, match="got 1; use stain_ratio before it and leave out grayscale"):
        StainRule().fit(cells(6, seed=1), cells(1, seed=2), Training())
