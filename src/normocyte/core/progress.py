"""How long work reports how far it is, whoever listens."""

import contextlib
import warnings
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Protocol

Tell = Callable[[str], None]


class Progress(Protocol):
    """A listener: an entry point shows a bar, a test keeps a list."""

    def begin(self, task: str, total: int) -> None:
        """A task of `total` steps begins; an earlier one is over."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Some more steps are done; `note` is a word for the user, such as the loss."""

    def tell(self, sentence: str) -> None:
        """A sentence that the user should read at once; nothing where it is empty."""


class Silent:
    """Nobody listens."""

    def begin(self, task: str, total: int) -> None:
        """Ignore it."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Ignore it."""

    def tell(self, sentence: str) -> None:
        """Ignore it."""


def _warn(sentence: str) -> None:
    warnings.warn(sentence, UserWarning, stacklevel=3)


_teller: ContextVar[Tell] = ContextVar("_teller", default=_warn)


@contextlib.contextmanager
def told_by(tell: Tell) -> Iterator[None]:
    """A block in which `tell_user` calls this function; outside of any it warns."""
    before = _teller.set(tell)
    try:
        yield
    finally:
        _teller.reset(before)


def tell_user(sentence: str) -> None:
    """A sentence for the user where no work has begun that a `Progress` listens to."""
    _teller.get()(sentence)
