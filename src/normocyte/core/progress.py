"""How long work tells somebody how far it is, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    """Somebody who listens; a door draws a bar, a test keeps a list."""

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
