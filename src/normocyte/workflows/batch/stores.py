"""Where a source lies: on this machine, or behind an address that fsspec opens."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from normocyte.core.errors import DatasetError, ImageError, NormocyteError, needs
from normocyte.core.inputs.sources import is_hidden
from normocyte.core.types import Source
from normocyte.images.contract import CELLS
from normocyte.images.reading import read_bytes
from normocyte.workflows.batch.units import shard_kind

_RAISED = (OSError, ValueError, EOFError, RuntimeError, ImportError)
_CLIENTS = (
    ("aiohttp", "ClientError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
)
_AT = "://"


def faults() -> tuple[type[Exception], ...]:
    """What a file system raises: those of fsspec raise errors of their clients, where these are loaded."""
    loaded = ((sys.modules[module], name) for module, name in _CLIENTS if module in sys.modules)
    return (*_RAISED, *(getattr(module, name) for module, name in loaded))


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source: `address` is what rows call it, `shard` the same, spelled in one way only."""

    address: str
    shard: str
    size: int
    stamp: str


class Store(Protocol):
    """Lists and opens the files of a source. It is sent to workers, which open their own connections."""

    @property
    def root(self) -> File:
        """The source itself."""

    def files(self) -> Iterator[File]:
        """Its files in the order of their bytes; DatasetError where it is not there or cannot be read."""

    def open(self, address: str) -> IO[bytes]:
        """A file that can be read from any place."""

    def read(self, address: str) -> bytes:
        """All bytes of an image; ImageError says why it cannot be had."""

    def stamp(self, address: str) -> str:
        """What tells a file that was changed; empty where it is gone."""

    @property
    def is_local(self) -> bool:
        """Whether loose files may change while they are read, and stamps cost nothing."""


def store_of(source: str) -> Store:
    """The store of a source: a path, or an address with `://`."""
    return RemoteStore(source) if _AT in source else LocalStore(source)


@dataclass(frozen=True)
class LocalStore:
    """A file or a folder of this machine."""

    source: str

    @property
    def root(self) -> File:
        """The source itself."""
        return File(self.source, os.path.abspath(self.source), 0, "")  # noqa: PTH100 - links stay as they are

    def files(self) -> Iterator[File]:
        """Its files in the order of their bytes; hidden ones are left out."""
        root = Path(self.source)
        shard = self.root.shard
        if root.is_file():
            yield _file(self.source, shard, root.stat())
        elif root.is_dir():
            yield from _below(_Place(str(root), shard), (os.path.realpath(root),))
        else:
            raise DatasetError(f"There is no file or folder at {self.source}. Check the path.")

    @property
    def is_local(self) -> bool:
        """True."""
        return True

    def open(self, address: str) -> IO[bytes]:
        """A file that can be read from any place."""
        return Path(address).open("rb")

    def read(self, address: str) -> bytes:
        """All bytes of an image."""
        return read_bytes(Source(Path(address)))

    def stamp(self, address: str) -> str:
        """Size and time of the last change."""
        try:
            return _stamp(Path(address).stat())
        except OSError:
            return ""


def _file(address: str, shard: str, found: os.stat_result) -> File:
    return File(address, shard, found.st_size, _stamp(found))


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_size}-{found.st_mtime_ns}"


class _Place(NamedTuple):
    """A file or folder as rows call it, and by its only spelling: `Path` would take half of the listing."""

    address: str
    shard: str

    @property
    def begin(self) -> _Place:
        """What the names of all that lies in this folder begin with."""
        above = "" if self.address == "." else self.address
        return _Place(*(os.path.join(one, "") if one else "" for one in (above, self.shard)))  # noqa: PTH118


def _below(folder: _Place, above: tuple[str, ...]) -> Iterator[File]:
    """Files and folders by the bytes of their paths, so that a place in the order is one in the names."""
    try:
        with os.scandir(folder.address) as found:
            names = sorted(os.fsencode(one.name) + b"/" * one.is_dir() for one in found)
    except OSError as error:
        raise DatasetError(
            f"Cannot look into {folder.address}: {error.strerror}. Check the permissions."
        ) from error
    address, shard = folder.begin
    for found_name in map(os.fsdecode, names):
        name = found_name.rstrip("/")
        if is_hidden(name):
            continue
        own = _Place(address + name, shard + name)
        if name == found_name:
            yield _local(own)
        elif (real := os.path.realpath(own.address)) not in above:  # else it is a link in a circle
            yield from _below(own, (*above, real))


