"""Make data: a set of drawn cells in a folder."""

from __future__ import annotations

from pathlib import Path

from normocyte.core.progress import Progress
from normocyte.core.types import Record
from normocyte.datasets.synthetic import Synthetic, write_synthetic


def make_synthetic(to: Path, cells: int, patients: int, seed: int, progress: Progress) -> list[Record]:
    """Draw a synthetic set into a folder; what is there already and belongs to it is kept."""
    dataset = Synthetic(folder=str(to), cells=cells, patients=patients, seed=seed)
    write_synthetic(dataset, progress)
    return dataset.records()
