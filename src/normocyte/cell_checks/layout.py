"""Are light and dark where they are in healthy images?"""

from dataclasses import dataclass, field
from typing import ClassVar

import cv2
import numpy as np

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.errors import TrainingError
from normocyte.core.types import Table

_SIDE = 8
_FLAT = 4.0
_LEAST = 1e-9


@dataclass
class Layout(Check):
    """Checks that light and dark are not exchanged, as in a negative, in an image of any kind.

    `layout`: 1 plus the correlation of the image, at 8 x 8 pixels, with the mean of the healthy ones, where
    that is below 0; 1 for any other image. Images without a common layout have a wide range of it.
    """

    is_general: ClassVar[bool] = True

    usual_: Table = field(init=False, default_factory=lambda: np.empty(0), repr=False, compare=False)

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (
            Measure("layout", "light and dark are exchanged, or elsewhere than usual", "", 1.15, offset=0.05),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"view_{place}" for place in range(_SIDE**2))

    def measure(self, thumbnails: Thumbnails) -> Table:
        views = [cv2.resize(gray, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) for gray in thumbnails.grays]
        return np.array(views, np.float64).reshape(-1, _SIDE**2)

    def learn(self, columns: Table) -> Table:
        views = _centred(columns)
        self.usual_ = views.sum(axis=0)
        return _layout(views, self.usual_ - views)

    def compared(self, columns: Table) -> Table:
        if not self.usual_.size:
            raise TrainingError("The check layout has learnt from no image yet; fit its gate first.")
        return _layout(_centred(columns), self.usual_)

    def learnt(self) -> dict[str, Table]:
        return {"usual": self.usual_} if self.usual_.size else {}

    def restore(self, learnt: dict[str, Table]) -> None:
        self.usual_ = learnt["usual"]


def _centred(views: Table) -> Table:
    """Each view with the mean 0 and the length 1; all 0 where it is flat."""
    away = views - views.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(away, axis=1, keepdims=True)
    return np.where(lengths > _FLAT, away / np.maximum(lengths, _LEAST), 0.0)


def _layout(views: Table, usual: Table) -> Table:
    """The measure of centred views (n, 64) beside what is usual, (64,) or one for each, (n, 1)."""
    length = np.maximum(np.linalg.norm(usual, axis=-1), _LEAST)
    likeness = (views * usual).sum(axis=1) / length
    return np.asarray(1 + np.minimum(likeness, 0.0))[:, np.newaxis]
