"""A `.npz` of labelled images in the layout of MedMNIST, one or several of whose classes are healthy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from normocyte.core.errors import DatasetError
from normocyte.core.fields import described
from normocyte.core.inputs.sources import Found
from normocyte.core.inputs.stacks.npz import arrays, check_classes, classes_in, spelled
from normocyte.core.inputs.stacks.stacks import is_arrays
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Record, Source
from normocyte.core.words import Words
from normocyte.datasets.contract import Dataset


@dataclass
class Medmnist(Dataset):
    """Images of the arrays `train_images`, `val_images` and `test_images` of a file, by their labels.

    The classes in `healthy` are healthy, all others are anomalies, each class a group. As a path the same is
    `cells.npz:0` or `cells.npz:0,2`. Patients are unknown.
    """

    layout: ClassVar[str] = "a .npz with the arrays train_images and train_labels"

    file: str = described("", "the .npz")
    healthy: str = described("", "the healthy classes, such as 0 or 0,2")

    @classmethod
    def recognised(cls, path: Path, found: Found) -> Self | None:  # noqa: ARG003 - the name says it
        file, classes = spelled(path)
        return cls(str(file), ",".join(classes)) if is_arrays(path) else None

    def records(self) -> list[Record]:
        if not self.file:
            raise DatasetError("The dataset 'medmnist' has no file (''); set file to a .npz.")
        path, healthy = Path(self.file), self._healthy
        check_classes(path, healthy)
        return [_record(Source(path, name), one, healthy) for name, one in sorted(classes_in(path).items())]

    def words(self, records: Sequence[Record]) -> Words:
        groups = {record.group for record in records if record.label == ANOMALY}
        return Words("image", groups.pop() if len(groups) == 1 else "anomalous")

    def left_out(self) -> tuple[str, ...]:
        parts = list(arrays(Path(self.file)))
        if len(parts) < 2:  # noqa: PLR2004 - nothing to join
            return ()
        return (
            f"The parts {', '.join(parts)} of {Path(self.file).name} are joined, and split anew by the seed.",
        )

    @property
    def _healthy(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.healthy.split(",") if one.strip())


def _record(source: Source, found: str, healthy: Sequence[str]) -> Record:
    if found in healthy:
        return Record(source, HEALTHY, UNKNOWN_PATIENT)
    return Record(source, ANOMALY, UNKNOWN_PATIENT, f"class {found}")
