"""The one place where decoders are called: whatever they raise becomes an ImageError."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from normocyte.core.errors import ImageError
from normocyte.core.inputs.signatures import format_of
from normocyte.images._quiet import muted
from normocyte.images.contract import Fault

_CUT = (EOFError, struct.error)


@contextmanager
def refusing(name: str, data: bytes) -> Iterator[None]:
    """Work on the bytes of one image, silently; ImageError says in plain words why that is not possible.

    A library raises what it likes at damaged bytes, so that every Exception counts as damage. What it said
    stays in `__cause__`: it may hold addresses and names that mean nothing to a person.
    """
    try:
        with muted():
            yield
    except ImageError:
        raise
    except Fault as fault:
        raise ImageError(f"{name} {fault}.") from fault
    except Exception as error:
        raise ImageError(f"{name} {_cause(error, format_of(data) or 'file')}.") from error


def _cause(error: Exception, kind: str) -> str:
    if isinstance(error, MemoryError):
        return f"is a {kind} that needs more memory than there is; cut it into pieces or export it again"
    if isinstance(error, Image.DecompressionBombError):
        return f"is a damaged {kind}: it claims more pixels than are read; copy or export the file again"
    if isinstance(error, _CUT):
        return f"is a damaged {kind}: bytes that it speaks of are missing; copy or export the file again"
    return f"is a damaged {kind}: it cannot be decoded; copy or export the file again"
