"""NIfTI volumes, in a folder of healthy ones beside folders of others, as their slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from normocyte.core.errors import DatasetError
from normocyte.core.fields import described
from normocyte.core.inputs.sources import Found
from normocyte.core.inputs.stacks.nifti import AXES
from normocyte.core.inputs.stacks.stacks import is_volume, items
from normocyte.core.types import ANOMALY, Record, Source
from normocyte.core.words import Words
from normocyte.datasets.folder import healthy_folder, in_classes
from normocyte.datasets.support.checks import checked
from normocyte.datasets.support.files import FilesBelow
from normocyte.datasets.support.patients import FILE, PATTERN


@dataclass
class Nifti(FilesBelow):
    """The slices of the volumes below `folder`: those in the folder called `healthy`, others as anomalies.

    Each volume is a patient. Slices follow an axis of the patient, whatever the order of the voxels is; empty
    ones are left out. A label is that of the volume: a lesion may show in some of its slices only.
    """

    layout: ClassVar[str] = "NIfTI volumes in a folder 'healthy' and in others"

    patient_pattern: str = described(FILE, PATTERN)
    healthy: str = described("healthy", "name of the folder that holds the healthy volumes")
    axis: str = described("axial", "which way the volumes are sliced", one_of=tuple(AXES))

    @classmethod
    def recognised(cls, path: Path, found: Found) -> Self | None:
        if not all(is_volume(source.path.name) for source in found.images):
            return None
        healthy = healthy_folder(found.images, path, cls.healthy)
        return cls(str(path), healthy=healthy).listed(found) if healthy else None

    def records(self) -> list[Record]:
        if not self.folder:
            raise DatasetError("The dataset 'nifti' has no folder (''); set folder to that of the volumes.")
        records = in_classes(self._slices(), Path(self.folder), self.healthy, self.patient_pattern)
        return checked(records, self.folder)

    def words(self, records: Sequence[Record]) -> Words:
        groups = {record.group.lower() for record in records if record.label == ANOMALY}
        return Words("slice", groups.pop() if len(groups) == 1 else "anomalous")

    def left_out(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.files.passed_over.sentence,)))

    def _slices(self) -> tuple[Source, ...]:
        if self.axis == type(self).axis:
            return self.files.images
        volumes = dict.fromkeys(source.path for source in self.files.images)
        return tuple(one for volume in volumes for one in items(volume, self.axis))
