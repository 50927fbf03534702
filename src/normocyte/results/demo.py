"""What a demo shows: several methods on the same test cells, side by side."""

from dataclasses import dataclass

from normocyte.core.equality import ByValue
from normocyte.core.types import Estimate, Scores
from normocyte.results.evaluation import Contents, ThresholdRow, View
from normocyte.results.training import TrainingCurve


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of the picture: which one in words, its file, its label, and its row among the test cells."""

    title: str
    name: str
    label: int
    row: int


@dataclass(frozen=True, slots=True, eq=False)
class Method(ByValue):
    """One method on the test cells.

    `scores` (n,) are those of the test cells. `sensitivity` is at 99 % specificity, where the threshold is
    `strict`. `before` is what its own rule for the threshold flags, and `after` what a threshold flags that
    was tuned for F1 on labelled cells; None where there are none. `views` show the cells of the picture.
    `outline_share` is the share of its error that lies near the outline in the healthy cells with the
    largest error; NaN where nothing was expected.
    """

    name: str
    detector: str
    scores: Scores
    sensitivity: Estimate
    auroc: Estimate
    strict: float
    before: ThresholdRow
    after: ThresholdRow | None
    training: TrainingCurve
    views: tuple[View, ...]
    outline_share: float


@dataclass(frozen=True, slots=True, eq=False)
class DemoContents(ByValue):
    """Everything that the page of a demo shows.

    `methods` from the simplest to the one whose bundle is kept; `evaluation` is the report on that one, with
    the others in further columns. `note` says what was done otherwise than usual.
    """

    methods: tuple[Method, ...]
    shown: tuple[ShownCell, ...]
    evaluation: Contents
    note: str = ""
