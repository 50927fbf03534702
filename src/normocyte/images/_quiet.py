"""Decoders warn of oddities that their result shows anyway; here they are silent."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Python's list of warning filters belongs to the whole process: only one thread may change it at a time.
_WARNINGS = threading.RLock()
_STANDARD_ERROR = 2


@contextmanager
def quiet() -> Iterator[None]:
    """Without warnings, and without what libraries in C write to standard error."""
    with _WARNINGS, warnings.catch_warnings(), muted():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def muted() -> Iterator[None]:
    """Without what libraries in C (libpng, libjpeg, libtiff) write to standard error by themselves."""
    _mute.begin()
    try:
        yield
    finally:
        _mute.end()


class _Mute:
    """Standard error of the process, led to nowhere while at least one thread decodes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoding = 0
        self._kept: int | None = None
        self._nowhere: int | None = None

    def begin(self) -> None:
        with self._lock:
            self._decoding += 1
            if self._decoding == 1:
                self._lead_away()

    def end(self) -> None:
        with self._lock:
            self._decoding -= 1
            if self._decoding == 0 and self._kept is not None:
                os.dup2(self._kept, _STANDARD_ERROR)
                os.close(self._kept)
                self._kept = None

    def _lead_away(self) -> None:
        """Do so, unless the process has no standard error."""
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()
        with suppress(OSError):
            self._kept = os.dup(_STANDARD_ERROR)
            if self._nowhere is None:
                self._nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(self._nowhere, _STANDARD_ERROR)


_mute = _Mute()
