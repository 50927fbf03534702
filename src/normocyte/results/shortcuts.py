"""What baselines without any detector reach on the same images, and in what healthy and anomalous differ."""

from dataclasses import dataclass

from normocyte.core.types import Estimate

NAN = float("nan")
UNKNOWN = Estimate(NAN, NAN, NAN)
CLAIMED = 0.02
"""A measure is said to differ where its p-value, corrected for all measures, lies below this."""


@dataclass(frozen=True, slots=True)
class ShortcutRow:
    """One baseline: its name, what it is called in a sentence, its AUROC, and how much the detector has more.

    With `uses_labels` it was fitted with the labels of other patients of the test, else on healthy images
    alone. The 95 % intervals of all differences hold together.
    """

    name: str
    title: str
    uses_labels: bool
    auroc: Estimate
    difference: Estimate = UNKNOWN

    @property
    def is_close(self) -> bool:
        """Whether chance could explain that the detector is better, or it is not better."""
        return not self.difference.low > 0


@dataclass(frozen=True, slots=True)
class MeasuredContrast:
    """One measure: how often an anomalous image has more of it, and the corrected p-value of no contrast."""

    name: str
    title: str
    auroc: float
    p_value: float

    @property
    def differs(self) -> bool:
        """Whether healthy and anomalous images differ in it by more than chance."""
        return self.p_value < CLAIMED

    @property
    def strength(self) -> float:
        """The AUROC in the direction in which it tells the two kinds apart, 0.5 to 1."""
        return max(self.auroc, 1 - self.auroc)


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """The baselines, the best first, beside the AUROC of the detector, and every measure that was tested.

    `healthy` is how many healthy images they learnt from; `are_learnt_before` is False where those are among
    the test images, each judged by what others of them say. `alike` names the baselines for which all images
    are alike, which stand in no row. `why_not` says why there are none.
    """

    rows: tuple[ShortcutRow, ...] = ()
    measures: tuple[MeasuredContrast, ...] = ()
    detector: Estimate = UNKNOWN
    healthy: int = 0
    are_learnt_before: bool = True
    alike: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def best(self) -> ShortcutRow | None:
        """The baseline with the highest AUROC."""
        return self.rows[0] if self.rows else None

    @property
    def close(self) -> tuple[ShortcutRow, ...]:
        """Those that the detector is not better than by more than chance, the best first."""
        return tuple(row for row in self.rows if row.is_close)

    @property
    def differing(self) -> tuple[MeasuredContrast, ...]:
        """The measures in which healthy and anomalous images differ, the strongest first."""
        found = [measure for measure in self.measures if measure.differs]
        return tuple(sorted(found, key=lambda one: -one.strength))
