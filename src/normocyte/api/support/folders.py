"""The folder in which a call writes its results, and copies of these elsewhere."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeAlias

from normocyte.api.support.checks import Place, check_place
from normocyte.core.errors import OutputError
from normocyte.core.files import keep_apart, make_folder, write_bytes

_MARK = b"normocyte"
"""Every page of ours says in it who wrote it."""
_State: TypeAlias = dict[PurePath, tuple[int, int, int]]


class Folder:
    """A folder that the caller named, or one that is deleted when its owner is no longer used.

    One that was named is made by the work that writes into it, once it is known that this can be done.
    """

    def __init__(self, named: Place | None, title: str = "") -> None:
        if named is None:
            made = Path(tempfile.mkdtemp(prefix="normocyte-"))
            self.path = made / title  # a report is titled by the name of its folder
            self._keep(made)
        else:
            check_place(named, "out")
            self.path = Path(named).absolute()  # found after a change of folder, too
        self.is_temporary = named is None
        self._before = _state(self.path)

    def _keep(self, made: Path) -> None:
        """Delete it as soon as nobody uses this folder any more."""
        weakref.finalize(self, _delete, made, os.getpid())

    def __copy__(self) -> Folder:
        """Itself: a copy of a result lies where the result lies, for as long as any of them is used."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Folder:
        """Itself, as `__copy__`."""
        return self

    def packed(self, names: Sequence[PurePath]) -> dict[PurePath, bytes]:
        """What these files hold, by their place in the folder, and all that lies below."""
        files = [file for file in _state(self.path) if any(file.is_relative_to(name) for name in names)]
        return {file: (self.path / file).read_bytes() for file in files}

    @classmethod
    def unpacked(cls, files: Mapping[PurePath, bytes]) -> Folder:
        """A new temporary folder that holds this."""
        folder = cls(None)
        for file, content in files.items():
            make_folder((folder.path / file).parent)
            write_bytes(folder.path / file, content)
        return folder

    def apart_from(self, data: object) -> Folder:
        """This folder; OutputError where it lies among images that are judged, if `data` is their folder."""
        if isinstance(data, str | os.PathLike):
            keep_apart(self.path, [Path(data)])
        return self

    def written(self, page: Path, whole: str = "") -> Written:
        """What was written since: files that are new or changed, and all that lies below a subfolder."""
        files = [
            file
            for file, state in _state(self.path).items()
            if self._before.get(file) != state or (whole and file.parts[0] == whole)
        ]
        return Written(self, page, tuple(sorted(files)))


@dataclass(frozen=True)
class Written:
    """What a call wrote into its folder: the page, and all files by their place in it."""

    folder: Folder
    page: Path
    files: tuple[PurePath, ...]

    def copy_to(self, place: Place) -> Path:
        """Copy it into another folder, which may be there; gives the page.

        The page of another result is replaced with a warning, a page that is none of ours never: OutputError.
        """
        check_place(place, "folder")
        source, target = self.folder.path, Path(place).absolute()
        _check_there(self.page)
        _check_target(source, target)
        self._check_kind(target)
        make_folder(target)
        for file in self.files:
            make_folder((target / file).parent)
            copied(source / file, target / file)
        return target / self.page.name

    def copy_file(self, file: Path, place: Place) -> Path:
        """Copy one of its files to a place, which may be a file of the same kind; gives the place."""
        check_place(place, "file")
        target = Path(place).absolute()
        _check_there(file)
        if target.is_dir():
            raise OutputError(f"{place} is a folder; name a file, such as {Path(place) / file.name}.")
        if not target.parent.is_dir():
            raise OutputError(f"There is no folder {target.parent}; make it, or choose another place.")
        if target.exists() and target.samefile(file):
            raise OutputError(f"{place} is the file itself; choose another place.")
        return copied(file, target)

    def _check_kind(self, target: Path) -> None:
        """Files of another origin are not replaced: a page of ours tells that the others are ours, too."""
        known = target / self.page.name
        if known.is_file() and _MARK in known.read_bytes().lower():
            if known.read_bytes() != self.page.read_bytes():
                warnings.warn(f"{known} was that of another result, and is replaced.", stacklevel=4)
            return
        strange = [file for file in self.files if (target / file).exists()]
        if strange:
            raise OutputError(
                f"{target / strange[0]} is there and was not written with a {self.page.name} of Normocyte; "
                "it is left as it is. Choose another folder."
            )


def copied(file: Path, target: Path) -> Path:
    """The copy of a file; OutputError, with the reason of the system, where it cannot be written."""
    try:
        return Path(shutil.copyfile(file, target))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot write {target}: {reason}. Choose another place.") from error


def _check_there(file: Path) -> None:
    if not file.is_file():
        raise OutputError(f"{file} is no longer there, so it cannot be copied; make the result again.")


def _check_target(source: Path, target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; name a folder.")
    if target.resolve() == source.resolve():
        raise OutputError(f"The result is in {target} already; choose another folder.")
    if target.resolve().is_relative_to(source.resolve()):
        raise OutputError(f"{target} is inside {source}, where the result is; choose a folder elsewhere.")


def _delete(folder: Path, maker: int) -> None:
    """Delete the folder of this process; a process that was forked from its maker leaves it."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


def _state(folder: Path) -> _State:
    """Every file below a folder, with what changes when it is written anew; empty where there is none."""
    found: _State = {}
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place, name)
            if file.is_file():
                facts = file.stat()
                found[file.relative_to(folder)] = facts.st_mtime_ns, facts.st_size, facts.st_ino
    return found
