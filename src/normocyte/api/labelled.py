"""What a caller gives beside images: labelled cells, and rows of scores."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from normocyte.api.inputs import PATH, PathLike
from normocyte.api.support.checks import check_columns, check_labelled, check_patients, check_place
from normocyte.core.errors import DatasetError
from normocyte.core.registry import part_name
from normocyte.core.types import ANOMALY, HEALTHY, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.folder import Folder
from normocyte.datasets.opening.detect import open_cohort, open_to_learn
from normocyte.datasets.opening.healthy import HealthyCells
from normocyte.datasets.support.checks import checked
from normocyte.datasets.support.manifest import parse_manifest
from normocyte.datasets.support.patients import said_of
from normocyte.tables.reading import Rows

Labelled: TypeAlias = PathLike | pd.DataFrame
"""A folder, zip or CSV manifest of labelled cells, or a DataFrame with the manifest's columns."""
Scored: TypeAlias = PathLike | pd.DataFrame
"""A file of rows that `normocyte score` wrote, or the DataFrame that `Bundle.score` gave."""

_TABLE = "The DataFrame"


def cohort_of(data: Labelled, patients: str = "") -> Cohort:
    """The labelled cells, listed once; DatasetError with every row of a DataFrame that is at fault."""
    check_labelled(data, "data")
    check_patients(patients)
    return _of_table(data, patients) if isinstance(data, pd.DataFrame) else open_cohort(Path(data), patients)


def cells_to_learn(data: Labelled, patients: str = "") -> Cohort:
    """The same, or healthy cells alone."""
    check_labelled(data, "data")
    check_patients(patients)
    return (
        _of_table(data, patients) if isinstance(data, pd.DataFrame) else open_to_learn(Path(data), patients)
    )


def _of_table(table: pd.DataFrame, patients: str) -> Cohort:
    records = tuple(checked(_records(table, patients), "the DataFrame"))
    return Cohort(part_name(Folder()), records).told(said_of(patients) if patients else "")


def healthy_of(data: Labelled) -> Path | HealthyCells:
    """Where healthy cells lie, or those among the rows of a DataFrame."""
    check_labelled(data, "healthy")
    if not isinstance(data, pd.DataFrame):
        return Path(data)
    records = _records(data)
    healthy = tuple(record for record in records if record.label == HEALTHY)
    anomalies = sum(record.label == ANOMALY for record in records)
    return HealthyCells("DataFrame", healthy, "named by the DataFrame", anomalies, are_labelled=True)


def anomalous_of(data: Labelled) -> Path | tuple[Record, ...]:
    """Where anomalous cells lie, or those among the rows of a DataFrame."""
    check_labelled(data, "anomalous")
    if not isinstance(data, pd.DataFrame):
        return Path(data)
    found = tuple(record for record in _records(data) if record.label == ANOMALY)
    if not found:
        raise DatasetError(f"{_TABLE} of {len(data)} rows holds 0 anomalous cells; give rows of label 1.")
    return found


def _records(table: pd.DataFrame, patients: str = "") -> list[Record]:
    return parse_manifest(table.to_csv(index=False), _TABLE, Path.cwd(), patients)


def scored_of(scores: Scored | Sequence[Scored]) -> list[Path | Rows]:
    """Files or tables of scored rows in their order; rows of arrays are called by their table and place."""
    several: list[Any] = list(scores) if isinstance(scores, list | tuple) else [scores]
    if not several:
        raise DatasetError("An empty list holds 0 tables of scores; give what `score` gave.")
    return [_scored(one, place) for place, one in enumerate(several, start=1)]


def _scored(one: Scored, place: int) -> Path | Rows:
    if not isinstance(one, pd.DataFrame):
        check_place(one, "A table of scores that is no DataFrame", DatasetError)
        return Path(one)
    check_columns(one)
    name = f"table {place}"
    rows = [{str(key): _plain(value) for key, value in row.items()} for row in one.to_dict("records")]
    for row in rows:
        if str(row.get(PATH)).isdecimal():
            row[PATH] = f"{name}/{row[PATH]}"
    return Rows(name, rows)


def _plain(value: object) -> object:
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124 - NaN
