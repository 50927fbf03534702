"""Says what data a path means: a manifest, the NIH malaria set, or folders of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.sources import files_below, place_below
from normocyte.core.inputs.tables import is_table
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.contract import Dataset
from normocyte.datasets.folder import Folder
from normocyte.datasets.nih_malaria import NihMalaria, has_nih_layout
from normocyte.datasets.support.checks import MANIFEST_ADVICE
from normocyte.datasets.support.patients import BEGINNING
from normocyte.datasets.synthetic import Synthetic, write_synthetic

_HEALTHY = "healthy"


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
    sources = found.images
    if has_nih_layout(sources, path):
        return NihMalaria(folder=str(path)).listed(found)
    if _has_healthy_folder(sources, path):
        return Folder(folder=str(path), patient_pattern=BEGINNING).listed(found)
    raise DatasetError(
        f"{path} holds {len(sources)} images but neither the folders 'Parasitized' and 'Uninfected' nor a "
        f"folder '{_HEALTHY}'. Sort the images into such folders, or {MANIFEST_ADVICE}."
    )


def _has_healthy_folder(sources: Sequence[Source], root: Path) -> bool:
    return any(
        part.lower() == _HEALTHY for source in sources for part in place_below(root, source).parts[:-1]
    )
