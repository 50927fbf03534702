"""Drawn cells: seeded, shaped like the NIH crops, with parasites where parasites belong."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.seeds import generator
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.look import STAGE_SHARES, STAGES, Kind, PatientLook, patient_look


def _look(patient: int = 1) -> PatientLook:
    return patient_look(generator(5, "patient", patient))


def _cells(kind: Kind, count: int = 16) -> list[np.ndarray]:
    return [draw_cell(generator(5, "cell", number), _look(number % 4), kind) for number in range(count)]


def _darkest_to_median(cell: np.ndarray) -> float:
    """The darkest green of the inside over the cell's own median green."""
    inside = cv2.erode((cell.max(axis=2) > 0).astype(np.uint8), np.ones((13, 13)), borderValue=0) > 0
    green = cv2.GaussianBlur(cell[..., 1], (0, 0), 1)[inside]
    return float(green.min() / np.median(green))


def _chromatin(cell: np.ndarray) -> float:
    """The strongest purple of the inside: green density beyond red and blue, against the cell's own."""
    inside = cv2.erode((cell.max(axis=2) > 0).astype(np.uint8), np.ones((13, 13)), borderValue=0) > 0
    density = -np.log(cv2.GaussianBlur(cell, (0, 0), 1)[inside].astype(float) + 1)
    purple = density[:, 1] - (density[:, 0] + density[:, 2]) / 2
    return float(purple.max() - np.median(purple))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(Kind))
def test_a_cell_of_any_seed_is_a_small_rgb_picture(seed: int, kind: Kind) -> None:
    cell = draw_cell(generator(seed, "cell"), patient_look(generator(seed, "patient")), kind)
    assert cell.dtype == np.uint8
    assert cell.shape[2] == 3
    assert 70 <= min(cell.shape[:2]) <= max(cell.shape[:2]) <= 240


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_cell_of_any_seed_is_one_piece_on_black(seed: int) -> None:
    cell = draw_cell(generator(seed, "cell"), patient_look(generator(seed, "patient")), Kind.HEALTHY)
    pieces, _ = cv2.connectedComponents((cell.min(axis=2) > 0).astype(np.uint8), connectivity=4)
    assert pieces == 2
    assert 0.3 < (cell.max(axis=2) > 0).mean() < 0.9
    assert not cell[0, 0].any()


def test_padding_is_pure_black_and_the_cell_never_is() -> None:
    cell = _cells(Kind.HEALTHY, 1)[0]
    assert np.array_equal(cell.min(axis=2) > 0, cell.max(axis=2) > 0)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_same_random_numbers_give_the_same_picture(kind: Kind) -> None:
    first, second = (draw_cell(generator(3, "cell"), _look(), kind) for _ in range(2))
    assert np.array_equal(first, second)


def test_other_random_numbers_give_another_picture() -> None:
    first, second = (draw_cell(generator(seed, "cell"), _look(), Kind.HEALTHY) for seed in (1, 2))
    assert first.shape != second.shape or not np.array_equal(first, second)


@pytest.mark.parametrize("stage", STAGES)
def test_infected_cells_hold_something_darker_in_green_than_healthy_ones(stage: Kind) -> None:
    healthy = np.median([_darkest_to_median(cell) for cell in _cells(Kind.HEALTHY)])
    infected = np.median([_darkest_to_median(cell) for cell in _cells(stage)])
    assert infected < healthy - 0.1


@pytest.mark.parametrize("stage", STAGES)
def test_parasites_take_more_green_than_red_and_blue_as_chromatin_does(stage: Kind) -> None:
    healthy = np.median([_chromatin(cell) for cell in _cells(Kind.HEALTHY)])
    infected = np.median([_chromatin(cell) for cell in _cells(stage)])
    assert infected > healthy + 0.1


def test_patients_differ_in_stain_and_light() -> None:
    looks = [_look(patient) for patient in range(8)]
    assert np.std([look.haemoglobin for look in looks], axis=0).min() > 0.01
    assert np.std([look.light for look in looks], axis=0).min() > 1


def test_cells_of_one_patient_resemble_each_other_more_than_those_of_others() -> None:
    colours = np.array([[_colour(patient, number) for number in range(6)] for patient in range(8)])
    within = colours.std(axis=1).mean()
    between = colours.mean(axis=1).std(axis=0).mean()
    assert between > 1.5 * within


def _colour(patient: int, number: int) -> np.ndarray:
    cell = draw_cell(generator(5, "cell", patient, number), _look(patient), Kind.HEALTHY)
    return np.median(cell[cell.max(axis=2) > 0], axis=0)


def test_some_parasites_are_too_faint_for_the_darkest_pixel() -> None:
    healthy = np.array([_darkest_to_median(cell) for cell in _cells(Kind.HEALTHY, 60)])
    rings = np.array([_darkest_to_median(cell) for cell in _cells(Kind.RING, 60)])
    assert rings.max() > np.median(healthy) - 0.05


def test_some_healthy_cells_carry_something_dark() -> None:
    darkest = [_darkest_to_median(cell) for cell in _cells(Kind.HEALTHY, 100)]
    assert min(darkest) < 0.75


def test_stage_shares_add_up_to_all() -> None:
    assert sum(STAGE_SHARES) == pytest.approx(1)
    assert len(STAGE_SHARES) == len(STAGES)
