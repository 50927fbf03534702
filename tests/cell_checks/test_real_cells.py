"""The checks of quality on real cells, where they are at hand: learnt from some patients, asked of others."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.cell_checks.gate import Gate
from normocyte.core.types import Source
from normocyte.images.reading import read
from tests.cell_checks.conftest import every_check

pytestmark = pytest.mark.nih

REAL = Path(__file__).parents[3] / "shared" / "data" / "nih-malaria" / "cell_images"
EACH = 8


def some_cells(kind, is_even):
    """Up to 8 cells of every second patient."""
    by_patient = {}
    for file in sorted((REAL / kind).iterdir()):
        by_patient.setdefault(int(re.match(r"C(\d+)", file.name)[1]), []).append(file)
    chosen = [files[:EACH] for name, files in by_patient.items() if name % 2 == (not is_even)]
    return [read(Source(file)) for files in chosen for file in files], len(chosen)


@pytest.fixture(scope="module")
def learnt():
    """A gate that has learnt from healthy cells of every second patient."""
    if not REAL.is_dir():
        pytest.skip(f"the NIH malaria cells are not at hand: there is no {'/'.join(REAL.parts[-4:])}")
    gate = Gate(every_check())
    gate.fit(*some_cells("Uninfected", is_even=True))
    return gate


@pytest.mark.parametrize("kind", ["Uninfected", "Parasitized"])
def test_of_other_patients_at_most_one_cell_of_a_hundred_is_refused(learnt, kind):
    cells, patients = some_cells(kind, is_even=False)
    assert patients >= 40
    assert np.mean([bool(cause) for cause in learnt.causes(cells)]) <= 0.01


def test_real_cells_out_of_focus_or_without_colour_are_refused(learnt):
    cells, _ = some_cells("Uninfected", is_even=False)
    gray = [np.repeat(cell.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8) for cell in cells]
    blurred = [cv2.GaussianBlur(cell, (0, 0), 4) for cell in cells]
    assert np.mean([bool(cause) for cause in learnt.causes(gray)]) >= 0.99
    assert np.mean([bool(cause) for cause in learnt.causes(blurred)]) >= 0.99
