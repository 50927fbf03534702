"""Finds the parts of a package by file name: the file `pca.py` in `detectors/` is the detector `pca`.

Besides parts a package holds its `contract.py`, for checks also their `gate.py`; what parts share lies in
subfolders.
"""

import inspect
from importlib import import_module
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


def part_names(room: str) -> list[str]:
    """The names of a room's parts, sorted, found without importing them."""
    return sorted(file.stem for file in (_SOURCE / room).glob("*.py") if file.name not in _NO_PART)


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


def part_name(part: object) -> str:
    """The name under which a part is registered: the name of its file."""
    return type(part).__module__.rpartition(".")[2]
