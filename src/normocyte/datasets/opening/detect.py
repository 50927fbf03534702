"""Says what data a path means: a manifest, or what one of the data sets recognises."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.sources import Found, files_below
from normocyte.core.progress import Progress
from normocyte.core.registry import own_parts, part_class, part_names
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.contract import Dataset
from normocyte.datasets.folder import Folder
from normocyte.datasets.opening.healthy import healthy_cells, is_healthy_only, is_manifest
from normocyte.datasets.support.checks import MANIFEST_ADVICE
from normocyte.datasets.support.patients import said_of
from normocyte.datasets.synthetic import Synthetic, write_synthetic

_ARRAYS = "medmnist"
"""The reader of files that label all of their images, so that none of them is of healthy images alone."""


def open_cohort(path: Path, patients: str = "") -> Cohort:
    """The labelled data set at a path, listed once; DatasetError when nothing there can be used.

    `patients` says whose the images are, as for `healthy_cells`; without it the set must say so itself.
    """
    return _named(open_dataset(path), patients)


def open_to_learn(path: Path, patients: str = "") -> Cohort:
    """The same, or healthy images alone in any layout: these are enough to learn from.

    An own data set is asked before: what its folders mean, nobody else knows.
    """
    if is_manifest(path):
        return open_cohort(path, patients)
    files = files_below(path)
    own = _recognising(
        _readers({_ARRAYS, *(name for kind, name in own_parts() if kind == "datasets")}), path, files
    )
    if own is not None or not is_healthy_only(path, files):
        return _named(own or _recognised(path, files), patients)
    cells = healthy_cells(path, patients, files)
    found = Cohort(cells.name, cells.records, left_out=(cells.taken, *cells.cautions))
    return found.told(cells.patients_by)


def drawn_cohort(dataset: Dataset, folder: Path, progress: Progress, patients: str = "") -> Cohort:
    """The data set, listed once; a synthetic one without a place is drawn into `folder` first."""
    if patients:
        dataset.naming(patients)  # better refused before a set is drawn
    if isinstance(dataset, Synthetic):
        dataset = replace(dataset, folder=dataset.folder or str(folder))
        write_synthetic(dataset, progress)
    return _named(dataset, patients)


def open_dataset(path: Path) -> Dataset:
    """The data set at a path; DatasetError when nothing there can be used, with what would be.

    Folders of classes are taken only if each file name begins with a patient such as C101, because images of
    one patient must not stand on both sides of a split.
    """
    if is_manifest(path):
        return Folder(manifest=str(path))
    return _recognised(path, files_below(path))


def _named(dataset: Dataset, patients: str) -> Cohort:
    if not patients:
        return Cohort.of(dataset)
    return Cohort.of(dataset.naming(patients)).told(said_of(patients))


def _recognised(path: Path, found: Found) -> Dataset:
    readers = _readers(part_names("datasets"))
    dataset = _recognising(readers, path, found)
    if dataset is not None:
        return dataset
    layouts = " nor ".join(reader.layout for reader in readers if reader.layout)
    raise DatasetError(
        f"{path} holds {len(found.images)} images but neither {layouts}. Sort the images into such folders, "
        f"or {MANIFEST_ADVICE}."
    )


def _readers(names: Collection[str]) -> list[type[Dataset]]:
    """These readers in the order in which they are asked: the general ones last."""
    readers: list[type[Dataset]] = [part_class("datasets", name) for name in sorted(names)]
    return sorted(readers, key=lambda reader: reader.is_general)


def _recognising(readers: Iterable[type[Dataset]], path: Path, found: Found) -> Dataset | None:
    answers = (reader.recognised(path, found) for reader in readers)
    return next((dataset for dataset in answers if dataset is not None), None)
