"""Study: photos of several smears in, each folder of them a smear, and what all show in one table out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte import __version__
from normocyte.core.errors import ImageError, Interrupted
from normocyte.core.files import make_folder, sha256_of
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.images.limits import PHOTOS
from normocyte.images.reading import read_bytes
from normocyte.pipeline.pipeline import Pipeline
from normocyte.reports._study import Study, StudyRow
from normocyte.reports._study_data import finished
from normocyte.reports.smear import PAGE, write_smear
from normocyte.reports.study import FILES, keep_study, write_study
from normocyte.smears._plan import Plan
from normocyte.workflows._boxed import boxes_of
from normocyte.workflows._map_names import one_name
from normocyte.workflows._short_names import folders_of
from normocyte.workflows.smear import Question, cut_of, smear


@dataclass(frozen=True)
class Judge:
    """What judges the smears of a study: a pipeline, what its bundle is called, and the bundle's digest."""

    pipeline: Pipeline
    bundle: str
    digest: str


@dataclass(frozen=True)
class Studied:
    """The study, its page, and how many of its smears had been judged by an earlier call."""

    study: Study
    page: Path
    kept: int


@dataclass(frozen=True)
class _Smear:
    """One smear to be judged: what it is called, the folder of its report, its photos, and their digest."""

    name: str
    folder: str
    photos: tuple[Source, ...]
    made_of: str


@dataclass
class _Named:
    """Tells progress with the name of the smear."""

    progress: Progress
    name: str

    def begin(self, task: str, total: int) -> None:
        """A task begins, of this smear."""
        self.progress.begin(f"{self.name}: {task.lower()}", total)

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Some more steps are done."""
        self.progress.advance(steps, note)


def study(
    judge: Judge, photos: Sequence[Source], question: Question, folder: Path, progress: Progress
) -> Studied:
    """Judge each folder of photos as a smear, each into a folder of its own, and write what all of them show.

    A smear that an earlier call has finished, from the same bytes by the same bundle and question, is kept.
    When the user stops it, Interrupted says how many are finished.
    """
    plan = Plan(cut_of(judge.pipeline, question.sensitivity))
    boxes_of(question.boxes, photos)  # better refused now than smear by smear
    earlier = finished(folder)
    smears = _smears(judge, photos, question)
    found = Study(
        name=folder.name,
        rows=(),
        smears=len(smears),
        limit=question.limit,
        level=plan.level,
        bundle=judge.bundle,
        guarantee=judge.pipeline.threshold.guarantee(judge.pipeline.calibration).sentence,
        normocyte=__version__,
    )
    kept = 0
    for number, one in enumerate(smears, start=1):
        row = earlier.get(one.made_of)
        if row is not None and (folder / one.folder / PAGE).is_file():
            kept += 1
        else:
            named = _Named(progress, f"{one.name} ({number} of {len(smears)})")
            row = _judged(judge, one, question, folder, named, found)
        found = replace(found, rows=(*found.rows, replace(row, name=one.name, folder=one.folder)))
        keep_study(found, folder)
    return Studied(found, write_study(found, folder), kept)


def _judged(
    judge: Judge, one: _Smear, question: Question, folder: Path, progress: Progress, so_far: Study
) -> StudyRow:
    place = make_folder(folder / one.folder)
    try:
        found = smear(judge.pipeline, one.photos, question, (place, judge.bundle), progress)
        write_smear(replace(found, name=one.name), place)
    except KeyboardInterrupt as error:
        raise Interrupted(
            f"Stopped after {len(so_far.rows)} of {so_far.smears} smears; they are kept in {folder}, and the "
            "same call goes on with the next."
        ) from error
    return StudyRow.of(found, one.name, one.folder, one.made_of)


def _smears(judge: Judge, photos: Sequence[Source], question: Question) -> list[_Smear]:
    """The photos by the folders that hold them, in the order in which folders come first."""
    groups: dict[tuple[str, ...], list[Source]] = {}
    for source, parts in folders_of(photos).items():
        groups.setdefault(parts, []).append(source)
    taken = set(FILES)
    known = _known(judge, question)
    return [
        _Smear(
            name="/".join(parts).strip("/") or "photos",
            folder=one_name("-".join(parts), taken),
            photos=tuple(held),
            made_of=_digest([known, "/".join(parts), [[source.name, _bytes_of(source)] for source in held]]),
        )
        for parts, held in groups.items()
    ]


def _known(judge: Judge, question: Question) -> list[str]:
    """All but the photos that the answer to a smear depends on."""
    boxes = question.boxes
    files = sorted(boxes.glob("*.xml")) if boxes.is_dir() else [boxes]
    return [
        __version__,
        judge.digest,
        judge.bundle,
        repr(judge.pipeline.threshold.cut),
        repr((question.limit, question.sensitivity, question.red_cells)),
        *(sha256_of(file) for file in files if boxes.name),
    ]


def _bytes_of(source: Source) -> str:
    """The SHA-256 of the bytes of a photo, or why they cannot be had."""
    try:
        return hashlib.sha256(read_bytes(source, PHOTOS)).hexdigest()
    except ImageError as error:
        return str(error)


def _digest(content: list[object]) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
