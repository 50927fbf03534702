"""Heat 1 is the threshold, whatever the score."""

import numpy as np
import pytest

from normocyte.pipeline.heat import HeatScale
from normocyte.scores.dark_top_fraction import DarkTopFraction
from normocyte.scores.mean_absolute import MeanAbsolute
from normocyte.scores.mean_square import MeanSquare
from normocyte.scores.regional_tail import RegionalTail
from normocyte.scores.top_fraction import TopFraction

EVERYWHERE = np.ones((6, 5), np.uint8)
RESIDUAL = np.linspace(-3, 3, 30, dtype=np.float32).reshape(6, 5)
BY_SIZE = [(MeanSquare(), 4.0), (MeanAbsolute(), 2.0), (TopFraction(), 2.0)]


@pytest.fixture(scope="module")
def regional():
    """A score that has learnt that region 3 is three times as lively as region 2."""
    random = np.random.default_rng(0)
    masks = np.tile(np.array([[2, 3]], np.uint8).repeat(8, axis=1), (200, 8, 1))
    maps = np.abs(random.normal(size=masks.shape)) * np.where(masks == 3, 3, 1)
    score = RegionalTail()
    score.fit(maps.astype(np.float32), masks)
    return score


@pytest.mark.parametrize(("score", "cut"), BY_SIZE)
def test_a_score_of_sizes_measures_darker_and_paler_alike(score, cut):
    heat, has_cut = HeatScale(score, cut).heat(RESIDUAL, EVERYWHERE)
    assert has_cut
    assert heat == pytest.approx(np.abs(RESIDUAL) / 2, rel=1e-2)


def test_a_score_of_the_dark_leaves_what_is_paler_alone():
    heat, _ = HeatScale(DarkTopFraction(), 2.0).heat(RESIDUAL, EVERYWHERE)
    assert heat == pytest.approx(np.maximum(RESIDUAL, 0) / 2, rel=1e-2)


def test_a_region_is_measured_by_its_own_kind(regional):
    mask = np.repeat(np.array([[2, 3]], np.uint8), 8, axis=0)
    (quiet, lively), *_ = HeatScale(regional, 5.0).heat(np.full((8, 2), 2, np.float32), mask)[0]
    assert quiet > 2 * lively > 0


def test_a_region_at_heat_one_lies_at_the_cut(regional):
    scale, mask = HeatScale(regional, 5.0), np.full((8, 8), 2, np.uint8)
    heat = scale.heat(np.ones((8, 8), np.float32), mask)[0][0, 0]
    at_the_cut = np.full((1, 8, 8), 1 / heat, np.float32)
    assert regional.reduce(at_the_cut, mask[None]) == pytest.approx(5.0, abs=0.05)


def test_a_region_that_the_score_does_not_know_stays_cold(regional):
    mask = np.repeat(np.array([[2, 1]], np.uint8), 8, axis=0)
    assert not HeatScale(regional, 5.0).heat(np.full((8, 2), 9, np.float32), mask)[0][:, 1].any()


def test_nothing_is_hot_where_nothing_counts():
    heat, _ = HeatScale(MeanSquare(), 1.0).heat(RESIDUAL, np.zeros((6, 5), np.uint8))
    assert not heat.any()


@pytest.mark.parametrize("cut", [-1.0, float("inf")])
def test_without_a_cut_that_a_map_can_reach_the_own_largest_value_is_two(cut):
    heat, has_cut = HeatScale(MeanSquare(), cut).heat(RESIDUAL, EVERYWHERE)
    assert (has_cut, heat.max()) == (False, 2)
    assert HeatScale(MeanSquare(), cut).strength() == 0


def test_a_map_of_zeros_is_cold():
    assert not HeatScale(MeanSquare(), -1.0).heat(np.zeros((6, 5), np.float32), EVERYWHERE)[0].any()


def test_the_full_colour_of_a_difference_is_twice_the_cut():
    assert HeatScale(MeanSquare(), 4.0).strength() == pytest.approx(4.0, rel=1e-2)
