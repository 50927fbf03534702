"""Patients that stand elsewhere than in file names: in a tag of DICOM headers, or in a column of a table.

dicom               the tag PatientID, as a pseudonym
dicom:TAG           another tag, by its keyword, such as dicom:StudyInstanceUID
TABLE.csv           the column patient of a table that names each file in a column file or path
TABLE.csv:COLUMN    another column
column:COLUMN       another column of the manifest that names the images
"""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.inputs.dicom import PATIENT, pseudonyms
from normocyte.core.inputs.tables import NOBODY, Column, read_table
from normocyte.core.types import Source
from normocyte.datasets.support.checks import first

DICOM, COLUMN = "dicom", "column"
_TABLE = re.compile(r"(.+\.(?:csv|tsv))(?::(.+))?", re.IGNORECASE)
_TAG = re.compile(r"[A-Z]\w+")
_FILES = ("path", "filename", "filepath", "image", "imagename", "imagepath", "name")


def is_elsewhere(text: str) -> bool:
    """True where a text says that patients stand elsewhere than in file names."""
    word, _, tag = text.partition(":")
    is_tag = word == DICOM and (text == DICOM or bool(_TAG.fullmatch(tag)))
    return is_tag or bool(_TABLE.fullmatch(text)) or bool(column_of(text))


def column_of(text: str) -> str:
    """The column of the manifest itself that names patients; empty for another rule."""
    word, _, column = text.partition(":")
    return column.strip() if word == COLUMN else ""


def said_elsewhere(text: str) -> str:
    """In words where they stand."""
    word, _, tag = text.partition(":")
    if word == DICOM:
        return f"by the tag {tag or PATIENT} of the DICOM headers, as pseudonyms"
    table = _TABLE.fullmatch(text)
    if table:
        return f"by the column '{table[2] or 'patient'}' of {Path(table[1]).name}"
    return f"by the column '{column_of(text)}' of the manifest"


def named_elsewhere(
    sources: Sequence[Source], places: Sequence[PurePosixPath], text: str, root: Path
) -> list[str]:
    """The patient of each image; DatasetError where one has none, ConfigError where the rule does not fit."""
    table = _TABLE.fullmatch(text)
    if table:
        return _by_table(places, Path(table[1]), table[2] or "patient")
    if column_of(text):
        raise ConfigError(
            f"`patients` '{text}' is for a CSV manifest, but {root} is none; name the table, as "
            f"'patients.csv:{column_of(text)}'."
        )
    tag = text.partition(":")[2] or PATIENT
    names = pseudonyms(sources, tag)
    nameless = [str(place) for place, name in zip(places, names, strict=True) if not name]
    if nameless:
        raise DatasetError(
            f"{len(nameless):,} of {len(names):,} images of {root} name no patient in the DICOM tag {tag}: "
            f"{first(nameless)}. Give another tag, as 'dicom:StudyInstanceUID', or say unknown."
        )
    return names


def _by_table(places: Sequence[PurePosixPath], path: Path, column: str) -> list[str]:
    """The patients in a table that names files by their place below the root, or by their names alone."""
    columns = (Column("file", _FILES), Column(column))
    table = read_table(path, str(path), columns, f"give the columns file and {column}").whole()
    by_file = {row["file"].replace("\\", "/"): row[column] for row in table.rows}
    by_name = {PurePosixPath(file).name: patient for file, patient in by_file.items()}
    found = [by_file.get(str(place), by_name.get(place.name, "")) for place in places]
    nameless = [str(p) for p, name in zip(places, found, strict=True) if name.lower() in NOBODY]
    if nameless:
        raise DatasetError(
            f"{path} names no patient for {len(nameless):,} of {len(places):,} images: {first(nameless)}. "
            "Add a row an image, or say unknown."
        )
    _check_names(path, by_file, by_name, places)
    return found


def _check_names(
    path: Path, by_file: dict[str, str], by_name: dict[str, str], places: Sequence[PurePosixPath]
) -> None:
    """DatasetError where a file name alone could mean several files of several patients."""
    alone = {place.name for place in places if str(place) not in by_file}
    unclear = [
        file
        for file, patient in by_file.items()
        if (name := PurePosixPath(file).name) in alone and by_name[name] != patient
    ]
    if unclear:
        raise DatasetError(
            f"{path} names several patients for files called alike: {first(unclear)}. Give each file with "
            "its folders."
        )
