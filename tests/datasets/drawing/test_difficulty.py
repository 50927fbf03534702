"""Cells as hard as real ones: crumpled, grainy, with specks and pale parasites; plain ones stay plain."""

from dataclasses import replace

import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.seeds import generator
from normocyte.datasets.drawing.cell import draw_outline
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.difficulty import as_hard_as_real, crumple
from normocyte.datasets.drawing.look import Kind, patient_look
from normocyte.datasets.synthetic import Synthetic


def look(patient=0):
    return patient_look(generator(5, "patient", patient))


def hard(patient=0):
    return as_hard_as_real(generator(5, "difficulty", patient), look(patient))


def outline(number):
    return draw_outline(generator(5, "cell", number), look(), Kind.HEALTHY)


def test_the_outline_of_a_plain_patient_is_left_as_it_is():
    given = outline(0)
    assert crumple(generator(1, "crumple"), look(), given) is given


def test_a_crumpled_cell_is_out_of_shape():
    crumpled = replace(look(), crumpled=1.0)
    spreads = [np.ptp(crumple(generator(2, number), crumpled, outline(number)).radii) for number in range(20)]
    assert np.median(spreads) > np.median([np.ptp(outline(number).radii) for number in range(20)])


def test_a_hard_patient_has_more_specks_and_fewer_but_paler_pale_parasites():
    plain, patient = look(), hard()
    assert patient.debris >= plain.debris
    assert patient.platelets > plain.platelets
    assert patient.pale < plain.pale
    assert max(patient.paleness) < max(plain.paleness)


def test_the_same_numbers_draw_the_same_hard_cell():
    first, second = (draw_cell(generator(3, "cell"), hard(), Kind.RING) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("difficulty", ["plain", "real"])
def test_a_set_of_every_difficulty_holds_both_kinds(difficulty, tmp_path):
    records = Synthetic(str(tmp_path), cells=16, patients=4, difficulty=difficulty).records()
    assert {record.label for record in records} == {0, 1}


def test_sets_of_two_difficulties_differ(tmp_path):
    sets = [
        Synthetic(str(tmp_path / name), cells=16, patients=4, difficulty=name) for name in ("plain", "real")
    ]
    first, second = ([record.source.path.read_bytes() for record in one.records()] for one in sets)
    assert first != second


def test_an_unknown_difficulty_is_refused_with_those_that_exist(tmp_path):
    with pytest.raises(ConfigError, match="difficulty must be one of plain, real, not 'hardest'"):
        Synthetic(str(tmp_path), difficulty="hardest")
