"""The exam that every threshold passes."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.registry import part_class, part_names
from normocyte.thresholds.contract import RATE, Threshold
from normocyte.thresholds.support.calibration import Calibration

NAMES = part_names("thresholds")
WITH_LABELS = [name for name in NAMES if part_class("thresholds", name).uses_labels]
WITHOUT_LABELS = [name for name in NAMES if name not in WITH_LABELS]
WITH_RATE = [name for name in NAMES if hasattr(part_class("thresholds", name), RATE)]
NEEDS = re.compile(r"\bneed.*\d[\d,]* .*(cell|patient)")
seeds = st.integers(0, 2**32 - 1)


def cells(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of 600 healthy and 40 infected cells of 120 patients, with patients and labels."""
    labels = np.repeat(np.array([0, 1], np.int8), [600, 40])
    scores = np.random.default_rng(seed).normal(2.0 * labels, 1)
    return scores, np.array([f"C{i % 120}" for i in range(640)]), labels


def fitted(name: str, scores: np.ndarray, patients: np.ndarray, labels: np.ndarray) -> Threshold:
    """The threshold, fitted on all cells where it uses labels, else on the healthy ones."""
    threshold = part_class("thresholds", name)()
    chosen = slice(None) if threshold.uses_labels else labels == 0
    threshold.fit(scores[chosen], patients[chosen], labels[chosen])
    return threshold


def calibrated(name: str, seed: int) -> tuple[Threshold, Calibration]:
    """The threshold, fitted as it wants to be, and the cells that its p-values are taken from."""
    scores, patients, labels = cells(seed)
    threshold = fitted(name, scores, patients, labels)
    chosen = labels == 0
    return threshold, Calibration.of(scores[chosen], patients[chosen])


