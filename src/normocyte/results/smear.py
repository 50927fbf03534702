"""What a report of a smear holds; the workflow fills it, this room writes it."""

import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from normocyte.core.equality import ByValue
from normocyte.core.types import Estimate, Image8, SegmentedCell
from normocyte.results.evaluation import View
from normocyte.results.verdict import Cause, Decision, Grade, Outcome, Verdict

PARASITE, NO_PARASITE = "parasite", "no parasite"
"""What a person says of a cell."""
CERTAIN = 0.00005
"""A share below this is written as none."""
REVIEW = "review.csv"
"""The table of a report that a person fills in."""
UNKNOWN_SHARE = Estimate(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, eq=False)
class Detection(ByValue):
    """One thing that was found in a photo: what it is and where, and the verdict where it was asked for one.

    `is_counted` says whether it is one of the red cells that the parasitaemia is a share of. `seen` is what a
    person who looked at it said, `parasite` or `no parasite`; empty where nobody has.
    """

    cell: SegmentedCell
    verdict: Verdict
    is_counted: bool
    seen: str = ""

    @property
    def is_flagged(self) -> bool:
        """True for a counted cell that is suspicious."""
        return self.is_counted and self.verdict.outcome is Outcome.SUSPICIOUS


@dataclass(frozen=True, eq=False)
class PhotoResult(ByValue):
    """One photo: its grade, what is to be said of it with the most important first, and its things.

    `outlined` is the name of the picture with outlines, below the folder of the report; empty for none.
    `diameter_px` is the median diameter of its red cells, NaN where there are none. `size_px` is its width
    and height, 0 where it could not be read.
    """

    name: str
    grade: Grade
    causes: tuple[Cause, ...]
    detections: tuple[Detection, ...] = ()
    outlined: str = ""
    diameter_px: float = float("nan")
    size_px: tuple[int, int] = (0, 0)

    @property
    def is_used(self) -> bool:
        """True where its cells count."""
        return self.grade.is_used

    @cached_property
    def cells(self) -> int:
        """How many red cells of it count."""
        return sum(detection.is_counted for detection in self.detections)

    @cached_property
    def flagged(self) -> int:
        """How many of these are suspicious."""
        return sum(detection.is_flagged for detection in self.detections)

    @property
    def kinds(self) -> Counter[str]:
        """How many things there are of each kind."""
        return Counter(str(detection.cell.kind) for detection in self.detections)


@dataclass(frozen=True)
class Suspect:
    """A cell of the review sheet: the photo around it, what the detector made of it, its verdict.

    `image` is (height, width, 3) uint8, a square of the photo with the cell in its middle. `number` is its
    row in the table of cells, from 1. `seen` is what a person said of it, as in `Detection`.
    """

    photo: str
    number: int
    image: Image8 = field(compare=False)
    view: View
    verdict: Verdict
    seen: str = ""


@dataclass(frozen=True)
class Aside:
    """A thing that was set aside as no red cell, to be shown: its square of the photo, and what it is.

    `image` is (height, width, 3) uint8, `number` its row in the table of cells, from 1.
    """

    photo: str
    number: int
    image: Image8 = field(compare=False)
    cell: SegmentedCell


@dataclass(frozen=True)
class Answer:
    """What the counts of all photos and the review of the flagged cells say.

    `reason` is what the count alone says, in a sentence, and `p_value` that of its test, NaN where there was
    none; `expected` cells of a healthy smear of this size would be flagged. `cells_needed` to detect the
    `limit` by counting, 0 where no number does; counting shows a parasitaemia of `least_shown` or more.
    `looked_at` flagged cells were looked at, and `confirmed` parasites were seen.

    `parasitaemia` is the share that is stated, with its 95 % interval: of cells in which a person saw a
    parasite, and without such a review what the count alone says; NaN where too few cells were counted or
    none is to be stated. `meaning` says of what it is the share. `by_count`, `rogan_gladen` and `bayesian`
    are estimates by the count alone. `per_microlitre` is the first times `red_cells`. `bound` is the
    parasitaemia that is excluded where nothing was found, NaN elsewhere. At least `min_anomalous` cells are
    anomalous.
    """

    decision: Decision
    reason: str
    p_value: float
    limit: float
    cells_needed: int
    parasitaemia: Estimate
    rogan_gladen: Estimate
    bayesian: Estimate
    meaning: str
    per_microlitre: Estimate
    red_cells: float
    min_anomalous: int
    min_anomalous_text: str
    expected: float = float("nan")
    least_shown: float = float("nan")
    looked_at: int = 0
    confirmed: int = 0
    by_count: Estimate = UNKNOWN_SHARE
    bound: float = float("nan")
    bound_sentence: str = ""

    @property
    def is_stated(self) -> bool:
        """True where the share is stated: one that a person saw, or one above that of healthy smears."""
        share = self.parasitaemia
        is_known = all(math.isfinite(one) for one in (share.value, share.low, share.high))
        return is_known and (self.is_reviewed or share.low >= CERTAIN)

    @property
    def is_reviewed(self) -> bool:
        """True where the share is of parasites that a person saw."""
        return self.confirmed > 0


@dataclass(frozen=True, eq=False)
class Smear(ByValue):
    """One smear: its photos, the answer, the most suspicious cells, and what judged them.

    `bundle` names the bundle, `guarantee` is what its threshold states, in a sentence. `labels` are what the
    user wrote on the report, such as patient and slide, each with its name. `passed_over` says which files
    were not looked at, in a sentence; empty for none. `aside` are things that are no red cells by what the
    program sees, the least sure first. `compared` says what each cell was compared with, in a sentence.
    `review` is the name of the table in which a person writes what was seen.
    """

    name: str
    photos: tuple[PhotoResult, ...]
    answer: Answer
    suspects: tuple[Suspect, ...]
    bundle: str
    guarantee: str
    threshold: float
    normocyte: str
    labels: tuple[tuple[str, str], ...] = ()
    passed_over: str = ""
    aside: tuple[Aside, ...] = ()
    compared: str = ""
    review: str = REVIEW

    @property
    def cells(self) -> int:
        """How many red cells count."""
        return sum(photo.cells for photo in self.photos)

    @property
    def flagged(self) -> int:
        """How many of them are suspicious."""
        return sum(photo.flagged for photo in self.photos)
