"""Networks that TensorFlow has traced in this process, lent to the next training of an equal network.

To build and trace a small network takes one to two seconds. What is traced depends on the fields, not on the
weights: a training with another seed or on other cells needs it no second time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

MOST = 4
"""So many networks are kept; the oldest goes first."""
_FREE: dict[Hashable, tuple[Any, list[Any]]] = {}


@contextmanager
def lent(key: Hashable, make: Callable[[], Any]) -> Iterator[Any]:
    """A compiled network of this key as `make` gives it, with the variables that it had when it was made.

    While it is lent nobody else gets it. It is not taken back where its user fails.
    """
    model, start = _FREE.pop(key, (None, []))
    if model is None:
        model = make()
        start = [np.asarray(variable).copy() for variable in _variables(model)]
    for variable, value in zip(_variables(model), start, strict=True):
        variable.assign(value)
    yield model
    _FREE[key] = model, start
    while len(_FREE) > MOST:
        _FREE.pop(next(iter(_FREE)), None)


def _variables(model: Any) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]
