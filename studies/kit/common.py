"""What the studies share: finished runs are kept as files, tables are printed as Markdown."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from normocyte.core.files import write_json

Row = dict[str, Any]


class Lines:
    """Tells on standard error which task has begun."""

    def begin(self, task: str, total: int) -> None:
        """Write the name of the task and how large it is."""
        sys.stderr.write(f"  {task}: {total}\n")

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Stay quiet."""

    def tell(self, sentence: str) -> None:
        """Write it."""
        if sentence:
            sys.stderr.write(f"  {sentence}\n")


def kept(place: Path, measure: Callable[[], Row]) -> Row:
    """The result in a file of an earlier run, or a new one, which is then kept there."""
    if place.is_file():
        return dict(json.loads(place.read_text(encoding="utf-8")))
    row = measure()
    write_json(place, row)
    return row


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, the first column to the left, the others to the right."""
    lines = [columns, [":--", *["--:"] * (len(columns) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine() -> str:
    """Which software ran where, in one line, without naming the machine."""
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("numpy", "onnxruntime", "opencv-python-headless")
    )
    return f"Python {platform.python_version()}, {packages}, {platform.machine()}"
