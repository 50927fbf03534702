"""Finds the parts of a package by file name: the file `pca.py` in `detectors/` is the detector `pca`.

Besides parts a package holds its `contract.py`, for checks also their `gate.py`; what parts share lies in
subfolders. Own parts, from a folder that somebody asked for, stand beside them (`core/own/loading.py`).
"""

import contextlib
import functools
import inspect
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import import_module, invalidate_caches
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

from normocyte.core.errors import ConfigError

_SOURCE = Path(__file__).parents[1]
_NO_PART = ("__init__.py", "contract.py", "gate.py")

KINDS = {
    "datasets": "dataset",
    "cell_checks": "check",
    "segmentation": "segmenter",
    "photo_checks": "field check",
    "preprocessing": "preprocessing step",
    "detectors": "detector",
    "scores": "score",
    "thresholds": "threshold",
    "false_discovery": "false-discovery rule",
    "metrics": "metric",
}


PartKey = tuple[str, str]
"""The kind of a part, such as `detectors`, and its name."""

_own: dict[PartKey, Path] = {}
"""In this process: the own parts, each with its file."""


def part_names(room: str) -> list[str]:
    """The names of the parts of a kind, own ones included, sorted, found without importing them."""
    return sorted(_built_in(_SOURCE / room) | {name for own, name in _own if own == room})


@functools.cache
def _built_in(folder: Path) -> frozenset[str]:
    """The names of the parts in a folder of the package, which does not change while it is in use."""
    return frozenset(file.stem for file in folder.glob("*.py") if file.name not in _NO_PART)


def own_parts() -> dict[PartKey, Path]:
    """The own parts that are known, each with its file."""
    return dict(_own)


class _OwnLoader(SourceFileLoader):
    """Runs an own file; what it prints goes to standard error, since standard output holds results."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the file."""
        with contextlib.redirect_stdout(sys.stderr):
            super().exec_module(module)


class _OwnFinder(MetaPathFinder):
    """Finds the module of an own part in the file that is registered, whatever lies in other folders."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The file of an own part; None for all else, which Python finds by itself."""
        del path, target
        package, _, rest = fullname.partition(".")
        room, _, name = rest.partition(".")
        file = _own.get((room, name)) if package == __name__.partition(".")[0] else None
        if file is None:
            return None
        return spec_from_file_location(fullname, file, loader=_OwnLoader(fullname, str(file)))


_FINDER = _OwnFinder()


def add_own_parts(files: Mapping[PartKey, Path]) -> None:
    """Make own parts known; nothing is imported before it is used.

    Each is loaded from its file. For what own parts share, their folder becomes the last one in which Python
    looks for modules of the package, so that a module of Normocyte is never hidden by an own one. Another
    process needs the same call.
    """
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    _own.update(files)
    _set_folders({room for room, _ in files})


def remove_own_parts(keys: Iterable[PartKey]) -> None:
    """Forget own parts, and folders of which none is left."""
    gone = tuple(keys)
    for key in gone:
        _own.pop(key, None)
    _set_folders({room for room, _ in gone})


def _set_folders(rooms: Iterable[str]) -> None:
    """Python looks for modules of these packages in the package first, then where own parts stand."""
    for room in rooms:
        own = dict.fromkeys(str(file.parent) for (kind, _), file in _own.items() if kind == room)
        import_module(f"normocyte.{room}").__path__[1:] = list(own)
    invalidate_caches()


def forget_own_modules(known: Collection[str] = ()) -> None:
    """Let modules from outside of the package be read anew, but for those of the names that are known."""
    for name in [name for name in sys.modules if name.startswith("normocyte.") and name not in known]:
        if not _is_of_package(sys.modules[name]):
            del sys.modules[name]
            package, _, own = name.rpartition(".")
            vars(sys.modules.get(package, ModuleType(package))).pop(own, None)


def _is_of_package(module: ModuleType) -> bool:
    places = [module.__file__] if getattr(module, "__file__", None) else [*getattr(module, "__path__", ())]
    return not places or any(Path(str(place)).is_relative_to(_SOURCE) for place in places)


def part_class(room: str, name: str) -> type:
    """The one final class that the part's file defines; ConfigError for an unknown name."""
    names = part_names(room)
    if name not in names:
        raise ConfigError(f"There is no {KINDS[room]} called '{name}'. Choose one of: {', '.join(names)}.")
    module = import_module(f"normocyte.{room}.{name}")
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if member.__module__ == module.__name__
        and not member.__name__.startswith("_")
        and not inspect.isabstract(member)
    ]
    if len(found) != 1:
        raise TypeError(f"{module.__name__} must define exactly one public part, not {len(found)}.")
    return found[0]


def own_file(part: object) -> Path | None:
    """The file of an own part, None for one of Normocyte."""
    room, _, name = type(part).__module__.removeprefix("normocyte.").partition(".")
    return _own.get((room, name))


def part_name(part: object) -> str:
    """The name under which a part is registered: the name of its file."""
    return type(part).__module__.rpartition(".")[2]
