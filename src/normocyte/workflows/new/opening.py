"""Opens healthy and anomalous images of anything as one data set, and says what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Record, Source
from normocyte.core.words import CELLS, IMAGES, Words, numbered
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.opening.healthy import HealthyCells, anomalous_cells, healthy_cells
from normocyte.datasets.support.patients import FOLDER, UNKNOWN, said_of

FEWEST = 6
FEWEST_FOLDERS = 10
"""Fewer subfolders are as likely to be classes as patients."""
MOST_UNREADABLE = 0.1
_SHOWN = 5
MOST_HEALTHY, MOST_ANOMALOUS = 1500, 1500
"""More images of 224 pixels a side would fill the memory of a small computer."""


@dataclass(frozen=True)
class Opened:
    """The data set, and in sentences what was taken for what and what was left out."""

    cohort: Cohort
    told: tuple[str, ...]


def opened(healthy: Path, anomalous: Sequence[Path], patients: str) -> Opened:
    """The images of these folders, zips or tables with their labels.

    Where the healthy folder itself holds a folder called healthy and others, and no anomalous one is given,
    the images of the others are the anomalous ones. DatasetError for too few healthy images, and where the
    same folder is given as both.
    """
    found = healthy_cells(healthy, patients)
    if not (patients or anomalous):
        _check_folders(found, healthy)
    told = []
    if not anomalous and found.anomalies:
        anomalous = (healthy,)
        told.append(_in_one(healthy, found))
    others = [record for path in anomalous for record in _anomalous(path, healthy, patients, found)]
    taken = {record.source for record in others}
    records = [record for record in found.records if record.source not in taken]
    if len(records) < len(found.records):
        left = len(found.records) - len(records)
        told.append(f"In an anomalous folder below {healthy}, counted as such: {numbered(left, 'image')}.")
    _check_enough(len(records), healthy)
    everything = tuple(sorted((*records, *others), key=lambda record: record.source))
    words = Words("", _anomaly(others))
    cautions = replace(found, records=tuple(records)).cautions
    cohort = Cohort(found.name, everything, left_out=cautions, words=words)
    return Opened(cohort.told(_patients_by(everything, found)), tuple(told))


def _in_one(healthy: Path, found: HealthyCells) -> str:
    where = "lie in a folder for healthy ones" if healthy.is_dir() else "are named as healthy"
    return (
        f"{healthy} holds healthy and other images: {len(found.records):,} {where}, and the "
        f"{found.anomalies:,} others are taken as anomalous."
    )


def _anomalous(path: Path, healthy: Path, patients: str, found: HealthyCells) -> tuple[Record, ...]:
    records = anomalous_cells(path, patients)
    if {record.source for record in records} >= {record.source for record in found.records}:
        raise DatasetError(
            f"All {len(found.records):,} images of {healthy} are given as healthy and as anomalous; put them "
            "into two folders, or into folders healthy and anomalous below one."
        )
    if path != healthy:
        return tuple(replace(record, group=record.group or path.resolve().stem) for record in records)
    mixed = {_folder_below(record, path) for record in found.records}
    return tuple(_in_folder(record, path, mixed) for record in records)


def _in_folder(record: Record, folder: Path, mixed: set[str]) -> Record:
    """The record in the group that its folder names, unless that folder holds healthy images, too."""
    own = _folder_below(record, folder)
    return replace(record, group=record.group or ("" if own in mixed else own))


def _folder_below(record: Record, folder: Path) -> str:
    """The first folder below this one on the way to the image; nothing where there is none."""
    place = record.source.path
    parts = place.relative_to(folder).parts if place.is_relative_to(folder) else ()
    return parts[0] if len(parts) > 1 else ""


def _anomaly(records: Sequence[Record]) -> str:
    """What the anomaly is called: as its folder, where that is one word and the only one."""
    names = {record.group.lower() for record in records}
    only = names.pop() if len(names) == 1 else ""
    return only if only.isalpha() else IMAGES.anomaly


def _patients_by(records: Sequence[Record], found: HealthyCells) -> str:
    is_known = all(record.patient != UNKNOWN_PATIENT for record in records)
    return found.patients_by if is_known else UNKNOWN


def _check_folders(found: HealthyCells, healthy: Path) -> None:
    """DatasetError where a few subfolders were taken for patients, but may be classes."""
    folders = sorted({record.patient for record in found.records})
    if found.patients_by != said_of(FOLDER) or len(folders) >= FEWEST_FOLDERS:
        return
    raise DatasetError(
        f"{healthy} holds {numbered(len(folders), 'folder')} ({', '.join(folders)}), and nothing tells "
        "whether these are classes or patients. Where only some of them are healthy, give these as healthy "
        "and the others as anomalous; where each is a healthy patient, give `patients=folder`."
    )


def _check_enough(count: int, healthy: Path) -> None:
    if count < FEWEST:
        images = "1 healthy image" if count == 1 else f"{count} healthy images"
        raise DatasetError(
            f"There {'is' if count == 1 else 'are'} {images} in {healthy}, and a detector needs at least "
            f"{FEWEST} to learn from and to set a threshold; give more, best 100 and more."
        )


def called(cohort: Cohort, *, are_red_cells: bool) -> Cohort:
    """The same set, whose images are called cells where they show these."""
    thing = CELLS.thing if are_red_cells else IMAGES.thing
    return replace(cohort, words=Words(thing, cohort.words.anomaly or IMAGES.anomaly))


def fewer(cohort: Cohort, seed: int) -> Cohort:
    """The same set with at most so many images of each label, whole patients drawn by chance; it says so."""
    kept: set[Source] = set()
    told = []
    for label, most, name in ((HEALTHY, MOST_HEALTHY, "healthy"), (ANOMALY, MOST_ANOMALOUS, "anomalous")):
        own = [record for record in cohort.records if record.label == label]
        if len(own) > most:
            told.append(
                f"{most:,} of {len(own):,} {name} images are used: more would not make it better, but fill "
                "the memory."
            )
            own = _some(own, most, seed)
        kept |= {record.source for record in own}
    if not told:
        return cohort
    records = tuple(record for record in cohort.records if record.source in kept)
    return replace(cohort, records=records, left_out=(*cohort.left_out, *told))


def readable(cohort: Cohort) -> tuple[Cohort, str]:
    """The same set without the images that cannot be read, and a sentence on these; empty without any.

    DatasetError where they are more than a tenth of all: something is wrong with the images then.
    """
    if not cohort.unreadable:
        return cohort, ""
    bad, images = dict(cohort.unreadable), len(cohort.records)
    which = f"{len(bad):,} of {numbered(images, 'image')} cannot be read"
    if len(bad) > MOST_UNREADABLE * images:
        reasons = " ".join(list(bad.values())[:_SHOWN])
        raise DatasetError(
            f"{which}, more than {MOST_UNREADABLE:.0%}: {reasons} Mend or remove them; normocyte data check "
            "lists all."
        )
    records = tuple(record for record in cohort.records if record.source not in bad)
    copies, near = replace(cohort.copies, images=len(records)), replace(cohort.near, images=len(records))
    _check_enough(sum(record.label == HEALTHY for record in records), Path(cohort.name))
    left = "is left out" if len(bad) == 1 else "are left out"
    told = f"{which} and {left}, the first: {next(iter(bad.values()))}"
    kept = replace(cohort, records=records, copies=copies, near=near, unreadable=())
    return replace(kept, left_out=(*cohort.left_out, told)), told


def _some(records: Sequence[Record], most: int, seed: int) -> list[Record]:
    """Records of patients drawn by chance, until there are so many."""
    patients = sorted({record.patient for record in records})
    order = {
        patients[row]: place for place, row in enumerate(generator(seed, "fewer").permutation(len(patients)))
    }
    drawn = sorted(range(len(records)), key=lambda row: order[records[row].patient])
    return [records[row] for row in drawn[:most]]
