"""The exam of every drift test: patients as they were give no alarm, other patients do."""

import numpy as np
import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.registry import part_class, part_names

NAMES = part_names("drift")
CELLS = 20


def people(draw, count, shift=0.0):
    """Cells of patients who differ from each other, in level and in spread."""
    levels = draw.normal(0, 0.5, (count, 1)) + shift
    return levels + np.exp(draw.normal(0, 0.2, (count, 1))) * draw.normal(size=(count, CELLS))


@pytest.fixture(params=NAMES)
def test(request):
    """Each drift test in turn."""
    return part_class("drift", request.param)()


@pytest.fixture
def draw():
    return np.random.default_rng(3)


@pytest.mark.parametrize("name", NAMES)
def test_like_patients_seldom_get_a_small_p_value_however_much_patients_differ(name, draw):
    kind = part_class("drift", name)
    found = [kind(seed).compare(people(draw, 20), people(draw, 15)).p_value for seed in range(120)]
    assert np.mean(np.array(found) <= 0.05) <= 0.05 + 0.04
    assert np.mean(np.array(found) <= 0.2) <= 0.2 + 0.07


def test_other_patients_get_a_small_p_value(test, draw):
    evidence = test.compare(people(draw, 30), people(draw, 30, shift=1.5))
    assert evidence.p_value <= 0.01


def test_the_p_value_is_a_share_above_zero(test, draw):
    evidence = test.compare(people(draw, 10), people(draw, 40, shift=100))
    assert 0 < evidence.p_value <= 1
    assert np.isfinite(evidence.statistic)


def test_the_same_seed_gives_the_same_answer(test, draw):
    reference, stream = people(draw, 12), people(draw, 9)
    assert test.compare(reference, stream) == test.compare(reference.copy(), stream.copy())


def test_the_order_of_the_reference_patients_and_of_cells_does_not_matter(test, draw):
    reference, stream = people(draw, 12), people(draw, 9)
    turned = test.compare(reference[::-1], stream[:, ::-1])
    assert turned.statistic == pytest.approx(test.compare(reference, stream).statistic)


def test_another_unit_of_the_scores_gives_the_same_p_value(test, draw):
    reference, stream = people(draw, 12), people(draw, 9)
    assert test.compare(4 * reference, 4 * stream).p_value == test.compare(reference, stream).p_value


def test_constant_scores_are_no_evidence(test):
    assert test.compare(np.ones((12, CELLS)), np.ones((15, CELLS))).p_value > 0.05


def test_the_values_stay_as_they_are(test, draw):
    reference, stream = people(draw, 12), people(draw, 9)
    kept = reference.copy(), stream.copy()
    test.compare(reference, stream)
    np.testing.assert_array_equal(reference, kept[0])
    np.testing.assert_array_equal(stream, kept[1])


BAD = {
    "few reference patients": (
        np.zeros((9, 5)),
        np.zeros((5, 5)),
        r"\(9, 5\) and \(5, 5\); give at least 10",
    ),
    "no stream": (np.zeros((10, 5)), np.zeros((0, 5)), r"\(10, 5\) and \(0, 5\); give at least 10"),
    "no cells": (np.zeros((10, 0)), np.zeros((3, 0)), "at least 1 cell each"),
    "other numbers of cells": (np.zeros((10, 5)), np.zeros((3, 4)), "all of the same length"),
    "no table": (np.zeros(10), np.zeros(3), "give one row a patient"),
    "no number": (np.zeros((10, 5)), np.full((3, 5), np.nan), "15 values of reference and stream are not"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_compared_is_refused(kind, test):
    reference, stream, sentence = BAD[kind]
    with pytest.raises(DatasetError, match=sentence):
        test.compare(reference, stream)


def test_what_it_states_is_a_sentence_with_its_condition(test):
    assert test.guarantee().startswith("If patients are exchangeable, ")
    assert test.guarantee().endswith(".")
