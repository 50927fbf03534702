"""What a report shows: plain numbers and words, gathered by whoever asks for the report."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from normocyte.core.equality import ByValue
from normocyte.core.types import ANOMALY, Estimate, Flags, Floats, Labels, Names, Scores
from normocyte.results.agreement import Agreement
from normocyte.results.shortcuts import Shortcuts
from normocyte.results.training import TrainingCurve

AUROC = "auroc"
UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))
SENSITIVITY = "sensitivity_at_specificity_99"
SENSITIVITY_95 = "sensitivity_at_specificity_95"


def _nothing() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric, higher being better, of every detector in the order of `Contents.detectors`.

    The key names the row in `metrics.json`; the verdict on top of the page is made of the rows `AUROC` and
    `SENSITIVITY`. `undoubted` is the same without doubtful labels, or empty where nobody doubted any.
    """

    key: str
    name: str
    all_labels: tuple[Estimate, ...]
    undoubted: tuple[Estimate, ...] = ()


class Shares:
    """What follows from how many cells are flagged rightly and wrongly; NaN where it is a share of none."""

    __slots__ = ()

    tp: int
    fp: int
    tn: int
    fn: int

    @property
    def precision(self) -> float:
        """Found of flagged."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float:
        """Found of anomalous."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def false_positive_rate(self) -> float:
        """Wrongly flagged of healthy."""
        return _share(self.fp, self.fp + self.tn)

    @property
    def specificity(self) -> float:
        """Left alone of healthy."""
        return _share(self.tn, self.fp + self.tn)

    @property
    def accuracy(self) -> float:
        """Right of all."""
        return _share(self.tp + self.tn, self.tp + self.fp + self.tn + self.fn)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


@dataclass(frozen=True, slots=True)
class Counts(Shares):
    """How many cells are flagged rightly and wrongly."""

    tp: int = 0
    fp: int = 0
    tn: int = 0
    fn: int = 0


@dataclass(frozen=True, slots=True)
class Tuned:
    """How a rule does on the labelled tuning cells that chose its threshold; empty for rules without labels.

    `apparent` counts those cells at its threshold. `nested` counts them at thresholds that were fitted
    without the patient who is judged, in `folds` groups of the `patients`, each cell once for each of the
    `repeats`; where that cannot be, `why_not` says why.
    """

    apparent: Counts = field(default_factory=Counts)
    nested: Counts = field(default_factory=Counts)
    patients: int = 0
    folds: int = 0
    repeats: int = 0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class ThresholdRow(Shares):
    """One rule for the threshold, and how many test cells it flags rightly and wrongly.

    `rule` is its name with its fields, `name` without, where the two differ.
    """

    rule: str
    threshold: float
    uses_labels: bool
    tp: int
    fp: int
    tn: int
    fn: int
    is_in_use: bool = False
    tuned: Tuned = field(default_factory=Tuned)
    name: str = ""

    @property
    def is_tuned(self) -> bool:
        """Whether the cells that it was tuned on are at hand."""
        return self.tuned.patients > 0


