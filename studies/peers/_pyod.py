"""Detectors of PyOD on flat rows: 32 x 32 colours, or the stain features. In the peers' environment."""

from __future__ import annotations

import copy
import pickle
from importlib import import_module
from pathlib import Path

import numpy as np
from _catalogue import AT_ONCE
from sklearn.preprocessing import StandardScaler

DETECTORS = {
    "autoencoder": ("auto_encoder", "AutoEncoder"),
    "ecod": ("ecod", "ECOD"),
    "iforest": ("iforest", "IForest"),
    "knn": ("knn", "KNN"),
    "lof": ("lof", "LOF"),
}
SEEDED = ("AutoEncoder", "IForest")
CALLS = {"pyod_ecod_stain": AT_ONCE}


class Flat:
    """A detector of PyOD behind a standardisation, on rows of numbers."""

    def __init__(self, detector: object, call: int, seed: int) -> None:
        self.detector, self.call, self.seed = detector, call, seed
        self.scaler = StandardScaler()

    def fit(self, cells: np.ndarray) -> None:
        """Learn from healthy cells."""
        self.detector.fit(self.scaler.fit_transform(flat(cells)))

    def scores(self, cells: np.ndarray) -> np.ndarray:
        """One score a cell, higher = more anomalous; the cells of a call are drawn from all over the set."""
        rows = self.scaler.transform(flat(cells))
        order = np.random.default_rng(self.seed).permutation(len(rows))
        found = np.empty(len(rows))
        for begin in range(0, len(rows), self.call or len(rows)):
            asked = order[begin : begin + (self.call or len(rows))]
            found[asked] = copy.copy(self.detector).decision_function(rows[asked])
        return found

    def size(self) -> int:
        """The bytes of what must be kept."""
        return len(pickle.dumps(self.detector))


def flat(cells: np.ndarray) -> np.ndarray:
    """Rows of numbers, (n, features): colours at half their size, features as they are."""
    numbers = np.asarray(cells, np.float32)
    if cells.dtype != np.uint8:
        return numbers
    n, height, width, channels = cells.shape
    blocks = numbers.reshape(n, height // 2, 2, width // 2, 2, channels)
    return blocks.mean(axis=(2, 4)).reshape(n, -1)


def make(name: str, seed: int, shared: Path) -> Flat:  # noqa: ARG001
    """The peer of this name, as PyOD sets it; a code of 32 would be wider than the stain features."""
    module, detector = DETECTORS[name.split("_")[1]]
    fields = {}
    if detector == "AutoEncoder":
        hidden = [8, 4] if name.endswith("stain") else [64, 32]
        fields = {"hidden_neuron_list": hidden, "verbose": 0, "device": "cpu"}
    if detector in SEEDED:
        fields["random_state"] = seed
    made = getattr(import_module(f"pyod.models.{module}"), detector)(**fields)
    return Flat(made, CALLS.get(name, 0), seed)
