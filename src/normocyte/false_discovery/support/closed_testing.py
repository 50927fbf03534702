"""How many cells of a smear are anomalous at least: closed testing with Simes' test.

Closed testing asks of every set of cells whether all of them could be healthy, and is sure of a set only if
it is sure of each larger one (Marcus, Peritz & Gabriel, Biometrika 63, 1976). The bounds hold for all sets at
once, so a set may be chosen after looking (Goeman & Solari, Stat. Sci. 26, 2011). Simes' test holds for
p-values that depend on each other positively, as conformal ones do (Bates et al., Ann. Stat. 51, 2023). The
shortcut that spares the 2^n sets: Goeman, Meijer, Krebs & Solari, Biometrika 106, 2019.
"""

import numpy as np

from normocyte.core.checks import need_share_inside
from normocyte.core.types import Scores
from normocyte.false_discovery.support.p_values import check_p_values


def fewest_anomalies(p_values: Scores, confidence: float = 0.95) -> int:
    """The number of anomalous cells in the smear is at least this, with this confidence.

    `p_values` (n,) in (0, 1]; NaN does not count. DatasetError for other p-values, ConfigError for a
    confidence that is not between 0 and 1.
    """
    rising, level = _rising(p_values, confidence)
    return len(rising) - _most_healthy(rising, level)


def _rising(p_values: Scores, confidence: float) -> tuple[Scores, float]:
    """The p-values that are numbers, rising, and the level of the tests."""
    need_share_inside("confidence", confidence, 0.95)
    given = np.asarray(p_values, dtype=np.float64)
    check_p_values(given)
    return np.sort(given[~np.isnan(given)]), 1.0 - confidence


def _most_healthy(rising: Scores, level: float) -> int:
    """The size of the largest set of cells that could all be healthy.

    Simes' test is least sure of the i largest p-values, among all sets of i; and the more of them, the surer
    it is. So the size is found by halving.
    """
    low, high = 0, len(rising)
    while low < high:
        middle = (low + high + 1) // 2
        if _could_be_healthy(rising[len(rising) - middle :], level):
            low = middle
        else:
            high = middle - 1
    return low


def _could_be_healthy(rising: Scores, level: float) -> bool:
    """True unless Simes' test rejects: some j-th smallest of i p-values is at most j * level / i."""
    return bool(np.all(len(rising) * rising > np.arange(1, len(rising) + 1) * level))
