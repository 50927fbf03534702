"""Whose cells the rows of a stream are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.types import Names
from normocyte.datasets._checks import SHOWN
from normocyte.workflows._scored import Scored

FOLDER, FILE = "folder", "file"
_NUMBERED = re.compile(r"^(C\d+)[^\d.]")


@dataclass(frozen=True)
class Stream:
    """The patient of each row (n,), how patients were found, and how many came back after another one."""

    patients: Names
    how: str
    returned: int


def find_patients(scored: Scored, way: str = "") -> Stream:
    """The patient of each row by `way`: `folder`, `file` (one file of rows each) or a regular expression.

    Without one: by the beginning of the file name where all begin with C and a number, else by the folder.
    ConfigError for an expression without exactly one group, DatasetError for rows that name no patient or
    fewer than 2 patients.
    """
    patients, how = _found(scored, way)
    names = np.array(patients, np.str_)
    count = len(np.unique(names))
    if count < 2:  # noqa: PLR2004 - one is no stream
        raise DatasetError(
            f"All {len(scored):,} rows are of one patient, {patients[0]!r}, {how}; give rows of at least 2, "
            "or --patients with a regular expression that finds the patient in the path."
        )
    begins = np.append(True, names[1:] != names[:-1])
    stretches = np.unique(names[begins], return_counts=True)[1]
    return Stream(names, how, int(np.count_nonzero(stretches > 1)))


def _found(scored: Scored, way: str) -> tuple[list[str], str]:
    if way == FILE:
        return scored.files.tolist(), "one file of rows a patient"
    if way and way != FOLDER:
        return _matched(scored.paths.tolist(), _expression(way)), f"by '{way}' in the path"
    paths = scored.paths.tolist()
    if not way and all(_NUMBERED.match(_name(path)) for path in paths):
        found = [str(_NUMBERED.findall(_name(path))[0]) for path in paths]
        return found, "by the beginning of the file name (C and a number)"
    return [_folder(path) for path in paths], "by the folder of the image"


def _separator(path: str) -> str:
    return "/" if "/" in path else "\\"


def _name(path: str) -> str:
    return path.rpartition("!")[2].rpartition(_separator(path))[2]


def _folder(path: str) -> str:
    folder, separator, _ = path.rpartition(_separator(path))
    if not separator:
        folder = path.rpartition("!")[0]
    return folder or "."


def _expression(way: str) -> re.Pattern[str]:
    try:
        expression = re.compile(way)
    except re.error as error:
        raise ConfigError(f"--patients '{way}' is no regular expression: {error}; correct it.") from error
    if expression.groups != 1:
        raise ConfigError(
            f"--patients '{way}' has {expression.groups} groups; give it exactly one, or say {FOLDER} or "
            f"{FILE}."
        )
    return expression


def _matched(paths: Sequence[str], expression: re.Pattern[str]) -> list[str]:
    found = [expression.search(path) for path in paths]
    strange = [path for path, match in zip(paths, found, strict=True) if match is None or not match[1]]
    if strange:
        raise DatasetError(
            f"{len(strange):,} of {len(paths):,} paths name no patient (looked for '{expression.pattern}'): "
            f"{', '.join(strange[:SHOWN])}. Correct the expression."
        )
    return [match[1] for match in found if match is not None]


def short_names(names: Names) -> list[str]:
    """Folders without the part that all of them share."""
    split = [name.split("/") for name in names.tolist()]
    shared = 0
    while len({tuple(parts[: shared + 1]) for parts in split}) == 1 and all(
        len(p) > shared + 1 for p in split
    ):
        shared += 1
    return ["/".join(parts[shared:]) for parts in split]
