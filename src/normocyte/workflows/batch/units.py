"""Units of work: the images of one range of a shard, or of one stretch of a folder's listing."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from normocyte.core.inputs.signatures import ending_of

IMAGES = 1024
"""So many images are a unit at most: what is done again after a kill, once a worker."""
BYTES = 64 * 2**20
"""With so many bytes a unit is full, too."""


class Kind(enum.StrEnum):
    """What holds the images of a unit."""

    FOLDER = "folder"
    ZIP = "zip"
    TAR = "tar"
    PARQUET = "parquet"


_KINDS = {".zip": Kind.ZIP, ".tar": Kind.TAR, ".tgz": Kind.TAR, ".parquet": Kind.PARQUET, ".pq": Kind.PARQUET}
_COMPRESSED = ".tar.gz"


def shard_kind(address: str) -> Kind | None:
    """What kind of shard a file is by its name; None for a file that is none."""
    if address.lower().endswith(_COMPRESSED):
        return Kind.TAR
    return _KINDS.get(ending_of(address))


@dataclass(frozen=True, slots=True)
class Entry:
    """One image: what its row is called, and where it lies in its shard.

    `name` is the address of a file, the name of a member, or a number of rows. `start` and `size` are bytes;
    in a zip `start` is the number of the member. `stamp` tells a file that was changed, and `fault` says why
    this one is not read. `sidecar` is the member that says more of it.
    """

    path: str
    name: str
    start: int = 0
    size: int = 0
    stamp: str = ""
    fault: str = ""
    sidecar: Entry | None = None


@dataclass(frozen=True)
class Unit:
    """A range of a shard.

    `address` is the file, or the folder of loose files, as the user gave it; `shard` the same, spelled in
    one way only; `stamp` tells whether the file was changed.
    """

    kind: Kind
    address: str
    shard: str
    stamp: str
    entries: tuple[Entry, ...]

    @property
    def first(self) -> bytes:
        """Where it begins in the shard, to be compared with others."""
        return self._place(self.entries[0])

    @property
    def last(self) -> bytes:
        """Where it ends."""
        return self._place(self.entries[-1])

    def _place(self, entry: Entry) -> bytes:
        if self.kind is Kind.FOLDER:
            return entry.name.encode("utf-8", "surrogateescape")
        return f"{entry.start:020d}".encode()

    @property
    def size(self) -> int:
        """How many bytes of the shard it is."""
        return sum(entry.size for entry in self.entries)

    @cached_property
    def key(self) -> str:
        """The SHA-256 of all that tells this unit from others and from itself before a change."""
        digest = hashlib.sha256(f"{self.kind}\0{self.shard}\0{self.stamp}".encode("utf-8", "surrogateescape"))
        for one in self.entries:
            line = f"\0{one.name}\0{one.start}\0{one.size}\0{one.stamp}\0{one.fault}"
            digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()


def in_units(entries: Iterable[Entry], unit_of: Callable[[tuple[Entry, ...]], Unit]) -> Iterator[Unit]:
    """Entries in their order, so many a unit that it holds at most 1,024 images or 64 MB."""
    held: list[Entry] = []
    size = 0
    for entry in entries:
        if held and (len(held) == IMAGES or size + entry.size > BYTES):
            yield unit_of(tuple(held))
            held, size = [], 0
        held.append(entry)
        size += entry.size
    if held:
        yield unit_of(tuple(held))
