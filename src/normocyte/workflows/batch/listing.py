"""Lists a source unit by unit, and leaves out what the manifest holds already."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.signatures import HEAD_BYTES, kind_of
from normocyte.core.inputs.signatures import Kind as Looks
from normocyte.core.inputs.sources import PassedOver
from normocyte.core.types import Source
from normocyte.records.counts import Removed
from normocyte.records.manifest import Manifest
from normocyte.workflows.batch.members import Names, damage, fault, in_tar, in_zip
from normocyte.workflows.batch.parquet import NoImages, in_parquet
from normocyte.workflows.batch.stores import File, Store, faults
from normocyte.workflows.batch.units import Entry, Kind, Unit, in_units, shard_kind


@dataclass
class Listing:
    """The units of a source that are not done yet.

    `tell` hears sentences for the user, `drop` which rows no longer count, `skip` how many bytes need no
    work.
    """

    store: Store
    manifest: Manifest
    tell: Callable[[str], None]
    drop: Callable[[Removed], None]
    skip: Callable[[int], None]
    has_units: bool = False
    _passed: list[tuple[Source, Looks]] = field(default_factory=list)
    _images: int = 0
    _shards: deque[File] = field(default_factory=deque)

    def undone(self) -> Iterator[Unit]:
        """Units that are to be done, loose files first; a shard whose units all are done is not opened.

        DatasetError where there is no image at all, and where the source itself has none.
        """
        root, shards = self.store.root, self._shards
        yield from self._new(
            in_units(self._loose(), partial(Unit, Kind.FOLDER, root.address, root.shard, "")), root
        )
        passed = PassedOver(tuple(self._passed), self._images)
        self.tell(passed.sentence)
        there = {root.shard, *(file.shard for file in shards)}
        is_folder = root.shard not in {file.shard for file in shards}
        while shards:
            yield from self._of_shard(shards.popleft())
        if not self.has_units:
            also = f" {passed.sentence}" if passed.files else ""
            raise DatasetError(
                f"There are no images in {root.address}. Give a folder, or zip, tar or Parquet files with "
                f"images.{also}"
            )
        if is_folder:
            below = root.shard.rstrip(_ends(root.shard)) + _ends(root.shard)
            self.drop(self.manifest.keep_shards(below, there))

    def size(self) -> int:
        """How many bytes the source has, as far as they are looked at."""
        return sum(file.size for file in self.store.files() if _is_looked_at(file.address))

    def _loose(self) -> Iterator[Entry]:
        """The files that are images; shards are put aside, all else is noted."""
        for file in self.store.files():
            if shard_kind(file.address):
                self._shards.append(file)
                continue
            kind = kind_of(file.address.rpartition("/")[2], partial(_head, self.store, file.address))
            if kind is Looks.IMAGE:
                self._images += 1
                yield Entry(file.address, file.address, 0, file.size, file.stamp)
            elif kind is not Looks.COMPANION:
                self._passed.append((Source(Path(file.address)), kind))

    def _of_shard(self, file: File) -> Iterator[Unit]:
        if self.manifest.is_whole(file.shard, file.stamp):
            self.has_units = True
            self.skip(file.size)
            return
        kind = shard_kind(file.address) or Kind.FOLDER
        unit_of = partial(Unit, kind, file.address, file.shard, file.stamp)
        names = Names(file.address)
        listed = {Kind.ZIP: in_zip, Kind.TAR: in_tar}
        units = (
            in_units(listed[kind](self.store, file, names), unit_of)
            if kind in listed
            else (unit_of((entry,)) for entry in self._in_parquet(file))
        )
        yield from self._new(units, file)
        self.tell(names.sentence)

    def _in_parquet(self, file: File) -> Iterator[Entry]:
        try:
            yield from in_parquet(self.store, file)
        except NoImages as error:
            if file.address == self.store.root.address:
                raise
            self.tell(str(error))
        except damage() as error:
            yield fault(file.address, error)

    def _new(self, units: Iterable[Unit], file: File) -> Iterator[Unit]:
        """Those that are not done; when all are listed, units of an earlier state are forgotten."""
        count = size = 0
        for unit in units:
            count, size = count + 1, size + unit.size
            if self.manifest.is_done(unit.key):
                self.skip(unit.size)
            else:
                yield unit
        self.has_units |= count > 0
        self.skip(max(file.size - size, 0))  # what is no image
        if not count and any(one.shard == file.shard for one in self._shards):
            return  # the source is a shard, and no folder with loose images
        self.drop(self.manifest.close_shard(file.shard, file.stamp, count))


def _ends(shard: str) -> str:
    """What stands between a folder and what is in it."""
    return "/" if "://" in shard else os.sep


def _is_looked_at(address: str) -> bool:
    is_image = kind_of(address.rpartition("/")[2], bytes) is Looks.IMAGE
    return is_image or shard_kind(address) is not None


def _head(store: Store, address: str) -> bytes:
    try:
        with store.open(address) as stream:
            return stream.read(HEAD_BYTES)
    except faults():
        return b""
