"""The Bayesian estimate, averaged over the rates that a new patient may have."""

from dataclasses import dataclass

import numpy as np
from scipy.special import xlog1py, xlogy

from normocyte.core.fields import described
from normocyte.core.types import Estimate, Floats
from normocyte.parasitaemia.contract import Estimator
from normocyte.parasitaemia.support.cut import Counts

_FALSE, _TRUE = 80, 16
_COARSE, _FINE = 120, 300
_NEGLIGIBLE = 1e-7
_SURE = 0.95


@dataclass
class BetaBinomial(Estimator):
    """The median of the posterior of the infected share, with the shortest interval that holds 95 % of it.

    The prior of the share is Beta(`prior_infected`, `prior_healthy`), uniform by default. The number of
    flagged cells is binomial given the share and the patient's own false-positive rate and sensitivity,
    each of which has the distribution of a new patient's rate under the beta-binomial model; the product is
    summed over both, on a grid, without random numbers.
    """

    prior_infected: float = described(1.0, "first parameter of the Beta prior of the share", above=0)
    prior_healthy: float = described(1.0, "second parameter of the Beta prior of the share", above=0)

    def share(self, counts: Counts) -> Estimate:
        edges = np.sin(np.linspace(0.0, np.pi / 2, _COARSE + 1)) ** 2
        held = np.flatnonzero(self._masses(counts, edges) > _NEGLIGIBLE)
        first, last = np.arcsin(np.sqrt(edges[[max(held[0] - 1, 0), min(held[-1] + 2, _COARSE)]]))
        edges = np.sin(np.linspace(first, last, _FINE + 1)) ** 2
        return _summary(edges, self._masses(counts, edges))

    def _masses(self, counts: Counts, edges: Floats) -> Floats:
        """How probable each cell between these edges is, (cells,), summing to 1."""
        share = (edges[1:] + edges[:-1]) / 2
        false, true = counts.cut.false_rates.thinned(_FALSE), counts.cut.true_rates.thinned(_TRUE)
        healthy = (1 - share)[:, None, None] * false.values[:, None]
        rate = np.minimum(healthy + share[:, None, None] * true.values, 1.0)
        logs = xlogy(counts.found, rate) + xlog1py(counts.total - counts.found, -rate)
        logs += xlogy(self.prior_infected - 1, share)[:, None, None]
        logs += xlog1py(self.prior_healthy - 1, -share)[:, None, None]
        density = np.einsum("sft,f,t->s", np.exp(logs - logs.max()), false.weights, true.weights)
        masses = density * np.diff(edges)
        return np.asarray(masses / masses.sum())


def _summary(edges: Floats, masses: Floats) -> Estimate:
    """Median, and the least and largest share among the most probable cells that hold 95 %."""
    order = np.argsort(-masses / np.diff(edges), kind="stable")
    count = int(np.searchsorted(np.cumsum(masses[order]), _SURE)) + 1
    chosen = order[:count]
    below = np.concatenate([[0.0], np.cumsum(masses)])
    median = float(np.interp(0.5, below, edges))
    return Estimate(median, float(edges[chosen.min()]), float(edges[chosen.max() + 1]))
