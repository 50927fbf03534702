"""As many cells of every patient, drawn by a seed, so that patients with many cells look like the others."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.seeds import generator
from normocyte.core.types import Names, Scores
from normocyte.drift.contract import Values


@dataclass(frozen=True)
class EqualCells:
    """One row a patient in the order of arrival: names (p,), values (p, cells); who had too few cells."""

    names: Names
    values: Values
    left_out: Names


def equal_cells(values: Scores, patients: Names, cells: int, seed: int, purpose: str) -> EqualCells:
    """Draw `cells` values of each patient without replacement; values (n,) and patients (n,) in any order.

    NaN is left out. `purpose` is a word for what is drawn. What is drawn of a patient depends on the
    seed, on how many patients came before and on the patient's own values, never on later patients: a stream
    that goes on keeps what it had. ConfigError for less than 1 cell.
    """
    if cells < 1:
        raise ConfigError(f"{cells} cells a patient cannot be compared; give at least 1, 20 is usual.")
    names, groups = _grouped(values, patients)
    rows = [
        np.sort(generator(seed, purpose, index).choice(np.sort(own), cells, replace=False))
        for index, own in enumerate(groups)
        if len(own) >= cells
    ]
    has_enough = np.array([len(own) >= cells for own in groups], np.bool_)
    drawn = np.array(rows, np.float64).reshape(-1, cells)
    return EqualCells(names[has_enough], drawn, names[~has_enough])


def _grouped(values: Scores, patients: Names) -> tuple[Names, list[Scores]]:
    """The patients in the order of arrival, and the values of each that are numbers."""
    found, first, codes = np.unique(patients, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    is_number = ~np.isnan(values)
    codes, numbers = codes.reshape(-1)[is_number], values[is_number]
    by_code = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(found)))[:-1]
    groups = np.split(numbers[by_code], ends) if len(found) else []
    return found[order], [groups[place] for place in order]
