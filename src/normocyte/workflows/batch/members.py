"""The images in zip and tar files: listed by where they lie, and read from there."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.inputs import zips
from normocyte.core.inputs.signatures import HEAD_BYTES, Kind, ending_of, kind_of
from normocyte.core.inputs.sources import is_hidden
from normocyte.images.contract import CELLS
from normocyte.workflows.batch import sidecars
from normocyte.workflows.batch.stores import File, Store, faults
from normocyte.workflows.batch.units import Entry, Unit

_BLOCK = 512
_AGAIN = "Copy or download it again."
_NESTED = "is an archive inside an archive, which is not looked into. Unpack it, or pack its images directly."
_TARS = frozenset({".tar", ".tgz"})

Head = Callable[[], bytes]


def damage() -> tuple[type[Exception], ...]:
    """What reading a shard may end in."""
    return (*zips.DAMAGE, *faults(), tarfile.TarError, DatasetError)


@dataclass
class Names:
    """Gives each image of a shard a name of its own; the second of one name gets `#2`, and so on."""

    address: str
    counts: dict[str, int] = field(default_factory=dict)
    repeated: str = ""

    def path(self, name: str) -> str:
        """What the row of this member is called."""
        count = self.counts[name] = self.counts.get(name, 0) + 1
        if count == 1:
            return f"{self.address}!{name}"
        self.repeated = self.repeated or name
        return f"{self.address}!{name}#{count}"

    @property
    def sentence(self) -> str:
        """What to tell of images of one name; empty where there are none."""
        if not self.repeated:
            return ""
        return (
            f"{self.address} holds several images of one name, such as "
            f"{self.repeated}: each is scored, and the second is called {self.repeated}#2."
        )


def fault(address: str, why: object, start: int = 0) -> Entry:
    """The one row of a shard, or of the rest of it, that cannot be read."""
    return Entry(address, "", start, fault=f"{address} cannot be read: {why}. {_AGAIN}")


def _entry(name: str, head: Head, names: Names, start: int, size: int) -> Iterator[Entry]:
    """The entry of a member that is an image or its sidecar, or an archive, which cannot be read; or none."""
    place = [one for one in name.split("/") if one not in ("", ".")]
    if not place or any(map(is_hidden, place)):
        return
    if ending_of(name) in _TARS or (kind := kind_of(place[-1], head)) is Kind.ARCHIVE:
        yield Entry(names.path(name), name, start, size, fault=f"{names.address}!{name} {_NESTED}")
    elif kind is Kind.IMAGE:
        yield Entry(names.path(name), name, start, size)
    elif ending_of(name) == sidecars.ENDING and size <= sidecars.MOST_BYTES:
        yield Entry("", name, start, size)


def in_zip(store: Store, file: File, names: Names) -> Iterator[Entry]:
    """The images of a zip in the order of its directory; `start` is their number in it."""
    try:
        with store.open(file.address) as stream:
            archive = zips.opened(stream, file.address, file.size).archive
            yield from sidecars.with_sidecars(_in_zip(archive, names))
    except DatasetError as error:
        yield Entry(file.address, "", fault=str(error))
    except damage() as error:
        yield fault(file.address, _words(error))


def _in_zip(archive: zipfile.ZipFile, names: Names) -> Iterator[Entry]:
    for number, info in enumerate(archive.infolist()):
        name = zips.place_of(info)
        if not name.endswith("/"):
            yield from _entry(name, _head_in_zip(archive, info), names, number, info.compress_size)


def _head_in_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Head:
    def head() -> bytes:
        try:
            with archive.open(info) as stream:
                return stream.read(HEAD_BYTES)
        except zips.DAMAGE:
            return b""

    return head


def in_tar(store: Store, file: File, names: Names) -> Iterator[Entry]:
    """The images of a tar in their order; `start` is the byte at which an image begins."""
    try:
        with store.open(file.address) as stream:
            yield from sidecars.with_sidecars(_in_tar(stream, file, names))
    except damage() as error:
        yield fault(file.address, _words(error))


def _in_tar(stream: IO[bytes], file: File, names: Names) -> Iterator[Entry]:
    if stream.read(2) == b"\x1f\x8b":
        why = f"{file.address} is a compressed tar, which cannot be read from the middle."
        yield Entry(file.address, "", fault=f"{why} Pack it without compression, as .tar.")
        return
    stream.seek(0)
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        try:
            for info in _infos(archive):
                head = _head_in_tar(stream, info)
                yield from _entry(info.name, head, names, info.offset_data, info.size)
        except tarfile.ReadError as error:
            yield fault(file.address, f"it is cut off at byte {archive.offset:,} ({error})", archive.offset)
            return
        yield from _damage(stream, archive.offset, file)


def _infos(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while info := archive.next():
        archive.members = []  # type: ignore[attr-defined]  # else it keeps them all
        if info.isreg():
            yield info


def _head_in_tar(stream: IO[bytes], info: tarfile.TarInfo) -> Head:
    def head() -> bytes:
        stream.seek(info.offset_data)
        return stream.read(min(HEAD_BYTES, info.size))

    return head


def _damage(stream: IO[bytes], offset: int, file: File) -> Iterator[Entry]:
    """A fault where a tar ends by something else than its end: tarfile stops there without a word."""
    stream.seek(offset)
    block = stream.read(_BLOCK)
    if block.strip(b"\0") or 0 < len(block) < _BLOCK:
        yield fault(file.address, f"it is damaged at byte {offset:,}, and what follows is unknown", offset)


def _words(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__


@dataclass
class Shelf:
    """Keeps the shard that was used last open: opening a zip takes as long as reading 100 images of it."""

    _name: tuple[str, str] = ("", "")
    _stream: IO[bytes] | None = None
    _zip: zips.OpenZip | None = None

    def stream(self, store: Store, unit: Unit) -> IO[bytes]:
        """The open file of a unit."""
        name = (unit.address, unit.stamp)
        if self._stream is None or self._name != name:
            self.close()
            self._name, self._stream = name, store.open(unit.address)
        return self._stream

    def zip(self, store: Store, unit: Unit) -> zips.OpenZip:
        """The open zip of a unit."""
        stream = self.stream(store, unit)
        if self._zip is None:
            stream.seek(0)
            self._zip = zips.opened(stream, unit.address, stream.seek(0, 2))
        return self._zip

    def close(self) -> None:
        """Close what is open."""
        if self._stream is not None:
            self._stream.close()
        self._stream = self._zip = None


Fetch = Callable[[Entry], bytes]


def from_zip(store: Store, unit: Unit, shelf: Shelf) -> Fetch:
    """Reads members of a zip; ImageError says why one cannot be had."""

    def fetch(entry: Entry) -> bytes:
        try:
            archive = shelf.zip(store, unit).archive
            info = archive.infolist()[entry.start]
            zips.check_member(f"{unit.address}!{entry.name}", info, CELLS.most_bytes)
            with archive.open(info) as stream:
                return stream.read(info.file_size)
        except damage() as error:
            why = f"{unit.address}!{entry.name} cannot be read: {error}. Copy or download the zip again."
            raise ImageError(why) from error

    return fetch


def from_tar(store: Store, unit: Unit, shelf: Shelf) -> Fetch:
    """Reads members of a tar; ImageError says why one cannot be had."""

    def fetch(entry: Entry) -> bytes:
        name = f"{unit.address}!{entry.name}"
        if entry.size > CELLS.most_bytes:
            raise ImageError(
                f"{name} has {entry.size:,} bytes. Give images of at most {CELLS.most_bytes:,} bytes."
            )
        try:
            stream = shelf.stream(store, unit)
            stream.seek(entry.start)
            data = stream.read(entry.size)
        except damage() as error:
            raise ImageError(f"{name} cannot be read: {_words(error)}. {_AGAIN}") from error
        if len(data) < entry.size:
            raise ImageError(f"{name} is cut off after {len(data):,} of {entry.size:,} bytes. {_AGAIN}")
        return data

    return fetch
