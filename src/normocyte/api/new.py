"""A detector for images of anything, from Python."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from normocyte.api.bundle import Bundle
from normocyte.api.evaluation import Evaluation
from normocyte.api.inputs import PathLike
from normocyte.api.running import running
from normocyte.api.support.checks import check_patients, check_place, check_whole
from normocyte.api.support.folders import Folder
from normocyte.core.files import keep_apart
from normocyte.core.progress import Progress
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.copies import with_copies
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.workflows.new.new import New as _New
from normocyte.workflows.new.new import NewRequest
from normocyte.workflows.new.new import new as run_new


def _told_copies(cohort: Cohort, progress: Progress) -> Cohort:
    """Find the images that stand twice, and tell what does not count; unknown patients the report states."""
    cohort = with_copies(cohort, progress)
    for sentence in (*cohort.copies.sentences, *cohort.left_out):
        progress.tell(sentence)
    return cohort


class New:
    """A detector that was chosen for some images, and how good it is.

    Attributes:
        bundle: what was learnt, ready to score.
        report: what it reaches on images that it has not learnt from; of healthy ones alone, how these score.

    Example:
        >>> list(made.choices.columns)
        ['what', 'value', 'reason']
    """

    def __init__(self, made: _New, folder: Folder) -> None:
        self.bundle = Bundle(load_bundle(made.bundle), folder)
        self.report = Evaluation(made.evaluated, folder.written(made.evaluated.page, "report"))
        self._folder = folder
        self._choices = made.choices

    def __repr__(self) -> str:
        """Where it lies."""
        return f"<normocyte.New {str(self._folder.path)!r}>"

    @property
    def choices(self) -> pd.DataFrame:
        """One row a choice: what, its value, and the reason."""
        rows = [(one.what, one.value, one.reason) for one in self._choices.choices]
        return pd.DataFrame(rows, columns=["what", "value", "reason"])

    @property
    def tried(self) -> pd.DataFrame:
        """One row a candidate, with its AUROC on each kind of synthetic anomaly."""
        kinds = self._choices.kinds
        rows = [(one.name, one.is_chosen, one.mean, *one.aurocs) for one in self._choices.tried]
        return pd.DataFrame(rows, columns=["name", "is_chosen", "mean", *kinds])


def new(
    name: PathLike,
    healthy: PathLike,
    *,
    anomalous: PathLike | Sequence[PathLike] = (),
    patients: str = "",
    seed: int = 7,
    workers: int = 1,
    progress: Progress | None = None,
) -> New:
    """Make a detector for images of anything, as `normocyte new` does.

    Args:
        name: folder of the new detector.
        healthy: folder, zip or CSV manifest of healthy images.
        anomalous: one or several of anomalous images, which are never learnt from.
        patients: whose the cells are, as for `train`.
        seed: 0 to 2**32 - 1.
        workers: processes, as for `train`.
        progress: a listener; None shows sentences as warnings.

    Returns:
        `bundle`; `report`, as of `evaluate`; DataFrames of `choices`, and of candidates that were `tried`.

    Raises:
        DatasetError: for images that cannot be learnt from.

    Example:
        >>> import normocyte as nc
        >>> made = nc.new("mine", "slices/", anomalous="spots/")
        >>> len(made.bundle.score("spots/"))
        12
    """
    check_place(name, "name")
    check_place(healthy, "healthy")
    check_patients(patients)
    check_whole(seed, "seed", 0)
    if not isinstance(anomalous, Sequence):
        check_place(anomalous, "anomalous")
    several = [anomalous] if isinstance(anomalous, str | os.PathLike) else list(anomalous)
    for one in several:
        check_place(one, "anomalous")
    given = [Path(healthy), *map(Path, several)]
    folder = Folder(name)
    keep_apart(folder.path, given)
    with running(progress, workers) as listener:
        asked = NewRequest(folder.path, given[0], tuple(given[1:]), patients, seed)
        made = run_new(asked, listener, _told_copies)
        listener.tell(made.note)
    return New(made, folder)
