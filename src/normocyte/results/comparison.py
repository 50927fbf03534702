"""What a comparison shows: plain numbers and words, gathered by whoever asks for it."""

from dataclasses import dataclass

from normocyte.core.equality import ByValue
from normocyte.core.types import Estimate
from normocyte.results.shortcuts import Shortcuts

SURE = 0.05
"""A difference is claimed when its corrected p-value lies below this."""

NAN = float("nan")
NOTHING = Estimate(NAN, NAN, NAN)


@dataclass(frozen=True, slots=True)
class Shown:
    """A metric that is shown: its key for programs, its name, and a short name for narrow columns."""

    key: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of one configuration: its mean over seeds, and how it differs from the reference.

    `corrected` is the p-value of the difference after the correction for many comparisons. The reference
    itself has no difference.
    """

    estimate: Estimate
    by_seed: tuple[float, ...]
    difference: Estimate = NOTHING
    p_value: float = NAN
    corrected: float = NAN

    @property
    def is_better(self) -> bool:
        """Surely better than the reference."""
        return self.corrected < SURE and self.difference.value > 0

    @property
    def is_worse(self) -> bool:
        """Surely worse than the reference."""
        return self.corrected < SURE and self.difference.value < 0


@dataclass(frozen=True, slots=True)
class Costs:
    """What a configuration costs, averaged over seeds; NaN where it could not be measured."""

    training_s: float
    ms_per_cell: float
    parameters: float
    bundle_bytes: float


@dataclass(frozen=True, slots=True)
class Row:
    """One configuration: what it is made of and what it reaches and costs, or why it failed.

    The metrics stand in the order of `Comparison.metrics`; `undoubted` is empty where nobody doubted a label.
    """

    name: str
    parts: str
    failure: str = ""
    all_labels: tuple[Measured, ...] = ()
    undoubted: tuple[Measured, ...] = ()
    costs: Costs = Costs(NAN, NAN, NAN, NAN)

    def labels(self, is_undoubted: bool) -> tuple[Measured, ...]:
        """The metrics on one of the two sets of labels."""
        return self.undoubted if is_undoubted else self.all_labels


@dataclass(frozen=True, slots=True)
class Beside:
    """The shortcut baselines beside one configuration, as the mean over seeds."""

    configuration: str
    shortcuts: Shortcuts


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(ByValue):
    """Everything that a comparison shows; `main` is the key of the metric that the figure is about.

    `anomaly` and `unit` are the words for what is looked for and in what: infected cells, tumour slices.
    Unless `are_patients_known`, splits and intervals are over cells. `beside` has a row for each that did not
    fail.
    """

    metrics: tuple[Shown, ...]
    rows: tuple[Row, ...]
    reference: str
    seeds: int
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    main: str = ""
    anomaly: str = "infected"
    unit: str = "cell"
    are_patients_known: bool = True
    beside: tuple[Beside, ...] = ()

    @property
    def best_beside(self) -> Beside | None:
        """The configuration with the highest AUROC, with its baselines."""
        known = [one for one in self.beside if one.shortcuts.detector.value > 0]
        return max(known, key=lambda one: one.shortcuts.detector.value, default=None)

    @property
    def who(self) -> str:
        """Over what splits and intervals are, in the plural."""
        return "patients" if self.are_patients_known else f"{self.unit}s"

    @property
    def finished(self) -> tuple[Row, ...]:
        """The rows that did not fail."""
        return tuple(row for row in self.rows if not row.failure)

    @property
    def failed(self) -> tuple[Row, ...]:
        """The rows that failed."""
        return tuple(row for row in self.rows if row.failure)

    @property
    def has_undoubted(self) -> bool:
        """Whether there are figures without doubtful labels."""
        return any(row.undoubted for row in self.rows)

    @property
    def has_differences(self) -> bool:
        """Whether there is anything beside the reference to compare it with."""
        return self.reference in {row.name for row in self.finished} and len(self.finished) > 1

    @property
    def place(self) -> int:
        """Where the main metric stands among the metrics."""
        return [metric.key for metric in self.metrics].index(self.main)
