import numpy as np
import pytest

from normocyte.core.errors import BundleError, ConfigError, TrainingError
from normocyte.scores.regional_tail import RegionalTail


def fitted(healthy) -> RegionalTail:
    score = RegionalTail()
    score.fit(*healthy)
    return score


def test_a_spot_weighs_more_where_healthy_cells_are_quiet(healthy, regions):
    maps, masks = healthy
    loud = np.where(regions == 3, 10 * maps, maps)
    score = fitted((loud, masks))
    rim, core = np.zeros((2, 24, 24), np.float32)
    rim[regions == 3] = core[regions == 6] = 0.6
    at_rim, in_core = score.reduce(np.stack([rim, core]), masks[:2])
    assert at_rim < 2 < -np.log(0.03) < in_core


def test_the_rim_of_an_appendage_has_no_say(healthy, regions):
    maps, masks = healthy
    spot = np.where(regions == 1, np.float32(9), maps[:1])
    score = fitted(healthy)
    np.testing.assert_array_equal(score.reduce(spot, masks[:1]), score.reduce(maps[:1], masks[:1]))


def test_the_value_of_a_region_is_the_mean_of_its_six_largest(healthy, regions):
    values, has_any = RegionalTail()._values(healthy[0][:1], healthy[1][:1], np.arange(2, 7))
    expected = [np.sort(healthy[0][0][regions == name])[-6:].mean() for name in range(2, 7)]
    np.testing.assert_allclose(values[0], expected, rtol=1e-6)
    assert has_any.all()


@pytest.mark.parametrize(("pixels", "expected"), [(0, -1), (2, -1), (3, 5), (5, 4), (6, 3.5), (7, 3.5)])
def test_a_region_of_few_pixels_is_averaged_whole_or_left_out(pixels, expected):
    mask = np.zeros((1, 2, 10), np.uint8)
    mask[0, 0, :pixels] = 2
    maps = np.array([[[6, 5, 4, 3, 2, 1, 0, 9, 9, 9], [9] * 10]], np.float32)
    assert RegionalTail()._values(maps, mask, np.array([2]))[0][0, 0] == expected


def test_without_names_the_whole_mask_is_one_region(healthy):
    maps, masks = healthy
    plain = (masks > 0).astype(np.uint8)
    score = fitted((maps, plain))
    assert score.learnt()["regions"].tolist() == [1]
    dark = np.where(plain[:1] > 0, np.float32(1), np.float32(0))
    assert score.reduce(dark, plain[:1]) > -np.log(0.03)


def test_names_do_not_matter_to_a_score_fitted_without(healthy):
    maps, masks = healthy
    plain = (masks > 0).astype(np.uint8)
    score = fitted((maps, plain))
    np.testing.assert_array_equal(score.reduce(maps, masks), score.reduce(maps, plain))


def test_a_mask_without_the_names_it_was_fitted_with_is_not_assessable(healthy):
    maps, masks = healthy
    assert np.isnan(fitted(healthy).reduce(maps[:2], np.minimum(masks[:2], 1))).all()


def test_what_it_keeps_is_compact(healthy):
    maps, masks = (np.tile(part, (50, 1, 1)) for part in healthy)
    learnt = fitted((maps, masks)).learnt()
    assert {name: values.shape for name, values in learnt.items()} == {
        "regions": (5,),
        "grid": (5, 1000),
        "spread": (5,),
    }


def test_a_second_fit_forgets_the_first(healthy):
    score = fitted((healthy[0] * 7, healthy[1]))
    score.fit(*healthy)
    np.testing.assert_array_equal(score.learnt()["grid"], fitted(healthy).learnt()["grid"])


def test_it_does_not_score_before_it_has_learnt(healthy):
    with pytest.raises(TrainingError, match=r"learnt from no cell .* at least 20"):
        RegionalTail().reduce(*healthy)


def test_too_few_cells_are_refused_and_empty_ones_do_not_help(healthy):
    maps, masks = healthy[0], healthy[1].copy()
    masks[19:] = 0
    with pytest.raises(TrainingError, match=r"got 19 healthy cells .* at least 20"):
        RegionalTail().fit(maps, masks)


def test_maps_that_are_not_numbers_are_refused(healthy):
    healthy[0][3] = np.nan
    with pytest.raises(TrainingError, match=r"got 5 region values that are not finite"):
        RegionalTail().fit(*healthy)


def test_an_incomplete_bundle_is_refused(healthy):
    learnt = fitted(healthy).learnt()
    del learnt["grid"]
    with pytest.raises(BundleError, match=r"lacks grid of regional_tail"):
        RegionalTail().restore(learnt)


def test_an_empty_top_is_refused():
    with pytest.raises(ConfigError, match="top must be a whole number from 1, not 0"):
        RegionalTail(top=0)


@pytest.mark.parametrize("infected", [-0.01, 0.13, float("nan")])
def test_a_share_of_infected_cells_that_leaves_nothing_to_read_is_refused(infected):
    with pytest.raises(ConfigError, match=r"infected must be a number from 0 to 0\.125, not "):
        RegionalTail(infected=infected)


def test_told_of_infected_cells_a_parasite_weighs_more_though_some_stand_among_the_healthy(healthy, regions):
    maps, masks = (np.tile(part, (3, 1, 1)) for part in healthy)
    parasite = np.where(regions == 6, np.float32(1), maps[0])
    maps[:8] = parasite
    plain, told = RegionalTail(), RegionalTail(infected=0.1)
    plain.fit(maps, masks)
    told.fit(maps, masks)
    assert told.reduce(parasite[np.newaxis], masks[:1]) > 2 * plain.reduce(parasite[np.newaxis], masks[:1])
