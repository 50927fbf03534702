"""Says what data a path means: a manifest, or what one of the data sets recognises."""

from dataclasses import replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.sources import files_below
from normocyte.core.inputs.tables import is_table
from normocyte.core.progress import Progress
from normocyte.core.registry import part_class, part_names
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.contract import Dataset
from normocyte.datasets.folder import Folder
from normocyte.datasets.support.checks import MANIFEST_ADVICE
from normocyte.datasets.synthetic import Synthetic, write_synthetic


def open_cohort(path: Path) -> Cohort:
    """The data set at a path, listed once; DatasetError when nothing there can be used."""
    return Cohort.of(open_dataset(path))


def drawn_cohort(dataset: Dataset, folder: Path, progress: Progress) -> Cohort:
    """The data set, listed once; a synthetic one without a place is drawn into `folder` first."""
    if isinstance(dataset, Synthetic):
        dataset = replace(dataset, folder=dataset.folder or str(folder))
        write_synthetic(dataset, progress)
    return Cohort.of(dataset)


def open_dataset(path: Path) -> Dataset:
    """The data set at a path; DatasetError when nothing there can be used, with what would be.

    Folders of classes are taken only if each file name begins with a patient such as C101, because images of
    one patient must not stand on both sides of a split.
    """
    if is_table(path) and not path.is_dir():
        return Folder(manifest=str(path))
    found = files_below(path)
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
