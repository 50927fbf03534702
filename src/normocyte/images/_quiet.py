"""Decoders warn of oddities that their result shows anyway; here they are silent."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Python's list of warning filters belongs to the whole process: only one thread may change it at a time.
_WARNINGS = threading.RLock()


@contextmanager
def quiet() -> Iterator[None]:
    """Without warnings."""
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
