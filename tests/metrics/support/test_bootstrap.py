import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from normocyte.metrics.support.bootstrap import resampled

PATIENTS = np.array(["b", "a", "b", "c", "a", "a"])


def test_cells_of_one_patient_are_drawn_together():
    (weights,) = resampled(PATIENTS, 50, seed=0)
    assert np.array_equal(weights[:, [0, 1, 1]], weights[:, [2, 4, 5]])


def test_each_resample_draws_as_many_patients_as_there_are():
    (weights,) = resampled(PATIENTS, 50, seed=0)
    assert np.array_equal(weights[:, [0, 1, 3]].sum(axis=1), np.full(50, 3))


def test_one_patient_cannot_be_resampled():
    assert list(resampled(np.array(["a", "a"]), 50, seed=0)) == []


@given(st.integers(1, 40), st.sampled_from([2, 5_000, 30_000]))
def test_the_chunks_hold_all_resamples(resamples, cells):
    patients = np.arange(cells) % 2
    chunks = list(resampled(patients.astype(str), resamples, seed=1))
    assert sum(len(chunk) for chunk in chunks) == resamples


def test_chunks_draw_the_same_as_one_piece(monkeypatch):
    (whole,) = resampled(PATIENTS, 20, seed=3)
    monkeypatch.setattr("normocyte.metrics.support.bootstrap._NUMBERS_A_CHUNK", 12)
    assert np.array_equal(np.concatenate(list(resampled(PATIENTS, 20, seed=3))), whole)
