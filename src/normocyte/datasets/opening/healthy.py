"""Healthy cells of a site, in whatever layout they come, and how their patients were found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.dicom import is_dicom, pseudonyms, with_frames
from normocyte.core.inputs.sources import Found, files_below, place_below
from normocyte.core.inputs.stacks.npz import check_classes, spelled
from normocyte.core.inputs.stacks.stacks import is_arrays, is_volume
from normocyte.core.inputs.tables import is_table
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Record, Source
from normocyte.datasets.folder import HEALTHY_FOLDERS, Folder
from normocyte.datasets.nih_malaria import classes_of, has_nih_layout, outside
from normocyte.datasets.opening.mixed import ANOMALOUS_FOLDERS, mixed_names
from normocyte.datasets.support.checks import MANIFEST_ADVICE, first
from normocyte.datasets.support.elsewhere import DICOM
from normocyte.datasets.support.manifest import read_manifest
from normocyte.datasets.support.patients import FOLDER, UNKNOWN, file_place, named, number_in, said_of

_WORDS = re.compile(r"[^a-zA-Z]+")
_Placed = tuple[Source, PurePosixPath]


@dataclass(frozen=True)
class HealthyCells:
    """Healthy cells: what the set is called, its records, how patients were found, and what was left aside.

    `anomalies` counts the cells that the set itself labels as anomalous. Where nothing names a patient it is
    `UNKNOWN_PATIENT`, in all records or in none. `left_out` says in sentences which files are in no record.
    `are_labelled`: a table says that they are healthy, not only where they lie.
    """

    name: str
    records: tuple[Record, ...]
    patients_by: str
    anomalies: int = 0
    left_out: tuple[str, ...] = ()
    are_labelled: bool = False

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a person must know: whether names betray several kinds, and what was left out."""
        if self.are_labelled:
            return self.left_out
        names = [_file_name(record.source) for record in self.records]
        mixed = mixed_names(names, {record.patient for record in self.records})
        return (*filter(None, (mixed,)), *self.left_out)

    @property
    def taken(self) -> str:
        """What was taken for what, for a set that nobody has labelled."""
        whose = "unknown" if self.patients_by == UNKNOWN else self.patients_by
        return f"All {len(self.records):,} images of {self.name} are taken as healthy; patients: {whose}."


def healthy_cells(path: Path, patients: str = "", files: Found | None = None) -> HealthyCells:
    """The healthy cells at a path: a CSV manifest, a labelled set, or a folder or zip of healthy cells only.

    `patients` says whose they are: "folder" (each subfolder is a patient), "file" (each image), "one",
    "unknown", or a regular expression with one group, searched in file names. Without it a manifest says;
    else file names that all begin as C101_ do; else subfolders that hold all the cells; else it is unknown.
    `files` are those below the path, where somebody has listed them already.
    DatasetError when there are no healthy cells, ConfigError for another word.
    """
    if is_manifest(path):
        return _of_manifest(path, patients)
    found = files or files_below(path)
    if is_arrays(path):
        check_classes(*spelled(path))
    placed, anomalies = _placed(path, list(with_frames(found.images)))
    names, found_by = _patients(placed, patients, path)
    records = [Record(source, HEALTHY, name) for (source, _), name in zip(placed, names, strict=True)]
    ordered = tuple(sorted(records, key=lambda record: record.source))
    others = outside(len(found.images) - len(placed) - anomalies, path)
    odd = "" if patients else _odd_names([place.name for _, place in placed])
    left_out = tuple(filter(None, (odd, found.passed_over.sentence, others)))
    return HealthyCells(_called(path), ordered, found_by, anomalies, left_out)


def is_healthy_only(path: Path, files: Found) -> bool:
    """Whether no image below a folder or in a zip is labelled as something else by where it stands."""
    return not _placed(path, list(files.images))[1]


def is_manifest(path: Path) -> bool:
    """Whether a path means a table that labels its images itself."""
    return is_table(path) and not path.is_dir()


def _called(path: Path) -> str:
    return path.resolve().name


def _of_manifest(path: Path, patients: str) -> HealthyCells:
    records = Folder(manifest=str(path), patient_pattern=patients).records()
    healthy = tuple(record for record in records if record.label == HEALTHY)
    found_by = said_of(patients) if patients else "named by the manifest"
    return HealthyCells(_called(path), healthy, found_by, len(records) - len(healthy), are_labelled=True)


def _file_name(source: Source) -> str:
    """The name of the file, or in a zip of the member; of a slice or a frame that of its file."""
    return source.name if source.path.suffix.lower() == ".zip" else source.path.name


def _placed(root: Path, sources: list[Source]) -> tuple[list[_Placed], int]:
    """Each healthy image with its place, folders that say no more than 'healthy' left out; and the others."""
    if has_nih_layout(sources, root):
        classes = classes_of(sources, root)
        return [(source, PurePosixPath(source.name)) for source in classes[HEALTHY]], len(classes[ANOMALY])
    placed = [(source, place_below(root, source)) for source in sources]
    healthy = [
        (source, _without(place, HEALTHY_FOLDERS))
        for source, place in placed
        if _stands_in(place, HEALTHY_FOLDERS)
    ]
    if healthy:
        return _unwrapped(healthy), len(placed) - len(healthy)
    _refuse_anomalies(root, placed)
    return _unwrapped(placed), 0


