"""Whose cells the rows of a stream are, and what else a person should know of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.types import Names, Part, Scores
from normocyte.datasets.support.patients import FILE, FOLDER, number_in, patient_rule, patients_in
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.tables.reading import P_VALUE, SCORE, Scored

_NEAR = 0.01
_MOST_OFF = 0.01
_STRONG = 0.05
_WORTH_SAYING = 0.005
_SAME = 1e-6
_KNOWN = (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION)


@dataclass(frozen=True)
class Stream:
    """The patient of each row (n,), how patients were found, and how many came back after another one."""

    patients: Names
    how: str
    returned: int


def find_patients(scored: Scored, way: str = "") -> Stream:
    """The patient of each row by `way`: `folder`, `file` (one file of rows each) or a regular expression.

    Without one: by the beginning of the file name where it begins with C and a number, else by the folder,
    each row by itself. ConfigError for an expression without exactly one group, DatasetError for rows that
    name no patient or fewer than 2 patients.
    """
    patients, how = _found(scored.paths.tolist(), scored.files.tolist(), way)
    names = np.array(patients, np.str_)
    count = len(np.unique(names))
    if count < 2:  # noqa: PLR2004 - one is no stream
        raise DatasetError(
            f"All {len(scored):,} rows are of one patient, {patients[0]!r}, {how}; give rows of at least 2, "
            "or `patients` with a regular expression that finds the patient in the path."
        )
    begins = np.append(True, names[1:] != names[:-1])
    stretches = np.unique(names[begins], return_counts=True)[1]
    return Stream(names, how, int(np.count_nonzero(stretches > 1)))


def torn(scored: Scored, stream: Stream, way: str = "") -> list[tuple[str, str]]:
    """The paths of rows that show one image under two patients: of the row that counts and of the other."""
    repeats = scored.repeats
    if not len(repeats):
        return []
    patients, _ = _found(repeats.paths.tolist(), repeats.files.tolist(), way)
    return [
        (str(scored.paths[first]), str(path))
        for patient, path, first in zip(patients, repeats.paths, repeats.of, strict=True)
        if patient != stream.patients[first]
    ]


def _found(paths: list[str], files: list[str], way: str) -> tuple[list[str], str]:
    """The patient of each row, which never depends on the other rows, and how they were found."""
    rule = patient_rule(way, (FOLDER, FILE)) if way else ""
    if rule == FILE:
        return files, "one file of rows a patient"
    if not isinstance(rule, str):
        return patients_in(paths, rule, "paths", "Correct the expression."), f"by '{way}' in the path"
    numbered = ["" if rule else number_in(_name(path)) for path in paths]
    patients = [number or _folder(path) for number, path in zip(numbered, paths, strict=True)]
    others = [path for number, path in zip(numbered, paths, strict=True) if not number]
    return patients, _how(len(paths), others)


def _how(rows: int, others: list[str]) -> str:
    """How patients were found where `others` are the paths whose file names do not begin as they should."""
    if len(others) == rows:
        return "by the folder of the image"
    beginning = "by the beginning of the file name (C and a number)"
    if not others:
        return beginning
    which = "1 row that does" if len(others) == 1 else f"{len(others):,} rows that do"
    return f"{beginning}, and for {which} not begin so, such as {others[0]}, by the folder of the image"


def _separator(path: str) -> str:
    return "/" if "/" in path else "\\"


def _name(path: str) -> str:
    return path.rpartition("!")[2].rpartition(_separator(path))[2]


def _folder(path: str) -> str:
    folder, separator, _ = path.rpartition(_separator(path))
    if not separator:
        folder = path.rpartition("!")[0]
    return folder or "."


def short_names(names: Names) -> list[str]:
    """Folders without the part that all of them share."""
    split = [name.split("/") for name in names.tolist()]
    shared = 0
    while len({tuple(parts[: shared + 1]) for parts in split}) == 1 and all(
        len(p) > shared + 1 for p in split
    ):
        shared += 1
    return ["/".join(parts[shared:]) for parts in split]


def foreign(pipeline: Pipeline, scored: Scored) -> Iterator[str]:
    """A sentence where the p-values of the rows are not those that this bundle gives their scores."""
    if P_VALUE not in scored.columns:
        return
    scores, given = scored.columns[SCORE], scored.columns[P_VALUE]
    expected = pipeline.threshold.p_values(scores, pipeline.calibration)
    is_known = ~np.isnan(scores) & ~np.isnan(given)
    is_off = is_known & (np.abs(given - expected) > _NEAR)
    if np.count_nonzero(is_off) > _MOST_OFF * np.count_nonzero(is_known):
        row = int(np.argmax(is_off))
        yield (
            f"Careful: {np.count_nonzero(is_off):,} of {np.count_nonzero(is_known):,} p-values in the rows "
            f"are not this bundle's, such as {given[row]:.3g} for the score {scores[row]:.3g}, here "
            f"{expected[row]:.3g}. Unless the rows were scored with the null of one smear, another bundle "
            "scored them, and this result does not count."
        )


def careful(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What is told first of all: that an image stands under two patients; `pairs` as `torn` gives them."""
    if not pairs:
        return ()
    images = len({first for first, _ in pairs})
    which = "1 image is" if images == 1 else f"{images:,} images are"
    first, other = pairs[0]
    return (
        f"THE SAME IMAGE UNDER TWO PATIENTS: {which} under more than one patient, such as {first} = {other}; "
        "only the first counts. Check the names of the patients: patients are what is compared here, and "
        "where their names are wrong, so is the answer.",
    )


