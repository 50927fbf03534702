"""Loads own parts from a folder outside of the package, which runs their code.

The folder mirrors the package: `my_parts/detectors/blobs.py` is the detector `blobs`. Nothing calls this but
for a folder that the user named. A file whose name begins with an underscore, and a folder in a folder of
parts, hold what own parts share.
"""

import contextlib
import dataclasses
import difflib
import importlib
import keyword
import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from normocyte.core.cancel import Stopped
from normocyte.core.errors import ConfigError, NormocyteError
from normocyte.core.fields import Limits, settable
from normocyte.core.registry import (
    KINDS,
    PartKey,
    add_own_parts,
    forget_own_modules,
    own_parts,
    part_class,
    part_names,
    remove_own_parts,
)

_SOURCE = Path(__file__).parents[2]


@dataclass(frozen=True)
class OwnParts:
    """The own parts of a folder: which can be used, which of them are new, and why others cannot."""

    folder: Path
    keys: tuple[PartKey, ...]
    new: tuple[PartKey, ...]
    faults: dict[PartKey, str]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a user should know of it; nothing when all of it was loaded before."""
        names = ", ".join("/".join(key) for key in self.new)
        loaded = (f"Own parts are loaded from {self.folder}: {names}.",) if names else ()
        return *loaded, *self.faults.values()


def load_own_parts(folder: Path) -> OwnParts:
    """Run the files of own parts in a folder, and make those known that are parts.

    A file that cannot be used is left out, with the reason; the others work. What was loaded before stays as
    it is. ConfigError, before any code runs, for a folder that is none, holds no part, has a folder of an
    unknown kind, or a part or a shared module whose name is taken. Nothing of it stays when it is stopped.
    """
    files = _files(folder)
    before = own_parts()
    for key, file in files.items():
        _check_name(key, file, before)
    _check_shared(files)
    new = {key: file for key, file in files.items() if key not in before}
    faults = _tried(new)
    usable = tuple(key for key in files if key not in faults)
    return OwnParts(folder, usable, tuple(key for key in usable if key in new), faults)


def named_folder(folder: str | os.PathLike[str]) -> Path:
    """A folder of own parts as a user gave it; ConfigError for an empty text, which is the current folder."""
    if not os.fspath(folder):
        raise ConfigError(
            "An empty text is no folder of own parts; give its path, such as my_parts/, or a full stop for "
            "the current folder."
        )
    return Path(folder)


def _tried(new: dict[PartKey, Path]) -> dict[PartKey, str]:
    """Make these files known, run them, and forget those that cannot be used; gives why they cannot."""
    known = set(sys.modules)
    with contextlib.ExitStack() as stopped:  # what was not tried must not count as usable
        stopped.callback(forget_own_modules, known)
        stopped.callback(remove_own_parts, new)
        add_own_parts({key: _place(file) for key, file in new.items()})
        faults = {key: fault for key, file in new.items() if (fault := _fault(key, file))}
        stopped.pop_all()
    remove_own_parts(faults)
    return faults


def _files(folder: Path) -> dict[PartKey, Path]:
    """The files of parts; ConfigError where the folder is not laid out as the package is."""
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise ConfigError(f"{folder} {what}; give a folder of own parts, such as one with detectors/ in it.")
    kinds = [place for place in sorted(folder.iterdir()) if place.is_dir() and any(_modules(place))]
    for place in kinds:
        if place.name not in KINDS:
            near = difflib.get_close_matches(place.name, KINDS, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise ConfigError(
                f"{place} is no kind of part.{meant} Choose from: {', '.join(KINDS)}; or let its name begin "
                "with _."
            )
    files = {(place.name, file.stem): file for place in kinds for file in _modules(place)}
    if not files:
        raise ConfigError(
            f"{folder} holds no part. Put each into the folder of its kind, such as detectors/my_detector.py "
            f"(kinds: {', '.join(KINDS)})."
        )
    return files


def _place(file: Path) -> Path:
    """Where a file stands, whatever its folder is called by; a link to a file stands where the link does."""
    return file.parent.resolve() / file.name


def _modules(place: Path) -> Iterator[Path]:
    """The Python files in a folder, without those that are private."""
    if place.name.startswith(("_", ".")):
        return
    for file in sorted(place.glob("*.py")):
        if file.is_file() and not file.name.startswith(("_", ".")):
            yield file


def _check_name(key: PartKey, file: Path, known: dict[PartKey, Path]) -> None:
    """ConfigError where a part of this name is there already, or cannot have this name."""
    room, name = key
    _check_word(name, file)
    if key in known:
        if known[key] != _place(file):
            raise ConfigError(f"{file} and {known[key]} have the same name; rename one of them.")
    elif name in part_names(room):
        raise ConfigError(
            f"{file} has the name of a {KINDS[room]} of Normocyte, '{name}'; rename it. An own part never "
            "takes the place of another."
        )
    elif (_SOURCE / room / name).is_dir() or (_SOURCE / room / f"{name}.py").is_file():
        raise ConfigError(f"{file} has the name of a module of Normocyte; rename it.")


def _check_word(name: str, file: Path) -> None:
    if not name.isidentifier():
        raise ConfigError(f"{file} has a name that no part can have; use letters, digits and _ alone.")
    if keyword.iskeyword(name):
        raise ConfigError(f"{file} has the name of a keyword of Python, '{name}'; rename it.")


def _check_shared(files: dict[PartKey, Path]) -> None:
    """ConfigError where a module that own parts share has the name of one in another folder.

    Python knows one module by a name, so the parts of one folder would get what those of another share.
    """
    for room, place in {room: _place(file).parent for (room, _), file in files.items()}.items():
        for other in map(Path, importlib.import_module(f"normocyte.{room}").__path__):
            if other != place:
                _check_apart(place, other)


def _check_apart(place: Path, other: Path) -> None:
    theirs = _shared(other) if other.is_dir() else {}
    for name, module in _shared(place).items():
        taken = theirs.get(name, other / f"{name}.py")
        if taken.exists():
            raise ConfigError(f"{module} and {taken} have the same name; rename one of them.")


def _shared(place: Path) -> dict[str, Path]:
    """The modules in a folder of parts that are no parts: private files, and folders with code in them."""
    files = {file.stem: file for file in place.glob("_*.py")}
    folders = {one.name: one for one in place.iterdir() if one.is_dir() and any(one.rglob("*.py"))}
    return {name: one for name, one in {**files, **folders}.items() if not name.startswith(("__", "."))}


def _fault(key: PartKey, file: Path) -> str:
    """The sentence that says why a file cannot be used; empty when it can."""
    room, name = key
    known = set(sys.modules)
    try:
        importlib.import_module(f"normocyte.{room}.{name}")
        reason = _part_fault(key)
    except BaseException as error:  # code from outside raises what it likes
        if isinstance(error, KeyboardInterrupt | Stopped):
            raise
        reason = _where(error, file)
    if not reason:
        return ""
    forget_own_modules(known)  # so that a mended file is read anew, with what it shares
    return f"{file} is left out: {reason} Correct it there."


def _where(error: BaseException, file: Path) -> str:
    """What was raised, and in which line of the file."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == _place(file)]
    words = str(error)
    if isinstance(error, SyntaxError):
        words = error.msg
        lines += [error.lineno] if Path(error.filename or "") == _place(file) else []
    said = f"{type(error).__name__}: {words}".rstrip(": .")
    return f"line {lines[-1]}, {said}." if lines else f"{said}."


def _part_fault(key: PartKey) -> str:
    """Why what a file defines is no part of its kind; empty when it is one."""
    room, name = key
    try:
        found = part_class(room, name)
    except TypeError:
        return f"it does not define exactly one public class that is a {KINDS[room]}."
    contract = f"normocyte.{room}.contract"
    if not any(base.__module__ == contract for base in found.__mro__):
        return f"{found.__name__} does not derive from the class in {contract}."
    if "__dataclass_fields__" not in vars(found):
        return f"{found.__name__} is no dataclass; write @dataclass above it."
    return _field_fault(found)


def _field_fault(found: type) -> str:
    for setting in settable(found).values():
        if setting.default is dataclasses.MISSING:
            return f"the field '{setting.name}' has no default; give it one."
        for limit in setting.limits.keys() - Limits.__annotations__.keys():
            known = ", ".join(Limits.__annotations__)
            return f"the field '{setting.name}' has a limit that does not exist, {limit}; use {known}."
    try:
        found()
    except NormocyteError as error:
        return f"its defaults do not fit: {error}"
    return ""
