"""A one-class SVM on principal components of whole pictures. Runs in the peers' environment."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.svm import OneClassSVM


class ComponentsThenSvm:
    """Whitened principal components, then the distance to the one-class boundary."""

    def __init__(self, seed: int) -> None:
        self.model = make_pipeline(
            PCA(32, whiten=True, svd_solver="randomized", random_state=seed), OneClassSVM(nu=0.05)
        )

    def fit(self, cells: np.ndarray) -> None:
        """Learn from healthy cells."""
        self.model.fit(np.asarray(cells, np.float32).reshape(len(cells), -1))

    def scores(self, cells: np.ndarray) -> np.ndarray:
        """One score a cell, higher = more anomalous."""
        return -self.model.decision_function(np.asarray(cells, np.float32).reshape(len(cells), -1))

    def size(self) -> int:
        """The bytes of what must be kept."""
        return len(pickle.dumps(self.model))


def make(name: str, seed: int, shared: Path) -> ComponentsThenSvm:  # noqa: ARG001
    """The same model for pixels and for contrast."""
    return ComponentsThenSvm(seed)
