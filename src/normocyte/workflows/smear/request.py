"""What is asked of smears, and what a workflow makes of it before it judges; how many cells it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from normocyte.core.checks import need_share_inside
from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.files import keep_apart, keep_outside
from normocyte.core.messages import to_translate
from normocyte.core.progress import Progress
from normocyte.core.types import UNKNOWN_PATIENT, Source
from normocyte.images.listing import listed
from normocyte.parasitaemia.contract import RED_CELLS
from normocyte.parasitaemia.support.cut import Cut
from normocyte.parasitaemia.support.patients import Tally
from normocyte.parasitaemia.support.plan import Plan
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle
from normocyte.pipeline.bundle.folder import DEFAULT
from normocyte.pipeline.pipeline import NAN, Pipeline
from normocyte.segmentation.boxes.boxed import Boxes
from normocyte.wording.language import ENGLISH, language_of
from normocyte.workflows.smear.boxes import boxes_of, unmatched

ALL, FOLDER = "all", "folder"


@dataclass(frozen=True)
class Labels:
    """What is printed on a report; empty for nothing."""

    patient: str = ""
    date: str = ""
    slide: str = ""
    operator: str = ""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Those that are given, each with its name."""
        told = (
            (to_translate("Patient"), self.patient),
            (to_translate("Date"), self.date),
            (to_translate("Slide"), self.slide),
            (to_translate("Operator"), self.operator),
        )
        return tuple((name, value) for name, value in told if value)


@dataclass(frozen=True)
class SmearRequest:
    """Photos of one smear, or of several, with what is asked of them.

    Attributes:
        photos: files, folders and zips.
        out: the folder of the report.
        bundle: the folder of the bundle, or `shipped`.
        false_positive_rate: the share of healthy cells to be flagged; None for the bundle's own threshold.
        limit: the parasitaemia that must not be missed, a share.
        sensitivity: the share of infected cells that is flagged; None where it is not known.
        red_cells: in a microlitre of blood.
        boxes: a file that says where cells are; None to find them.
        by: what is one smear: `all` the photos together, or each `folder`.
        review: a table of what a person saw; None for that of the report in `out`.
        labels: what is printed on the report.
        workers: processes; 0 takes one a core.
        language: the code of the language of page, PDF and pictures, such as fr.
    """

    photos: Sequence[Path]
    out: Path
    bundle: Path | Bundle = DEFAULT
    false_positive_rate: float | None = None
    limit: float = 0.02
    sensitivity: float | None = None
    red_cells: float = RED_CELLS
    boxes: Path | None = None
    by: str = ALL
    review: Path | None = None
    labels: Labels = field(default_factory=Labels)
    workers: int = 0
    language: str = ENGLISH

    def __post_init__(self) -> None:
        """Refuse what is no way to part photos, no language, no share, and blood without cells."""
        if self.by not in {ALL, FOLDER}:
            raise ConfigError(f"`by='{self.by}'` is not possible; choose {ALL} or {FOLDER}.")
        language_of(self.language)
        need_share_inside("limit", self.limit, 0.02)
        if not 0 < self.red_cells < float("inf"):
            raise ConfigError(
                f"{self.red_cells!r} red cells per microlitre are not possible; choose a number such as "
                f"{RED_CELLS}."
            )


@dataclass(frozen=True)
class Material:
    """What a request is about: the request, the bundle at its rate, photos, boxes, and the plan of the test.

    `passed_over` says which files were not looked at. `unmatched` are sentences on boxes without a photo, and
    photos without boxes.
    """

    request: SmearRequest
    bundle: Bundle
    photos: tuple[Source, ...]
    boxes: Boxes
    plan: Plan
    passed_over: str = ""
    unmatched: tuple[str, ...] = ()


def opened(request: SmearRequest, progress: Progress) -> Material:
    """The bundle loaded, the photos listed and the boxes read, each once; what is strange is told.

    Raises:
        NormocyteError: of its kinds, for what cannot be used, before a photo is judged.
    """
    bundle = open_bundle(request.bundle)
    pipeline = at_rate(bundle.pipeline, request.false_positive_rate)
    keep_apart(request.out, request.photos)
    keep_outside(request.out, request.photos)
    found = listed(request.photos)
    passed_over = found.passed_over.sentence
    progress.tell(passed_over)
    boxes = boxes_of(request.boxes, found.photos)
    strange = unmatched(boxes, found.photos)
    for sentence in strange:
        progress.tell(sentence)
    plan = Plan(cut_of(pipeline, request.sensitivity))  # better refused now than after the last photo
    bundle = replace(bundle, pipeline=pipeline)
    return Material(request, bundle, tuple(found.photos), boxes, plan, passed_over, strange)


@dataclass(frozen=True)
class PlanRequest:
    """The parasitaemia to be detected, a share, by a bundle; the other fields are as in a `SmearRequest`."""

    parasitaemia: float
    bundle: Path = DEFAULT
    false_positive_rate: float | None = None
    sensitivity: float | None = None


@dataclass(frozen=True)
class CellsNeeded:
    """About how many cells detect a parasitaemia, 0 where no number does, and that as a sentence."""

    cells: int
    sentence: str


def cells_needed(request: PlanRequest) -> CellsNeeded:
    """How many cells it takes; ConfigError for what is no share, DatasetError as `cut_of`."""
    pipeline = at_rate(open_bundle(request.bundle).pipeline, request.false_positive_rate)
    found = Plan(cut_of(pipeline, request.sensitivity))
    return CellsNeeded(found.cells(request.parasitaemia), found.sentence(request.parasitaemia))


def at_rate(pipeline: Pipeline, false_positive_rate: float | None) -> Pipeline:
    """The pipeline at this share of healthy cells flagged; None for its own."""
    return pipeline if false_positive_rate is None else pipeline.at_rate(false_positive_rate)


def cut_of(pipeline: Pipeline, sensitivity: float | None = None) -> Cut:
    """How often the pipeline's threshold for fields flags healthy cells of each calibration patient.

    DatasetError when no patient is named, or too few to say how patients differ.
    """
    pipeline = pipeline.in_fields()
    calibration = pipeline.calibration
    known = calibration.patients != UNKNOWN_PATIENT
    if not known.any():
        raise DatasetError(
            f"The {len(calibration):,} calibration cells of this bundle name no patient, so that it is not "
            "known how much patients differ; calibrate it with cells of named patients."
        )
    flagged = pipeline.threshold.decide(calibration.scores[known])
    healthy = Tally.of(flagged, calibration.patients[known])
    healthy.check_enough()
    return Cut(healthy, sensitivity=NAN if sensitivity is None else sensitivity)
