"""White cells are refused for their nucleus; red cells, pale or infected in the middle, are not."""

import cv2
import numpy as np
import pytest

from normocyte.api.bundle import load
from normocyte.cell_checks.gate import Gate
from normocyte.cell_checks.nucleus import Nucleus
from normocyte.wording.causes import short
from tests.cell_checks.conftest import drawn

VIOLET, CYTOPLASM = (110, 70, 170), (205, 180, 200)


def white_cell(nucleus=0.34, background=0):
    """A pale round cell with a round violet nucleus, on a plain background."""
    picture = np.full((110, 110, 3), background, np.uint8)
    cv2.circle(picture, (55, 55), 50, CYTOPLASM, cv2.FILLED)
    cv2.circle(picture, (55, 55), round(110 * nucleus), VIOLET, cv2.FILLED)
    return picture


@pytest.fixture(scope="module")
def gate():
    """A gate of this check alone that has learnt from drawn cells."""
    gate = Gate((Nucleus(),))
    gate.fit(drawn(200, seed=1), patients=10)
    return gate


@pytest.mark.parametrize("nucleus", [0.28, 0.34])
def test_a_white_cell_is_refused_for_its_nucleus(gate, nucleus):
    (cause,) = gate.causes([white_cell(nucleus)])
    assert (cause.measure, short(cause)) == (
        "core_stain",
        "dark in its middle, as a white cell with its nucleus",
    )


def test_red_cells_healthy_or_infected_pass(gate, healthy, infected):
    causes = gate.causes([*healthy, *infected])
    assert causes[:200] == [None] * 200
    assert causes.count(None) >= 398


def test_a_small_violet_spot_in_the_middle_is_no_nucleus(gate):
    assert gate.causes([white_cell(0.12)]) == [None]


def test_a_middle_that_is_darker_but_no_bluer_is_no_nucleus(gate):
    cell = white_cell(0)
    cv2.circle(cell, (55, 55), 36, tuple(value // 2 for value in CYTOPLASM), cv2.FILLED)
    assert gate.causes([cell]) == [None]


def test_the_built_in_bundle_refuses_a_white_cell():
    rng = np.random.default_rng(0)
    cell = white_cell()
    grain = rng.integers(-6, 7, cell.shape)
    grainy = np.where(cell.max(axis=2, keepdims=True) > 0, np.clip(cell + grain, 0, 255), 0).astype(np.uint8)
    table = load().score([grainy])
    assert "white cell with its nucleus" in table["error"][0]
