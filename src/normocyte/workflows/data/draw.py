"""Draw a smear: whole fields in a folder, with what truly lies where."""

from __future__ import annotations

from pathlib import Path

from normocyte.core.progress import Progress
from normocyte.datasets.drawing.field_plan import WantedFields
from normocyte.datasets.drawing.folders.smears import DrawnSmear, Picturing, write_smear


def draw_smear(
    wanted: WantedFields, to: Path, progress: Progress, picturing: str = "png", has_scale_bar: bool = False
) -> DrawnSmear:
    """Draw the fields of a smear into a folder, as `png` or `jpg`, with their boxes as JSON."""
    return write_smear(wanted, to, progress, Picturing(picturing), has_scale_bar)
