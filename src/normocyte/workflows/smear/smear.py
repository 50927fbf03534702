"""Smear: photos of one thin film in, the share of infected red cells with its interval out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import Interrupted
from normocyte.core.files import make_folder
from normocyte.core.messages import to_translate
from normocyte.core.names.safe import free_names, short_parts
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.core.version import __version__
from normocyte.engine.pool import Engine
from normocyte.reports.smear.write import write_smear
from normocyte.results.smear import Smear
from normocyte.workflows.smear.answer import answer
from normocyte.workflows.smear.judge import Judged, JudgePhotos, PhotoJudge, shown
from normocyte.workflows.smear.pictures import FolderPictures, Pictures, with_pictures
from normocyte.workflows.smear.repeats import without_repeats
from normocyte.workflows.smear.request import Material, SmearRequest, opened
from normocyte.workflows.smear.review import Seen, check_photos, review_for, reviewed, suspects_of

PHOTOS = "photos"
SHOWN, NEAREST, ASIDE = 200, 24, 12
"""At most so many cells are shown: those that are flagged, and where these are few, the nearest to them."""
_COMPARED = to_translate("Each cell was compared with healthy ones and with its neighbours in the photo.")
_ALONE = to_translate(
    "Each cell was judged alone: this bundle has no comparison with neighbours in the photo, so that "
    "a cell that differs as a whole may be taken for a healthy one."
)
WORTH_TWO = 4
"""From so many photos on, further processes repay their start."""


@dataclass(frozen=True)
class SmearResult:
    """What was found in a smear, and its page.

    `unmatched` are sentences on boxes without a photo, and photos without boxes.
    """

    smear: Smear
    page: Path
    unmatched: tuple[str, ...] = ()


def smear(request: SmearRequest, progress: Progress, cancel: CancelToken | None = None) -> SmearResult:
    """Judge the photos as one smear and write its report.

    Each photo is called by its file name, after as many folders as tell it from the others. A photo that
    cannot be read or is no field of blood is told, with its reason; one that comes again counts once.

    Args:
        request: the photos, what judges them, and what is asked.
        progress: hears how far it is, and sentences that a user should read at once.
        cancel: stops the work after a photo; by default the current token.

    Returns:
        The smear and where its page is.

    Raises:
        Interrupted: it was stopped; the pictures so far are kept.
        NormocyteError: of its kinds, for what cannot be used or written.
    """
    material = opened(request, progress)
    seen = review_for(request.review, request.out)
    check_photos(seen, names_of(material.photos).called.values())
    pictures = FolderPictures(request.out)
    make_folder(request.out / PHOTOS)  # better refused now than after the first photo
    try:
        judged = judged_of(material, pictures, progress, cancel)
    except Stopped as error:
        raise Interrupted(str(error)) from error
    found = smear_of(material, judged, seen, request.out.name)
    return SmearResult(found, write_smear(found, request.out, request.language), material.unmatched)


def judged_of(
    material: Material, pictures: Pictures, progress: Progress, cancel: CancelToken | None = None
) -> list[Judged]:
    """Every page of these photos, judged; the pictures go to the sink."""
    task = JudgePhotos(
        PhotoJudge(material.bundle.pipeline),
        names_of(material.photos).called,
        material.boxes,
        pictures.is_wanted,
        material.request.language,
    )
    progress.begin(to_translate("Photos"), len(material.photos))
    with Engine(workers_for(material.photos, material.request.workers)) as engine:
        pages = engine.over(task, material.photos, progress, cancel, size=1)
        return kept_pages(material.photos, pages, pictures)


def kept_pages(
    photos: Sequence[Source], pages: Iterable[Sequence[Judged]], pictures: Pictures
) -> list[Judged]:
    """The pages of each photo in one list, with their pictures in the sink."""
    names = names_of(photos).pictures
    return [
        page
        for photo, own in zip(photos, pages, strict=True)
        for page in with_pictures(own, names[photo], pictures)
    ]


@dataclass(frozen=True)
class PhotoNames:
    """Where the picture with outlines of each photo stands below the report, and what each is called."""

    pictures: dict[Source, str]
    called: dict[Source, str]


def names_of(photos: Sequence[Source]) -> PhotoNames:
    """Names that tell these photos apart."""
    parts = short_parts(photos)
    pictures = {
        source: f"{PHOTOS}/{Path(name).with_suffix('.jpg').as_posix()}"
        for source, name in free_names(parts).items()
    }
    return PhotoNames(pictures, {source: "/".join(part) for source, part in parts.items()})


def workers_for(photos: Sequence[Source], workers: int) -> int:
    """In how many processes so many photos are judged; 0 takes one a core."""
    return workers or (0 if len(photos) >= WORTH_TWO else 1)


def smear_of(material: Material, judged: Sequence[Judged], seen: Seen, name: str) -> Smear:
    """What these pages show, with what a person said of their cells, of the smear of this name."""
    request = material.request
    judged, pipeline = without_repeats(judged), material.bundle.pipeline.in_fields()
    photos = reviewed([one.photo for one in judged], seen)
    found = [cell for one, photo in zip(judged, photos, strict=True) for cell in suspects_of(one, photo)]
    suspects = sorted(found, key=lambda one: -one.verdict.score)
    most = min(max(sum(suspect.verdict.is_flagged for suspect in suspects), NEAREST), SHOWN)
    aside = sorted(
        (detection for one in judged for detection in one.aside), key=lambda one: one.cell.certainty
    )
    return Smear(
        name=name,
        photos=photos,
        answer=answer(photos, material.plan, request.limit, request.red_cells),
        suspects=shown(suspects[:most], material.bundle.pipeline),
        bundle=material.bundle.name,
        guarantee=pipeline.threshold.guarantee(pipeline.calibration).sentence,
        threshold=pipeline.threshold.cut,
        normocyte=__version__,
        labels=request.labels.pairs,
        passed_over=material.passed_over,
        aside=tuple(aside[:ASIDE]),
        compared=_COMPARED if pipeline.is_in_fields else _ALONE,
        review=seen.name,
    )
