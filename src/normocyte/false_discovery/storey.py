"""The false-discovery rule that first estimates how many cells are healthy."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Scores
from normocyte.false_discovery.contract import FalseDiscoveryRule
from normocyte.false_discovery.support.p_values import step_up


@dataclass
class Storey(FalseDiscoveryRule):
    """Benjamini and Hochberg's rule at the rate divided by the estimated share of healthy cells.

    (Storey, J. R. Stat. Soc. B 64, 2002; Storey, Taylor & Siegmund, J. R. Stat. Soc. B 66, 2004.) Of m
    p-values, W lie above lambda = `healthy_above`, where hardly any is of an anomalous cell; the share is
    (W + 1) / (m * (1 - lambda)), and no cell with a p-value above lambda is selected. It gains where many
    cells are anomalous and may lose a little where few are. For conformal p-values: Bates et al., Ann. Stat.
    51, 2023.
    """

    healthy_above: float = described(0.5, "p-value above which cells are healthy", above=0, below=1)

    def adjust(self, rising: Scores) -> Scores:
        adjusted = np.ones_like(rising)
        low = rising[rising <= self.healthy_above]
        if low.size:
            above = len(rising) - len(low)
            scale = (1 + above) / ((1 - self.healthy_above) * len(low))
            adjusted[: len(low)] = np.minimum(step_up(low) * scale, 1.0)
        return adjusted

    def assumption(self) -> str:
        return (
            "the healthy ones are like the calibration cells and their p-values are independent, or come "
            "from one calibration set; that cells of one patient resemble each other is not accounted for"
        )
