"""Study: photos of several smears in, each folder of them a smear, and what all show in one table out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from normocyte import __version__
from normocyte.core.errors import ImageError, Interrupted
from normocyte.core.files import make_folder, sha256_of
from normocyte.core.names.safe import one_name
from normocyte.core.names.short import folders_of
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.engine.pool import over_chunks
from normocyte.images.limits import PHOTOS
from normocyte.images.reading import read_bytes
from normocyte.parasitaemia.support.plan import Plan
from normocyte.pipeline.pipeline import Pipeline
from normocyte.reports.smear.write import PAGE, write_smear
from normocyte.reports.study.write import FILES, keep_study, write_study
from normocyte.results.earlier import finished
from normocyte.results.study import Study, StudyRow
from normocyte.segmentation.boxes.boxed import Boxes, box_files
from normocyte.workflows.smear.boxes import boxes_of
from normocyte.workflows.smear.judge import Judged, JudgePhotos
from normocyte.workflows.smear.review import Seen, check_photos, review_for
from normocyte.workflows.smear.smear import SHOWN, Question, cut_of, names_of, smear_of, workers_for


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
    digests: tuple[str, ...]
    input_digest: str
    seen: Seen = field(default_factory=Seen)


def study(
    judge: Judge, photos: Sequence[Source], question: Question, folder: Path, progress: Progress
) -> Studied:
    """Judge each folder of photos as a smear, each into a folder of its own, and write what all of them show.

    A smear that an earlier call has finished, from the same bytes by the same bundle and question, is kept.
    What a person has written into the table of cells of a smear since then is read and shown.
    When the user stops it, Interrupted says how many are finished.
    """
    fields = judge.pipeline.in_fields()
    plan = Plan(cut_of(judge.pipeline, question.sensitivity))
    boxes = boxes_of(question.boxes, photos)
    smears = [_with_review(one, folder) for one in _smears(judge, photos, question)]
    rows = _kept(smears, folder)
    found = Study(
        name=folder.name,
        rows=tuple(rows.values()),
        smears=len(smears),
        limit=question.limit,
        level=plan.level,
        bundle=judge.bundle,
        guarantee=fields.threshold.guarantee(fields.calibration).sentence,
        normocyte=__version__,
        careful=_careful(smears),
        passed_over=question.passed_over,
    )
    left = [one for one in smears if one.input_digest not in rows]
    try:
        for one, pages in _judged(_task(judge.pipeline, left, boxes, folder), left, question, progress):
            asked = replace(question, seen=one.seen)
            smear = smear_of(judge.pipeline, pages, plan, asked, (one.name, judge.bundle))
            write_smear(smear, make_folder(folder / one.folder))
            row = StudyRow.of(smear, one.name, one.folder, one.input_digest)
            found = replace(found, rows=(*found.rows, row))
            keep_study(found, folder)
    except KeyboardInterrupt as error:
        raise Interrupted(
            f"Stopped after {len(found.rows)} of {found.smears} smears. Those are kept in {folder}, and the "
            "same call goes on with the next."
        ) from error
    return Studied(found, write_study(found, folder), len(rows))


def _kept(smears: Sequence[_Smear], folder: Path) -> dict[str, StudyRow]:
    """The rows of the smears that an earlier call has finished, by what they were made of."""
    earlier = finished(folder)
    return {
        one.input_digest: replace(earlier[one.input_digest], name=one.name, folder=one.folder)
        for one in smears
        if one.input_digest in earlier and (folder / one.folder / PAGE).is_file()
    }


def _task(pipeline: Pipeline, smears: Sequence[_Smear], boxes: Boxes, folder: Path) -> JudgePhotos:
    """What judges the photos of all these smears: processes are begun once, not for each smear."""
    names: dict[Source, str] = {}
    called: dict[Source, str] = {}
    for one in smears:
        pictures, own = names_of(one.photos)
        names |= {source: f"{one.folder}/{picture}" for source, picture in pictures.items()}
        called |= own
    return JudgePhotos(pipeline, names, folder, SHOWN, boxes=boxes, called=called)


def _judged(
    task: JudgePhotos, smears: Sequence[_Smear], question: Question, progress: Progress
) -> Iterator[tuple[_Smear, list[Judged]]]:
    """Each smear with the pages of its photos, as soon as they are judged."""
    photos = [photo for one in smears for photo in one.photos]
    if not photos:
        return
    progress.begin("Photos", len(photos))
    chunks = over_chunks(task, photos, progress, workers_for(photos, question), size=1)
    for one in smears:
        pages = [page for chunk in islice(chunks, len(one.photos)) for page in chunk]
        yield one, [_below(page, one.folder) for page in pages]


def _below(page: Judged, folder: str) -> Judged:
    """The page, whose picture is named as it stands below the folder of its smear."""
    outlined = page.photo.outlined.removeprefix(f"{folder}/")
    return replace(page, photo=replace(page.photo, outlined=outlined))


def _smears(judge: Judge, photos: Sequence[Source], question: Question) -> list[_Smear]:
    """The photos by the folders that hold them, in the order in which folders come first."""
    groups: dict[tuple[str, ...], list[Source]] = {}
    for source, parts in folders_of(photos).items():
        groups.setdefault(parts, []).append(source)
    taken = set(FILES)
    known = _known(judge, question)
    return [_smear_of(parts, held, known, taken) for parts, held in groups.items()]


def _smear_of(parts: tuple[str, ...], held: Sequence[Source], known: list[str], taken: set[str]) -> _Smear:
    digests = tuple(_bytes_of(source) for source in held)
    named = [[source.name, digest] for source, digest in zip(held, digests, strict=True)]
    return _Smear(
        name="/".join(parts).strip("/") or "photos",
        folder=one_name("-".join(parts), taken),
        photos=tuple(held),
        digests=digests,
        input_digest=_digest([known, "/".join(parts), named]),
    )


def _with_review(one: _Smear, folder: Path) -> _Smear:
    """The smear with what a person wrote into its table of cells; then it is made of that, too."""
    seen = review_for(None, folder / one.folder)
    check_photos(seen, names_of(one.photos)[1].values())
    said = sorted(map(list, seen.cells.items()))
    return replace(one, seen=seen, input_digest=_digest([one.input_digest, said])) if said else one


def _careful(smears: Sequence[_Smear]) -> tuple[str, ...]:
    """What to say first of all: that one photo lies in the folders of several smears."""
    places: dict[str, dict[str, str]] = {}
    for one in smears:
        for source, digest in zip(one.photos, one.digests, strict=True):
            places.setdefault(digest, {}).setdefault(one.name, f"{one.name}/{source.name}")
    shared = [" = ".join(held.values()) for held in places.values() if len(held) > 1]
    if not shared:
        return ()
    lie = "1 photo lies" if len(shared) == 1 else f"{len(shared):,} photos lie"
    return (
        f"THE SAME PHOTO IN TWO SMEARS: {lie} in the folders of more than one smear, such as {shared[0]}. It "
        "counts in each of them: see which one it is of, take it out of the others, and run this again.",
    )


def _known(judge: Judge, question: Question) -> list[str]:
    """All but the photos that the answer to a smear depends on."""
    files = box_files(question.boxes) if question.boxes.name else []
    return [
        __version__,
        judge.digest,
        judge.bundle,
        repr(judge.pipeline.threshold.cut),
        repr((question.limit, question.sensitivity, question.red_cells, question.labels)),
        *(sha256_of(file) for file in files),
    ]


def _bytes_of(source: Source) -> str:
    """The SHA-256 of the bytes of a photo, or why they cannot be had."""
    try:
        return hashlib.sha256(read_bytes(source, PHOTOS)).hexdigest()
    except ImageError as error:
        return str(error)


def _digest(content: list[object]) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
