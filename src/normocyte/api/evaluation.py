"""Evaluation from Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from normocyte.api.bundle import Bundle, opened
from normocyte.api.inputs import PathLike
from normocyte.api.labelled import Labelled, cohort_of
from normocyte.api.running import lost, running, told
from normocyte.api.support.folders import Folder, Written
from normocyte.api.tables import metrics_table, test_cells_table, thresholds_table
from normocyte.core.progress import Progress
from normocyte.workflows.evaluation.evaluate import Evaluated
from normocyte.workflows.evaluation.evaluate import evaluate as run_evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Evaluation:
    """How good a bundle is on patients it has never seen.

    Attributes:
        result: everything the report shows, as frozen dataclasses.
        judged: in words, which cells were judged.
        unreadable: cells that could not be judged, with reasons; `evaluate` warns.

    Example:
        >>> set(report.scores.label) == {0, 1}
        True
    """

    def __init__(self, evaluated: Evaluated, written: Written) -> None:
        self.result = evaluated.contents
        self.judged = evaluated.judged
        self.unreadable = evaluated.faults
        self._written = written

    def __repr__(self) -> str:
        """Which cells were judged."""
        return f"<normocyte.Evaluation {self.judged.splitlines()[0]!r}>"

    @property
    def metrics(self) -> pd.DataFrame:
        """One row a metric, detector and set of labels, with the 95 % interval over patients."""
        return metrics_table(self.result)

    @property
    def scores(self) -> pd.DataFrame:
        """A row a test cell: path, patient, label, score, p_value, flagged, doubtful."""
        return test_cells_table(self.result)

    @property
    def thresholds(self) -> pd.DataFrame:
        """One row a rule for the threshold, with its figures."""
        return thresholds_table(self.result)

    def plot_scores(self, ax: Axes | None = None) -> Axes:
        """Draw how the scores of healthy and anomalous cells fall; gives the axes.

        Example:
            >>> axes = report.plot_scores()
        """
        from normocyte.api.plots import plot_scores

        return plot_scores(self.result, ax)

    def plot_roc(self, ax: Axes | None = None) -> Axes:
        """Draw sensitivity against the false-positive rate, with the 95 % band; gives the axes.

        Example:
            >>> axes = report.plot_roc()
        """
        from normocyte.api.plots import plot_roc

        return plot_roc(self.result.roc, ax)

    def to_html(self, folder: PathLike) -> Path:
        """Write report, figures and numbers into a folder; gives the page.

        Example:
            >>> report.to_html("evaluation").name
            'report.html'
        """
        return self._written.copy_to(folder)


def evaluate(
    bundle: Bundle | PathLike,
    data: Labelled,
    *,
    out: PathLike | None = None,
    patients: str = "",
    new_patients: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
) -> Evaluation:
    """Judge a bundle on labelled cells of patients it has never seen, as `normocyte evaluate` does.

    Args:
        bundle: what `load`, `train`, `calibrate` or `adapt` gave, or its folder.
        data: folder, zip or CSV manifest of labelled cells, or a DataFrame: path, label, patient.
        out: folder of the report; None for one that is deleted with the result.
        patients: whose the cells are: file, folder, one, unknown, or a regular expression with one group,
            searched in file names; empty to find it from the data.
        new_patients: patients whose names are in the bundle are other persons.
        workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
        progress: a listener; None shows sentences as warnings.

    Returns:
        Metrics with intervals over patients, scores, thresholds, plots and the report.

    Raises:
        DatasetError: when there are no test cells of both kinds.

    Example:
        >>> import normocyte as nc
        >>> report = nc.evaluate(nc.load(), "cells/")
        >>> "auroc" in set(report.metrics.metric)
        True
    """
    known, folder = opened(bundle), Folder(out).apart_from(data)
    with running(progress, workers) as listener:
        cohort = told(cohort_of(data, patients), listener)
        found = run_evaluation(known, cohort, folder.path, listener, has_new_patients=new_patients)
        total = len(found.contents.cells.names) + len(found.faults)
        listener.tell(lost(found.faults, total, f"{found.contents.unit}s could not be judged"))
    return Evaluation(found, folder.written(found.page))
