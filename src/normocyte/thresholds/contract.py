"""The contract of a threshold."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.fields import Declared, described
from normocyte.core.own.faults import check_number
from normocyte.core.registry import part_name
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.support.calibration import Calibration

NAN = float("nan")
RATE = "false_positive_rate"


def rate(default: float, below: float = 1.0) -> float:
    """The field of a rule that holds a false-positive rate."""
    return described(default, "share of healthy cells that may be flagged", above=0, below=below)


@dataclass(frozen=True)
class Guarantee:
    """What a rule states about healthy cells, and on what conditions.

    `rate` is the false-positive rate it states, `confidence` how sure it is over the draw of calibration
    patients (NaN where the rate holds on average only); both NaN where the rule states none. `sentence` says
    it with its assumptions, in words that stand alone.
    """

    sentence: str
    rate: float = NAN
    confidence: float = NAN


@dataclass
class Threshold(Declared, ABC):
    """Turns scores of cells that no network saw into a threshold: a score *above* the threshold is flagged.

    A threshold with `uses_labels` is fitted on labelled tuning cells, any other on healthy calibration cells;
    the bundle says which. It never sees a test cell.
    """

    uses_labels: ClassVar[bool] = False

    @property
    def counts_patients(self) -> bool:
        """True for a rule that needs to know which cells are of one patient."""
        return False

    cut: float = field(init=False, default=NAN)

    @abstractmethod
    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:
        """The threshold for scores (n,), their patients (n,) and labels (n,), 0 for calibration cells."""

    @abstractmethod
    def guarantee(self, calibration: Calibration) -> Guarantee:
        """What the fitted rule states, given the calibration cells that it was fitted on."""

    def p_values(
        self,
        scores: Scores,
        calibration: Calibration,
        patients: Names | None = None,  # noqa: ARG002 - for rules that count patients
    ) -> Scores:
        """The p-value of each score, (n,) in (0, 1], NaN for NaN; small where few healthy cells score so.

        `patients` (n,) may say whose cells are judged, as long as all cells of a patient are given at once.
        Without a rule of its own: the conformal p-value that takes calibration cells for exchangeable.
        """
        return conformal_p_values(scores, calibration.scores)

    def fit(self, scores: Scores, patients: Names, labels: Labels) -> None:
        """Set `cut`; TrainingError for no scores, a score that is no number, or labels of one kind only."""
        name = type(self).__name__
        if len(scores) == 0:
            raise TrainingError(
                f"{name} got no scores to choose a threshold from; give it at least one calibration cell."
            )
        bad = int(np.count_nonzero(~np.isfinite(scores)))
        if bad:
            raise TrainingError(
                f"{name} got {bad} of {len(scores)} scores that are not finite numbers; leave them out."
            )
        if self.uses_labels and len(np.unique(labels)) < 2:  # noqa: PLR2004 - healthy and infected
            raise TrainingError(
                f"{name} needs healthy and anomalous tuning cells, but got {len(labels)} of one kind."
            )
        chosen = self.choose(scores, patients, labels)
        check_number(self, chosen)
        self.cut = float(chosen)

    def check_supported(self, patients: Names) -> None:
        """TrainingError when cells of these patients (n,) are too few for the rule: better known before.

        It is fitted on stand-ins for their scores, so what passes may still be refused when real patients
        differ more.
        """
        replace(self).fit(self._stand_ins(patients), patients, np.zeros(len(patients), np.int8))

    def _stand_ins(self, patients: Names) -> Scores:
        """Scores to try the rule on before there are real ones, (n,): exponential, alike for all patients."""
        ranks = np.random.default_rng(0).permutation(len(patients))
        return np.asarray(-np.log1p(-(ranks + 0.5) / max(len(patients), 1)))

    def decide(self, scores: Scores) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which scores are flagged, (n,) bool."""
        return np.asarray(scores > self.cut)

    def at_rate(self, rate: float) -> Self:
        """The same rule, not fitted, for another false-positive rate; ConfigError where it has none."""
        if not hasattr(self, RATE):
            raise ConfigError(
                f"{part_name(self)} has no false-positive rate that could be {rate!r}; choose a rule "
                "that has one, such as quantile."
            )
        return replace(self, **{RATE: rate})


def conformal_p_values(scores: Scores, calibration: Scores) -> Scores:
    """The conformal p-value of each score: (1 + calibration scores at least as high) / (n + 1).

    Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World (2005), equation 2.20. A small p-value
    says that few healthy cells score so high. `calibration` must be sorted, (m,); gives (n,) float64 in (0,
    1], NaN for NaN.
    """
    below = np.searchsorted(calibration, scores, side="left")
    p_values = (1.0 + len(calibration) - below) / (len(calibration) + 1.0)
    return np.where(np.isnan(scores), np.nan, p_values)
