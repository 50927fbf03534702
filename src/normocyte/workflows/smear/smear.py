"""Smear: photos of one thin film in, the share of infected red cells with its interval out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from normocyte import __version__
from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.files import make_folder
from normocyte.core.names.safe import free_names
from normocyte.core.names.short import short_parts
from normocyte.core.progress import Progress
from normocyte.core.types import UNKNOWN_PATIENT, Source
from normocyte.engine.pool import over_chunks
from normocyte.parasitaemia.contract import RED_CELLS
from normocyte.parasitaemia.support.cut import Cut
from normocyte.parasitaemia.support.excess import check_share
from normocyte.parasitaemia.support.patients import Tally
from normocyte.parasitaemia.support.plan import Plan
from normocyte.pipeline.pipeline import NAN, Pipeline
from normocyte.results.smear import Smear
from normocyte.workflows.smear.answer import answer
from normocyte.workflows.smear.boxes import boxes_of
from normocyte.workflows.smear.judge import Judged, JudgePhotos
from normocyte.workflows.smear.repeats import without_repeats
from normocyte.workflows.smear.review import Seen, check_photos, reviewed, suspects_of

PHOTOS = "photos"
SHOWN, NEAREST, ASIDE = 200, 24, 12
"""At most so many cells are shown: those that are flagged, and where these are few, the nearest to them."""
_COMPARED = "Each cell was compared with healthy ones and with its neighbours in the photo."
_ALONE = (
    "Each cell was judged alone: this bundle has learnt no comparison with neighbours in the photo, so that "
    "a cell that differs as a whole may be taken for a healthy one."
)
WORTH_TWO = 4
"""From so many photos on, further processes repay their start."""


@dataclass(frozen=True)
class Question:
    """What is asked of a smear.

    `boxes`: a file that says where cells are, in place of a segmentation; the empty path for none.
    `limit`: the parasitaemia that must not be missed, a share. `sensitivity`: the share of infected cells
    that the cut flags, NaN where it is not known. `red_cells` in a microlitre of blood. `seen` is what a
    person said of the cells, `labels` what is printed on the report, each with its name; `passed_over` says
    which files were not looked at.
    """

    limit: float = 0.02
    sensitivity: float = NAN
    red_cells: float = RED_CELLS
    workers: int = 0
    boxes: Path = Path()
    seen: Seen = field(default_factory=Seen)
    labels: tuple[tuple[str, str], ...] = ()
    passed_over: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no share, and blood without cells."""
        check_share("limit", self.limit, 0.02)
        if not 0 < self.red_cells < float("inf"):
            raise ConfigError(
                f"{self.red_cells!r} red cells per microlitre are not possible; choose a number such as "
                f"{RED_CELLS}."
            )


def cut_of(pipeline: Pipeline, sensitivity: float = NAN) -> Cut:
    """How often the pipeline's cut for cells in fields flags the healthy cells of each calibration patient.

    DatasetError when no patient is named, or too few to say how patients differ.
    """
    pipeline = pipeline.in_fields()
    calibration = pipeline.calibration
    known = calibration.patients != UNKNOWN_PATIENT
    if not known.any():
        raise DatasetError(
            f"The {len(calibration):,} calibration cells of this bundle name no patient, so that nobody "
            "knows how much patients differ; calibrate it with --patients."
        )
    flagged = pipeline.threshold.decide(calibration.scores[known])
    healthy = Tally.of(flagged, calibration.patients[known])
    healthy.check_enough()
    return Cut(healthy, sensitivity=sensitivity)


def smear(
    pipeline: Pipeline,
    photos: Sequence[Source],
    question: Question,
    place: tuple[Path, str],
    progress: Progress,
) -> Smear:
    """What the photos of one smear show; `place` is the folder of the report and what the bundle is called.

    Each photo is called by its file name, after as many folders as tell it from the others. The photos with
    outlines are written into the folder while they are judged. A photo that cannot be read
    or is no field of blood is told, with its reason; one that comes again counts once.
    """
    folder, bundle = place
    plan = Plan(cut_of(pipeline, question.sensitivity))  # better refused now than after the last photo
    names, called = names_of(photos)
    check_photos(question.seen, called.values())
    boxes = boxes_of(question.boxes, photos)
    task = JudgePhotos(pipeline, names, folder, SHOWN, boxes=boxes, called=called)
    make_folder(folder / PHOTOS)  # better refused now than after the first photo
    progress.begin("Photos", len(photos))
    chunks = over_chunks(task, list(photos), progress, workers_for(photos, question), size=1)
    judged = [one for chunk in chunks for one in chunk]
    return smear_of(pipeline, judged, plan, question, (folder.name, bundle))


def names_of(photos: Sequence[Source]) -> tuple[dict[Source, str], dict[Source, str]]:
    """Where the picture with outlines of each photo stands below the report, and what each is called."""
    parts = short_parts(photos)
    pictures = {
        source: f"{PHOTOS}/{Path(name).with_suffix('.jpg').as_posix()}"
        for source, name in free_names(parts).items()
    }
    return pictures, {source: "/".join(part) for source, part in parts.items()}


def workers_for(photos: Sequence[Source], question: Question) -> int:
    """In how many processes so many photos are judged; 0 takes one a core."""
    return question.workers or (0 if len(photos) >= WORTH_TWO else 1)


def smear_of(
    pipeline: Pipeline, judged: Sequence[Judged], plan: Plan, question: Question, called: tuple[str, str]
) -> Smear:
    """What these photos of one smear show; `called` is the name of the smear and that of the bundle."""
    judged, pipeline = without_repeats(judged), pipeline.in_fields()
    photos = reviewed([one.photo for one in judged], question.seen)
    found = [seen for one, photo in zip(judged, photos, strict=True) for seen in suspects_of(one, photo)]
    suspects = sorted(found, key=lambda one: -one.verdict.score)
    shown = max(sum(suspect.verdict.is_flagged for suspect in suspects), NEAREST)
    aside = sorted(
        (detection for one in judged for detection in one.aside), key=lambda one: one.cell.certainty
    )
    name, bundle = called
    return Smear(
        name=name,
        photos=photos,
        answer=answer(photos, plan, question.limit, question.red_cells),
        suspects=tuple(suspects[: min(shown, SHOWN)]),
        bundle=bundle,
        guarantee=pipeline.threshold.guarantee(pipeline.calibration).sentence,
        threshold=pipeline.threshold.cut,
        normocyte=__version__,
        labels=question.labels,
        passed_over=question.passed_over,
        aside=tuple(aside[:ASIDE]),
        compared=_COMPARED if pipeline.is_in_fields else _ALONE,
    )
