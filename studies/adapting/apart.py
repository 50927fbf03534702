"""Which whole fields show the same cells, because the stage was hardly moved between two photos."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from normocyte.core.types import Source
from normocyte.images.reading import read
from normocyte.results.smear import Detection, PhotoResult
from normocyte.results.verdict import Grade, Outcome, Verdict
from normocyte.segmentation.watershed import Watershed
from normocyte.workflows.smear.repeats import Layout
from studies.kit.common import Row

NEAR = 25
"""How many photos further on, by name, a photo of the same place is looked for."""
_HEALTHY = Verdict(Outcome.HEALTHY, 0.0, 1.0)


def overlapping(fields: Sequence[Path]) -> Row:
    """The pairs of fields, by their names without ending, that share cells."""
    layouts = [_layout(path) for path in fields]
    pairs = [pair for pair in combinations(range(len(fields)), 2) if pair[1] - pair[0] <= NEAR]
    return {
        "pairs": [
            [fields[one].stem, fields[other].stem]
            for one, other in pairs
            if layouts[one].shared(layouts[other])
        ]
    }


def _layout(path: Path) -> Layout:
    found = Watershed().segment(read(Source(path)))
    detections = tuple(Detection(cell, _HEALTHY, is_counted=True) for cell in found.cells)
    return Layout.of(PhotoResult(path.name, Grade.GOOD, (), detections, "", found.diameter_px))
