"""The one place where decoders are called: silently, and whatever they raise becomes an ImageError."""

import os
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from normocyte.core.errors import ImageError
from normocyte.core.inputs.signatures import format_of
from normocyte.images.contract import Fault

_CUT = (EOFError, struct.error)
# Python's list of warning filters belongs to the whole process: only one thread may change it at a time.
_WARNINGS = threading.RLock()
_STANDARD_ERROR = 2

Result = TypeVar("Result")


def guarded(name: str, data: bytes, work: Callable[..., Result], *given: Any) -> Result:
    """What work on the bytes of one image gives, silently; ImageError says why that is not possible.

    A library raises what it likes at damaged bytes, so that every Exception counts as damage. What it said
    stays in `__cause__`: it may hold addresses and names that mean nothing to a person.
    """
    _mute.begin()
    try:
        return work(*given)
    except ImageError:
        raise
    except Fault as fault:
        raise ImageError(f"{name} {fault}.") from fault
    except Exception as error:
        raise ImageError(f"{name} {_cause(error, format_of(data) or 'file')}.") from error
    finally:
        _mute.end()


def _cause(error: Exception, kind: str) -> str:
    if isinstance(error, MemoryError):
        return f"is a {kind} that needs more memory than there is; cut it into pieces or export it again"
    if type(error).__name__ == "DecompressionBombError":  # of Pillow, which need not be imported here
        return f"is a damaged {kind}: it claims more pixels than are read; copy or export the file again"
    if isinstance(error, _CUT):
        return f"is a damaged {kind}: bytes that it needs are missing; copy or export the file again"
    return f"is a damaged {kind}: it cannot be decoded; copy or export the file again"


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
