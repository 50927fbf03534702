"""Parasites by stage, each cell judged alone and together with its neighbours; and cells painted all over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from sklearn.metrics import roc_auc_score

from normocyte.core.types import CellKind, Source
from normocyte.images.reading import read
from normocyte.pipeline.neighbours import Neighbours
from normocyte.pipeline.pipeline import Pipeline
from normocyte.workflows.smear.judge import JudgePhotos, PhotoJudge, detected
from studies.kit.fields import HEALTHY, STAGES
from studies.kit.tables import Table
from studies.robustness.findings import ALONE, PAINTED, TOGETHER
from studies.robustness.section import Section
from studies.smears.boxes import Boxes, bccd_boxes, iml_boxes, is_under_bar, places_of
from studies.smears.cells import percent
from studies.smears.judged import ASKED, NAME, SCORE, SUSPICIOUS, VERDICT, _judged, is_counted

_INSIDE = 20, 1000, 750
_BODY, _GRAIN, _PIGMENT = (112.0, 108.0, 168.0), (10, 10, 8), (95, 75, 95)
_SPECKS, _SPECK, _RADIUS = 0.985, 0.03, 0.45


def section(data: Path, pipeline: Pipeline) -> Section:
    """IML fields by stage, BCCD fields without malaria, painted cells."""
    fields = iml_boxes(data / "iml-malaria-fields")
    judges = {
        ALONE: JudgePhotos(PhotoJudge(replace(pipeline, neighbours=Neighbours()), 0)),
        TOGETHER: JudgePhotos(PhotoJudge(pipeline, 0)),
    }
    tables = {name: _rows(judge, fields) for name, judge in judges.items()}
    halves = {"odd positions, chosen on": slice(1, None, 2), "even": slice(0, None, 2), "all": slice(None)}
    rows = [
        [half, name, *_row(table[place])] for half, place in halves.items() for name, table in tables.items()
    ]
    blood = {name: _blood(judge, bccd_boxes(data / "bccd-fields")) for name, judge in judges.items()}
    painted = {name: _painted(judge, fields) for name, judge in judges.items()}
    header = ("fields", "judged", "AUROC", "at 99 %", "at the threshold", "healthy flagged", *STAGES)
    return Section({"stages": Table.of(header, rows)}, {"blood": blood, "painted": painted})


def _rows(judge: JudgePhotos, fields: dict[Path, Boxes]) -> list[list[list]]:
    """The counted cells of each field."""
    judged = (_judged(judge, path, boxes)["rows"] for path, boxes in fields.items())
    return [[row for row in rows if is_counted(row)] for rows in judged]


def _row(fields: list[list[list]]) -> list[str]:
    rows = [row for field in fields for row in field]
    scores, flags = (
        np.array([row[SCORE] for row in rows]),
        np.array([row[VERDICT] == SUSPICIOUS for row in rows]),
    )
    names = np.array([row[NAME] for row in rows])
    healthy, infected = names == HEALTHY, np.isin(names, STAGES)
    both = healthy | infected
    level = np.quantile(scores[healthy], 0.99)
    by_stage = [
        f"{np.mean(scores[names == one] > level):.2f} / {np.mean(flags[names == one]):.2f}" for one in STAGES
    ]
    return [
        f"{roc_auc_score(infected[both], scores[both]):.3f}",
        percent(float(np.mean(scores[infected] > level)), 1),
        percent(float(np.mean(flags[infected])), 1),
        percent(float(np.mean(flags[healthy]))),
        *by_stage,
    ]


def _blood(judge: JudgePhotos, fields: dict[Path, Boxes]) -> dict[str, str]:
    """What is flagged without malaria, and how many white cells are told apart."""
    rows = [row for path, boxes in fields.items() for row in _judged(judge, path, boxes)["rows"]]
    red = [row for row in rows if is_counted(row)]
    white = [row[0] for row in rows if row[NAME] == "WBC"]
    flagged = np.mean([row[VERDICT] == SUSPICIOUS for row in red])
    told = white.count(CellKind.LEUCOCYTE)
    return {
        "flagged": percent(float(flagged)),
        "red": f"{len(red):,}",
        "found": f"{told} of {len(white)}",
    }


def _painted(judge: JudgePhotos, fields: dict[Path, Boxes]) -> int:
    """How many painted cells are flagged in the field that has the most red cells alone."""
    path, alone = max(
        ((path, _alone(boxes)) for path, boxes in fields.items()), key=lambda pair: len(pair[1])
    )
    boxes = alone[:PAINTED]
    pixels = _paint(read(Source(path)), boxes)
    detections = detected(pixels, judge.judge.segmenter.segment(pixels), judge.judge.pipeline)
    places = places_of([detection.cell for detection in detections], [("", box) for box in boxes])
    return sum(
        detection.verdict.is_flagged and detection.cell.kind in ASKED
        for detection, place in zip(detections, places, strict=True)
        if place >= 0
    )


def _alone(boxes: Boxes) -> list[tuple[float, float, float, float]]:
    """The red cells that touch no other box and no edge."""
    low, right, bottom = _INSIDE
    return [
        box
        for name, box in boxes
        if name == HEALTHY
        and low < box[0] < right
        and low < box[1] < bottom
        and not is_under_bar(box)
        and sum(_touch(box, other) for _, other in boxes) == 1
    ]


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _paint(pixels: np.ndarray, boxes: list[tuple[float, float, float, float]]) -> np.ndarray:
    """The picture with these cells blue all over, grained, with specks of pigment."""
    rng, (down, right) = np.random.default_rng(0), np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    painted = pixels.astype(float)
    for x0, y0, x1, y1 in boxes:
        across, along = (right - (x0 + x1) / 2) / (x1 - x0), (down - (y0 + y1) / 2) / (y1 - y0)
        grain = cv2.GaussianBlur(rng.normal(size=down.shape), (0, 0), 2.5)
        colour = np.array(_BODY) + (grain / grain.std())[..., np.newaxis] * np.array(_GRAIN)
        specks = cv2.GaussianBlur((rng.random(down.shape) > _SPECKS).astype(float), (0, 0), 1.6)
        colour[specks > _SPECK] = _PIGMENT
        body = (np.hypot(across, along) < _RADIUS).astype(float)
        soft = cv2.GaussianBlur(body, (0, 0), 2)[..., np.newaxis]
        painted = painted * (1 - soft) + colour * soft
    return painted.clip(0, 255).astype(np.uint8)
