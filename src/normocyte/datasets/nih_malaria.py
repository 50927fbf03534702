"""The NIH (NLM) malaria cells, as people really have them: the official zip, unpacked, or doubly wrapped."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar, Self

from normocyte.core.errors import DatasetError
from normocyte.core.fields import described
from normocyte.core.inputs import zips
from normocyte.core.inputs.sources import Found, place_below
from normocyte.core.inputs.tables import Column, parse_table
from normocyte.core.types import ANOMALY, HEALTHY, Record, Source
from normocyte.core.words import CELLS, Words
from normocyte.datasets.support.checks import checked, first
from normocyte.datasets.support.files import FilesBelow
from normocyte.datasets.support.patients import BEGINNING, PATTERN, named

_LABELS = {"parasitized": ANOMALY, "uninfected": HEALTHY}
_DOUBTFUL = "doubtful_labels.csv"
_FILES = (Column("file", ("filename", "path", "image")),)
_MOST_CSV_BYTES = 64 * 2**20

_Classes = dict[str, list[Source]]


@dataclass
class NihMalaria(FilesBelow):
    """`Parasitized` and `Uninfected` cells below `folder` or in a zip; each name begins with its patient.

    The common mirror holds everything twice, in `cell_images/` and in `cell_images/cell_images/`: only the
    uppermost level that has both classes counts.
    """

    layout: ClassVar[str] = "the folders 'Parasitized' and 'Uninfected'"

    patient_pattern: str = described(BEGINNING, PATTERN)

    @classmethod
    def recognised(cls, path: Path, found: Found) -> Self | None:
        return cls(str(path)).listed(found) if has_nih_layout(found.images, path) else None

    def records(self) -> list[Record]:
        _, classes = self._uppermost()
        labelled = [(source, _LABELS[name]) for name, sources in classes.items() for source in sources]
        places = [PurePosixPath(name, one.name) for name, sources in classes.items() for one in sources]
        placed = [(source, place) for (source, _), place in zip(labelled, places, strict=True)]
        patients = named(placed, self.patient_pattern, Path(self.folder), are_in_classes=True)
        records = [
            Record(source, label, patient)
            for (source, label), patient in zip(labelled, patients, strict=True)
        ]
        return checked(records, self.folder)

    def words(self, records: Sequence[Record]) -> Words:  # noqa: ARG002 - all of them show the same
        return CELLS

    def left_out(self) -> tuple[str, ...]:
        held = sum(len(sources) for sources in self._uppermost()[1].values())
        others = outside(len(self.files.images) - held, Path(self.folder))
        return tuple(filter(None, (self.files.passed_over.sentence, others)))

    def doubtful(self) -> frozenset[str]:
        root, place = Path(self.folder), self._uppermost()[0]
        data = _doubtful_list(root, place)
        if not data:
            return frozenset()
        table = parse_table(
            data, f"{_DOUBTFUL} of {root}", _FILES, "give the column of file names this heading"
        )
        return frozenset(PurePosixPath(row["file"]).stem for row in table.whole().rows)

    def _uppermost(self) -> tuple[PurePosixPath, _Classes]:
        if not self.folder:
            raise DatasetError(
                "nih_malaria has no folder (''); set folder to the images or to cell_images.zip, "
                "which 'normocyte data download nih-malaria' fetches."
            )
        return _uppermost(self.files.images, Path(self.folder))


def has_nih_layout(sources: Sequence[Source], root: Path) -> bool:
    """True when both class folders stand side by side somewhere."""
    return any(len(classes) == len(_LABELS) for classes in _class_folders(sources, root).values())


def classes_of(sources: Sequence[Source], root: Path) -> dict[int, list[Source]]:
    """The images of each label, from the uppermost level that has both classes."""
    return {_LABELS[name]: sources for name, sources in _uppermost(sources, root)[1].items()}


def outside(images: int, root: Path) -> str:
    """What to say of so many images below a folder that stand in none of the two classes."""
    if not images:
        return ""
    which = "1 image is" if images == 1 else f"{images:,} images are"
    return (
        f"{which} in {root} outside of the uppermost folders 'Parasitized' and 'Uninfected' and "
        f"{'is' if images == 1 else 'are'} not looked at."
    )


def _class_folders(sources: Sequence[Source], root: Path) -> dict[PurePosixPath, _Classes]:
    """The images of each class, by the place of the folder that holds the class folders."""
    found: dict[PurePosixPath, _Classes] = defaultdict(lambda: defaultdict(list))
    for source in sources:
        folder = place_below(root, source).parent
        if folder.name.lower() in _LABELS:
            found[folder.parent][folder.name.lower()].append(source)
    return found


def _uppermost(sources: Sequence[Source], root: Path) -> tuple[PurePosixPath, _Classes]:
    """The uppermost place that holds both classes, and their images."""
    found = _class_folders(sources, root)
    whole = sorted((place for place in found if len(found[place]) == len(_LABELS)), key=_depth)
    if not whole:
        raise _incomplete(root, {name for classes in found.values() for name in classes})
    rivals = [str(place) for place in whole if _depth(place) == _depth(whole[0])]
    if len(rivals) > 1:
        raise DatasetError(f"{root} holds the classes in {len(rivals)} places: {first(rivals)}. Choose one.")
    return whole[0], found[whole[0]]


def _depth(place: PurePosixPath) -> int:
    return len(place.parts)


def _incomplete(root: Path, there: set[str]) -> DatasetError:
    if "parasitized" in there:
        return DatasetError(f"There are no healthy cells in {root}: add images in a folder 'Uninfected'.")
    return DatasetError(
        f"{root} does not hold the NIH malaria cells: needs images in 'Parasitized' and 'Uninfected', "
        f"found {sorted(there) or 'neither'}. Check the path."
    )


def _doubtful_list(root: Path, place: PurePosixPath) -> bytes:
    """The list of doubted labels, from beside the class folders or one level up; empty when there is none."""
    if root.is_dir():
        beside = root / place
        return _first_bytes([beside / _DOUBTFUL, beside.parent / _DOUBTFUL])
    inside = [str(folder / _DOUBTFUL) for folder in dict.fromkeys((place, place.parent))]
    present = set(zips.members(root))
    for member in inside:
        if member in present:
            return zips.read_member(root, member, _MOST_CSV_BYTES)
    return _first_bytes([root.parent / _DOUBTFUL])


def _first_bytes(paths: list[Path]) -> bytes:
    found = [path for path in paths if path.is_file()]
    return found[0].read_bytes() if found else b""
