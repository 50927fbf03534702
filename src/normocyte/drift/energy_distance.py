"""The energy distance between two distributions."""

from dataclasses import dataclass

import numpy as np

from normocyte.drift.contract import Values
from normocyte.drift.support.two_sample import TwoSampleTest


@dataclass
class EnergyDistance(TwoSampleTest):
    """The root of 2 * integral of (F - G)^2, as `scipy.stats.energy_distance`, with a p-value by patient.

    (Székely & Rizzo, J. Stat. Plan. Inference 143, 2013.) It sees small differences that run over a wide
    range, where Kolmogorov and Smirnov's looks at the widest gap alone.
    """

    def statistics(self, differences: Values, gaps: Values) -> Values:
        return np.asarray(np.sqrt(2 * (differences**2 @ gaps)))
