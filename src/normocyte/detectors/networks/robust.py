"""A loss in which the few pixels that are far too dark have little say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from normocyte.detectors.networks.keras_model import load_keras


def forgiving_square(beyond: float, darker: float) -> Callable[[Any, Any], Any]:
    """The mean square of wanted - answered, but where the wanted is darker by more than `beyond` a logarithm.

    Value and slope are continuous there, and the slope then falls as 1 / residual: an M-estimator that lets
    go of outliers (Huber, Ann. Math. Statist. 35 (1964) 73, is the one that only holds them; the fall is
    that of Cauchy's). Only the dark side is forgiven, for a parasite is dark: where the answer is the darker
    one, as where a drawn parasite was left, the square remains. `darker` is 1 where a larger value is darker,
    else -1.
    """
    ops = load_keras().ops

    def loss(wanted: Any, answered: Any) -> Any:
        residual = darker * (wanted - answered)
        beyond_it = 1 + 2 * ops.log(ops.maximum(residual, beyond) / beyond)
        return ops.mean(ops.where(residual <= beyond, ops.square(residual), beyond**2 * beyond_it))

    return loss
