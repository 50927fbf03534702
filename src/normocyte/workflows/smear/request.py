"""What is asked of smears, and what a workflow makes of the request before it judges a photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from normocyte.core.checks import need_share_inside
from normocyte.core.errors import ConfigError
from normocyte.core.files import keep_apart, keep_outside
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.images.listing import listed
from normocyte.parasitaemia.contract import RED_CELLS
from normocyte.parasitaemia.support.plan import Plan
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle
from normocyte.pipeline.bundle.folder import DEFAULT
from normocyte.pipeline.pipeline import NAN
from normocyte.segmentation.boxes.boxed import Boxes
from normocyte.workflows.smear.boxes import boxes_of, unmatched
from normocyte.workflows.smear.plan import at_rate, cut_of
from normocyte.workflows.smear.review import Seen

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
        told = {
            "Patient": self.patient,
            "Date": self.date,
            "Slide": self.slide,
            "Operator": self.operator,
        }
        return tuple((name, value) for name, value in told.items() if value)


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
    """

    photos: Sequence[Path]
    out: Path
    bundle: Path = DEFAULT
    false_positive_rate: float | None = None
    limit: float = 0.02
    sensitivity: float | None = None
    red_cells: float = RED_CELLS
    boxes: Path | None = None
    by: str = ALL
    review: Path | None = None
    labels: Labels = field(default_factory=Labels)
    workers: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no way to part photos."""
        if self.by not in {ALL, FOLDER}:
            raise ConfigError(f"`by='{self.by}'` is not possible; choose {ALL} or {FOLDER}.")


@dataclass(frozen=True)
class Question:
    """What is asked of a smear.

    `limit`: the parasitaemia that must not be missed, a share. `sensitivity`: the share of infected cells
    that is flagged, NaN where it is not known. `red_cells` in a microlitre of blood. `seen` is what a person
    said of the cells, `labels` what is printed on the report, each with its name; `passed_over` says which
    files were not looked at.
    """

    limit: float = 0.02
    sensitivity: float = NAN
    red_cells: float = RED_CELLS
    seen: Seen = field(default_factory=Seen)
    labels: tuple[tuple[str, str], ...] = ()
    passed_over: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no share, and blood without cells."""
        need_share_inside("limit", self.limit, 0.02)
        if not 0 < self.red_cells < float("inf"):
            raise ConfigError(
                f"{self.red_cells!r} red cells per microlitre are not possible; choose a number such as "
                f"{RED_CELLS}."
            )


@dataclass(frozen=True)
class Material:
    """What a request is about: the bundle at its rate, photos, boxes, the plan of the test, the question.

    `unmatched` are sentences on boxes without a photo, and photos without boxes.
    """

    bundle: Bundle
    photos: tuple[Source, ...]
    boxes: Boxes
    plan: Plan
    question: Question
    unmatched: tuple[str, ...] = ()
    workers: int = 0


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
    question = Question(
        request.limit,
        NAN if request.sensitivity is None else request.sensitivity,
        request.red_cells,
        labels=request.labels.pairs,
        passed_over=found.passed_over.sentence,
    )
    progress.tell(question.passed_over)
    boxes = boxes_of(request.boxes, found.photos)
    strange = unmatched(boxes, found.photos)
    for sentence in strange:
        progress.tell(sentence)
    return Material(
        replace(bundle, pipeline=pipeline),
        tuple(found.photos),
        boxes,
        Plan(cut_of(pipeline, question.sensitivity)),  # better refused now than after the last photo
        question,
        strange,
        request.workers,
    )
