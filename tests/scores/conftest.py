"""Maps of healthy cells: noise in a disc whose mask names six regions, as `cell_regions` would."""

import numpy as np
import pytest


@pytest.fixture
def regions() -> np.ndarray:
    """A mask (24, 24) with the names 0 to 6 in rings from the corner to the core."""
    rows, columns = np.mgrid[:24, :24]
    distance = np.hypot(rows - 11.5, columns - 11.5)
    return np.digitize(-distance, [-12, -11, -10, -8, -6, -4]).astype(np.uint8)


@pytest.fixture
def healthy(regions) -> tuple[np.ndarray, np.ndarray]:
    """60 maps of noise (60, 24, 24) and their masks."""
    noise = np.random.default_rng(5).normal(0, 0.1, (60, 24, 24)).astype(np.float32)
    return noise, np.repeat(regions[np.newaxis], 60, axis=0)
