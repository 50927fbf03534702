"""Healthy cells of a site, in whatever layout they come, and how their patients were found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.inputs.sources import files_below, place_below
from normocyte.core.inputs.tables import is_table
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Record, Source
from normocyte.datasets.folder import Folder
from normocyte.datasets.nih_malaria import classes_of, has_nih_layout, outside
from normocyte.datasets.support.checks import RENAME, first
from normocyte.datasets.support.manifest import read_manifest
from normocyte.datasets.support.patients import (
    EXAMPLE,
    FILE,
    FOLDER,
    ONE,
    UNKNOWN,
    WORDS,
    number_in,
    patient_rule,
    patients_in,
)

HEALTHY_FOLDERS = frozenset({"healthy", "uninfected", "normal"})
ANOMALOUS_FOLDERS = frozenset(
    {"parasitized", "parasitised", "infected", "anomaly", "anomalies", "anomalous", "abnormal"}
)
_ADVICE = (
    f"name the patients with `patients`: {', '.join(WORDS)} or a regular expression with one group, such as "
    f"'{EXAMPLE}'"
)

_Placed = tuple[Source, PurePosixPath]


@dataclass(frozen=True)
class HealthyCells:
    """Healthy cells: what the set is called, its records, how patients were found, and what was left aside.

    `anomalies` counts the cells that the set itself labels as anomalous. Where nothing names a patient it is
    `UNKNOWN_PATIENT`, in all records or in none. `left_out` says in sentences which files are in no record.
    """

    name: str
    records: tuple[Record, ...]
    patients_by: str
    anomalies: int = 0
    left_out: tuple[str, ...] = ()


def healthy_cells(path: Path, patients: str = "") -> HealthyCells:
    """The healthy cells at a path: a CSV manifest, a labelled set, or a folder or zip of healthy cells only.

    `patients` says whose they are: "folder" (each subfolder is a patient), "file" (each image), "one",
    "unknown", or a regular expression with one group, searched in file names. Without it a manifest says;
    else file names that all begin as C101_ do; else subfolders that hold all the cells; else it is unknown.
    DatasetError when there are no healthy cells, ConfigError for another word.
    """
    if is_table(path) and not path.is_dir():
        return _of_manifest(path, patients)
    found = files_below(path)
    placed, anomalies = _placed(path, list(found.images))
    names, found_by = _patients(placed, patients, path)
    records = [Record(source, HEALTHY, name) for (source, _), name in zip(placed, names, strict=True)]
    ordered = tuple(sorted(records, key=lambda record: record.source))
    others = outside(len(found.images) - len(placed) - anomalies, path)
    odd = "" if patients else _odd_names([place.name for _, place in placed])
    left_out = tuple(filter(None, (odd, found.passed_over.sentence, others)))
    return HealthyCells(_called(path), ordered, found_by, anomalies, left_out)


def _called(path: Path) -> str:
    return path.resolve().name


def _of_manifest(path: Path, patients: str) -> HealthyCells:
    if patients:
        raise ConfigError(
            f"The manifest {path} names its patients itself; leave out `patients` ('{patients}')."
        )
    records = Folder(manifest=str(path)).records()
    healthy = tuple(record for record in records if record.label == HEALTHY)
    return HealthyCells(_called(path), healthy, "named by the manifest", len(records) - len(healthy))


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
            f"{len(strange)} of {len(placed)} images of {root} stand in a folder named for what is not "
            f"healthy: {first(strange)}. Give healthy cells only."
        )


def _unwrapped(placed: list[_Placed]) -> list[_Placed]:
    """The images without a single folder that holds them all, as in many zips."""
    while all(len(place.parts) > 1 for _, place in placed) and len({p.parts[0] for _, p in placed}) == 1:
        placed = [(source, place.relative_to(place.parts[0])) for source, place in placed]
    return placed


def _patients(placed: list[_Placed], given: str, root: Path) -> tuple[list[str], str]:
    """The patient of each image, and in words how it was found."""
    if not given:
        return _found(placed)
    rule = patient_rule(given)
    if isinstance(rule, str):
        name, said = _BY_WORD[rule]
        return [name(place, root) for _, place in placed], said
    names = patients_in([place.name for _, place in placed], rule, f"file names in {root}", RENAME)
    return names, f"found in file names by '{given}'"


def _by_folder(place: PurePosixPath, root: Path) -> str:
    if len(place.parts) == 1:
        raise DatasetError(
            f"'{place}' of {root} stands in no subfolder of several, so that none names its patient; move it "
            f"into one, or {_ADVICE}."
        )
    return place.parts[0]


_BY_WORD: dict[str, tuple[Callable[[PurePosixPath, Path], str], str]] = {
    FOLDER: (_by_folder, "each subfolder is one"),
    FILE: (lambda place, _: str(place.with_suffix("")), "each image is one"),
    ONE: (lambda _, root: _called(root), "all cells are of one"),
    UNKNOWN: (lambda *_: UNKNOWN_PATIENT, "unknown"),
}


def _odd_names(names: Sequence[str]) -> str:
    """What to say where most file names name a patient and a few do not, so that none of them counts."""
    odd = [name for name in names if not number_in(name)]
    if not 0 < len(odd) < len(names) / 2:
        return ""
    return (
        f"Patients are not taken from file names: {len(names) - len(odd):,} of {len(names):,} begin with C "
        f"and a number, the others do not, such as {odd[0]}. Rename or move these, or say `patients`."
    )


def _found(placed: list[_Placed]) -> tuple[list[str], str]:
    """Patients that the names give away; a patient a cell is no patient but a number, so it is not taken."""
    by_name = [number for _, place in placed if (number := number_in(place.name))]
    if len(set(by_name)) < len(by_name) == len(placed):
        return by_name, "found in file names, which begin with C and a number"
    by_folder = [place.parts[0] for _, place in placed if len(place.parts) > 1]
    if len(set(by_folder)) < len(by_folder) == len(placed):
        return by_folder, "each subfolder is one"
    return [UNKNOWN_PATIENT] * len(placed), "unknown"


def anomalous_cells(path: Path, patients: str = "") -> tuple[Record, ...]:
    """The anomalous cells at a path, which tune a threshold: those of a labelled set, or else every image.

    `patients` as for `healthy_cells`. DatasetError where there is none.
    """
    if is_table(path) and not path.is_dir():
        found = read_manifest(path, path.parent)
        return _some([record for record in found if record.label == ANOMALY], path)
    sources = list(files_below(path).images)
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
