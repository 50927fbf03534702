"""Tar files of distinct synthetic cells: drawn ones, each turned and with noise of its own."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.progress import Silent
from normocyte.datasets.synthetic import Synthetic, write_synthetic

Pixels = npt.NDArray[np.uint8]
IN_A_SHARD = 10_000
CELLS = 2_000
"""So many cells are drawn; every image is one of them, turned, with noise of its own."""
TURNS = 8
NOISE = 3
"""The noise of a pixel and channel is 0 to so many grey levels."""
QUALITY = 98
"""Of JPEG: about 8 kB an image."""
_FIELD = 2_048
_TRIED = 1009
"""A prime: the noise of images that follow each other lies far apart."""


@dataclass(frozen=True)
class Drawer:
    """Makes the image of any number: no two are the same."""

    cells: list[Pixels]
    noise: Pixels

    @classmethod
    def of(cls, folder: Path, seed: int, cells: int) -> Drawer:
        """A drawer of the cells in a folder, which are drawn once."""
        place = folder / f"cells-{cells}-{seed}"
        if not place.exists():
            draft = place.with_name(f".{place.name}")
            drawn = Synthetic(folder=str(draft), cells=cells, patients=max(cells // 10, 2), seed=seed)
            write_synthetic(drawn, Silent())
            draft.rename(place)
        pixels = [np.asarray(cv2.imread(str(path)), np.uint8) for path in sorted(place.rglob("*.png"))]
        field = np.random.default_rng(seed).integers(0, NOISE + 1, (_FIELD, _FIELD, 3), np.uint8)
        return cls(pixels, field)

    def image(self, number: int) -> bytes:
        """The JPEG of this number: no other has the same cell, turn and piece of the noise."""
        turned, index = divmod(number, len(self.cells))
        cell = _turned(self.cells[index], turned % TURNS)
        height, width = cell.shape[:2]
        room = _FIELD - max(height, width)
        top, left = divmod(number * _TRIED % room**2, room)
        noisy = cv2.add(cell, self.noise[top : top + height, left : left + width])
        return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def _turned(cell: Pixels, turn: int) -> Pixels:
    """One of the eight ways to lay a square."""
    mirrored = cell[:, ::-1] if turn >= TURNS // 2 else cell
    return np.ascontiguousarray(np.rot90(mirrored, turn % (TURNS // 2)))


@dataclass(frozen=True)
class Shards:
    """Sets of shards in a folder: those of a larger set begin with the files of a smaller one."""

    folder: Path
    seed: int = 0
    cells: int = CELLS
    in_a_shard: int = IN_A_SHARD

    def of(self, count: int) -> Path:
        """A folder with tar files of so many images, which are drawn where they are not there."""
        place = self.folder / f"shards-{count}-{self.seed}"
        if place.exists():
            return place
        ranges = [*self._ranges(count)]
        missing = [one for one in ranges if not self._file(one).exists()]
        Drawer.of(self.folder, self.seed, self.cells)
        (self.folder / "drawn").mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(os.cpu_count(), get_context("forkserver")) as pool:
            for done, _ in enumerate(pool.map(partial(_draw, self), missing), start=1):
                print(f"drawn: {done} of {len(missing)} shards", flush=True)
        draft = place.with_name(f".{place.name}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for number, one in enumerate(ranges):
            os.link(self._file(one), draft / f"{number:06d}.tar")
        return draft.rename(place)

    def remove(self) -> None:
        """Remove all shards; the drawn cells stay."""
        for one in (self.folder / "drawn", *self.folder.glob(f"shards-*-{self.seed}")):
            shutil.rmtree(one, ignore_errors=True)

    def _ranges(self, count: int) -> Iterator[range]:
        for start in range(0, count, self.in_a_shard):
            yield range(start, min(start + self.in_a_shard, count))

    def _file(self, one: range) -> Path:
        return self.folder / "drawn" / f"{self.seed}-{one.start:09d}-{one.stop:09d}.tar"

    def write(self, one: range) -> None:
        """The shard of these numbers; it is there as a whole or not at all."""
        drawer = _drawer(self)
        draft = self._file(one).with_suffix(".draft")
        with tarfile.open(draft, "w") as archive:
            for number in one:
                info, data = tarfile.TarInfo(f"{number:09d}.jpg"), drawer.image(number)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        draft.rename(self._file(one))


_drawers: dict[Shards, Drawer] = {}
"""In a process that draws: its drawer, so that the cells are read once."""


def _drawer(shards: Shards) -> Drawer:
    if shards not in _drawers:
        cv2.setNumThreads(1)
        _drawers[shards] = Drawer.of(shards.folder, shards.seed, shards.cells)
    return _drawers[shards]


def _draw(shards: Shards, one: range) -> None:
    shards.write(one)


def stored(folder: Path, most: int) -> list[tuple[bytes, str]]:
    """Bytes and names of the first images of the first shard."""
    with tarfile.open(min(folder.glob("*.tar"))) as archive:
        members = archive.getmembers()[:most]
        return [(archive.extractfile(one).read(), one.name) for one in members]  # type: ignore[union-attr]


def loose(folder: Path, count: int, seed: int = 0) -> Path:
    """A folder of so many images, one a file."""
    place = folder / f"loose-{count}"
    place.mkdir(parents=True, exist_ok=True)
    drawer = Drawer.of(folder, seed, min(count, CELLS))
    for number in range(count):
        (place / f"{number:06d}.jpg").write_bytes(drawer.image(number))
    return place
