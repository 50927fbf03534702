"""Whole fields judged as `normocyte smear` does, every thing in them with the annotated box that it is."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from normocyte.core.types import CellKind, Source
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.segmentation.boxes.boxed import Boxes as GivenBoxes
from normocyte.segmentation.boxes.boxed import read_boxes
from normocyte.wording.causes import sentence, sentences
from normocyte.workflows.smear.judge import JudgePhotos, PhotoJudge, judge_photo
from studies.kit.common import Row, kept
from studies.kit.fields import HEALTHY, STAGES
from studies.smears.boxes import NO_BOX, Boxes, is_under_bar, places_of

UNDECIDED = "difficult"
SUSPICIOUS, UNASKED = "suspicious", "not assessable"
ASKED = (CellKind.RED_CELL, CellKind.OVERLAPPING)
Fields = dict[Path, Boxes]
KIND, NAME, SCORE, P_VALUE, VERDICT, REASON, BOX = range(7)


@dataclass(frozen=True)
class Judged:
    """Fields as a bundle judges them, and the annotated boxes of each, both (fields,)."""

    fields: Sequence[Row]
    boxes: Sequence[Boxes]

    @classmethod
    def by(cls, bundle: Path, fields: Fields, place: Path, given: Path = Path()) -> Judged:
        """Every field judged by a bundle, kept beside `place`; `given`: a file of boxes to cut by."""
        boxes = read_boxes(given) if given.name else GivenBoxes({}, given)
        judge = JudgePhotos(PhotoJudge(load_bundle(bundle).pipeline, 0), boxes=boxes)
        digest = hashlib.sha256((bundle / "bundle.json").read_bytes()).hexdigest()[:8]
        folder = place.with_name(f"{place.name}-{digest}")
        rows = [
            kept(folder / f"{path.stem}.json", lambda path=path: _judged(judge, path, fields[path]))
            for path in fields
        ]
        return cls(rows, list(fields.values()))

    def at(self, places: Sequence[int]) -> Judged:
        """Some of the fields, one of them as often as it is named."""
        return Judged([self.fields[place] for place in places], [self.boxes[place] for place in places])

    def recut(self, cut: float) -> Judged:
        """The same fields, a counted cell being flagged where its score is above another cut."""
        return Judged(
            [{**one, "rows": [_recut(row, cut) for row in one["rows"]]} for one in self.fields], self.boxes
        )

    def every_second(self) -> Judged:
        """The fields that no adapted bundle has learnt from."""
        return self.at(range(1, len(self.fields), 2))

    @cached_property
    def infected(self) -> np.ndarray:
        """Annotated infected cells of each field, (fields,)."""
        return np.array([_count(one, STAGES) for one in self.boxes])

    @cached_property
    def is_healthy(self) -> np.ndarray:
        """True for fields with no annotated infected cell and none left open by the annotators, (fields,)."""
        return np.array([_count(one, (*STAGES, UNDECIDED)) == 0 for one in self.boxes])

    @cached_property
    def annotated(self) -> np.ndarray:
        """Annotated healthy and infected cells of each field, (fields,)."""
        return np.array([_count(one, (HEALTHY, *STAGES)) for one in self.boxes])

    @property
    def share(self) -> float:
        """The share of annotated cells of all fields that is infected, 0 where none is annotated."""
        return float(self.infected.sum() / max(self.annotated.sum(), 1))

    @cached_property
    def counted(self) -> list[list[list]]:
        """The red cells of each field that have a verdict."""
        return [[row for row in one["rows"] if is_counted(row)] for one in self.fields]

    @cached_property
    def cells(self) -> np.ndarray:
        """How many red cells of each field have a verdict, (fields,)."""
        return np.array([len(rows) for rows in self.counted])

    @cached_property
    def flagged(self) -> np.ndarray:
        """How many of these are flagged, (fields,)."""
        return np.array([sum(row[VERDICT] == SUSPICIOUS for row in rows) for rows in self.counted])


def is_counted(row: list) -> bool:
    """True for a red cell with a verdict."""
    return row[KIND] in ASKED and row[VERDICT] != UNASKED


def _recut(row: list, cut: float) -> list:
    if not is_counted(row):
        return row
    return [*row[:VERDICT], SUSPICIOUS if row[SCORE] > cut else "healthy", *row[VERDICT + 1 :]]


def _count(boxes: Boxes, names: Sequence[str]) -> int:
    return sum(name in names and not is_under_bar(box) for name, box in boxes)


def _judged(judge: JudgePhotos, path: Path, boxes: Boxes) -> Row:
    """What was found in one field: its grade, and a row for each thing, as `KIND` to `BOX` say."""
    begin = time.process_time()
    pixels = read(Source(path))
    given = judge.boxes.of(path.name) if judge.boxes.photos else None
    photo = judge_photo(pixels, path.name, judge.judge, given).photo
    detections = photo.detections if photo.is_used else ()
    seconds = time.process_time() - begin
    places = (
        range(len(boxes))
        if judge.boxes.photos
        else places_of([detection.cell for detection in detections], boxes)
    )
    rows = [
        [
            str(detection.cell.kind),
            _name(boxes, place),
            float(np.nan_to_num(detection.verdict.score)),
            float(np.nan_to_num(detection.verdict.p_value)),
            str(detection.verdict.outcome),
            sentence(detection.verdict.cause),
            place,
        ]
        for detection, place in zip(detections, places, strict=False)
    ]
    return {"grade": str(photo.grade), "reasons": sentences(photo.causes), "seconds": seconds, "rows": rows}


def _name(boxes: Boxes, place: int) -> str:
    """The name of a box, nothing without one or where the scale bar hides it."""
    return "" if place == NO_BOX or is_under_bar(boxes[place][1]) else boxes[place][0]