@dataclass(frozen=True, slots=True)
class ScoredCells:
    """The test cells, each (n,); a p-value may be NaN."""

    names: Names
    patients: Names
    labels: Labels
    scores: Scores
    p_values: Scores
    flagged: Flags
    doubtful: Flags


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of one detector with its 95 % band, each (points,); the band is NaN where there is none."""

    name: str
    x: Floats
    y: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class ByThreshold:
    """What each threshold gives, from low to high, each (thresholds,)."""

    thresholds: Floats = field(default_factory=_nothing)
    precision: Floats = field(default_factory=_nothing)
    recall: Floats = field(default_factory=_nothing)
    f1: Floats = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class PatientRates:
    """Each patient with healthy cells: how many there are, how many were flagged; each (patients,)."""

    patients: Names
    healthy: npt.NDArray[np.intp]
    flagged: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class View:
    """What a detector made of one cell.

    `image` (height, width, 3) uint8 is the cell as it came. All others have the size that the detector sees:
    `seen` and `expected`, of one shape (height, width) or (height, width, channels); `residual`, positive
    where darker than expected; `mask`, 0 where nothing counts; and `heat`, 0 where nothing is unusual. Where
    `has_threshold`, heat is 1 for what lies at the threshold when a cell or region is so throughout; else it
    is 2 at the cell's own largest residual. Without `has_expected`, `expected` is not worth a look; without
    `is_healthy`, what is unusual was taken off it only in part.
    """

    image: npt.NDArray[np.uint8] = field(compare=False)
    seen: npt.NDArray[np.float32] = field(compare=False)
    expected: npt.NDArray[np.float32] = field(compare=False)
    residual: npt.NDArray[np.float32] = field(compare=False)
    mask: npt.NDArray[np.uint8] = field(compare=False)
    heat: npt.NDArray[np.float32] = field(compare=False)
    has_threshold: bool = True
    has_expected: bool = True
    is_healthy: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """One cell for the gallery, with its name, its patient, its label and its score."""

    view: View
    name: str
    patient: str
    label: int
    score: float


@dataclass(frozen=True, slots=True)
class PictureGroup:
    """Pictures that belong together, such as the worst misses."""

    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Contents(ByValue):
    """Everything that a report shows; what is empty is left out, with a sentence in its place.

    `detectors` are the columns of the metric table: first the one that the report is about, then those beside
    it. `anomaly` and `unit` are the words for what is looked for and in what: infected cells, tumour slices.
    `threshold` is the one in use. Unless `are_patients_known`, intervals are over cells. `guarantee` is what
    the threshold states, with its conditions. `careful` is told first of all. `shortcuts` are the baselines
    that look at no disease. `agreement` compares the healthy calibration cells with the healthy test cells.
    `ahead` is how much more the AUROC of the first detector is than that of the second.
    """

    statement: str
    facts: tuple[tuple[str, str], ...]
    detectors: tuple[str, ...]
    metrics: tuple[MetricRow, ...]
    thresholds: tuple[ThresholdRow, ...]
    threshold: float
    cells: ScoredCells
    patients: PatientRates
    by_threshold: ByThreshold = field(default_factory=ByThreshold)
    roc: tuple[Curve, ...] = ()
    precision_recall: tuple[Curve, ...] = ()
    training: TrainingCurve = field(default_factory=TrainingCurve)
    gallery: tuple[PictureGroup, ...] = ()
    title: str = "Normocyte: what was learnt from healthy cells, and what did not fit"
    anomaly: str = "infected"
    unit: str = "cell"
    are_patients_known: bool = True
    guarantee: str = ""
    careful: tuple[str, ...] = ()
    shortcuts: Shortcuts = field(default_factory=Shortcuts)
    agreement: Agreement = field(default_factory=Agreement)
    ahead: Estimate = UNKNOWN

    @property
    def who(self) -> str:
        """Over what splits and intervals are, in the plural."""
        return "patients" if self.are_patients_known else f"{self.unit}s"

    @property
    def has_anomalies(self) -> bool:
        """False for healthy cells alone, of which nobody can say what is found."""
        return self.anomalies > 0

    @property
    def found(self) -> int:
        """How many anomalies are flagged."""
        return int(np.sum(self.cells.flagged & (self.cells.labels == ANOMALY)))

    @property
    def anomalies(self) -> int:
        """How many anomalies there are."""
        return int(np.sum(self.cells.labels == ANOMALY))

    @property
    def misses_nearly_all(self) -> bool:
        """The threshold flags no larger share of the anomalies than it promises to flag of healthy cells."""
        if not self.anomalies or not np.isfinite(self.threshold):
            return False
        return not self.found or self.found / self.anomalies <= self.agreement.promised

    def first(self, key: str) -> Estimate:
        """What the first detector reaches in the metric of that key; NaN where it is not known."""
        return next((row.all_labels[0] for row in self.metrics if row.key == key and row.all_labels), UNKNOWN)
