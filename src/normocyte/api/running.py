"""What surrounds every call from Python: Ctrl-C, warnings, and a folder for what nobody named one for."""

import contextlib
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterator
from pathlib import Path

from normocyte.api.inputs import PathLike
from normocyte.core.cancel import CancelToken, on_ctrl_c
from normocyte.core.errors import ConfigError
from normocyte.core.files import make_folder
from normocyte.core.progress import Progress
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.pool import most_workers


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


@contextlib.contextmanager
def running(progress: Progress | None, workers: int = 1) -> Iterator[Progress]:
    """A block in which Ctrl-C stops at a safe moment and so many processes work; gives the listener.

    One process is the default, since a script that has no `if __name__ == "__main__"` cannot begin others.
    """
    if workers < 0:
        raise ConfigError(f"workers must be a whole number from 0, not {workers}; 0 takes one a core.")
    token = CancelToken()
    with token.active(), on_ctrl_c(token), most_workers(workers):
        yield progress or Warns()


def told(cohort: Cohort, listener: Progress) -> Cohort:
    """The same set, once the listener knows what limits any result with it."""
    for sentence in cohort.cautions:
        listener.tell(sentence)
    return cohort


class Folder:
    """A folder that the caller named, or one that is deleted when its owner is no longer used."""

    def __init__(self, named: PathLike | None) -> None:
        if named is not None:
            self.path = make_folder(Path(named))
        else:
            self.path = Path(tempfile.mkdtemp(prefix="normocyte-"))
            weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def copy_to(self, place: PathLike) -> Path:
        """Copy all of it to another folder, which may be there; gives that folder."""
        target = Path(place)
        shutil.copytree(self.path, target, dirs_exist_ok=True)
        return target
