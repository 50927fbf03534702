"""Numbers of several members become one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.pipeline.fusion import Fusion

HEALTHY = np.random.default_rng(1).exponential(size=(2000, 2)) * [1, 50]


@pytest.fixture(params=["sum", "max"])
def fusion(request):
    learnt = Fusion(request.param)
    learnt.fit(HEALTHY)
    return learnt


def test_members_of_any_scale_have_the_same_say(fusion):
    swapped = Fusion(fusion.way)
    swapped.fit(HEALTHY[:, ::-1])
    scores = np.random.default_rng(2).exponential(size=(50, 2)) * [3, 150]
    np.testing.assert_allclose(fusion.fuse(scores), swapped.fuse(scores[:, ::-1]))


@pytest.mark.parametrize(("way", "fused"), [("sum", np.log(10) + np.log(2)), ("max", np.log(10))])
def test_the_number_is_made_of_how_rare_each_score_is(way, fused):
    fusion = Fusion(way)
    fusion.fit(HEALTHY)
    scores = np.array([[np.quantile(HEALTHY[:, 0], 0.9), np.quantile(HEALTHY[:, 1], 0.5)]])
    assert fusion.fuse(scores)[0] == pytest.approx(fused, rel=0.01)


def test_a_member_of_less_weight_decides_only_where_it_is_so_much_rarer():
    fusion = Fusion("max", weights=(1.0, 0.125))
    fusion.fit(HEALTHY)
    common, rare = (np.quantile(HEALTHY[:, 1], share) for share in (0.8, 0.99))
    usual = np.quantile(HEALTHY[:, 0], 0.5)
    found = fusion.fuse(np.array([[usual, common], [usual, rare]]))
    assert found[0] == pytest.approx(np.log(2), rel=0.01)
    assert found[1] == pytest.approx(np.log(100 / 8), rel=0.1)


def test_in_a_sum_a_weight_is_a_share_of_the_say():
    fusion = Fusion("sum", weights=(1.0, 0.5))
    fusion.fit(HEALTHY)
    scores = np.array([[np.quantile(HEALTHY[:, member], 0.9) for member in (0, 1)]])
    assert fusion.fuse(scores)[0] == pytest.approx(1.5 * np.log(10), rel=0.01)


def test_weights_are_one_for_each_member():
    with pytest.raises(ConfigError, match="has 2 members and 3 weights; give each member one"):
        Fusion(weights=(1.0, 1.0, 1.0)).fit(HEALTHY)


@given(scores=st.lists(st.floats(-10, 1e6), min_size=2, max_size=20), more=st.floats(0, 1e6))
def test_a_higher_score_of_a_member_never_lowers_the_number(scores, more):
    fusion = Fusion()
    fusion.fit(HEALTHY)
    table = np.stack([np.array(scores), np.full(len(scores), 20.0)], axis=1)
    assert (fusion.fuse(table + np.array([more, 0])) >= fusion.fuse(table)).all()


def test_a_cell_without_a_score_from_a_member_has_none(fusion):
    assert np.isnan(fusion.fuse(np.array([[1.0, np.nan], [np.nan, 1.0], [1.0, 1.0]]))).tolist() == [1, 1, 0]


@pytest.mark.parametrize("share", [0.3, 0.03, 0.01])
def test_the_level_is_exceeded_by_its_share_of_healthy_cells(fusion, share):
    assert (HEALTHY[:, 0] > fusion.level(share)).mean() == pytest.approx(share, rel=0.25)


def test_what_was_learnt_comes_back(fusion):
    other = Fusion(fusion.way)
    other.restore(fusion.learnt())
    np.testing.assert_array_equal(other.fuse(HEALTHY), fusion.fuse(HEALTHY))


def test_healthy_cells_that_all_score_the_same_give_finite_numbers():
    fusion = Fusion()
    fusion.fit(np.ones((30, 2)))
    assert np.isfinite(fusion.fuse(np.array([[0.0, 1.0], [2.0, 1.0]]))).all()


def test_too_few_healthy_cells_an_unknown_way_and_no_fit_are_refused():
    with pytest.raises(TrainingError, match="got 19 healthy cells"):
        Fusion().fit(np.vstack([np.ones((19, 2)), np.full((9, 2), np.nan)]))
    with pytest.raises(ConfigError, match="way must be one of sum, max, not 'product'"):
        Fusion("product")
    with pytest.raises(TrainingError, match="fit it before it scores"):
        Fusion().fuse(np.ones((2, 2)))
