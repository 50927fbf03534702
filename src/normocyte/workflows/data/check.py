"""Looks at every image of a data set and says what is there and what is wrong with it."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from normocyte.core.errors import ImageError
from normocyte.core.progress import Progress
from normocyte.core.types import ANOMALY, HEALTHY, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.opening.detect import open_to_learn
from normocyte.engine.copies import Print, compared, print_of
from normocyte.images.colours import is_even, is_gray
from normocyte.images.headers import header_of
from normocyte.images.reading import decode, read_bytes


@dataclass(frozen=True)
class Spread:
    """The smallest, middle and largest of some counts; zeros when there are none."""

    min: int
    median: float
    max: int


@dataclass(frozen=True)
class Unreadable:
    """An image that cannot be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Duplicate:
    """Images with the same pixels; a conflict when some are labelled healthy and some are not."""

    paths: tuple[str, ...]
    patients: tuple[str, ...]
    is_conflict: bool

    @property
    def is_torn(self) -> bool:
        """True when the picture stands under several patients."""
        return len(self.patients) > 1


@dataclass(frozen=True)
class DataReport:
    """What a data set holds; lists name paths as the set gives them.

    `near_duplicates` images resemble others closely, in `near_groups`, of which `near_torn` stand under
    several patients. `gray` images have no colour, `even` ones are of one colour all over. `careful` says
    first of all what contradicts itself, `left_out` what is there and was not looked at.
    """

    dataset: str
    healthy: int
    anomalies: int
    groups: dict[str, int]
    doubtful: int
    clean_patients: int
    patients_with_anomalies: int
    cells_per_patient: Spread
    width_px: Spread
    height_px: Spread
    formats: dict[str, int]
    unreadable: tuple[Unreadable, ...]
    duplicates: tuple[Duplicate, ...]
    near_duplicates: int = 0
    near_groups: int = 0
    near_torn: int = 0
    gray: int = 0
    even: int = 0
    left_out: tuple[str, ...] = ()
    careful: tuple[str, ...] = ()

    @property
    def cells(self) -> int:
        """All images, readable or not."""
        return self.healthy + self.anomalies

    @property
    def patients(self) -> int:
        """All patients."""
        return self.clean_patients + self.patients_with_anomalies

    @property
    def anomaly_share(self) -> float:
        """Class balance: the share of anomalies among all images."""
        return self.anomalies / self.cells

    @property
    def conflicts(self) -> int:
        """How many groups of equal images carry both labels."""
        return sum(duplicate.is_conflict for duplicate in self.duplicates)

    @property
    def is_sound(self) -> bool:
        """True when every image can be read and equal images have one label and one patient."""
        return not self.unreadable and not self.conflicts and not self.torn

    @property
    def torn(self) -> int:
        """How many groups of equal images stand under several patients."""
        return sum(duplicate.is_torn for duplicate in self.duplicates)

    def as_json(self) -> dict[str, Any]:
        """Everything, also what is derived, as numbers, texts, lists and dictionaries."""
        derived = ("cells", "patients", "anomaly_share", "conflicts", "torn", "is_sound")
        return asdict(self) | {name: getattr(self, name) for name in derived}


@dataclass
class _Seen:
    """What the images told, one after the other."""

    widths: list[int] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)
    unreadable: list[Unreadable] = field(default_factory=list)
    prints: list[Print | None] = field(default_factory=list)
    gray: int = 0
    even: int = 0

    def look_at(self, record: Record) -> None:
        """Read and decode one image; what cannot be read is noted, with the reason."""
        name = record.source.name
        try:
            data = read_bytes(record.source)
            header = header_of(data, name)
            pixels = decode(data, name)
        except ImageError as error:
            self.prints.append(None)
            self.unreadable.append(Unreadable(str(record.source), str(error)))
            return
        self.prints.append(print_of(pixels))
        self.gray += is_gray(pixels)
        self.even += is_even(pixels)
        self.widths.append(header.width)
        self.heights.append(header.height)
        self.formats[header.format] += 1

    @property
    def oddities(self) -> tuple[str, ...]:
        """What may tell healthy images from others though it is no disease, and what shows nothing."""
        read = len(self.widths)
        sentences = (
            f"{_of(self.gray, read)} gray, the others in colour: what tells them apart may be the "
            "camera. Give images of one kind."
            if 0 < self.gray < read
            else "",
            f"{_of(self.even, read)} of one colour all over and {_show(self.even)} nothing. Leave them out."
            if self.even
            else "",
        )
        return tuple(filter(None, sentences))

    def same(self, records: Sequence[Record]) -> list[list[Record]]:
        """Those of the records that were looked at whose pixels are equal, in groups."""
        groups: dict[str, list[Record]] = defaultdict(list)
        for record, own in zip(records, self.prints, strict=True):
            if own:
                groups[own.digest].append(record)
        return [group for group in groups.values() if len(group) > 1]


def check_data(path: Path, progress: Progress, patients: str = "") -> DataReport:
    """Decode every image at a path and report counts, patients, sizes, and what is broken or stands twice.

    Path and `patients` may be whatever `open_to_learn` takes. DatasetError when the set cannot be used.
    """
    cohort = open_to_learn(path, patients)
    seen = _Seen()
    progress.begin("Checking images", len(cohort.records))
    for record in cohort.records:
        seen.look_at(record)
        progress.advance()
    cohort = compared(cohort, seen.prints)
    return replace(
        _report(cohort, seen), left_out=cohort.left_out, careful=(*cohort.warnings, *seen.oddities)
    )


def _report(cohort: Cohort, seen: _Seen) -> DataReport:
    records = cohort.records
    labels = Counter(record.label for record in records)
    named = records if cohort.are_patients_known else ()
    with_anomalies = {record.patient for record in named if record.label == ANOMALY}
    per_patient = Counter(record.patient for record in named)
    near = cohort.near
    return DataReport(
        dataset=cohort.name,
        healthy=labels[HEALTHY],
        anomalies=labels[ANOMALY],
        groups=dict(sorted(Counter(record.group for record in records if record.group).items())),
        doubtful=int(cohort.is_doubtful(records).sum()),
        clean_patients=len(per_patient) - len(with_anomalies),
        patients_with_anomalies=len(with_anomalies),
        cells_per_patient=_spread(per_patient.values()),
        width_px=_spread(seen.widths),
        height_px=_spread(seen.heights),
        formats=dict(sorted(seen.formats.items())),
        unreadable=tuple(seen.unreadable),
        duplicates=tuple(_duplicate(group, cohort.are_patients_known) for group in seen.same(records)),
        near_duplicates=near.records,
        near_groups=len(near.groups),
        near_torn=len(near.torn) if cohort.are_patients_known else 0,
        gray=seen.gray,
        even=seen.even,
    )


def _of(count: int, images: int) -> str:
    return f"{count:,} of {images:,} images {'is' if count == 1 else 'are'}"


def _show(count: int) -> str:
    return "shows" if count == 1 else "show"


def _spread(counts: Iterable[int]) -> Spread:
    ordered = sorted(counts) or [0]
    return Spread(ordered[0], statistics.median(ordered), ordered[-1])


def _duplicate(group: Sequence[Record], are_patients_known: bool) -> Duplicate:
    return Duplicate(
        paths=tuple(str(record.source) for record in group),
        patients=tuple(sorted({record.patient for record in group})) if are_patients_known else (),
        is_conflict=len({record.label for record in group}) > 1,
    )