def _local(own: _Place) -> File:
    """A file as it is found; without size and stamp where it cannot be looked at, which reading it says."""
    try:
        return _file(*own, os.stat(own.address))  # noqa: PTH116
    except OSError:
        return File(*own, 0, "")


@dataclass(frozen=True)
class RemoteStore:
    """What lies behind an address of fsspec, such as `s3://bucket/cells` or `https://host/cells.tar`."""

    source: str

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        try:
            fs, root = needs("fsspec", "batch").core.url_to_fs(self.source)
        except faults() as error:
            raise _unreachable(self.source, error) from error
        return fs, root

    def __getstate__(self) -> dict[str, str]:
        """The address alone: connections stay in their process."""
        return {"source": self.source}

    @property
    def root(self) -> File:
        """The source itself."""
        return File(self.source, self.source, 0, "")

    def files(self) -> Iterator[File]:
        """Its files in the order of their bytes; hidden ones are left out."""
        fs, root = self._opened
        try:
            is_folder = shard_kind(root) is None and fs.isdir(root)
            if not is_folder:
                yield self._file(fs.info(root))
            else:
                yield from self._below(root)
        except faults() as error:
            raise _unreachable(self.source, error) from error

    def _below(self, folder: str) -> Iterator[File]:
        fs, _ = self._opened
        fs.invalidate_cache(folder)
        found = [one for one in fs.ls(folder, detail=True) if one["name"].rstrip("/") != folder.rstrip("/")]
        is_folder = {one["name"]: one["type"] == "directory" for one in found}
        for one in sorted(found, key=lambda one: one["name"].rstrip("/") + "/" * is_folder[one["name"]]):
            name = one["name"].rstrip("/")
            if is_hidden(name.rpartition("/")[2]):
                continue
            if is_folder[one["name"]]:
                yield from self._below(name)
            else:
                is_known = (
                    one.get("size") is not None and shard_kind(name) is None
                )  # stamps are those of info
                yield self._file(one if is_known else fs.info(name))

    def _file(self, info: dict[str, Any]) -> File:
        address = self._opened[0].unstrip_protocol(info["name"])
        return File(address, address, int(info.get("size") or 0), _remote_stamp(info))

    @property
    def is_local(self) -> bool:
        """False: an object is replaced as a whole."""
        return False

    def open(self, address: str) -> IO[bytes]:
        """A file that can be read from any place."""
        file: IO[bytes] = self._opened[0].open(address, "rb")
        return file

    def read(self, address: str) -> bytes:
        """All bytes of an image."""
        fs = self._opened[0]
        try:
            size = int(fs.info(address).get("size") or 0)
            if size > CELLS.most_bytes:
                raise ImageError(
                    f"{address} has {size:,} bytes. Give images of at most {CELLS.most_bytes // 2**20} MB."
                )
            data: bytes = fs.cat_file(address)
        except faults() as error:
            raise ImageError(f"{address} cannot be read: {error}. Check the address.") from error
        return data

    def stamp(self, address: str) -> str:
        """Size and what the server says of the version."""
        fs, _ = self._opened
        try:
            fs.invalidate_cache()
            return _remote_stamp(fs.info(address))
        except faults():
            return ""


def _remote_stamp(info: dict[str, Any]) -> str:
    said = (
        str(info[name]) for name in ("ETag", "etag", "LastModified", "mtime", "created") if info.get(name)
    )
    return f"{info.get('size')}-{next(said, '')}"


def _unreachable(address: str, error: Exception) -> NormocyteError:
    """One sentence for an address that cannot be used; a package that it needs is named by fsspec."""
    said = str(error) or type(error).__name__
    if isinstance(error, FileNotFoundError) and address.endswith(said):  # it names the path alone
        said = "there is no such file or folder"
    return DatasetError(f"{address} cannot be read: {said}. Check the address and that its server runs.")
