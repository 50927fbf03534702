"""The colours of heat."""

import numpy as np
from matplotlib import colormaps

from normocyte.reports.drawing.heat_colours import heat_colours


def test_they_are_those_of_matplotlib_to_the_nearest_byte():
    viridis = 255 * colormaps["viridis"](np.linspace(0.25, 1, 256))[:, :3]
    assert np.abs(heat_colours() - viridis).max() <= 0.5
