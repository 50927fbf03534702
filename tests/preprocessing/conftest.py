"""Pictures of one drawn cell: in black padding as in the NIH crops, or on a bright field."""

import numpy as np
import pytest

from normocyte.core.types import Sample

PINK = (210.0, 150.0, 155.0)
PURPLE = (140.0, 60.0, 130.0)
BRIGHT = (240.0, 235.0, 238.0)
BLACK = (0.0, 0.0, 0.0)


def _disc(size: int, centre: tuple[float, float], radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:size, :size]
    return np.hypot(rows - centre[0], columns - centre[1]) <= radius


def _cell(size: int, background: tuple[float, float, float]) -> Sample:
    pixels = np.empty((size, size, 3), np.float32)
    pixels[:] = background
    pixels[_disc(size, (size / 2, size / 2), 0.42 * size)] = PINK
    pixels[_disc(size, (0.4 * size, 0.6 * size), 0.05 * size)] = PURPLE
    return Sample(pixels, np.ones((size, size), np.uint8))


@pytest.fixture
def padded_cell() -> Sample:
    """A pink cell of radius 54 amid 128 x 128 black pixels, with a purple parasite at (51, 77)."""
    return _cell(128, BLACK)


@pytest.fixture
def field_cell() -> Sample:
    """The same cell on a bright field."""
    return _cell(128, BRIGHT)


@pytest.fixture
def small_cell() -> Sample:
    """The cell at 64 x 64 with its mask, on its own median: what `resize` gives."""
    cell = _cell(64, PINK)
    return Sample(cell.pixels, _disc(64, (32, 32), 0.42 * 64).astype(np.uint8))
