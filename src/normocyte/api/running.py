"""What surrounds every call from Python: Ctrl-C, warnings, and how many processes work."""

import contextlib
import warnings
from collections.abc import Iterator, Sequence

from normocyte.api.support.checks import check_whole, said
from normocyte.core.cancel import CancelToken, on_ctrl_c
from normocyte.core.errors import ConfigError
from normocyte.core.own.faults import OwnPartsNamed
from normocyte.core.progress import Progress
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.pool import most_workers

_HEARS = ("begin", "advance", "tell")


class Warns:
    """A listener that shows sentences for the user as warnings, and no progress."""

    def begin(self, task: str, total: int) -> None:
        """Ignore it."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Ignore it."""

    def tell(self, sentence: str) -> None:
        """Warn with the sentence; nothing for an empty one."""
        if sentence:
            warnings.warn(sentence, UserWarning, stacklevel=2)


def lost(faults: Sequence[str], total: int, what: str) -> str:
    """What to tell of images that were left out of so many; empty where none was."""
    if not faults:
        return ""
    return f"{len(faults):,} of {total:,} {what}, the first: {faults[0]}"


@contextlib.contextmanager
def running(progress: Progress | None, workers: int = 1) -> Iterator[Progress]:
    """A block in which Ctrl-C stops at a safe moment and so many processes work; gives the listener.

    One process is the default, since a script that has no `if __name__ == "__main__"` cannot begin others.
    """
    check_whole(workers, "workers", 0)
    if progress is not None and not all(callable(getattr(progress, name, None)) for name in _HEARS):
        raise ConfigError(
            f"progress must be a listener with {', '.join(_HEARS)}, not {said(progress)}; "
            "see `normocyte.core.progress.Progress`."
        )
    token = CancelToken()
    with token.active(), on_ctrl_c(token), most_workers(workers), OwnPartsNamed():
        yield progress or Warns()


def told(cohort: Cohort, listener: Progress) -> Cohort:
    """The same set, once the listener knows what limits any result with it."""
    for sentence in cohort.cautions:
        listener.tell(sentence)
    return cohort
