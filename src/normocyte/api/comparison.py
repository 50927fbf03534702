"""Comparison of configurations from Python."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from normocyte.api.inputs import PathLike
from normocyte.api.labelled import Labelled, cohort_of
from normocyte.api.running import running, told
from normocyte.api.support.checks import check_place, check_whole, said
from normocyte.api.support.folders import Folder, Written
from normocyte.api.tables import comparison_table
from normocyte.core.errors import ConfigError
from normocyte.core.progress import Progress
from normocyte.workflows.comparison.compare import RUNS, Compared, CompareRequest
from normocyte.workflows.comparison.compare import compare as run_comparison


class Comparison:
    """Several configurations on the same patients.

    Attributes:
        result: everything the page shows, as frozen dataclasses.
        kept: how many runs were there already.

    Example:
        >>> comparison.kept
        0
    """

    def __init__(self, compared: Compared, written: Written) -> None:
        self.result = compared.contents
        self.kept = compared.kept
        self._written = written

    def __repr__(self) -> str:
        """The configurations."""
        return f"<normocyte.Comparison {', '.join(row.name for row in self.result.rows)}>"

    @property
    def table(self) -> pd.DataFrame:
        """One row a configuration: metrics, costs, and why it failed."""
        return comparison_table(self.result)

    def to_html(self, folder: PathLike) -> Path:
        """Write page and runs into a folder; gives the page.

        Example:
            >>> comparison.to_html("comparison").name
            'comparison.html'
        """
        return self._written.copy_to(folder)


def compare(
    recipes: PathLike | Sequence[PathLike],
    data: Labelled,
    *,
    out: PathLike | None = None,
    patients: str = "",
    seeds: int = 3,
    reference: str = "",
    workers: int = 1,
    progress: Progress | None = None,
) -> Comparison:
    """Train and judge several configurations on the same patients, as `normocyte compare` does.

    Args:
        recipes: TOML files, or names of built-in recipes; every value of a list in a file is tried.
        data: folder, zip or CSV manifest of labelled cells, or a DataFrame: path, label, patient.
        out: folder for the page and every run; runs that are there are kept. None for one that is deleted.
        patients: whose the cells are: file, folder, one, unknown, or a regular expression with one group,
            searched in file names; empty to find it from the data.
        seeds: how many seeds, from 0.
        reference: compare with this one; empty for the first.
        workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
        progress: a listener; None shows sentences as warnings.

    Returns:
        The table of the configurations and the page.

    Raises:
        ConfigError: for a recipe that is not known, or given twice.
        DatasetError: for data that cannot be used.

    Example:
        >>> import normocyte as nc
        >>> comparison = nc.compare(["stain_rule", "contrast"], "cells/", seeds=1)
        >>> comparison.table.configuration.tolist()
        ['stain_rule', 'contrast']
    """
    names = [recipes] if isinstance(recipes, str | os.PathLike) else recipes
    if not isinstance(names, list | tuple) or not names:
        raise ConfigError(
            f"recipes must be names of recipes or TOML files, at least one, not {said(recipes)}."
        )
    for name in names:
        check_place(name, "A recipe")
    check_whole(seeds, "seeds", 1)
    request = CompareRequest.of([str(one) for one in names], seeds, reference)
    folder = Folder(out).apart_from(data)
    with running(progress, workers) as listener:
        cohort = told(cohort_of(data, patients), listener)
        found = run_comparison(request, cohort, folder.path, _listening(listener))
    return Comparison(found, folder.written(found.page, RUNS))


def _listening(listener: Progress) -> Callable[[str], contextlib.AbstractContextManager[Progress]]:
    @contextlib.contextmanager
    def listen(_: str) -> Iterator[Progress]:
        yield listener

    return listen