def _stands_in(place: PurePosixPath, folders: frozenset[str]) -> bool:
    return any(part.lower() in folders for part in place.parts[:-1])


def _without(place: PurePosixPath, folders: frozenset[str]) -> PurePosixPath:
    kept = [part for part in place.parts[:-1] if part.lower() not in folders]
    return PurePosixPath(*kept, place.name)


def _refuse_anomalies(root: Path, placed: Sequence[_Placed]) -> None:
    own = PurePosixPath(_called(root)).with_suffix("")
    strange = [str(place) for _, place in placed if _stands_in(own / place, ANOMALOUS_FOLDERS)]
    if strange:
        raise DatasetError(
            f"{len(strange)} of {len(placed)} images of {root} are in a folder named for what is not "
            f"healthy: {first(strange)}. Give healthy cells only."
        )
    _refuse_both(root, [place.name for _, place in placed])


def _refuse_both(root: Path, names: Sequence[str]) -> None:
    """DatasetError where the file names of one folder say that some are healthy and others are not."""
    tokens = {name: {word.lower() for word in _WORDS.split(PurePosixPath(name).stem)} for name in names}
    healthy = [name for name in names if tokens[name] & HEALTHY_FOLDERS]
    others = [name for name in names if tokens[name] & ANOMALOUS_FOLDERS]
    if healthy and others:
        raise DatasetError(
            f"{root} holds healthy and anomalous images in one folder: the names of {len(healthy):,} say "
            f"healthy, such as {healthy[0]}, and of {len(others):,} that they are not, such as {others[0]}. "
            f"Sort them into folders of two names, or {MANIFEST_ADVICE}."
        )


def _unwrapped(placed: list[_Placed]) -> list[_Placed]:
    """The images without a single folder that holds them all, as in many zips."""
    while all(len(place.parts) > 1 for _, place in placed) and len({p.parts[0] for _, p in placed}) == 1:
        placed = [(source, place.relative_to(place.parts[0])) for source, place in placed]
    return placed


def _patients(placed: list[_Placed], given: str, root: Path) -> tuple[list[str], str]:
    """The patient of each image, and in words how it was found."""
    if not given:
        return _found_in_headers(placed) or _found(placed)
    return named(placed, given, root), said_of(given)


def _found_in_headers(placed: list[_Placed]) -> tuple[list[str], str] | None:
    """The same of DICOM files whose headers all name a patient, and of volumes; None for others."""
    if all(is_volume(source.path.name) for source, _ in placed):
        return [str(file_place(*one)) for one in placed], "each volume is one"
    if not all(is_dicom(source) for source, _ in placed):
        return None
    names = pseudonyms([source for source, _ in placed])
    return (names, said_of(DICOM)) if all(names) else None


def _odd_names(names: Sequence[str]) -> str:
    """What to say where most file names name a patient and a few do not, so that none of them counts."""
    odd = [name for name in names if not number_in(name)]
    if not 0 < len(odd) < len(names) / 2:
        return ""
    return (
        f"Patients are not taken from file names: {len(names) - len(odd):,} of {len(names):,} begin with C "
        f"and a number, the others do not, such as {odd[0]}. Rename or move these, or give `patients`."
    )


def _found(placed: list[_Placed]) -> tuple[list[str], str]:
    """Patients that the names give away; a patient a cell is no patient but a number, so it is not taken."""
    by_name = [number for _, place in placed if (number := number_in(place.name))]
    if len(set(by_name)) < len(by_name) == len(placed):
        return by_name, "found in file names, which begin with C and a number"
    by_folder = [place.parts[0] for _, place in placed if len(place.parts) > 1]
    if len(set(by_folder)) < len(by_folder) == len(placed):
        return by_folder, said_of(FOLDER)
    return [UNKNOWN_PATIENT] * len(placed), UNKNOWN


def anomalous_cells(path: Path, patients: str = "") -> tuple[Record, ...]:
    """The anomalous cells at a path, which tune a threshold: those of a labelled set, or else every image.

    `patients` as for `healthy_cells`. DatasetError where there is none.
    """
    if is_manifest(path):
        found = read_manifest(path, path.parent, patients)
        return _some([record for record in found if record.label == ANOMALY], path)
    sources = list(with_frames(files_below(path).images))
    if has_nih_layout(sources, path):
        sources = classes_of(sources, path)[ANOMALY]
    placed = [(source, place_below(path, source)) for source in sources]
    placed = _unwrapped([one for one in placed if not _stands_in(one[1], HEALTHY_FOLDERS)])
    names = _patients(placed, patients, path)[0] if placed else []
    return _some(
        [Record(source, ANOMALY, name) for (source, _), name in zip(placed, names, strict=True)], path
    )


def _some(records: Sequence[Record], path: Path) -> tuple[Record, ...]:
    if not records:
        raise DatasetError(f"There are 0 anomalous cells in {path}; give a folder, zip or manifest of some.")
    return tuple(sorted(records, key=lambda record: record.source))
