"""The exam that every score passes."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.registry import part_class, part_names
from normocyte.scores.contract import Score

NAMES = part_names("scores")
SIDE = 20
seeds = st.integers(0, 2**32 - 1)


def cells(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise maps (number, 20, 20) and masks whose values 0 to 4 name rings."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    rings = np.digitize(-np.hypot(rows - 9.5, columns - 9.5), [-10, -9, -7, -4]).astype(np.uint8)
    maps = np.random.default_rng(seed).normal(0, 0.1, (number, SIDE, SIDE)).astype(np.float32)
    return maps, np.repeat(rings[np.newaxis], number, axis=0)


def fitted(name: str) -> Score:
    score = part_class("scores", name)()
    score.fit(*cells(50, seed=0))
    return score


@pytest.mark.parametrize("name", NAMES)
@given(number=st.integers(0, 9), seed=seeds)
def test_there_is_one_finite_number_an_image(name, number, seed):
    scores = fitted(name).reduce(*cells(number, seed))
    assert (scores.shape, scores.dtype) == ((number,), np.float64)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds, amplitude=st.floats(0.5, 5), row=st.integers(6, 12), column=st.integers(6, 12))
def test_a_score_grows_with_the_defect(name, seed, amplitude, row, column):
    map_of_one, masks = cells(1, seed)[0], cells(3, seed)[1]
    maps = np.repeat(map_of_one, 3, axis=0)
    maps[1, row : row + 3, column : column + 3] += amplitude
    maps[2, row : row + 3, column : column + 3] += 1.5 * amplitude
    healthy, defect, larger_defect = fitted(name).reduce(maps, masks)
    assert healthy < defect < larger_defect


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_an_image_scores_the_same_in_any_company(name, seed):
    maps, masks = cells(6, seed)
    masks[3, :5] = 0
    order = np.random.default_rng(seed).permutation(6)
    score = fitted(name)
    together = score.reduce(maps, masks)
    alone = [score.reduce(maps[i : i + 1], masks[i : i + 1])[0] for i in order]
    np.testing.assert_array_equal(score.reduce(maps[order], masks[order]), together[order])
    np.testing.assert_array_equal(alone, together[order])


@pytest.mark.parametrize("name", NAMES)
def test_what_does_not_count_has_no_say(name):
    maps, masks = cells(4, seed=3)
    changed = np.where(masks > 0, maps, np.float32(99))
    score = fitted(name)
    np.testing.assert_array_equal(score.reduce(changed, masks), score.reduce(maps, masks))


@pytest.mark.parametrize("name", NAMES)
def test_an_image_in_which_nothing_counts_scores_nan_and_its_neighbours_do_not(name):
    maps, masks = cells(3, seed=1)
    masks[1] = 0
    np.testing.assert_array_equal(np.isnan(fitted(name).reduce(maps, masks)), [False, True, False])


@pytest.mark.parametrize("name", NAMES)
def test_a_map_that_is_not_a_number_scores_nan(name):
    maps, masks = cells(2, seed=1)
    maps[1, 10, 10] = np.nan
    np.testing.assert_array_equal(np.isnan(fitted(name).reduce(maps, masks)), [False, True])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", [-3, 0, 0.2, 1e6])
def test_constant_maps_give_finite_scores(name, level):
    masks = cells(30, seed=0)[1]
    flat = np.full(masks.shape, level, np.float32)
    score = fitted(name)
    assert np.isfinite(score.reduce(flat, masks)).all()
    score.fit(flat, masks)
    assert np.isfinite(score.reduce(flat, masks)).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_restored_score_gives_the_same_bits(name):
    score, maps_and_masks = fitted(name), cells(20, seed=9)
    file = io.BytesIO()
    np.savez(file, **score.learnt())
    file.seek(0)
    restored = part_class("scores", name)()
    with np.load(file, allow_pickle=False) as learnt:
        restored.restore(dict(learnt))
    np.testing.assert_array_equal(restored.reduce(*maps_and_masks), score.reduce(*maps_and_masks))


@pytest.mark.parametrize("name", NAMES)
def test_maps_and_masks_stay_as_they_are(name):
    (maps, masks), (maps_before, masks_before) = cells(30, seed=2), cells(30, seed=2)
    score = fitted(name)
    score.fit(maps, masks)
    score.reduce(maps, masks)
    np.testing.assert_array_equal(maps, maps_before)
    np.testing.assert_array_equal(masks, masks_before)
