"""Cells of another lamp are shown as bright as those that the bundle knows."""

import numpy as np
import pytest

from normocyte.cell_checks.exposure import Exposure
from normocyte.cell_checks.gate import Gate
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.seeds import generator
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.look import Kind, patient_look
from normocyte.workflows.smear.detections import lit_as_known


@pytest.fixture(scope="module")
def cells():
    """Drawn healthy cells of one patient."""
    look = patient_look(generator(1, "patient", 0))
    return [draw_cell(generator(1, "cell", row), look, Kind.HEALTHY) for row in range(30)]


@pytest.fixture(scope="module")
def gate(cells):
    """A gate that knows how bright they are."""
    gate = Gate((Exposure(),))
    gate.fit(cells, patients=10)
    return gate


def dimmed(cells, share):
    return [(cell * share).astype(np.uint8) for cell in cells]


def test_cells_in_dim_light_are_refused_as_they_are_and_pass_as_the_bundle_knows_them(cells, gate):
    dim = dimmed(cells, 0.6)
    assert all(gate.causes(dim))
    assert not any(gate.causes(lit_as_known(gate, Thumbnails.of(dim))))


def test_a_cell_paler_than_its_neighbours_is_not_refused_for_that(cells, gate):
    mixed = [*dimmed(cells[:20], 0.5), *dimmed(cells[20:], 0.8)]
    assert not any(gate.causes(lit_as_known(gate, Thumbnails.of(mixed))))


def test_the_padding_stays_black(cells, gate):
    (lit,) = lit_as_known(gate, Thumbnails.of(dimmed(cells[:1], 0.6)))
    assert np.array_equal(lit.max(axis=2) == 0, dimmed(cells[:1], 0.6)[0].max(axis=2) == 0)


def test_what_is_nearly_black_is_not_made_a_cell(gate):
    assert all(gate.causes(lit_as_known(gate, Thumbnails.of([np.full((80, 80, 3), 9, np.uint8)]))))


def test_without_a_check_of_brightness_nothing_changes(cells):
    assert lit_as_known(Gate(), Thumbnails.of(cells)) == cells
