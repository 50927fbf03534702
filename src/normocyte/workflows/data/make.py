"""Make data: a set of drawn cells, or the fields of a drawn smear with what truly lies where."""

from __future__ import annotations

from pathlib import Path

from normocyte.core.progress import Progress
from normocyte.core.types import Record
from normocyte.datasets.drawing.field_plan import WantedFields
from normocyte.datasets.drawing.folders.smears import DrawnSmear, Picturing, write_smear
from normocyte.datasets.synthetic import Synthetic, write_synthetic


def make_synthetic(to: Path, cells: int, patients: int, seed: int, progress: Progress) -> list[Record]:
    """Draw a synthetic set into a folder; what is there already and belongs to it is kept."""
    dataset = Synthetic(folder=str(to), cells=cells, patients=patients, seed=seed)
    write_synthetic(dataset, progress)
    return dataset.records()


def draw_smear(
    wanted: WantedFields, to: Path, progress: Progress, picturing: str = "png", has_scale_bar: bool = False
) -> DrawnSmear:
    """Draw the fields of a smear into a folder, as `png` or `jpg`, with their boxes as JSON."""
    return write_smear(wanted, to, progress, Picturing(picturing), has_scale_bar)
