"""Says what data a path means: a manifest, or what one of the data sets recognises."""

from dataclasses import replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.sources import Found, files_below
from normocyte.core.progress import Progress
from normocyte.core.registry import part_class, part_names
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.contract import Dataset
from normocyte.datasets.folder import Folder
from normocyte.datasets.opening.healthy import healthy_cells, is_healthy_only, is_manifest
from normocyte.datasets.support.checks import MANIFEST_ADVICE
from normocyte.datasets.support.patients import said_of
from normocyte.datasets.synthetic import Synthetic, write_synthetic


def open_cohort(path: Path, patients: str = "") -> Cohort:
    """The labelled data set at a path, listed once; DatasetError when nothing there can be used.

    `patients` says whose the images are, as for `healthy_cells`; without it the set must say so itself.
    """
    return _named(open_dataset(path), patients)


def open_to_learn(path: Path, patients: str = "") -> Cohort:
    """The same, or healthy images alone in any layout: these are enough to learn from."""
    if is_manifest(path):
        return open_cohort(path, patients)
    files = files_below(path)
    if not is_healthy_only(path, files):
        return _named(_recognised(path, files), patients)
    cells = healthy_cells(path, patients, files)
    found = Cohort(cells.name, cells.records, left_out=(cells.taken, *cells.left_out))
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
    readers: list[type[Dataset]] = [part_class("datasets", name) for name in part_names("datasets")]
    readers.sort(key=lambda reader: reader.is_general)
    for reader in readers:
        dataset = reader.recognised(path, found)
        if dataset is not None:
            return dataset
    layouts = " nor ".join(reader.layout for reader in readers if reader.layout)
    raise DatasetError(
        f"{path} holds {len(found.images)} images but neither {layouts}. Sort the images into such folders, "
        f"or {MANIFEST_ADVICE}."
    )
