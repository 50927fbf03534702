"""Blots of stain, drawn into real fields: how many flagged findings one blot adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import CellKind, Numbers, Source
from normocyte.images.reading import read
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.smear import Detection
from normocyte.segmentation.contract import Field
from normocyte.segmentation.watershed import Watershed
from normocyte.workflows.smear.judge import PhotoJudge, detected
from normocyte.workflows.smear.one_finding import one_finding_each
from studies.kit.fields import HEALTHY, STAGES
from studies.kit.tables import Table
from studies.robustness.findings import BLOTTED
from studies.robustness.section import Section
from studies.smears.boxes import Boxes, iml_boxes, is_under_bar, places_of

Image8 = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float64]
Rng = np.random.Generator

STAINS = ((95, 55, 140), (60, 65, 150), (70, 50, 60), (175, 80, 150), (150, 125, 190), (120, 135, 170))
"""Purple, blue, nearly black, magenta, lilac and gray blue."""

_HALF = 0.5


@dataclass(frozen=True)
class Sheet:
    """Where a blot is drawn: a square of so many pixels, a red cell being `cell` wide."""

    rng: Rng
    side: int
    cell: float

    def blank(self) -> Plane:
        """Nothing drawn."""
        return np.zeros((self.side, self.side))

    def waves(self, width: float) -> Plane:
        """Smooth noise of mean 0 and deviation 1."""
        noise = cv2.GaussianBlur(self.rng.normal(size=(self.side, self.side)), (0, 0), width)
        return np.asarray((noise - noise.mean()) / noise.std())

    def at(self, spread: float) -> tuple[int, int]:
        """A place near the middle, with this deviation in cells."""
        x, y = self.side / 2 + self.rng.normal(0, spread * self.cell, 2)
        return int(x), int(y)

    def px(self, cells: float) -> int:
        """So many cell diameters in pixels, at least one."""
        return max(1, round(cells * self.cell))


def smudge(sheet: Sheet) -> Plane:
    """A burst nucleus: patches that run into each other, with a ragged rim."""
    layer = sheet.blank()
    for _ in range(sheet.rng.integers(3, 8)):
        axes = tuple(sheet.px(axis) for axis in sheet.rng.uniform(0.3, 0.9, 2))
        cv2.ellipse(layer, sheet.at(0.5), axes, sheet.rng.uniform(0, 180), 0, 360, 1, -1)
    ragged = cv2.GaussianBlur(layer, (0, 0), 0.15 * sheet.cell) + 0.15 * sheet.waves(0.08 * sheet.cell)
    return np.asarray((ragged > _HALF).astype(float) * (0.85 + 0.12 * sheet.waves(0.1 * sheet.cell)))


def streak(sheet: Sheet) -> Plane:
    """A fibre or a stroke of dried stain, bent, some cells long."""
    layer, way = sheet.blank(), sheet.rng.uniform(0, 2 * np.pi)
    start = np.array(sheet.at(0.3), float)
    for side in (0, np.pi):
        at, turn = start.copy(), way + side
        for _ in range(sheet.rng.integers(4, 10)):
            after = at + 0.3 * sheet.cell * np.array([np.cos(turn), np.sin(turn)])
            cv2.line(
                layer, tuple(map(int, at)), tuple(map(int, after)), 1, sheet.px(sheet.rng.uniform(0.15, 0.4))
            )
            at, turn = after, turn + sheet.rng.normal(0, 0.35)
    return layer


def drop(sheet: Sheet) -> Plane:
    """A round drop that dried with a darker rim."""
    radius = sheet.cell * sheet.rng.uniform(0.4, 1.2)
    down, right = np.mgrid[: sheet.side, : sheet.side] - sheet.side / 2
    far = np.hypot(down, right) / (radius * (1 + 0.04 * sheet.waves(0.4 * sheet.cell)))
    return np.asarray((far < 1) * (0.6 + 0.4 * np.exp(-(((far - 0.9) / 0.12) ** 2))))


def splash(sheet: Sheet) -> Plane:
    """A blot with arms and droplets around it."""
    layer, middle = sheet.blank(), sheet.at(0.1)
    cv2.circle(layer, middle, sheet.px(sheet.rng.uniform(0.3, 0.7)), 1, -1)
    for way in sheet.rng.uniform(0, 2 * np.pi, sheet.rng.integers(4, 10)):
        far = sheet.cell * sheet.rng.uniform(0.5, 1.4)
        end = int(middle[0] + far * np.cos(way)), int(middle[1] + far * np.sin(way))
        cv2.line(layer, middle, end, 1, sheet.px(sheet.rng.uniform(0.08, 0.25)))
        cv2.circle(layer, end, sheet.px(sheet.rng.uniform(0.05, 0.2)), 1, -1)
    return layer


def precipitate(sheet: Sheet) -> Plane:
    """Grains of stain in a heap."""
    layer = sheet.blank()
    spread = sheet.rng.uniform(0.3, 0.7)
    for _ in range(sheet.rng.integers(25, 80)):
        cv2.circle(layer, sheet.at(spread), sheet.px(sheet.rng.uniform(0.03, 0.12)), 1, -1)
    return layer


SHAPES: dict[str, Callable[[Sheet], Plane]] = {
    "smudge": smudge,
    "streak": streak,
    "drop": drop,
    "splash": splash,
    "precipitate": precipitate,
}


def blotted(pixels: Image8, shape: str, cell: float, rng: Rng) -> Image8:
    """The field with one blot of this shape somewhere inside, over cells or between them."""
    sheet = Sheet(rng, round(6 * cell), cell)
    share = cv2.GaussianBlur(np.clip(SHAPES[shape](sheet), 0, 1), (0, 0), rng.uniform(0.02, 0.05) * cell)
    share = share[..., np.newaxis] * rng.uniform(0.65, 1)
    stain = np.array(STAINS[rng.integers(len(STAINS))], float) + rng.normal(0, 8, 3)
    height, width = pixels.shape[:2]
    top, left = (int(rng.integers(0, max(1, end - sheet.side))) for end in (height, width))
    drawn = pixels.astype(float)
    below = drawn[top : top + sheet.side, left : left + sheet.side]
    share = share[: below.shape[0], : below.shape[1]]
    soaked = below * stain / np.array([225.0, 225, 225])
    below[:] = below * (1 - share) + (0.5 * soaked + 0.5 * stain) * share
    return np.clip(drawn, 0, 255).astype(np.uint8)


SEED = 1906
STEP = 5
COLUMNS = ("blots", "fields", "rule", "added, mean", "added, most", "fields with at most one added")


class Unmended(Watershed):
    """The segmentation as it was: halves stay apart, and parts of blots are pieces."""

    def _mended(self, labels: np.ndarray, first: int, scene: object) -> tuple[np.ndarray, Numbers]:
        del first, scene
        return labels, np.empty(0, np.intp)


@dataclass(frozen=True)
class Rule:
    """How photos are judged with the rule and without it."""

    judge: PhotoJudge
    is_on: bool

    @classmethod
    def of(cls, pipeline: Pipeline, *, is_on: bool) -> Rule:
        """With the segmentation that belongs to it."""
        return cls(PhotoJudge(pipeline, segmenter=Watershed() if is_on else Unmended()), is_on)

    @property
    def name(self) -> str:
        """As the table calls it."""
        return "on" if self.is_on else "off"

    def detections(self, pixels: Image8) -> tuple[Field, tuple[Detection, ...]]:
        """What is found in a photo, with verdicts."""
        found = self.judge.segmenter.segment(pixels)
        detections = detected(pixels, found, self.judge.pipeline)
        return found, one_finding_each(pixels, detections, found.diameter_px) if self.is_on else detections

    def flagged(self, pixels: Image8) -> int:
        """How many flagged cells it has."""
        return sum(detection.is_flagged for detection in self.detections(pixels)[1])


def section(data: Path, pipeline: Pipeline) -> Section:
    """Blots drawn into fields, and what the rule does to annotated cells."""
    rules = [Rule.of(pipeline, is_on=is_on) for is_on in (False, True)]
    even = dict([*iml_boxes(data / "iml-malaria-fields").items()][::2])
    drawn = added(rules, [*even][::STEP][:BLOTTED])
    rows = [
        [shape, str(len(counts)), name, f"{np.mean(counts):.2f}", str(max(counts)), _percent(counts)]
        for shape, by_rule in drawn.items()
        for name, counts in by_rule.items()
    ]
    real = [[rule.name, *_annotated(rule, even)] for rule in rules]
    header = ("rule", "boxes found", "parasites flagged", "healthy flagged", "others flagged")
    return Section({"blots": Table.of(COLUMNS, rows), "annotated": Table.of(header, real)})


def added(rules: Sequence[Rule], paths: Sequence[Path]) -> dict[str, dict[str, list[int]]]:
    """Flagged cells that each shape of blot adds to each field, by shape and rule."""
    found: dict[str, dict[str, list[int]]] = {
        shape: {rule.name: [] for rule in rules} for shape in (*SHAPES, "all")
    }
    for number, path in enumerate(paths):
        pixels = read(Source(path))
        before = [rule.flagged(pixels) for rule in rules]
        cell = rules[0].detections(pixels)[0].diameter_px
        for at, shape in enumerate(SHAPES):
            blot = blotted(pixels, shape, cell, np.random.default_rng((SEED, number, at)))
            for rule, known in zip(rules, before, strict=True):
                more = rule.flagged(blot) - known
                for name in (shape, "all"):
                    found[name][rule.name].append(more)
    return found


def _annotated(rule: Rule, fields: dict[Path, Boxes]) -> list[str]:
    """Boxes found, and how many parasites, healthy cells and others are flagged."""
    boxes_found = boxes_asked = 0
    flagged = dict.fromkeys(("parasite", "healthy", "other"), 0)
    for path, every in fields.items():
        boxes = [one for one in every if one[0] in (HEALTHY, *STAGES) and not is_under_bar(one[1])]
        detections = rule.detections(read(Source(path)))[1]
        places = places_of([detection.cell for detection in detections], boxes)
        boxes_found += sum(
            place >= 0 and detection.cell.kind is not CellKind.ANNOTATION
            for detection, place in zip(detections, places, strict=True)
        )
        boxes_asked += len(boxes)
        for detection, place in zip(detections, places, strict=True):
            flagged[_name(boxes, place)] += detection.is_flagged
    return [f"{100 * boxes_found / boxes_asked:.2f} %", *(f"{count:,}" for count in flagged.values())]


def _name(boxes: Boxes, place: int) -> str:
    if place < 0:
        return "other"
    return "parasite" if boxes[place][0] in STAGES else "healthy"


def _percent(counts: Sequence[int]) -> str:
    return f"{100 * np.mean([count <= 1 for count in counts]):.0f} %"
