"""Cuts cells out of annotated fields by their boxes, once, into a folder that Normocyte reads as a set."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from normocyte.core.files import csv_text, make_folder, write_bytes, write_text
from normocyte.core.types import Record, Source
from normocyte.images.reading import read

MANIFEST = "cells.csv"
HEALTHY = "red blood cell"
STAGES = ("ring", "trophozoite", "schizont", "gametocyte")
SCALE_BAR = (1136, 838, 1240, 908)
"""Left, top, right and bottom of what is burnt into every field."""


@dataclass(frozen=True)
class Cell:
    """A box in a field: what it holds, and left, top, right and bottom in pixels."""

    kind: str
    box: tuple[int, int, int, int]

    @property
    def is_usable(self) -> bool:
        """True for a cell whose kind is known and which does not touch the scale bar."""
        left, top, right, bottom = self.box
        apart = left > SCALE_BAR[2] or right < SCALE_BAR[0] or top > SCALE_BAR[3] or bottom < SCALE_BAR[1]
        return apart and (self.kind == HEALTHY or self.kind in STAGES)


def cut_cells(data: Path, out: Path) -> Path:
    """The manifest of all usable cells below `out`, cut from `data` if that was not done before.

    The field stands in the manifest as the patient, so that no field is on both sides of a split; the stage
    stands there as the group.
    """
    manifest = out / MANIFEST
    if manifest.is_file():
        return manifest
    rows = [row for field in _fields(data) for row in _cut(data, field, out)]
    write_text(manifest, csv_text(("path", "label", "patient", "group"), rows))
    return manifest


def _fields(data: Path) -> Iterator[dict[str, Any]]:
    yield from json.loads((data / "annotations.json").read_text(encoding="utf-8"))


def _cut(data: Path, field: dict[str, Any], out: Path) -> Iterator[tuple[str, int, str, str]]:
    """Write the cells of one field, and give their rows: path, label, field and stage."""
    image = read(Source(data / "images" / field["image_name"]))
    name = Path(field["image_name"]).stem
    folder = make_folder(out / name)
    for number, item in enumerate(field["objects"]):
        cell = _cell(item)
        if not cell.is_usable:
            continue
        left, top, right, bottom = cell.box
        crop = np.ascontiguousarray(image[top:bottom, left:right, ::-1])
        path = folder / f"{name}_{number:03d}.png"
        write_bytes(path, cv2.imencode(".png", crop)[1].tobytes())
        is_infected = cell.kind != HEALTHY
        yield str(path.relative_to(out)), int(is_infected), name, cell.kind if is_infected else ""


def _cell(item: dict[str, Any]) -> Cell:
    left, top, width, height = (round(float(item["bbox"][key])) for key in ("x", "y", "w", "h"))
    return Cell(item["type"], (left, top, left + width, top + height))


def said_of(cells: Sequence[Record]) -> str:
    """How many cells of each kind there are."""
    counts = Counter(cell.group or "healthy" for cell in cells)
    return f"{len(cells):,} cells are left: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items()) + "."
