"""The package nonconform on scores that are there already. Runs in the peers' environment."""

from __future__ import annotations

import numpy as np
from _catalogue import CONFIDENCE, LISTED, Flags, Given
from nonconform import ConformalDetector, Empirical, Probabilistic, Split, logistic_weight_estimator
from nonconform.scoring import ConditionalEmpirical

ESTIMATIONS = {
    "Empirical": Empirical,
    "ConditionalEmpirical": lambda: ConditionalEmpirical(delta=1 - CONFIDENCE),
    "Probabilistic": lambda: Probabilistic(n_trials=0),
}
SEED = 0


class Scored:
    """A detector whose score of a cell is the one number that the cell consists of."""

    def fit(self, cells: np.ndarray, labels: np.ndarray | None = None) -> Scored:
        """Learn nothing."""
        del cells, labels
        return self

    def decision_function(self, cells: np.ndarray) -> np.ndarray:
        """The scores."""
        return cells[:, 0]

    def get_params(self, deep: bool = True) -> dict[str, object]:
        """No parameters."""
        del deep
        return {}

    def set_params(self, **params: object) -> Scored:
        """No parameters."""
        del params
        return self


def make(name: str) -> Flags:
    """What the rule flags."""

    def flags(given: Given, test: np.ndarray) -> np.ndarray:
        detector = ConformalDetector(
            detector=Scored(),
            strategy=Split(),
            estimation=ESTIMATIONS.get(name, Empirical)(),
            weight_estimator=logistic_weight_estimator() if name == "weighted" else None,
            score_polarity="higher_is_anomalous",
            seed=SEED,
        )
        detector.calibrate(given.scores[:, None])
        if name == "fpr_bounds":
            return certified(detector, test, given.rate)
        if not given.rate:
            method = "storey" if name == "storey" else "bh"
            return np.asarray(detector.select(test[:, None], alpha=LISTED, method=method))
        return np.asarray(detector.compute_p_values(test[:, None])) <= given.rate

    return flags


def certified(detector: ConformalDetector, test: np.ndarray, rate: float) -> np.ndarray:
    """What the certified cut flags; ValueError where no finite cut is certified."""
    cut = detector.fpr_bounds(confidence=CONFIDENCE).threshold_for(rate)
    if not np.isfinite(cut):
        raise ValueError(f"no cut is certified for {rate:g}")
    return test >= cut
