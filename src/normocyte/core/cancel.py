"""Stops work at a safe moment: a token is set from any thread, or by Ctrl-C, and asked by the work."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from types import FrameType
from typing import Any, Self

TERMINATIONS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""By these a system ends a program: on its own, and when its terminal is closed, but on Windows."""


class Stopped(KeyboardInterrupt):
    """Somebody wants the work to stop; no Exception, so that nothing takes it for a fault.

    In Python, who catches Ctrl-C as a KeyboardInterrupt catches it, too.

    Who has results to keep makes an `Interrupted` of it, which says what is kept.
    """

    def __str__(self) -> str:
        """What is true of every work that is stopped."""
        return "Stopped. Files that were not whole yet are gone, all others are kept."


class CancelToken:
    """Says that work shall stop. `set` may be called from any thread, and stays."""

    def __init__(self) -> None:
        self._is_set = False
        self._holds = 0

    @property
    def is_set(self) -> bool:
        """True once the work shall stop."""
        return self._is_set

    def set(self) -> None:
        """Ask the work to stop at its next safe moment."""
        self._is_set = True

    def check(self) -> None:
        """A safe moment: raise Stopped when the token is set."""
        if self._is_set:
            raise Stopped

    def interrupt(self) -> None:
        """Ask from a signal handler: Stopped at once, but within `held` only when it was asked before."""
        is_again, self._is_set = self._is_set, True
        if is_again or not self._holds:
            raise Stopped

    @contextlib.contextmanager
    def held(self) -> Iterator[Self]:
        """In this block an interrupt takes effect only at `check`, and at its end at the latest."""
        self._holds += 1
        try:
            yield self
        finally:
            self._holds -= 1
        self.check()

    @contextlib.contextmanager
    def active(self) -> Iterator[Self]:
        """In this block, in this thread, the token is `current`."""
        before = _current.set(self)
        try:
            yield self
        finally:
            _current.reset(before)


_current: ContextVar[CancelToken | None] = ContextVar("cancel", default=None)


def current() -> CancelToken:
    """The token of the block around, see `CancelToken.active`; without one a token that nobody sets."""
    return _current.get() or CancelToken()


@contextlib.contextmanager
def on_ctrl_c(token: CancelToken, *, also_terminated: bool = False) -> Iterator[None]:
    """In this block Ctrl-C sets the token, and where asked so does each of `TERMINATIONS`.

    Does nothing where a signal is ignored, is somebody else's, or cannot be caught: beside the main thread.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a signal handler gets
        token.interrupt()

    usual: dict[int, Any] = {signal.SIGINT: signal.default_int_handler}
    if also_terminated:
        usual |= dict.fromkeys(TERMINATIONS, signal.SIG_DFL)
    is_main = threading.current_thread() is threading.main_thread()
    ours = [number for number, handler in usual.items() if is_main and signal.getsignal(number) is handler]
    for number in ours:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, usual[number])