def _repeated(scored: Scored) -> Iterator[str]:
    """How many rows come again, and whether with another score."""
    repeats = scored.repeats
    if not len(repeats):
        return
    rows = "1 row of an image" if len(repeats) == 1 else f"{len(repeats):,} rows of images"
    yield f"{rows} that came before {'was' if len(repeats) == 1 else 'were'} not counted again."
    before = scored.columns[SCORE][repeats.of]
    is_other = ~np.isnan(repeats.scores) & ~np.isclose(repeats.scores, before, rtol=_SAME, atol=_SAME)
    if is_other.any():
        place = int(np.argmax(is_other))
        yield (
            f"{np.count_nonzero(is_other):,} of them have another score than before, such as "
            f"{repeats.paths[place]} with {repeats.scores[place]:.3g} after {before[place]:.3g}: not all "
            "rows are of one bundle."
        )


def notes_of(bundle: Bundle, scored: Scored, stream: Stream) -> Iterator[str]:
    """Sentences, each only where it applies, the worst first."""
    yield from foreign(bundle.pipeline, scored)
    yield from _repeated(scored)
    if stream.returned:
        who = "1 patient comes" if stream.returned == 1 else f"{stream.returned:,} patients come"
        yield f"{who} back after another one; all their cells count where they came first."
    shared = bundle.facts.patients(*_KNOWN) & {
        name.rpartition("/")[2] for name in np.unique(stream.patients).tolist()
    }
    if shared:
        who = (
            "1 patient bears the name of one" if len(shared) == 1 else f"{len(shared):,} patients bear names"
        )
        yield (
            f"{who} that the bundle was made from, such as {min(shared)}: if they are the same persons, "
            "leave them out, or drift is hidden."
        )
    yield from _missing(scored.columns[SCORE], stream)


def _missing(scores: Scores, stream: Stream) -> Iterator[str]:
    """Whether more cells of later patients have no score than of earlier ones, by patient."""
    first, codes = np.unique(stream.patients, return_index=True, return_inverse=True)[1:]
    shares = np.bincount(codes.reshape(-1), np.isnan(scores)) / np.bincount(codes.reshape(-1))
    shares = shares[np.argsort(first, kind="stable")]
    half = len(shares) // 2
    early, late = shares[:half], shares[half:]
    if not shares.any():
        return
    from scipy.stats import mannwhitneyu  # takes half a second to import, and few streams need it

    p_value = float(mannwhitneyu(late, early, alternative="greater").pvalue)
    text = (
        f"Not assessable: {early.mean():.2%} of a patient's cells in the first half of the stream, "
        f"{late.mean():.2%} in the second"
    )
    if p_value < _STRONG:
        yield f"{text}; the share is rising (p = {p_value:.2g}), look at these images."
    elif shares.mean() > _WORTH_SAYING:
        yield f"{text}."
