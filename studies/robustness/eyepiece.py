"""Fields through an eyepiece, and six fields stitched into one photo: are cells and verdicts the same?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Source
from normocyte.images.reading import read
from normocyte.photo_checks.gate import FieldGate
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.smear import Detection
from normocyte.results.verdict import Grade
from normocyte.segmentation.support.eyepiece import evenly_lit
from normocyte.segmentation.watershed import Watershed
from normocyte.workflows.smear.detections import may_be_red, photo_of
from normocyte.workflows.smear.judge import detected
from normocyte.workflows.smear.one_finding import one_finding_each
from studies.kit.tables import Table
from studies.robustness.section import Section

Image8 = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

IML, BCCD = "iml-malaria-fields/images", "bccd-fields/JPEGImages"
FIELDS, MOSAICS = 10, 3
SEED = 2011
ALIKE = 0.5
COLUMNS = (
    "photos",
    "number",
    "refused",
    "cells",
    "found",
    "verdicts alike",
    "flagged in the field",
    "flagged here",
)


@dataclass(frozen=True)
class View:
    """How an eyepiece shows a field; radius, centre and width of the soft rim in heights of the photo."""

    level: float = 0.0
    noise: float = 0.0
    falloff: float = 0.0
    radius: float = 0.48
    centre: tuple[float, float] = (0.5, 0.5)

    def of(self, pixels: Image8, rng: np.random.Generator) -> tuple[Image8, Flags]:
        """The field as it is seen, and where it is lit."""
        height, width = pixels.shape[:2]
        y, x = np.mgrid[:height, :width]
        away = np.hypot(x - self.centre[0] * width, y - self.centre[1] * height) / (self.radius * height)
        light = 1 - self.falloff * np.minimum(away, 1) ** 8
        around = rng.normal(self.level, self.noise, pixels.shape) if self.noise else self.level
        seen = np.where(away[..., np.newaxis] < 1, pixels * light[..., np.newaxis], around)
        return np.clip(seen, 0, 255).astype(np.uint8), away < 1


VIEWS = {
    "black": View(),
    "dark gray, 16": View(16),
    "dark gray, 60": View(60),
    "noisy, 30 +- 8": View(30, noise=8),
    "40 % less light at the rim": View(10, falloff=0.4),
    "off centre": View(20, centre=(0.36, 0.5)),
    "cut by the photo": View(40, radius=0.62, centre=(0.5, 0.55)),
    "corners alone": View(radius=0.75),
}


@dataclass(frozen=True)
class Judged:
    """What becomes of a photo: whether it is refused, and its things with verdicts even where it is."""

    is_refused: bool
    detections: tuple[Detection, ...]


@dataclass(frozen=True)
class Judge:
    """Judges photos as `smear` does; verdicts are asked for in refused ones, too, to be compared."""

    pipeline: Pipeline

    def __call__(self, pixels: Image8) -> Judged:
        found = Watershed().segment(pixels)
        finding = FieldGate().assess(photo_of(pixels, found))
        seen = evenly_lit(pixels)
        detections = detected(seen, found, self.pipeline)
        told = one_finding_each(seen, detections, found.diameter_px)
        return Judged(finding.grade is Grade.UNUSABLE, told)


@dataclass
class Tally:
    """Photos, those refused; cells, those found, those with the same verdict, flagged before and now."""

    photos: int = 0
    refused: int = 0
    cells: int = 0
    found: int = 0
    alike: int = 0
    flagged: int = 0
    flagged_now: int = 0

    def add(self, known: Sequence[Detection], now: Judged, lit: Flags) -> None:
        """Compare red cells that lie well within what is lit with what is there now."""
        self.photos += 1
        self.refused += now.is_refused
        numbers = np.zeros(lit.shape, np.int32)
        for number, detection in enumerate(now.detections, start=1):
            numbers[_window(detection)][detection.cell.mask] = number
        for detection in known:
            self.cells += 1
            self.flagged += detection.is_flagged
            other = _same(detection, numbers, now.detections)
            if other is not None:
                self.found += 1
                self.alike += other.verdict.outcome is detection.verdict.outcome
                self.flagged_now += other.is_flagged

    def row(self, name: str) -> list[str]:
        """As the table says it."""
        shares = [f"{100 * part / max(self.cells, 1):.1f} %" for part in (self.found, self.alike)]
        counts = (self.photos, self.refused, self.cells)
        return [name, *map(str, counts), *shares, str(self.flagged), str(self.flagged_now)]


def _window(detection: Detection) -> tuple[slice, slice]:
    cell = detection.cell
    return slice(cell.y, cell.y + cell.height), slice(cell.x, cell.x + cell.width)


def _same(
    detection: Detection, numbers: npt.NDArray[np.int32], detections: Sequence[Detection]
) -> Detection | None:
    """The red cell that covers this one, at an IoU of 0.5 and more; None without one."""
    own = numbers[_window(detection)][detection.cell.mask]
    number = int(np.bincount(own).argmax())
    if number == 0:
        return None
    other = detections[number - 1]
    shared = int(np.count_nonzero(own == number))
    union = detection.cell.area_px + other.cell.area_px - shared
    return other if may_be_red(other.cell) and shared >= ALIKE * union else None


def _well_within(detections: Sequence[Detection], lit: Flags) -> list[Detection]:
    """The red cells of which every pixel is a quarter of a cell away from the rim of what is lit."""
    framed = cv2.copyMakeBorder(lit.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1]
    red = [detection for detection in detections if may_be_red(detection.cell)]
    return [t for t in red if depth[_window(t)][t.cell.mask].min() > max(t.cell.width, t.cell.height) / 4]


def _paths(data: Path, count: int, folder: str) -> list[Path]:
    """So many of the fields at even positions, spread over them."""
    even = sorted((data / folder).iterdir())[1::2]
    return even[:: max(1, len(even) // count)][:count]


def through_eyepieces(judge: Callable[[Image8], Judged], paths: Sequence[Path]) -> Iterator[list[str]]:
    """A row for each view, and one for the same fields cut to the box of the disc, without a border."""
    fields = [read(Source(path)) for path in paths]
    known = [judge(pixels).detections for pixels in fields]
    for name, view in VIEWS.items():
        tally = Tally()
        for number, (pixels, detections) in enumerate(zip(fields, known, strict=True)):
            seen, lit = view.of(pixels, np.random.default_rng((SEED, number)))
            tally.add(_well_within(detections, lit), judge(seen), lit)
        yield tally.row(name)
    tally = Tally()
    for pixels, detections in zip(fields, known, strict=True):
        _, lit = View().of(pixels, np.random.default_rng(SEED))
        left, top, width, height = cv2.boundingRect(lit.astype(np.uint8))
        cut = judge(np.ascontiguousarray(pixels[top : top + height, left : left + width]))
        moved = tuple(_moved(detection, left, top) for detection in cut.detections)
        tally.add(_well_within(detections, lit), Judged(cut.is_refused, moved), lit)
    yield tally.row("no border, cropped to the disc's box")


def stitched(judge: Callable[[Image8], Judged], paths: Sequence[Path]) -> list[str]:
    """A row for photos of six neighbouring fields each; cells that the edges of the six cut are left out."""
    tally = Tally()
    for first in range(0, len(paths), 6):
        six = [read(Source(path)) for path in paths[first : first + 6]]
        height, width = six[0].shape[:2]
        photo = np.ascontiguousarray(np.vstack([np.hstack(six[:3]), np.hstack(six[3:])]))
        known = [
            _moved(detection, number % 3 * width, number // 3 * height)
            for number, pixels in enumerate(six)
            for detection in judge(pixels).detections
            if may_be_red(detection.cell)
        ]
        tally.add(known, judge(photo), np.ones(photo.shape[:2], np.bool_))
    return tally.row("six IML fields in one photo")


def _moved(detection: Detection, right: int, down: int) -> Detection:
    return replace(
        detection, cell=replace(detection.cell, x=detection.cell.x + right, y=detection.cell.y + down)
    )


def section(data: Path, pipeline: Pipeline) -> Section:
    """Fields through eyepieces by set, and stitched photos."""
    judge = Judge(pipeline)
    tables = {
        f"eyepiece {name}": Table.of(COLUMNS, through_eyepieces(judge, _paths(data, FIELDS, folder)))
        for name, folder in (("IML", IML), ("BCCD", BCCD))
    }
    even = sorted((data / IML).iterdir())[1::2]
    starts = np.linspace(0, len(even) - 6, MOSAICS).astype(int)
    mosaics = stitched(judge, [path for start in starts for path in even[start : start + 6]])
    return Section({**tables, "stitched": Table.of(COLUMNS, [mosaics])})
