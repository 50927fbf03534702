"""Says what data a path means: a manifest, the NIH malaria set, or folders of classes."""

from __future__ import annotations

from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.sources import images_below, place_below
from normocyte.core.inputs.tables import is_table
from normocyte.core.types import Source
from normocyte.datasets.contract import Dataset
from normocyte.datasets.folder import Folder
from normocyte.datasets.nih_malaria import NihMalaria, has_nih_layout
from normocyte.datasets.support.checks import MANIFEST_ADVICE

_HEALTHY = "healthy"
_NIH_PATIENT = r"^(C\d+)"


def open_dataset(path: Path) -> Dataset:
    """The data set at a path; DatasetError when nothing there can be used, with what would be.

    Folders of classes are taken only if each file name begins with a patient such as C101, because images of
    one patient must not stand on both sides of a split.
    """
    if is_table(path) and not path.is_dir():
        return Folder(manifest=str(path))
    sources = images_below(path)
    if has_nih_layout(sources, path):
        return NihMalaria(folder=str(path))
    if _has_healthy_folder(sources, path):
        return _checked(Folder(folder=str(path), patient_pattern=_NIH_PATIENT))
    raise DatasetError(
        f"{path} holds {len(sources)} images but neither the folders 'Parasitized' and 'Uninfected' nor a "
        f"folder '{_HEALTHY}'. Sort the images into such folders, or {MANIFEST_ADVICE}."
    )


def _has_healthy_folder(sources: list[Source], root: Path) -> bool:
    return any(
        part.lower() == _HEALTHY for source in sources for part in place_below(root, source).parts[:-1]
    )


def _checked(dataset: Folder) -> Folder:
    """The data set itself, once its patients are known to be named."""
    dataset.records()
    return dataset
