"""Study: photos of several smears in, each folder of them a smear, and what all show in one table out."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import ConfigError, ImageError, Interrupted
from normocyte.core.files import make_folder, sha256_of
from normocyte.core.messages import to_translate
from normocyte.core.names.safe import folders_of, one_name
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.core.version import __version__
from normocyte.engine.pool import Engine
from normocyte.images.contract import PHOTOS
from normocyte.images.reading import read_bytes
from normocyte.reports.smear.write import PAGE, write_smear
from normocyte.reports.study.write import FILES, keep_study, write_study
from normocyte.results.json import finished
from normocyte.results.study import Study, StudyRow
from normocyte.segmentation.boxes.boxed import box_files
from normocyte.wording.language import ENGLISH
from normocyte.workflows.smear.judge import Judged, JudgePhotos, PhotoJudge
from normocyte.workflows.smear.pictures import FolderPictures
from normocyte.workflows.smear.request import Material, SmearRequest, opened
from normocyte.workflows.smear.review import Seen, check_photos, review_for
from normocyte.workflows.smear.smear import kept_pages, names_of, smear_of, workers_for

OF_ONE_SMEAR = ("Patient", "Slide")


@dataclass(frozen=True)
class StudyResult:
    """The study, its page, and how many of its smears had been judged by an earlier call.

    `unmatched` are sentences on boxes without a photo, and photos without boxes.
    """

    study: Study
    page: Path
    kept: int
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Smear:
    """One smear to be judged: what it is called, the folder of its report, its photos, and their digest."""

    name: str
    folder: str
    photos: tuple[Source, ...]
    digests: tuple[str, ...]
    input_digest: str
    seen: Seen = field(default_factory=Seen)


def study(request: SmearRequest, progress: Progress, cancel: CancelToken | None = None) -> StudyResult:
    """Judge each folder of photos as a smear, each into a folder of its own, and write what all of them show.

    A smear that an earlier call has finished, from the same bytes by the same bundle and question, is kept.
    What a person has written into the table of cells of a smear since then is read and shown.

    Args:
        request: the photos, what judges them, and what is asked; `out` is the folder of the study.
        progress: hears how far it is, and sentences that a user should read at once.
        cancel: stops the work after a photo; by default the current token.

    Returns:
        The rows of all smears and where the page is.

    Raises:
        Interrupted: it was stopped; it says how many smears are finished, and the same call goes on.
        NormocyteError: of its kinds, for what cannot be used or written.
    """
    _check_shared(request)
    return study_of(opened(request, progress), request.out, progress, cancel)


def study_of(
    material: Material, folder: Path, progress: Progress, cancel: CancelToken | None = None
) -> StudyResult:
    """The same of what is opened already."""
    smears = [_with_review(one, folder) for one in _smears(material)]
    rows = _kept(smears, folder)
    found = _begun(material, smears, rows, folder)
    left = [one for one in smears if one.input_digest not in rows]
    try:
        for one, pages in _judged(material, left, folder, progress, cancel):
            smear = smear_of(material, pages, one.seen, one.name)
            write_smear(smear, make_folder(folder / one.folder), material.request.language)
            row = StudyRow.of(smear, one.name, one.folder, one.input_digest)
            found = replace(found, rows=(*found.rows, row))
            keep_study(found, folder)
    except Stopped as error:
        raise Interrupted(
            f"Stopped after {len(found.rows)} of {found.smears} smears. Those are kept in {folder}, and the "
            "same call goes on with the next."
        ) from error
    return StudyResult(found, write_study(found, folder), len(rows), material.unmatched)


def _check_shared(request: SmearRequest) -> None:
    """ConfigError where a question to several smears holds what belongs to one of them."""
    if request.review is not None:
        raise ConfigError(
            f"`review='{request.review}'` is of one smear; with `by='folder'` fill in the column seen of "
            "review.csv in the folder of each smear and run this again without `review`."
        )
    own = [f"`{name.lower()}='{value}'`" for name, value in request.labels.pairs if name in OF_ONE_SMEAR]
    if own:
        raise ConfigError(f"{', '.join(own)} is of one smear; leave it out with `by='folder'`.")


def _begun(material: Material, smears: Sequence[_Smear], rows: dict[str, StudyRow], folder: Path) -> Study:
    """The study with the rows that are kept."""
    fields = material.bundle.pipeline.in_fields()
    return Study(
        name=folder.name,
        rows=tuple(rows.values()),
        smears=len(smears),
        limit=material.request.limit,
        level=material.plan.level,
        bundle=material.bundle.name,
        guarantee=fields.threshold.guarantee(fields.calibration).sentence,
        normocyte=__version__,
        careful=_careful(smears),
        passed_over=material.passed_over,
    )


def _kept(smears: Sequence[_Smear], folder: Path) -> dict[str, StudyRow]:
    """The rows of the smears that an earlier call has finished, by what they were made of."""
    earlier = finished(folder)
    return {
        one.input_digest: replace(earlier[one.input_digest], name=one.name, folder=one.folder)
        for one in smears
        if one.input_digest in earlier and (folder / one.folder / PAGE).is_file()
    }


def _judged(
    material: Material, smears: Sequence[_Smear], folder: Path, progress: Progress, cancel: CancelToken | None
) -> Iterator[tuple[_Smear, list[Judged]]]:
    """Each smear with the pages of its photos, as soon as they are judged; their pictures in its folder.

    One engine judges all of them: its processes are at the next photos while a report is written.
    """
    photos = [photo for one in smears for photo in one.photos]
    if not photos:
        return
    called = {photo: name for one in smears for photo, name in names_of(one.photos).called.items()}
    judge = PhotoJudge(material.bundle.pipeline)
    task = JudgePhotos(judge, called, material.boxes, language=material.request.language)
    progress.begin(to_translate("Photos"), len(photos))
    with Engine(workers_for(photos, material.request.workers)) as engine:
        pages = engine.over(task, photos, progress, cancel, size=1)
        for one in smears:
            own = islice(pages, len(one.photos))
            yield one, kept_pages(one.photos, own, FolderPictures(folder / one.folder))


def _smears(material: Material) -> list[_Smear]:
    """The photos by the folders that hold them, in the order in which folders come first."""
    groups: dict[tuple[str, ...], list[Source]] = {}
    for source, parts in folders_of(material.photos).items():
        groups.setdefault(parts, []).append(source)
    taken = set(FILES)
    known = _known(material)
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
    check_photos(seen, names_of(one.photos).called.values())
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
    lie = "1 photo is" if len(shared) == 1 else f"{len(shared):,} photos are"
    return (
        f"THE SAME PHOTO IN TWO SMEARS: {lie} in the folders of more than one smear, such as {shared[0]}. It "
        "counts in each of them: see which one it is of, take it out of the others, and run this again.",
    )


def _known(material: Material) -> list[str]:
    """All but the photos that the answer to a smear depends on."""
    bundle, request, boxes = material.bundle, material.request, material.boxes.source
    return [
        __version__,
        bundle.digest,
        bundle.name,
        repr(bundle.pipeline.threshold.cut),
        repr((request.limit, material.plan.cut.sensitivity, request.red_cells, request.labels.pairs)),
        *([request.language] if request.language != ENGLISH else []),
        *(sha256_of(file) for file in (box_files(boxes) if boxes.name else [])),
    ]


def _bytes_of(source: Source) -> str:
    """The SHA-256 of the bytes of a photo, or why they cannot be had."""
    try:
        return hashlib.sha256(read_bytes(source, PHOTOS)).hexdigest()
    except ImageError as error:
        return str(error)


def _digest(content: list[object]) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
