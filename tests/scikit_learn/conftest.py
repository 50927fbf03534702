"""Drawn cells of 12 patients as files and as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from normocyte.core.progress import Silent
from normocyte.datasets.synthetic import Synthetic, write_synthetic


@dataclass(frozen=True)
class Cells:
    """Files, the same as arrays (n, 48, 48, 3), labels 1 and -1, and patients."""

    files: tuple[Path, ...]
    arrays: np.ndarray
    y: np.ndarray
    patients: np.ndarray

    @property
    def healthy(self) -> Cells:
        rows = np.flatnonzero(self.y == 1)
        return Cells(
            tuple(self.files[row] for row in rows), self.arrays[rows], self.y[rows], self.patients[rows]
        )


@pytest.fixture(scope="session")
def cells(tmp_path_factory):
    """160 drawn cells, a part of them infected. Nobody changes them."""
    place = tmp_path_factory.mktemp("drawn") / "cells"
    write_synthetic(Synthetic(folder=str(place), cells=160, patients=12, seed=0), Silent())
    files = sorted(place.rglob("*.png"))
    arrays = np.stack([np.array(Image.open(file).convert("RGB").resize((48, 48))) for file in files])
    for file, pixels in zip(files, arrays, strict=True):
        Image.fromarray(pixels).save(file)
    y = np.array([-1 if "Parasitized" in file.parts else 1 for file in files])
    return Cells(tuple(files), arrays, y, np.array([file.name.partition("P")[0] for file in files]))


@pytest.fixture(scope="session")
def pictures():
    """A recipe that takes any picture."""
    return str(Path(__file__).with_name("pictures.toml"))
