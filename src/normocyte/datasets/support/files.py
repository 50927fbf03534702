"""What data sets share whose images lie below one folder or in one zip."""

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from normocyte.core.fields import described
from normocyte.core.inputs.sources import Found, files_below
from normocyte.datasets.contract import Dataset
from normocyte.datasets.support.patients import PATTERN


@dataclass
class FilesBelow(Dataset):
    """The files below `folder` or in a zip, which are listed once, when they are first asked for."""

    folder: str = described("", "where the images are: a folder or a zip")
    patient_pattern: str = described("", PATTERN)
    _found: Found | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def files(self) -> Found:
        """Every file that was found; DatasetError when there are no images."""
        if self._found is None:
            self._found = files_below(Path(self.folder))
        return self._found

    def naming(self, patients: str) -> Self:
        other = copy.copy(self)
        other.patient_pattern = patients
        return other

    def listed(self, found: Found) -> Self:
        """The same data set where somebody has listed its folder already."""
        self._found = found
        return self
