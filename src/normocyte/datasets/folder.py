"""Any set of images: a folder of healthy ones beside folders of others, or a CSV manifest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar, Self

from normocyte.core.errors import DatasetError
from normocyte.core.fields import described
from normocyte.core.inputs.sources import Found, place_below
from normocyte.core.types import ANOMALY, HEALTHY, Record, Source
from normocyte.core.words import Words
from normocyte.datasets.support.checks import MANIFEST_ADVICE, checked, first
from normocyte.datasets.support.files import FilesBelow
from normocyte.datasets.support.manifest import read_manifest
from normocyte.datasets.support.patients import BEGINNING, FILE, UNKNOWN, named

HEALTHY_FOLDERS = frozenset({"healthy", "uninfected", "normal"})
"""What people call the folder of healthy images, in small letters."""
_WRAPPED_PARTS = 3

_Placed = tuple[Source, PurePosixPath]


@dataclass
class Folder(FilesBelow):
    """Images below `folder` (or in a zip): those in the folder called `healthy`, and all others as anomalies.

    The name of an anomaly's folder becomes its group. Folders of patients may stand below those of the
    classes, or above them. The pattern "file" makes each image its own patient. With `manifest` nothing is
    guessed; its paths are relative to `folder` or, without it, to the manifest.
    """

    layout: ClassVar[str] = "a folder 'healthy'"
    is_general: ClassVar[bool] = True

    manifest: str = described("", "table with the columns path,label,patient[,group]")
    healthy: str = described("healthy", "name of the folder that holds the healthy cells")
    thing: str = described("", "what one image shows in reports, such as cell or slice")
    anomaly: str = described("", "name of the anomaly, such as infected; empty for the folder's name")

    @classmethod
    def recognised(cls, path: Path, found: Found) -> Self | None:
        healthy = healthy_folder(found.images, path, cls.healthy)
        return cls(str(path), healthy=healthy, patient_pattern=BEGINNING).listed(found) if healthy else None

    def records(self) -> list[Record]:
        if self.manifest:
            manifest = Path(self.manifest)
            base = Path(self.folder) if self.folder else manifest.parent
            return checked(read_manifest(manifest, base, self.patient_pattern), self.manifest)
        if not self.folder:
            raise DatasetError(
                "The dataset 'folder' has neither folder nor manifest (both ''); set one of them."
            )
        root = Path(self.folder)
        return checked(in_classes(self.files.images, root, self.healthy, self.patient_pattern), self.folder)

    def words(self, records: Sequence[Record]) -> Words:
        groups = {record.group for record in records if record.label == ANOMALY}
        only = groups.pop().lower() if len(groups) == 1 else ""
        return Words(self.thing, self.anomaly or only)

    def left_out(self) -> tuple[str, ...]:
        if self.manifest:
            return ()
        sentence = self.files.passed_over.sentence
        return (sentence,) if sentence else ()


def in_classes(sources: Sequence[Source], root: Path, healthy: str, patients: str) -> list[Record]:
    """Each image labelled by the folder of its class, with its patient by a rule, see `support.patients`."""
    placed = place_in_classes(sources, root, healthy)
    names = _patients(placed, patients, root)
    return [
        _record(source, place, patient, healthy)
        for (source, place), patient in zip(placed, names, strict=True)
    ]


def healthy_folder(sources: Sequence[Source], root: Path, first_choice: str) -> str:
    """What the folder of healthy images is called here; empty where there is none, or several might be."""
    folders = {part for source in sources for part in place_below(root, source).parts[:-1]}
    return _healthy_folder(folders, first_choice)


def place_in_classes(sources: Sequence[Source], root: Path, healthy: str) -> list[_Placed]:
    """Each image with its place, whose first part is the folder of its class; wrappers are ignored."""
    placed = [(source, place_below(root, source)) for source in sources]
    while _is_wrapped(placed, healthy):
        placed = [(source, place.relative_to(place.parts[0])) for source, place in placed]
    placed = _classes_first(placed, healthy)
    loose = [str(place) for _, place in placed if len(place.parts) == 1]
    if loose:
        raise DatasetError(
            f"{len(loose)} images of {root} are in no folder of a class: {first(loose)}. "
            f"Move them into '{healthy}' or another folder, or {MANIFEST_ADVICE}."
        )
    return placed


def _healthy_folder(folders: Collection[str], first_choice: str) -> str:
    known = {folder.lower() for folder in folders} & HEALTHY_FOLDERS
    if first_choice in known:
        return first_choice
    return known.pop() if len(known) == 1 else ""


def _classes_first(placed: list[_Placed], healthy: str) -> list[_Placed]:
    """The same with the class before the folders above it, where healthy ones stand at one depth below."""
    depths = {
        depth
        for _, place in placed
        for depth, part in enumerate(place.parts[:-1])
        if _is_healthy(part, healthy)
    }
    depth = depths.pop() if len(depths) == 1 else 0
    if not depth or any(len(place.parts) <= depth + 1 for _, place in placed):
        return placed
    return [
        (source, PurePosixPath(place.parts[depth], *_without(place.parts, depth))) for source, place in placed
    ]


def _without(parts: tuple[str, ...], place: int) -> tuple[str, ...]:
    return (*parts[:place], *parts[place + 1 :])


def _is_wrapped(placed: list[_Placed], healthy: str) -> bool:
    """True when one folder that is no class of its own holds everything, as in many zips."""
    tops = {place.parts[0] for _, place in placed}
    is_deep = all(len(place.parts) >= _WRAPPED_PARTS for _, place in placed)
    return len(tops) == 1 and is_deep and not _is_healthy(tops.pop(), healthy)


def _is_healthy(folder: str, healthy: str) -> bool:
    return folder.lower() == healthy.lower()


def _patients(placed: list[_Placed], pattern: str, root: Path) -> list[str]:
    if not pattern:
        raise DatasetError(
            f"It is not known which patient each image of {root} comes from (patient_pattern is ''). "
            "Set patient_pattern to a regular expression with one group, such as '^(C\\d+)'; or "
            f"{MANIFEST_ADVICE}; or set it to '{FILE}' if each image is a patient of its own, and to "
            f"'{UNKNOWN}' if it is not known."
        )
    return named(placed, pattern, root, are_in_classes=True)


def _record(source: Source, place: PurePosixPath, patient: str, healthy: str) -> Record:
    folder = place.parts[0]
    if _is_healthy(folder, healthy):
        return Record(source, HEALTHY, patient)
    return Record(source, ANOMALY, patient, folder)
