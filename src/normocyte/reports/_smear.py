"""What a report of a smear holds; the workflow fills it, this room writes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Estimate, Outcome, SegmentedCell, Verdict
from normocyte.reports.contents import View

Image8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Thing:
    """One thing that was found in a photo: what it is and where, and the verdict where it was asked for one.

    `is_counted` says whether it is one of the red cells that the parasitaemia is a share of.
    """

    cell: SegmentedCell
    verdict: Verdict
    is_counted: bool

    @property
    def is_flagged(self) -> bool:
        """True for a counted cell that is suspicious."""
        return self.is_counted and self.verdict.outcome is Outcome.SUSPICIOUS


@dataclass(frozen=True)
class PhotoFound:
    """One photo: its grade with reasons, and its things.

    The grade is `good`, `usable`, `unusable`, `not read` or `counted before`.
    `outlined` is the name of the picture with outlines, below the folder of the report; empty for none.
    `diameter_px` is the median diameter of its red cells, NaN where there are none.
    """

    name: str
    grade: str
    reasons: tuple[str, ...]
    things: tuple[Thing, ...] = ()
    outlined: str = ""
    diameter_px: float = float("nan")

    @property
    def cells(self) -> int:
        """How many red cells of it count."""
        return sum(thing.is_counted for thing in self.things)

    @property
    def flagged(self) -> int:
        """How many of these are suspicious."""
        return sum(thing.is_flagged for thing in self.things)

    @property
    def kinds(self) -> Counter[str]:
        """How many things there are of each kind."""
        return Counter(str(thing.cell.kind) for thing in self.things)


@dataclass(frozen=True)
class Suspect:
    """A cell of the review sheet: the photo around it, what the detector made of it, its verdict.

    `image` is (height, width, 3) uint8, a square of the photo with the cell in its middle. `number` is its
    row in the table of cells, from 1.
    """

    photo: str
    number: int
    image: Image8
    view: View
    verdict: Verdict


@dataclass(frozen=True)
class Answer:
    """What the counts of all photos say.

    `decision` and `reason` are sentences of the test for more flagged cells than in a healthy smear, whose
    p-value is NaN where there was none; `cells_needed` to detect the `limit`, 0 where no number does;
    `parasitaemia`, `rogan_gladen` and `bayesian` are shares with 95 % intervals, and `meaning` says of what;
    `per_microlitre` is the first times `red_cells`; at least `fewest` cells are anomalous.
    """

    decision: str
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
    fewest: int
    fewest_sentence: str


@dataclass(frozen=True)
class Smear:
    """One smear: its photos, the answer, the most suspicious cells, and what judged them.

    `bundle` names the bundle, `guarantee` is what its cut states, in a sentence.
    """

    name: str
    photos: tuple[PhotoFound, ...]
    answer: Answer
    suspects: tuple[Suspect, ...]
    bundle: str
    guarantee: str
    cut: float
    normocyte: str

    @property
    def cells(self) -> int:
        """How many red cells count."""
        return sum(photo.cells for photo in self.photos)

    @property
    def flagged(self) -> int:
        """How many of them are suspicious."""
        return sum(photo.flagged for photo in self.photos)
