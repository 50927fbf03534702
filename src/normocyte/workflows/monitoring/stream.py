"""Whose cells the rows of a stream are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.arrays import Names
from normocyte.core.errors import DatasetError
from normocyte.datasets.support.patients import FILE, FOLDER, number_in, patient_rule, patients_in
from normocyte.tables.reading import Scored


@dataclass(frozen=True)
class Stream:
    """The patient of each row (n,), how patients were found, and how many came back after another one."""

    patients: Names
    how: str
    returned: int


def find_patients(scored: Scored, way: str = "") -> Stream:
    """The patient of each row by `way`: `folder`, `file` (one file of rows each) or a regular expression.

    Without one: by the beginning of the file name where it begins with C and a number, else by the folder,
    each row by itself. ConfigError for an expression without exactly one group, DatasetError for rows that
    name no patient or fewer than 2 patients.
    """
    patients, how = _found(scored.paths.tolist(), scored.files.tolist(), way)
    names = np.array(patients, np.str_)
    count = len(np.unique(names))
    if count < 2:  # noqa: PLR2004 - one is no stream
        raise DatasetError(
            f"All {len(scored):,} rows are of one patient, {patients[0]!r}, {how}; give rows of at least 2, "
            "or `patients` with a regular expression that finds the patient in the path."
        )
    begins = np.append(True, names[1:] != names[:-1])
    stretches = np.unique(names[begins], return_counts=True)[1]
    return Stream(names, how, int(np.count_nonzero(stretches > 1)))


def torn(scored: Scored, stream: Stream, way: str = "") -> list[tuple[str, str]]:
    """The paths of rows that show one image under two patients: of the row that counts and of the other."""
    repeats = scored.repeats
    if not len(repeats):
        return []
    patients, _ = _found(repeats.paths.tolist(), repeats.files.tolist(), way)
    return [
        (str(scored.paths[first]), str(path))
        for patient, path, first in zip(patients, repeats.paths, repeats.of, strict=True)
        if patient != stream.patients[first]
    ]


def _found(paths: list[str], files: list[str], way: str) -> tuple[list[str], str]:
    """The patient of each row, which never depends on the other rows, and how they were found."""
    rule = patient_rule(way, (FOLDER, FILE)) if way else ""
    if rule == FILE:
        return files, "one file of rows a patient"
    if not isinstance(rule, str):
        return patients_in(paths, rule, "paths", "Correct the expression."), f"by '{way}' in the path"
    numbered = ["" if rule else number_in(_name(path)) for path in paths]
    patients = [number or _folder(path) for number, path in zip(numbered, paths, strict=True)]
    others = [path for number, path in zip(numbered, paths, strict=True) if not number]
    return patients, _how(len(paths), others)


def _how(rows: int, others: list[str]) -> str:
    """How patients were found where `others` are the paths whose file names do not begin as they should."""
    if len(others) == rows:
        return "by the folder of the image"
    beginning = "by the beginning of the file name (C and a number)"
    if not others:
        return beginning
    which = "1 row that does" if len(others) == 1 else f"{len(others):,} rows that do"
    return f"{beginning}, and for {which} not begin so, such as {others[0]}, by the folder of the image"


def _separator(path: str) -> str:
    return "/" if "/" in path else "\\"


def _name(path: str) -> str:
    return path.rpartition("!")[2].rpartition(_separator(path))[2]


def _folder(path: str) -> str:
    folder, separator, _ = path.rpartition(_separator(path))
    if not separator:
        folder = path.rpartition("!")[0]
    return folder or "."


def short_names(names: Names) -> list[str]:
    """Folders without the part that all of them share."""
    split = [name.split("/") for name in names.tolist()]
    shared = 0
    while len({tuple(parts[: shared + 1]) for parts in split}) == 1 and all(
        len(p) > shared + 1 for p in split
    ):
        shared += 1
    return ["/".join(parts[shared:]) for parts in split]
