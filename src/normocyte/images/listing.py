"""Finds the images that a path means."""

from __future__ import annotations

from pathlib import Path

from normocyte.core import zips
from normocyte.core.sources import images_below
from normocyte.core.types import Source


def sources(path: Path) -> list[Source]:
    """The file itself, or every image below a folder or in a zip, sorted.

    A file is taken whatever its ending is, because reading decides by signature. DatasetError when there is
    nothing.
    """
    if path.is_file() and not zips.is_zip(path):
        return [Source(path)]
    return images_below(path)
