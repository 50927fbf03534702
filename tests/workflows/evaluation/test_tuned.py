import numpy as np
import pytest

from normocyte.thresholds.best_f1 import BestF1
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.evaluation.tables import threshold_rows
from normocyte.workflows.evaluation.tuned import Fitting, tuned

NO_CELLS = Fitting(np.empty(0), np.empty(0, np.str_), np.empty(0, np.int8))


def some_cells(seed, patients=9, each=12):
    """Cells whose scores say something of their labels."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, patients * each).astype(np.int8)
    names = np.repeat([f"C{number}" for number in range(patients)], each)
    return Fitting(random.normal(size=len(labels)) + labels, names, labels)


def fitted(cells):
    rule = BestF1()
    rule.fit(cells.scores, cells.patients, cells.labels)
    return rule


def test_apparent_counts_follow_from_the_cut_of_the_rule_itself():
    cells = some_cells(1)
    rule = fitted(cells)
    found = tuned(rule, cells, 7)
    assert found.apparent.tp == np.sum((cells.scores > rule.cut) & (cells.labels == 1))
    assert found.apparent.fp == np.sum((cells.scores > rule.cut) & (cells.labels == 0))


def test_every_tuning_cell_is_counted_once_a_repeat():
    cells = some_cells(2)
    found = tuned(fitted(cells), cells, 7)
    assert (found.patients, found.folds, found.repeats) == (9, 5, 20)
    assert found.nested.tp + found.nested.fn == 20 * np.sum(cells.labels == 1)
    assert found.nested.tn + found.nested.fp == 20 * np.sum(cells.labels == 0)


def test_on_average_the_best_f1_is_less_good_when_nested():
    found = [tuned(fitted(cells), cells, 7) for cells in map(some_cells, range(20))]
    assert np.mean([one.apparent.f1 - one.nested.f1 for one in found]) > 0


def test_the_same_seed_gives_the_same_figures():
    cells = some_cells(3)
    assert tuned(fitted(cells), cells, 7) == tuned(fitted(cells), cells, 7)


def test_another_seed_hardly_moves_the_nested_f1():
    cells = some_cells(3)
    found = [tuned(fitted(cells), cells, seed).nested.f1 for seed in range(10)]
    assert 0 < np.ptp(found) < 0.02


def test_one_patient_gives_apparent_figures_and_a_sentence():
    cells = some_cells(4, patients=1)
    found = tuned(fitted(cells), cells, 7)
    assert (found.patients, found.folds, found.nested.tp) == (1, 0, 0)
    assert "needs 2 patients with anomalous and 2 with healthy cells, but there are 1 and 1" in found.why_not


def test_a_rule_without_labels_and_a_set_without_tuning_cells_give_nothing():
    cells = some_cells(5)
    assert tuned(Quantile(), cells, 7).patients == 0
    assert tuned(fitted(cells), NO_CELLS, 7).patients == 0


@pytest.fixture(scope="module")
def rows():
    tuning, test = some_cells(6), some_cells(7)
    kept = test.labels == 0
    healthy = Fitting(test.scores[kept], test.patients[kept], test.labels[kept])
    return threshold_rows(fitted(tuning), healthy, tuning, test, 7)


def test_every_rule_that_uses_labels_is_told_on_tuning_cells_and_no_other(rows):
    assert {row.is_tuned for row in rows} == {True, False}
    assert all(row.is_tuned == row.uses_labels for row in rows)


def test_the_rule_in_use_is_judged_like_one_of_the_others(rows):
    assert rows[0].is_in_use
    assert rows[0].tuned.folds == 5
    assert rows[0].tuned.apparent.f1 >= max(row.tuned.apparent.f1 for row in rows if row.is_tuned)
