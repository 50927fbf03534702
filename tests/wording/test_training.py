"""What is said of a training, with its figures."""

from dataclasses import replace

import pytest

from normocyte.results.training import TrainingCurve
from normocyte.wording.patients import few_calibrated, few_patients
from normocyte.wording.training import explained, under_trained

SHORT = TrainingCurve((4.0, 3.0, 2.0, 1.0), (4.0, 3.0, 2.0, 1.0), 4, 0.5)
DONE = TrainingCurve((4.0, 2.0, 2.0), (4.0, 2.0, 2.1), 2, 0.912)


def test_the_variance_explained_is_said_with_its_definition():
    assert explained(DONE, "cells") == (
        "It explains 91.2 % of the variance of healthy cells of held-out patients (1 - squared error / "
        "variance around the mean training image, whole crop)."
    )


def test_nothing_is_said_where_it_has_no_meaning():
    assert explained(TrainingCurve(), "cells") == under_trained(TrainingCurve()) == under_trained(DONE) == ""


def test_an_under_trained_detector_is_called_so_with_both_reasons_and_their_limits():
    assert under_trained(SHORT) == (
        "Under-trained: the best of 4 epochs is the last, and the last quarter of them raised the variance "
        "explained by 50 % of all (limit 1 %); it explains 50 % of the variance of held-out healthy cells "
        "(limit 60 %). Train for more epochs, or with a larger network."
    )


def test_a_late_gain_is_one_of_the_loss_where_the_variance_is_not_known():
    assert "the held-out loss fell by 50 % over the last quarter of them (limit 5 %)" in under_trained(
        replace(SHORT, variance_explained=float("nan"))
    )


def test_where_only_little_is_explained_the_rest_may_be_noise():
    assert under_trained(replace(DONE, variance_explained=0.47)).startswith(
        "Under-trained, unless the rest is noise: it explains 47 % of the variance"
    )


def test_a_single_epoch_is_under_trained_whatever_it_brought():
    assert "the best of 1 epoch is the last. Train" in under_trained(TrainingCurve((1.0,), (1.0,), 1))


@pytest.mark.parametrize("words", [few_patients, few_calibrated])
def test_few_patients_are_counted_and_many_are_not_spoken_of(words):
    assert "are of 2 patients only: with fewer than 20" in words(["a", "b", "a"])
    assert "are of 1 patient only" in words(["a"])
    assert words(map(str, range(20))) == ""