def cut_or_refusal(name: str, scores: np.ndarray, patients: np.ndarray, labels: np.ndarray) -> float | str:
    """The cut, or the sentence with which the rule refuses so little to go by."""
    try:
        return fitted(name, scores, patients, labels).cut
    except TrainingError as refusal:
        return str(refusal)


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_the_cut_flags_more_infected_than_healthy_cells(name, seed):
    scores, patients, labels = cells(seed)
    flagged = fitted(name, scores + 3 * labels, patients, labels).decide(scores + 3 * labels)
    assert flagged[labels == 1].mean() > 0.6
    assert flagged[labels == 0].mean() < 0.2


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_decisions_are_monotone(name, seed):
    threshold = fitted(name, *cells(seed))
    assert np.isfinite(threshold.cut)
    decisions = threshold.decide(np.linspace(-10, 10, 400))
    assert decisions.dtype == np.bool_
    assert (np.diff(decisions.astype(int)) >= 0).all()
    assert not threshold.decide(np.array([threshold.cut, np.nan])).any()


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds, scale=st.floats(0.1, 100), shift=st.floats(-100, 100))
def test_the_cut_moves_with_the_scores(name, seed, scale, shift):
    scores, patients, labels = cells(seed)
    moved = fitted(name, scale * scores + shift, patients, labels)
    expected = scale * fitted(name, scores, patients, labels).cut + shift
    assert moved.cut == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_the_order_of_the_cells_does_not_matter(name, seed):
    ordered = cells(seed)
    shuffle = np.random.default_rng(seed).permutation(640)
    shuffled = [part[shuffle] for part in ordered]
    assert fitted(name, *shuffled).cut == pytest.approx(fitted(name, *ordered).cut, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", [0.1, 0.0, -7.3, 1e300])
def test_constant_scores_give_a_finite_cut_that_flags_none_of_them_or_are_refused(name, level):
    _, patients, labels = cells(0)
    cut = cut_or_refusal(name, np.full(640, level), patients, labels)
    assert (isinstance(cut, float) and level <= cut < np.inf) or str(cut).endswith(".")


@pytest.mark.parametrize("name", WITHOUT_LABELS)
def test_one_score_is_its_own_cut_or_too_few(name):
    cut = cut_or_refusal(name, np.array([0.4]), np.array(["C1"]), np.array([0], np.int8))
    assert cut == 0.4 or NEEDS.search(str(cut))


@pytest.mark.parametrize("name", WITHOUT_LABELS)
def test_enough_cells_are_known_to_be_enough_before_they_have_scores(name):
    _, patients, labels = cells(0)
    part_class("thresholds", name)().check_supported(patients[labels == 0])


@pytest.mark.parametrize("name", WITHOUT_LABELS)
@pytest.mark.parametrize("count", [0, 1, 30])
def test_what_is_refused_for_want_of_cells_is_refused_before_they_have_scores(name, count):
    scores, patients, labels = (part[:count] for part in cells(0))
    cut = cut_or_refusal(name, scores, patients, labels)
    if isinstance(cut, str):
        with pytest.raises(TrainingError, match=r"got no scores|needs? \d"):
            part_class("thresholds", name)().check_supported(patients)


@pytest.mark.parametrize("name", WITH_LABELS)
def test_one_cell_of_each_kind_is_cut_midway(name):
    threshold = part_class("thresholds", name)()
    threshold.fit(np.array([0.4, 0.8]), np.array(["C1", "C2"]), np.array([0, 1], np.int8))
    assert threshold.cut == pytest.approx(0.6)


@pytest.mark.parametrize("name", WITH_LABELS)
def test_tuning_cells_of_one_kind_are_refused(name):
    scores, patients, labels = cells(0)
    with pytest.raises(TrainingError, match=r"needs healthy and anomalous tuning cells, but got 640"):
        part_class("thresholds", name)().fit(scores, patients, np.zeros_like(labels))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_scores_that_are_not_numbers_are_refused(name, bad):
    scores, patients, labels = cells(0)
    scores[[3, 5]] = bad
    with pytest.raises(TrainingError, match=r"got 2 of 6[04]0 scores that are not finite"):
        fitted(name, scores, patients, labels)


@pytest.mark.parametrize("name", NAMES)
def test_no_scores_are_refused(name):
    with pytest.raises(TrainingError, match=r"got no scores"):
        part_class("thresholds", name)().fit(np.empty(0), np.empty(0, np.str_), np.empty(0, np.int8))


@pytest.mark.parametrize("name", NAMES)
def test_the_scores_stay_as_they_are(name):
    given_cells, before = cells(4), cells(4)
    fitted(name, *given_cells)
    np.testing.assert_array_equal(given_cells[0], before[0])
    np.testing.assert_array_equal(given_cells[2], before[2])


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_p_values_lie_above_0_up_to_1_and_fall_as_scores_grow(name, seed):
    threshold, calibration = calibrated(name, seed)
    p_values = threshold.p_values(np.linspace(-10, 10, 400), calibration)
    assert p_values.min() > 0
    assert p_values.max() <= 1
    assert (np.diff(p_values) <= 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_p_value_of_no_number_is_no_number(name):
    threshold, calibration = calibrated(name, 1)
    p_values = threshold.p_values(np.array([np.nan, 0.3]), calibration)
    np.testing.assert_array_equal(np.isnan(p_values), [True, False])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("of_patients", [None, np.repeat(["A", "B"], 50)])
def test_the_same_cells_get_the_same_p_values_twice(name, of_patients):
    threshold, calibration = calibrated(name, 2)
    judged = np.repeat(calibration.scores[:50], 2)
    first = threshold.p_values(judged, calibration, of_patients)
    np.testing.assert_array_equal(threshold.p_values(judged, calibration, of_patients), first)


@pytest.mark.parametrize("name", NAMES)
def test_p_values_need_nothing_but_the_fields_the_cut_and_the_calibration_cells(name):
    threshold, calibration = calibrated(name, 3)
    loaded = part_class("thresholds", name)()
    loaded.cut = threshold.cut
    judged = np.linspace(-3, 6, 50)
    expected = threshold.p_values(judged, calibration)
    np.testing.assert_array_equal(loaded.p_values(judged, calibration), expected)
    assert loaded.guarantee(calibration) == threshold.guarantee(calibration)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_states_is_a_sentence(name):
    threshold, calibration = calibrated(name, 4)
    assert threshold.guarantee(calibration).sentence.endswith(".")


@pytest.mark.parametrize("name", WITH_RATE)
def test_a_rule_with_a_rate_states_it(name):
    threshold, calibration = calibrated(name, 5)
    assert 0 < threshold.guarantee(calibration).rate < 1


@pytest.mark.parametrize("name", WITH_RATE)
def test_another_rate_gives_the_rule_unfitted(name):
    threshold, _ = calibrated(name, 6)
    other = threshold.at_rate(0.123)
    assert getattr(other, RATE) == 0.123
    assert np.isnan(other.cut)


@pytest.mark.parametrize("name", WITH_RATE)
@pytest.mark.parametrize("rate", [0, 1, -0.1, 1.5, float("nan")])
def test_a_rate_that_is_no_share_is_refused(name, rate):
    with pytest.raises(ConfigError, match=f"{RATE} must be a number above 0 and below .*, not {rate}"):
        part_class("thresholds", name)(**{RATE: rate})


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WITH_RATE)))
def test_a_rule_without_a_rate_takes_none(name):
    with pytest.raises(ConfigError, match=r"has no false-positive rate that could be 0\.02"):
        part_class("thresholds", name)().at_rate(0.02)
