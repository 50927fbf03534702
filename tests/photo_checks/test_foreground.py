"""The rough look finds the cells, their size and about their number."""

import numpy as np
import pytest

from normocyte.photo_checks.support.circles import Rims
from normocyte.photo_checks.support.foreground import cells_in


def discs(radius: int, step: int) -> np.ndarray:
    down, right = np.mgrid[:400, :600]
    return (((down % step - step / 2) ** 2 + (right % step - step / 2) ** 2) < radius**2).astype(np.uint8)


def shown(mask: np.ndarray) -> np.ndarray:
    return np.where(mask[..., None] > 0, (140, 100, 130), (200, 215, 200)).astype(np.uint8)


@pytest.mark.parametrize(("radius", "step"), [(10, 30), (20, 50), (45, 100)])
def test_size_and_number_of_equal_discs_are_found(radius, step):
    mask = discs(radius, step)
    cells, diameter, count = cells_in(shown(mask))
    assert (cells == mask).mean() > 0.97
    assert diameter == pytest.approx(2 * radius, rel=0.15)
    assert count == pytest.approx(400 * 600 / step**2, rel=0.3)


def test_discs_that_touch_keep_their_size():
    assert cells_in(shown(discs(26, 50)))[1] == pytest.approx(52, rel=0.15)


def test_a_black_nucleus_does_not_hide_pale_cells():
    mask = discs(20, 50)
    picture = shown(mask)
    picture[np.s_[5:95, 5:145]] = (40, 20, 90)
    cells, _, _ = cells_in(picture)
    assert cells[100:][mask[100:] > 0].mean() > 0.9


@pytest.mark.parametrize("value", [0, 128, 255])
def test_one_colour_has_no_cells(value):
    cells, diameter, count = cells_in(np.full((50, 60, 3), value, np.uint8))
    assert (cells.any(), diameter, count) == (False, 0.0, 0)


def test_rims_agree_best_on_the_radius_of_the_discs():
    rims = Rims.of(discs(20, 60))
    assert rims.agreement(20) > 0.8
    assert rims.agreement(20) > 2 * max(rims.agreement(14), rims.agreement(28))


def test_straight_rims_agree_on_no_circle():
    stripes = np.repeat((np.arange(400) // 40 % 2)[:, None], 600, axis=1).astype(np.uint8)
    assert Rims.of(stripes).agreement(20) < 0.3


def test_a_mask_without_rims_agrees_on_nothing():
    assert Rims.of(np.zeros((40, 40), np.uint8)).agreement(8) == 0
