"""Reads a chunk of images and keeps apart what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from normocyte.core.arrays import Image8
from normocyte.core.errors import ImageError
from normocyte.core.types import Source
from normocyte.images.reading import read


def read_all(chunk: Sequence[Source]) -> tuple[list[Image8], dict[Source, str]]:
    """The pixels of all images that can be read, in their order, and for each other one the reason."""
    images: list[Image8] = []
    faults: dict[Source, str] = {}
    for source in chunk:
        try:
            images.append(read(source))
        except ImageError as error:
            faults[source] = str(error)
    return images, faults
