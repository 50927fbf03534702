"""The rules of PyThresh as they are without options. Runs in the peers' environment."""

from __future__ import annotations

import warnings
from importlib import import_module

import numpy as np
from _catalogue import Flags, Given


def make(name: str) -> Flags:
    """What the rule flags."""
    rule = getattr(import_module(f"pythresh.thresholds.{name.lower()}"), name)

    def flags(given: Given, test: np.ndarray) -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = rule().fit(given.scores)
            found = fitted.labels_ if given.scores is test else fitted.predict(test)
        return np.asarray(found).astype(bool)

    return flags
