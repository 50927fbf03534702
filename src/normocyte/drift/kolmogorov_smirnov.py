"""The largest distance between two distribution functions."""

from dataclasses import dataclass

import numpy as np

from normocyte.drift.contract import Values
from normocyte.drift.support.two_sample import TwoSampleTest


@dataclass
class KolmogorovSmirnov(TwoSampleTest):
    """Kolmogorov and Smirnov's statistic, 0 to 1, with a p-value by exchanging patients.

    The usual p-value takes cells for independent; cells of one patient are not.
    """

    def statistics(self, differences: Values, gaps: Values) -> Values:
        return np.asarray(np.max(np.abs(differences) * (gaps > 0), axis=1))
