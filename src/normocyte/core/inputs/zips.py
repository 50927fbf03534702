"""Reads zip files without unpacking them, and does not let them do harm.

A zip is refused as a whole when a name leads out of it (`../`, `/`, `C:`), when it claims to unpack to far
more than images ever do, or when its members overlap (a bomb). A member is never unpacked beyond the size
that it declares. `\\` in a name parts folders as `/` does, as zips from Windows have it; of members with one
name the last counts, as in every program that unpacks.
"""

import atexit
import os
import threading
import zipfile
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from normocyte.core.errors import DatasetError, ImageError

MOST_EXPANSION = 200
FREE_EXPANSION_BYTES = 256 * 2**20
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_KEPT_OPEN = 4
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What reading a broken zip may end in."""

_Key = tuple[str, int, int]


@dataclass(frozen=True)
class OpenZip:
    """An open zip and its files by their names."""

    archive: zipfile.ZipFile
    files: dict[str, zipfile.ZipInfo]


class _OpenZips:
    """The few zip files used last, kept open: opening one of 27,000 members takes a quarter of a second."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._archives: OrderedDict[_Key, OpenZip] = OrderedDict()

    def get(self, path: Path) -> OpenZip:
        """The open zip; call it, and read from what it gives, while holding the lock."""
        found = path.stat()
        key = (str(path), found.st_mtime_ns, found.st_size)
        if key not in self._archives:
            self._archives[key] = opened(path, str(path), found.st_size)
        self._archives.move_to_end(key)
        while len(self._archives) > _KEPT_OPEN:
            self._archives.popitem(last=False)[1].archive.close()
        return self._archives[key]

    def close(self) -> None:
        """Close them all; the next reader opens its own again."""
        with self.lock:
            while self._archives:
                self._archives.popitem()[1].archive.close()

    def forget_after_fork(self) -> None:
        """A child process shares the parent's place in each file, so it must open its own."""
        self.lock = threading.Lock()
        self.close()


_open_zips = _OpenZips()
close_all = _open_zips.close
atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_open_zips.forget_after_fork)


def is_zip(path: Path) -> bool:
    """True for a file that is called `.zip`, whatever it holds."""
    return path.suffix.lower() == ".zip" and path.is_file()


def members(path: Path) -> list[str]:
    """The names of all files in a safe zip; DatasetError when it is damaged or unsafe."""
    try:
        with _open_zips.lock:
            return list(_open_zips.get(path).files)
    except DAMAGE as error:
        raise DatasetError(f"{path} cannot be read as a zip: {error}. Copy or download it again.") from error


def read_member(path: Path, member: str, most_bytes: int) -> bytes:
    """The bytes of one member; ImageError when it is missing, damaged, locked or larger than `most_bytes`."""
    name = f"{path}!{member}"
    try:
        with _open_zips.lock:
            found = _open_zips.get(path)
            info = found.files[member]
            check_member(name, info, most_bytes)
            with found.archive.open(info) as stream:
                return stream.read(info.file_size)
    except DatasetError as error:
        raise ImageError(str(error)) from error
    except KeyError as error:
        raise ImageError(f"{name} does not exist. Check the name.") from error
    except DAMAGE as error:
        raise ImageError(f"{name} cannot be read: {error}. Copy or download the zip again.") from error


def head_of_member(path: Path, member: str, size: int) -> bytes:
    """The first bytes of one member; none of what is damaged, locked or packed in another way."""
    try:
        with _open_zips.lock:
            found = _open_zips.get(path)
            info = found.files[member]
            check_member(member, info, info.file_size)
            with found.archive.open(info) as stream:
                return stream.read(size)
    except (*DAMAGE, KeyError, DatasetError, ImageError):
        return b""


def check_member(name: str, info: zipfile.ZipInfo, most_bytes: int) -> None:
    """ImageError for a member that is locked, packed in another way, or too large."""
    if info.flag_bits & _ENCRYPTED:
        raise ImageError(f"{name} is encrypted. Pack the images again without a password.")
    if info.compress_type not in _METHODS:
        raise ImageError(f"{name} is packed by method {info.compress_type}. Pack it by 'deflate' or 'store'.")
    if info.file_size > most_bytes:
        raise ImageError(f"{name} has {info.file_size:,} bytes. Give images of at most {most_bytes:,} bytes.")


def opened(file: Path | IO[bytes], path: str, size: int) -> OpenZip:
    """A zip of so many bytes that is known to be safe; DatasetError or one of `DAMAGE` where it is not."""
    archive = zipfile.ZipFile(file)
    try:
        _check_archive(path, archive.infolist(), size)
    except DatasetError:
        archive.close()
        raise
    named = {place_of(info): info for info in archive.infolist()}
    return OpenZip(archive, {name: info for name, info in named.items() if not name.endswith("/")})


def place_of(info: zipfile.ZipInfo) -> str:
    """Where a member stands in the zip."""
    return info.filename.replace("\\", "/")


def _check_archive(path: str, infos: list[zipfile.ZipInfo], size: int) -> None:
    unsafe = [info.filename for info in infos if _leads_out(place_of(info))]
    if unsafe:
        raise DatasetError(
            f"{path} holds {len(unsafe)} unsafe names such as {unsafe[0]!r}. "
            "Use a zip from a source you trust."
        )
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if packed > size or unpacked > max(size * MOST_EXPANSION, FREE_EXPANSION_BYTES):
        raise DatasetError(
            f"{path} has {size:,} bytes but claims to unpack to {unpacked:,}: a zip bomb. "
            "Use a zip from a source you trust."
        )


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ":" in name.split("/", 1)[0] or ".." in name.split("/")
