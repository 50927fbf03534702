"""Lets pass what may be assessed: all checks together, with ranges learnt from healthy cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.contract import Check, Measure
from normocyte.cell_checks.support.lossy import QUALITIES, Compression, compression_of, jpeg_copy
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.registry import part_name
from normocyte.core.types import Image8, Table
from normocyte.results.verdict import Cause, CauseCode

Measures = dict[str, npt.NDArray[np.float32]]
Learnt = dict[str, npt.NDArray[np.float64]]

FEWEST = 10
FEWEST_GENERAL = 20
COMPRESSION = "compression"
"""Among the measures that a gate learns from: the `Compression` of each picture, as a number."""
_EXTREME = 0.002
_PASS = 0.995
_MARGIN = 1.25
_FEW_CELLS = 20
_FEW_PATIENTS = 3
_OF_ONE = 4
"""So many images of unknown patients are taken for those of one."""


@dataclass
class Gate:
    """Refuses images whose measures are not those of healthy cells; without checks it refuses none.

    Numbers are compared as ratios. How far one is from the healthy median, in units of how far the most
    extreme 1 of 500 healthy cells is on the same side, is its deviation; that of an image is the largest of
    its measures. The limit is the deviation that 99.5 % of the healthy cells keep, times 1.25, and more where
    they or their patients are few. It is one limit for all measures, so that a further check does not refuse
    more healthy cells.

    A crop that shows the ringing of a JPEG has lost grain that a blur takes too. It passes where the others
    do, and within ranges that were learnt from JPEG copies of the healthy cells.

    `limits_` is (3, measures): the lowest that passes, the median, the highest. `jpeg_limits_` are those of
    crops with ringing.
    """

    checks: tuple[Check, ...] = ()
    limits_: Table = field(init=False, default_factory=lambda: np.zeros((3, 0)))
    jpeg_limits_: Table = field(init=False, default_factory=lambda: np.zeros((3, 0)))

    def __post_init__(self) -> None:
        names = [type(check).__name__ for check in self.checks]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(
                    f"The check {name} is given {names.count(name)} times under cell_checks; keep one."
                )

    @property
    def known(self) -> tuple[Measure, ...]:
        """What is measured, check by check."""
        return tuple(measure for check in self.checks for measure in check.measures)

    @property
    def is_general(self) -> bool:
        """Whether all checks are for images of any kind."""
        return bool(self.checks) and all(check.is_general for check in self.checks)

    @property
    def _are_general(self) -> list[bool]:
        """The same of the check of each measure."""
        return [check.is_general for check in self.checks for _ in check.measures]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of what `described` gives, in order; none without checks."""
        names = [name for check in self.checks for name in check.columns]
        return (*names, COMPRESSION) if names else ()

    def measures(self, images: Sequence[Image8]) -> Measures:
        """What the checks measure of raw images (height, width, 3) uint8 of any sizes, (n,) float32 by name.

        A check that compares gives what it compares with later; `named` makes the measure of it.
        """
        return self._measured(Thumbnails.of(images)) if self.checks else {}

    def _measured(self, thumbnails: Thumbnails) -> Measures:
        tables = [check.measure(thumbnails) for check in self.checks]
        columns = np.concatenate(tables, axis=1).astype(np.float32).T
        return dict(zip(self.columns, columns, strict=False))

    def named(self, measured: Measures) -> Measures:
        """Every measure of images that were measured before, (n,) by its name; TrainingError before `fit`."""
        names = [measure.name for measure in self.known]
        return dict(zip(names, self._table(measured).astype(np.float32).T, strict=True)) if names else {}

    def measure(self, name: str, thumbnails: Thumbnails) -> npt.NDArray[np.float32]:
        """One measure of images, (n,), without the work of the checks that do not take it."""
        (check,) = (one for one in self.checks if name in [measure.name for measure in one.measures])
        return Gate((check,))._measured(thumbnails)[name]

    def described(self, images: Sequence[Image8]) -> Measures:
        """The same and the compression that each image shows."""
        if not self.checks:
            return {}
        return {**self.measures(images), COMPRESSION: self._compression(images)}

    def _compression(self, images: Sequence[Image8]) -> npt.NDArray[np.float32]:
        """The compression that each image shows, (n,)."""
        shown = [Compression.NONE if self.is_general else compression_of(image) for image in images]
        return np.array(shown, np.float32)

    def copies(self, images: Sequence[Image8]) -> Measures:
        """The same of JPEG copies, at qualities from 75 to 95, of those images that show ringing then."""
        return {} if self.is_general else ringing(self.lossy(images))

    def lossy(self, images: Sequence[Image8]) -> Measures:
        """The same of the JPEG copies of all images, (n,), whatever they show."""
        made = [jpeg_copy(image, QUALITIES[row % len(QUALITIES)]) for row, image in enumerate(images)]
        return self.described(made) if self.checks else {}

    def fit(self, images: Sequence[Image8], patients: int) -> None:
        """Learn the ranges from healthy cells of so many patients; TrainingError below 10 cells."""
        self.learn(joined([self.described(images), self.copies(images)]), patients)

    def learn(self, healthy: Measures, patients: int) -> None:
        """The same from what `described` and `copies` say of the cells of so many patients, 0 for unknown."""
        if not self.checks:
            return
        self.checks = tuple(replace(check) for check in self.checks)  # another gate may know the same ones
        values = self._table(healthy, is_learning=True)
        if self.is_general:
            self.limits_ = self.jpeg_limits_ = self._general_ranges(values, patients)
            return
        rings = _compression(healthy, len(values)) == Compression.RINGING
        plain = values[~rings] if np.count_nonzero(~rings) >= FEWEST else values[rings]
        self.limits_ = self.jpeg_limits_ = self._ranges(plain, patients)
        if np.count_nonzero(rings) >= FEWEST:
            low, middle, high = self._ranges(values[rings], patients)
            self.jpeg_limits_ = np.stack(
                [np.minimum(low, self.limits_[0]), middle, np.maximum(high, self.limits_[2])]
            )

    def _general_ranges(self, values: Table, patients: int) -> Table:
        """The same of images of any kind; endless ranges where they are too few to promise anything."""
        if len(values) >= FEWEST_GENERAL:
            return self._ranges(values, patients or len(values) // _OF_ONE)
        middle = np.median(values, axis=0) if len(values) else np.ones(len(self.known))
        return np.stack([np.zeros_like(middle), middle, np.full_like(middle, np.inf)])

    def _ranges(self, values: Table, patients: int) -> Table:
        """What passes, (3, measures), by the values of healthy cells (n, measures)."""
        if len(values) < FEWEST:
            raise TrainingError(
                f"The checks of [[quality]] have {len(values)} healthy cells to learn from, but need at "
                f"least {FEWEST}; give more cells or leave [[quality]] out."
            )
        logs = self._logs(values)
        middle = np.median(logs, axis=0)
        low, high = np.quantile(logs, [_EXTREME, 1 - _EXTREME], axis=0)
        least = np.log([measure.least_ratio for measure in self.known])
        below = np.maximum(middle - low, least)
        above = np.maximum(high - middle, least) * [measure.room_above for measure in self.known]
        ends = middle - self._where("too_low", below), middle, middle + self._where("too_high", above)
        worst = _oddness(logs, np.stack(ends)).max(axis=1)
        factor = max(float(np.quantile(worst, _PASS)), 1.0) * _MARGIN
        factor *= 1 + _FEW_CELLS / len(values) + _FEW_PATIENTS / max(patients, 1)
        wide = middle + factor * (np.stack(ends) - middle)
        return np.asarray(np.maximum(np.exp(wide) - self._offsets, 0.0))

    @property
    def _offsets(self) -> Table:
        return np.array([measure.offset for measure in self.known])

    def _logs(self, values: Table) -> Table:
        return np.log(values + self._offsets)

    def _where(self, side: str, distance: Table) -> Table:
        """The distances, endless where a measure is not limited on this side."""
        return np.where([bool(getattr(measure, side)) for measure in self.known], distance, np.inf)

    def causes(self, images: Sequence[Image8]) -> list[Cause | None]:
        """For each image the cause why it may not be assessed, or None; TrainingError before `fit`."""
        if not self.checks:
            return [None] * len(images)
        measured = self.measures(images)
        causes = self.causes_of(measured)
        refused = [row for row, cause in enumerate(causes) if cause]
        own = {name: column[refused] for name, column in measured.items()}
        again = self.causes_of({**own, COMPRESSION: self._compression([images[row] for row in refused])})
        for row, cause in zip(refused, again, strict=True):
            causes[row] = cause
        return causes

    def causes_of(self, measured: Measures) -> list[Cause | None]:
        """The same of images that were measured before; without their compression as if they had none."""
        if self.limits_.shape[1] != len(self.known):
            raise TrainingError(
                f"The cell checks have {self.limits_.shape[1]} of {len(self.known)} ranges; train them first."
            )
        values = self._table(measured)
        compression = _compression(measured, len(values))
        oddness = _oddness(self._logs(values), self._logs(self.limits_))
        rings = compression == Compression.RINGING
        oddness[rings] = _oddness(self._logs(values[rings]), self._logs(self.jpeg_limits_))
        passes = np.all(oddness <= 1, axis=1).tolist()  # False where one is no number
        worst = np.nan_to_num(oddness, nan=np.inf).argmax(axis=1).tolist()
        rows = zip(passes, values, worst, compression.tolist(), strict=True)
        return [None if ok else self._cause(row, at, Compression(int(shown))) for ok, row, at, shown in rows]

    def _cause(self, row: Table, at: int, shown: Compression) -> Cause:
        measure = self.known[at]
        limits = self.jpeg_limits_ if shown is Compression.RINGING else self.limits_
        too_low = (shown and measure.too_low_compressed) or measure.too_low
        words = measure.too_high if row[at] > limits[1, at] else too_low
        low, _, high = limits[:, at].tolist()
        code = CauseCode.UNLIKE_IMAGES if self._are_general[at] else CauseCode.UNLIKE_HEALTHY
        return Cause(code, measure.name, float(row[at]), (low, high), detail=words)

    def usual(self, name: str) -> float:
        """A measure of the median healthy cell."""
        return float(self.limits_[1, [measure.name for measure in self.known].index(name)])

    def healthy_range(self, name: str) -> tuple[float, float]:
        """From where to where a measure passes; infinity where it is not limited."""
        low, _, high = self.limits_[:, [measure.name for measure in self.known].index(name)].tolist()
        return low, high

    def _table(self, measured: Measures, *, is_learning: bool = False) -> Table:
        """The measures, (n, known), of what was measured; `is_learning`: what is usual is learnt of it."""
        tables = []
        for check in self.checks:
            columns = np.stack([measured[name] for name in check.columns], axis=1).astype(np.float64)
            tables.append(check.learn(columns) if is_learning else check.compared(columns))
        return np.concatenate(tables, axis=1)

    def passing(self, measured: Measures, cells: int) -> npt.NDArray[np.intp]:
        """The rows, of so many cells that were measured before, that are not refused; all without checks."""
        causes = self.causes_of(measured) if self.checks else [None] * cells
        return np.array([row for row, cause in enumerate(causes) if cause is None], np.intp)

    def learnt(self) -> Learnt:
        """What `fit` learnt, as arrays that the bundle keeps in `calibration.npz`; empty without checks."""
        if not self.limits_.size:
            return {}
        own = {
            f"{part_name(check)}_{key}": array
            for check in self.checks
            for key, array in check.learnt().items()
        }
        return {"limits": self.limits_, "jpeg_limits": self.jpeg_limits_, **own}

    def restore(self, learnt: Learnt) -> None:
        """Take back what `learnt` gave."""
        if learnt:
            self.limits_ = learnt["limits"]
            self.jpeg_limits_ = learnt.get("jpeg_limits", self.limits_)  # bundles of old have one range
        for check in self.checks:
            prefix = f"{part_name(check)}_"
            own = {
                name.removeprefix(prefix): array for name, array in learnt.items() if name.startswith(prefix)
            }
            if own:
                check.restore(own)


def ringing(described: Measures) -> Measures:
    """What was described of those images that show ringing."""
    if not described:
        return {}
    kept = described[COMPRESSION] == Compression.RINGING
    return {name: column[kept] for name, column in described.items()}


def joined(several: Sequence[Measures]) -> Measures:
    """The measures of several lists of images as those of one."""
    some = [measured for measured in several if measured]
    names = some[0].keys() if some else ()
    return {name: np.concatenate([measured[name] for measured in some]) for name in names}


def _compression(measured: Measures, cells: int) -> npt.NDArray[np.float32]:
    """What compression each of so many cells shows, (n,)."""
    return measured.get(COMPRESSION, np.zeros(cells, np.float32))


def _oddness(logs: Table, ends: Table) -> Table:
    """How far each value is from the middle, 1 at the end of its side, (n, measures)."""
    low, middle, high = ends
    return np.maximum(_parts_of(middle - logs, middle - low), _parts_of(logs - middle, high - middle))


def _parts_of(distance: Table, room: Table) -> Table:
    """Distance over room; where there is no room, as below a median of 0, any distance above 0 is endless."""
    endless = np.where(distance > 0, np.inf, distance)
    return np.divide(distance, room, out=endless, where=np.broadcast_to(room > 0, distance.shape))
