"""Compares a cell with the other cells of its photo: what is wholly different is flat to a contrast map."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.types import UNKNOWN_PATIENT, Names, Scores, Table
from normocyte.pipeline.fusion import Fusion
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration

FEWEST = 8
"""So many cells give a median that a cell can be compared with."""
_TEXTURE_WEIGHT = 0.5
_HUE_WEIGHT, _HUE_FROM = 0.5, 6.0
_CONSISTENT = 1.4826
_NARROWEST = 1e-3
_WHITE = 255.0
_NAMES = ("scores", "patients", "cut", "usual")


def looks(thumbnails: Thumbnails) -> Table:
    """How each cell looks as a whole, (n, 3): red to green, blue to green, and the texture of the latter.

    Of small copies of crops in RGB. The first two are means over the inside of
    log ratios of channels, the third is the standard deviation of the second within the cell. A lamp of
    another brightness changes none of them.
    """
    inside = thumbnails.inner.astype(np.float32)
    red, green, blue = np.log(np.maximum(thumbnails.planes, 1).astype(np.float32) / np.float32(_WHITE))
    count = np.maximum(inside.sum(axis=(1, 2)), 1.0)
    by_green = blue - green
    means = [np.einsum("nyx,nyx->n", one, inside) / count for one in (red - green, by_green)]
    square = np.einsum("nyx,nyx,nyx->n", by_green, by_green, inside) / count
    texture = np.sqrt(np.maximum(square - means[1] ** 2, 0.0))
    return np.stack([*means, texture], axis=1).astype(np.float64)


@dataclass
class Neighbours:
    """Adds to the score of a cell how far its colour and texture are from those of its neighbours.

    A look becomes a robust z-score: its distance from the median of the cells of the field, over 1.4826 times
    their median absolute deviation. `hue` is the larger |z| of the two colours, `texture` the z of the third.
    Score, hue and texture become -log of the share of healthy cells with such a value (as `Fusion` does):

        score + 0.5 texture + 0.5 max(hue - 6, 0)

    is the number that decides: hue counts only where one healthy cell in 400 is so odd, and so costs cells
    of usual colour nothing. Healthy cells of one patient stand for a field where the bundle has seen none.

    `calibration` holds these numbers of healthy cells, `cut` is where the bundle's rule cuts them. Both are
    empty where nothing was learnt: then cells are judged each alone.
    """

    tails: Fusion = field(default_factory=Fusion)
    calibration: Calibration = field(default_factory=Calibration)
    cut: float = float("nan")
    usual: Table = field(default_factory=lambda: np.empty((0, 3)))

    @property
    def has_learnt(self) -> bool:
        """True where cells can be compared with their neighbours."""
        return bool(len(self.calibration))

    def learn(self, scores: Scores, looks: Table, patients: Names) -> None:
        """Learn tails and calibration from healthy cells (n,) of known patients, 8 or more of each.

        Nothing is learnt where fewer than 20 such cells are there.
        """
        kept = np.isfinite(scores) & _of_many(patients, np.isfinite(scores))
        scores, looks, patients = scores[kept], looks[kept], patients[kept]
        if len(scores) < Fusion.FEWEST:
            return
        self.usual = _usual(looks)
        apart = np.empty((len(scores), 2))
        for patient in np.unique(patients):
            own = patients == patient
            apart[own] = _apart(looks[own], _usual(looks[own]))
        members = np.column_stack([scores, apart])
        self.tails.fit(members)
        self.calibration = Calibration.of(self._number(members), patients)

    def cut_by(self, rule: Threshold) -> Neighbours:
        """The same with the threshold of a rule that needs no labels, fitted on the calibration cells."""
        if not self.has_learnt:
            return self
        own = replace(rule)
        healthy = np.zeros(len(self.calibration), np.int8)
        own.fit(self.calibration.scores, self.calibration.patients, healthy)
        return replace(self, cut=own.cut)

    def scores(self, scores: Scores, looks: Table) -> Scores:
        """The scores of cells of one field with what their looks add, (n,); NaN where there was none.

        The looks are those of all cells of the field. Fewer than 8 cells are compared with the calibration
        cells, whoever these are of.
        """
        usual = _usual(looks) if len(looks) >= FEWEST else self.usual
        return self._number(np.column_stack([scores, _apart(looks, usual)]))

    def _number(self, members: Table) -> Scores:
        score, hue, texture = self.tails.rarities(members).T
        return np.asarray(score + _TEXTURE_WEIGHT * texture + _HUE_WEIGHT * np.maximum(hue - _HUE_FROM, 0.0))

    def learnt(self) -> dict[str, npt.NDArray[np.generic]]:
        """What `learn` learnt, as arrays that the bundle keeps; empty when nothing."""
        if not self.has_learnt:
            return {}
        known = self.calibration.scores, self.calibration.patients, np.array(self.cut), self.usual
        return {**dict(zip(_NAMES, known, strict=True)), **self.tails.learnt()}

    def restore(self, learnt: dict[str, npt.NDArray[np.generic]]) -> None:
        """Take back what `learnt` gave."""
        if not learnt:
            return
        scores, patients, cut, usual = (learnt[name] for name in _NAMES)
        self.calibration = Calibration(np.asarray(scores, np.float64), np.asarray(patients, np.str_))
        self.cut, self.usual = float(cut), np.asarray(usual, np.float64)
        self.tails.restore({name: np.asarray(learnt[name], np.float64) for name in ("grid", "spread")})


def _of_many(patients: Names, is_usable: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which cells are of a patient known by name with 8 usable cells or more, (n,)."""
    names, codes = np.unique(patients, return_inverse=True)
    counts = np.bincount(codes.reshape(-1), is_usable, minlength=len(names))
    return np.asarray(((counts >= FEWEST) & (names != UNKNOWN_PATIENT))[codes.reshape(-1)])


def _usual(looks: Table) -> Table:
    """Median and robust spread of each look, (2, 3)."""
    middle = np.median(looks, axis=0)
    spread = _CONSISTENT * np.median(np.abs(looks - middle), axis=0)
    return np.stack([middle, spread + _NARROWEST])


def _apart(looks: Table, usual: Table) -> Table:
    """Hue and texture of each cell against what is usual, (n, 2)."""
    apart = (looks - usual[0]) / usual[1]
    return np.column_stack([np.abs(apart[:, :2]).max(axis=1), apart[:, 2]])
