"""Annotated boxes of whole fields, and which found cell is which annotated one."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.core.types import SegmentedCell
from studies.kit.fields import SCALE_BAR

Boxes = list[tuple[str, tuple[float, float, float, float]]]
"""Name, and left, top, right and bottom in pixels."""
LEAST_OVERLAP = 0.3
NO_BOX = -1


def iml_boxes(data: Path) -> dict[Path, Boxes]:
    """The boxes of every IML field, by its path."""
    fields = json.loads((data / "annotations.json").read_text(encoding="utf-8"))
    return {
        data / "images" / field["image_name"]: [
            (item["type"], _ends(*(float(item["bbox"][key]) for key in ("x", "y", "w", "h"))))
            for item in field["objects"]
        ]
        for field in sorted(fields, key=lambda field: field["image_name"])
    }


def bccd_boxes(data: Path) -> dict[Path, Boxes]:
    """The boxes of every BCCD field, by its path."""
    found = {}
    for path in sorted((data / "Annotations").glob("*.xml")):
        items = ET.parse(path).iter("object")
        found[data / "JPEGImages" / f"{path.stem}.jpg"] = [
            (
                item.findtext("name", ""),
                tuple(float(item.findtext(f"bndbox/{end}", "0")) for end in ("xmin", "ymin", "xmax", "ymax")),
            )
            for item in items
        ]
    return found


def _ends(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x, y, x + width, y + height


def places_of(cells: Sequence[SegmentedCell], boxes: Boxes) -> list[int]:
    """Which box each cell shares most with, at an IoU of 0.3 or more; else -1.

    Each box is that of one cell, the one that it shares most with.
    """
    places = [NO_BOX] * len(cells)
    if not cells or not boxes:
        return places
    overlap = _overlaps(
        np.array([_ends(cell.x, cell.y, cell.width, cell.height) for cell in cells], np.float64),
        np.array([box for _, box in boxes], np.float64),
    )
    best = np.zeros(len(cells))
    for place in range(len(boxes)):
        row = int(overlap[:, place].argmax())
        if overlap[row, place] >= max(LEAST_OVERLAP, best[row]):
            best[row], places[row] = overlap[row, place], place
    return places


def is_under_bar(box: tuple[float, float, float, float]) -> bool:
    """True for a box that touches the scale bar of the IML fields."""
    left, top, right, bottom = box
    return left <= SCALE_BAR[2] and right >= SCALE_BAR[0] and top <= SCALE_BAR[3] and bottom >= SCALE_BAR[1]


def _overlaps(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The intersection over the union of every pair, (n, m)."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (one, other)]
    return np.asarray(shared / (areas[0][:, None] + areas[1][None] - shared))
