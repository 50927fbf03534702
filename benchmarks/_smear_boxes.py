"""Annotated boxes of whole fields, and which found cell is which annotated one."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.core.types import SegmentedCell

Boxes = list[tuple[str, tuple[float, float, float, float]]]
"""Name, and left, top, right and bottom in pixels."""
LEAST_OVERLAP = 0.3


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


def labels_of(cells: Sequence[SegmentedCell], boxes: Boxes) -> list[str]:
    """The name of the box that each cell shares most with, at an IoU of 0.3 or more; else nothing.

    Each box names one cell, the one that it shares most with.
    """
    names = [""] * len(cells)
    if not cells or not boxes:
        return names
    overlap = _overlaps(
        np.array([_ends(cell.x, cell.y, cell.width, cell.height) for cell in cells], np.float64),
        np.array([box for _, box in boxes], np.float64),
    )
    best = np.zeros(len(cells))
    for place, (name, _) in enumerate(boxes):
        row = int(overlap[:, place].argmax())
        if overlap[row, place] >= max(LEAST_OVERLAP, best[row]):
            best[row], names[row] = overlap[row, place], name
    return names


def _overlaps(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The intersection over the union of every pair, (n, m)."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (one, other)]
    return np.asarray(shared / (areas[0][:, None] + areas[1][None] - shared))
