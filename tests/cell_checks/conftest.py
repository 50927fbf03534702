"""What the tests of this room share: drawn cells, and a gate that has learnt from some of them."""

import numpy as np
import pytest

from normocyte.cell_checks.gate import Gate
from normocyte.core.registry import part_class, part_names
from normocyte.core.seeds import generator
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.look import STAGES, Kind, patient_look


def drawn(number: int, seed: int, kinds: tuple[Kind, ...] = (Kind.HEALTHY,)) -> list[np.ndarray]:
    """Cells of ten patients."""
    looks = [patient_look(generator(seed, "patient", patient)) for patient in range(10)]
    return [
        draw_cell(generator(seed, "cell", row), looks[row % 10], kinds[row % len(kinds)])
        for row in range(number)
    ]


def every_check() -> tuple:
    """One of each check of single cells."""
    found = (part_class("cell_checks", name)() for name in part_names("cell_checks"))
    return tuple(check for check in found if not check.is_general)


@pytest.fixture(scope="session")
def gate():
    """A gate of all checks that has learnt from 300 drawn cells of 10 patients; nobody changes it."""
    gate = Gate(every_check())
    gate.fit(drawn(300, seed=1), patients=10)
    return gate


@pytest.fixture(scope="session")
def healthy():
    """200 drawn healthy cells of ten other patients."""
    return drawn(200, seed=2)


@pytest.fixture(scope="session")
def infected():
    """200 drawn infected cells of ten other patients, of every stage."""
    return drawn(200, seed=3, kinds=tuple(STAGES))
