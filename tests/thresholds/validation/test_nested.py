from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from normocyte.core.errors import TrainingError
from normocyte.core.seeds import generator
from normocyte.thresholds.best_f1 import BestF1
from normocyte.thresholds.contract import Guarantee, Threshold
from normocyte.thresholds.validation.nested import nested_decisions, patient_folds
from normocyte.thresholds.youden import Youden

HEALTHY_ONLY, BOTH, INFECTED_ONLY = ([0], [0, 1, 0], [1, 1])
MOST = 5


@st.composite
def some_cells(draw):
    """Labels and patients of tuning cells, at least two patients with each kind."""
    kinds = draw(st.lists(st.sampled_from([HEALTHY_ONLY, BOTH, INFECTED_ONLY]), min_size=2, max_size=23))
    assume(sum(0 in kind for kind in kinds) >= 2)
    assume(sum(1 in kind for kind in kinds) >= 2)
    labels = np.concatenate(kinds).astype(np.int8)
    patients = np.concatenate([[f"C{index}"] * len(kind) for index, kind in enumerate(kinds)])
    return labels, patients


@dataclass
class Witness(Threshold):
    """Notes on whom it was fitted and whom it judged; the scores are the numbers of the patients."""

    uses_labels: ClassVar[bool] = True
    seen: list = field(default_factory=list)

    def choose(self, scores, patients, labels):
        self.seen.append([set(scores), set(labels)])
        return 0.0

    def decide(self, scores):
        self.seen[-1].append(set(scores))
        return super().decide(scores)

    def guarantee(self, calibration):
        return Guarantee("")


@given(some_cells(), st.integers(0, 99))
def test_no_patient_is_judged_by_a_cut_that_knows_them(cells, seed):
    labels, patients = cells
    rule = Witness()
    numbers = np.unique(patients, return_inverse=True)[1].astype(float)
    nested_decisions(rule, numbers, labels, patients, patient_folds(labels, patients, generator(seed)))
    assert all(not fitted & judged for fitted, _, judged in rule.seen)
    assert all(known == {0, 1} for _, known, _ in rule.seen)
    assert sorted(name for *_, judged in rule.seen for name in judged) == sorted(set(numbers))


@given(some_cells(), st.integers(0, 99))
def test_folds_hold_whole_patients_and_alike_many_of_each_kind(cells, seed):
    labels, patients = cells
    folds = patient_folds(labels, patients, generator(seed))
    names, first = np.unique(patients, return_index=True)
    assert (folds == folds[first][np.unique(patients, return_inverse=True)[1]]).all()
    assert folds.max() + 1 == min(MOST, len(names))
    kinds = [frozenset(labels[patients == name]) for name in names]
    chosen = [np.array([kind in group for kind in kinds]) for group in ({*kinds}, *({k} for k in {*kinds}))]
    counts = [np.bincount(folds[first][rows], minlength=folds.max() + 1) for rows in chosen]
    assert max(np.ptp(count) for count in counts) <= 1


def random_cells(seed, count=10, each=8):
    """Scores and labels that have nothing to do with each other, of patients with such cells."""
    random = np.random.default_rng(seed)
    patients = np.repeat([f"C{number}" for number in range(count)], each)
    return random.normal(size=count * each), random.integers(0, 2, count * each).astype(np.int8), patients


def rates(flagged, labels):
    """F1, recall and specificity."""
    found = np.sum(flagged & (labels == 1))
    infected, healthy = np.sum(labels == 1), np.sum(labels == 0)
    f1 = 2 * found / (np.sum(flagged) + infected)
    return np.array([f1, found / infected, np.sum(~flagged & (labels == 0)) / healthy])


def three_ways(rule, seed):
    """The figures on the cells that a rule was fitted on, nested in them, and on other patients' cells.

    For others it is fitted on 8 of the 10 patients, as many as in each fold.
    """
    scores, labels, patients = random_cells(seed)
    nested = nested_decisions(
        rule, scores, labels, patients, patient_folds(labels, patients, generator(seed))
    )
    rule.fit(scores, patients, labels)
    own = rule.decide(scores)
    rule.fit(scores[:64], patients[:64], labels[:64])
    new_scores, new_labels, _ = random_cells(seed + 10_000)
    new = rule.decide(new_scores)
    return [rates(own, labels), rates(nested, labels), rates(new, new_labels)]


@pytest.fixture(scope="module", params=[BestF1, Youden])
def drawn(request):
    """The figures of 200 draws, (draws, 3 ways, 3 figures)."""
    return np.array([three_ways(request.param(), seed) for seed in range(200)])


def test_a_rule_flatters_itself_on_the_cells_it_was_fitted_on(drawn):
    difference = drawn[:, 0, 0] - drawn[:, 1, 0]
    assert difference.mean() > 5 * difference.std() / np.sqrt(len(difference))


def test_nested_recall_and_specificity_are_those_of_new_patients_on_average(drawn):
    difference = (drawn[:, 1] - drawn[:, 2])[:, 1:]
    error = difference.std(axis=0) / np.sqrt(len(difference))
    assert (np.abs(difference.mean(axis=0)) < 3 * error).all()


def test_labels_that_mean_nothing_are_worth_nothing_when_nested(drawn):
    gain = drawn[:, 1, 1] + drawn[:, 1, 2] - 1
    assert abs(gain.mean()) < 3 * gain.std() / np.sqrt(len(gain))


def test_the_same_seed_gives_the_same_folds_and_another_seed_others():
    _, labels, patients = random_cells(1)
    folds = patient_folds(labels, patients, generator(7))
    np.testing.assert_array_equal(folds, patient_folds(labels, patients, generator(7)))
    assert (folds != patient_folds(labels, patients, generator(8))).any()


def test_the_order_of_the_cells_changes_nothing():
    _, labels, patients = random_cells(2)
    folds = patient_folds(labels, patients, generator(7))
    np.testing.assert_array_equal(folds[::-1], patient_folds(labels[::-1], patients[::-1], generator(7)))


def test_the_rule_itself_stays_as_it_was_fitted():
    scores, labels, patients = random_cells(3)
    rule = BestF1()
    rule.fit(scores, patients, labels)
    before = rule.cut
    nested_decisions(rule, scores, labels, patients, patient_folds(labels, patients, generator(7)))
    assert rule.cut == before


def test_two_patients_judge_each_other():
    scores = np.array([1.0, 3.0, 11.0, 13.0])
    labels, patients = np.array([0, 1, 0, 1], np.int8), np.array(["A", "A", "B", "B"])
    folds = patient_folds(labels, patients, generator(7))
    flagged = nested_decisions(BestF1(), scores, labels, patients, folds)
    assert flagged.tolist() == [False, False, True, True]


def test_a_fold_whose_patients_have_one_kind_only_is_judged_too():
    labels = np.array([0, 0, 1, 1], np.int8)
    patients = np.array(["A", "B", "C", "D"])
    folds = patient_folds(labels, patients, generator(7))
    flagged = nested_decisions(Youden(), np.array([1.0, 2.0, 5.0, 6.0]), labels, patients, folds)
    assert flagged.tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("labels", "counts"), [([0, 0, 1], "1 and 2"), ([1, 1, 0], "2 and 1"), ([0, 0, 0], "0 and 3")]
)
def test_too_few_patients_of_a_kind_are_refused_with_their_number(labels, counts):
    with pytest.raises(TrainingError, match=f"there are {counts}; give tuning a larger share"):
        patient_folds(np.array(labels, np.int8), np.array(["A", "B", "C"]), generator(7))
