"""Lets Ctrl-C wait for a safe moment, where an interrupt in the middle would be lost or break a library."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class Stop:
    """Remembers that somebody wants to stop."""

    def __init__(self) -> None:
        self._is_asked = False

    def check(self) -> None:
        """Raise KeyboardInterrupt when somebody has pressed Ctrl-C since."""
        if self._is_asked:
            self._is_asked = False
            raise KeyboardInterrupt

    def ask(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - what a signal handler gets
        """Remember the first Ctrl-C; a second one, before the safe moment, takes effect at once."""
        if self._is_asked:
            raise KeyboardInterrupt
        self._is_asked = True


@contextlib.contextmanager
def stopping_safely() -> Iterator[Stop]:
    """In this block Ctrl-C takes effect only at `check`, and at its end at the latest.

    Does nothing where Ctrl-C is ignored, is somebody else's, or cannot be caught: beside the main thread.
    """
    stop = Stop()
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_ours or threading.current_thread() is not threading.main_thread():
        yield stop
        return
    signal.signal(signal.SIGINT, stop.ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    stop.check()
