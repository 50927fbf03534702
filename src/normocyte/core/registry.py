"""Finds the parts of a package by file name: the file `pca.py` in `detectors/` is the detector `pca`.

Besides parts a package holds its `contract.py`, for checks also their `gate.py`; what parts share lies in
subfolders. Own parts, from a folder that somebody asked for, stand beside them (`core/own_parts.py`).
"""

import inspect
from collections.abc import Iterable, Mapping
from importlib import import_module, invalidate_caches
from pathlib import Path

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
"""The room of a part, such as `detectors`, and its name."""

_own: dict[PartKey, Path] = {}
"""In this process: the own parts, each with its file."""


def part_names(room: str) -> list[str]:
    """The names of a room's parts, own ones included, sorted, found without importing them."""
    built_in = {file.stem for file in (_SOURCE / room).glob("*.py") if file.name not in _NO_PART}
    return sorted(built_in | {name for own, name in _own if own == room})


def own_parts() -> dict[PartKey, Path]:
    """The own parts that are known, each with its file."""
    return dict(_own)


def add_own_parts(files: Mapping[PartKey, Path]) -> None:
    """Make own parts known; nothing is imported before it is used.

    Their folder becomes the last one in which Python looks for modules of the package, so that a module of
    Normocyte is never hidden by an own one. Another process needs the same call.
    """
    for (room, _), file in files.items():
        places = import_module(f"normocyte.{room}").__path__
        if str(file.parent) not in places:
            places.append(str(file.parent))
    _own.update(files)
    invalidate_caches()


def remove_own_parts(keys: Iterable[PartKey]) -> None:
    """Forget own parts that are of no use."""
    for key in keys:
        _own.pop(key, None)


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
