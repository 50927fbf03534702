"""What learning from images of anything shows: how a recipe was chosen, and how good the result is."""

from dataclasses import dataclass

from normocyte.core.equality import ByValue
from normocyte.results.evaluation import Contents


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice that was made: of what, what was taken, and why, in words."""

    what: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One candidate on synthetic anomalies of healthy images: its AUROC for each kind of anomaly."""

    name: str
    aurocs: tuple[float, ...]
    is_chosen: bool

    @property
    def mean(self) -> float:
        """The mean over the kinds; NaN without any."""
        return sum(self.aurocs) / len(self.aurocs) if self.aurocs else float("nan")

    @property
    def worst(self) -> float:
        """The AUROC of the kind that it ranks worst; NaN without any."""
        return min(self.aurocs, default=float("nan"))


@dataclass(frozen=True, slots=True)
class Choices:
    """How a recipe was chosen: every choice with its reason, and the candidates that were tried.

    `kinds` are the kinds of synthetic anomalies, in the order of `Tried.aurocs`; empty where nothing was
    tried. `promise` says what can be promised with so many images.
    """

    choices: tuple[Choice, ...]
    kinds: tuple[str, ...] = ()
    tried: tuple[Tried, ...] = ()
    promise: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class NewContents(ByValue):
    """Everything that the page of `normocyte new` shows."""

    evaluation: Contents
    chosen: Choices
