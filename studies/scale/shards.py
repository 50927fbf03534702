"""Tar files of distinct synthetic cells: each is a drawn one with a few pixels of its own."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.progress import Silent
from normocyte.datasets.synthetic import Synthetic, write_synthetic

IN_A_SHARD = 10_000
_DRAWN = 240


def drawn(folder: Path, seed: int) -> list[npt.NDArray[np.uint8]]:
    """The pixels of some synthetic cells, which are made once."""
    place = folder / f"drawn-{seed}"
    if not place.exists():
        write_synthetic(Synthetic(folder=str(place), cells=_DRAWN, patients=24, seed=seed), Silent())
    return [np.asarray(cv2.imread(str(path)), np.uint8) for path in sorted(place.rglob("*.png"))]


def distinct(cells: list[npt.NDArray[np.uint8]], number: int) -> bytes:
    """The PNG of the cell with this number; no two are the same."""
    cell = cells[number % len(cells)].copy()
    cell[0, :8, 0] = np.frombuffer(np.int64(number).tobytes(), np.uint8)
    return bytes(cv2.imencode(".png", cell)[1])


def shards(folder: Path, count: int, seed: int) -> Path:
    """A folder with tar files of so many images, made where it is not there."""
    place = folder / f"shards-{count}-{seed}"
    if place.exists():
        return place
    cells, draft = drawn(folder, seed), folder / f".shards-{count}-{seed}"
    draft.mkdir(parents=True, exist_ok=True)
    for start in range(0, count, IN_A_SHARD):
        with tarfile.open(draft / f"{start // IN_A_SHARD:06d}.tar", "w") as archive:
            for number in range(start, min(start + IN_A_SHARD, count)):
                info, data = tarfile.TarInfo(f"{number:09d}.png"), distinct(cells, number)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return draft.rename(place)


def stored(folder: Path, most: int) -> list[tuple[bytes, str]]:
    """Bytes and names of the first images of the first shard."""
    with tarfile.open(min(folder.glob("*.tar"))) as archive:
        members = archive.getmembers()[:most]
        return [(archive.extractfile(one).read(), one.name) for one in members]  # type: ignore[union-attr]


def loose(folder: Path, count: int) -> Path:
    """A folder of so many images, one a file."""
    place = folder / f"loose-{count}"
    place.mkdir(parents=True, exist_ok=True)
    cells = drawn(folder, 0)
    for number in range(count):
        (place / f"{number:06d}.png").write_bytes(distinct(cells, number))
    return place
