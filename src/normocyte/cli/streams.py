"""Standard input, output and error of the process, where one is missing or its reader goes away."""

import io
import os
import sys
from contextlib import suppress
from typing import BinaryIO

_NAMES = ("stdin", "stdout", "stderr")
_STANDARD_OUTPUT = 1


class Enduring(io.TextIOWrapper):
    """Sentences for a user that go nowhere once their reader is gone or their disk is full.

    The work goes on without them: its rows are worth more than the sentences beside them.
    """

    def write(self, text: str, /) -> int:
        """Write it, or lose it."""
        try:
            return super().write(text)
        except OSError:
            self._lose()
            return len(text)

    def flush(self) -> None:
        """Write what is held back, or lose it."""
        try:
            super().flush()
        except OSError:
            self._lose()

    def _lose(self) -> None:
        """Lead the file to nowhere, with what it still holds back."""
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


def enduring(file: BinaryIO, encoding: str, errors: str | None) -> Enduring:
    """Lines of text for a user on an open file."""
    return Enduring(file, encoding=encoding, errors=errors, line_buffering=True)


def prepare() -> None:
    """Open the standard streams that the process began without, and let standard error endure.

    Else the next file that is opened takes their number, and libraries in C write their messages into it.
    Rows for a standard output that is missing are refused by the system, as those for a full disk are.
    """
    for number, name in enumerate(_NAMES):
        if getattr(sys, name) is None:
            place = os.open(os.devnull, os.O_RDONLY if number <= _STANDARD_OUTPUT else os.O_RDWR)
            os.set_inheritable(place, True)
            stream = os.fdopen(place, "w" if number else "r", encoding="utf-8")
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)  # as Python does; it keeps the file open
    if type(sys.stderr) is io.TextIOWrapper:
        sys.stderr = enduring(sys.stderr.buffer, sys.stderr.encoding, sys.stderr.errors)
