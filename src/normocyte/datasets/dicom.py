"""DICOM files and series, in a folder of healthy ones beside folders of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from normocyte.core.errors import DatasetError
from normocyte.core.fields import described
from normocyte.core.inputs.dicom import is_dicom, pseudonyms, with_frames
from normocyte.core.inputs.sources import Found
from normocyte.core.types import ANOMALY, Record
from normocyte.core.words import Words
from normocyte.datasets.folder import healthy_folder, in_classes
from normocyte.datasets.support.checks import checked
from normocyte.datasets.support.elsewhere import DICOM
from normocyte.datasets.support.files import FilesBelow
from normocyte.datasets.support.patients import PATTERN, UNKNOWN


@dataclass
class Dicom(FilesBelow):
    """The frames of the files below `folder`: those in the folder called `healthy`, others as anomalies.

    The tag PatientID of each header names its patient, of whom outputs hold a pseudonym. Where a file lacks
    it, patients are unknown.
    """

    layout: ClassVar[str] = "DICOM files in a folder 'healthy' and in others"

    patient_pattern: str = described(DICOM, PATTERN)
    healthy: str = described("healthy", "name of the folder that holds the healthy images")

    @classmethod
    def recognised(cls, path: Path, found: Found) -> Self | None:
        if not all(map(is_dicom, found.images)):
            return None
        healthy = healthy_folder(found.images, path, cls.healthy)
        if not healthy:
            return None
        rule = DICOM if all(pseudonyms(found.images)) else UNKNOWN
        return cls(str(path), rule, healthy=healthy).listed(found)

    def records(self) -> list[Record]:
        if not self.folder:
            raise DatasetError("The dataset 'dicom' has no folder (''); set folder to that of the files.")
        sources = tuple(with_frames(self.files.images))
        records = in_classes(sources, Path(self.folder), self.healthy, self.patient_pattern)
        return checked(records, self.folder)

    def words(self, records: Sequence[Record]) -> Words:
        groups = {record.group.lower() for record in records if record.label == ANOMALY}
        return Words("image", groups.pop() if len(groups) == 1 else "anomalous")

    def left_out(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.files.passed_over.sentence,)))
