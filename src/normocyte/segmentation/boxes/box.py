"""A box of a cell, and what every form of boxes shares: numbers, names of photos, gathering by photo."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from normocyte.core.errors import DatasetError

_LARGEST = 1e9


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, width and height, and the kind that the file names, empty without one.

    In pixels; with `is_share` in parts of the width and the height of the picture, 0 to 1.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str = ""
    is_share: bool = False

    def in_pixels(self, width: int, height: int) -> Box:
        """The same box in a picture of this size."""
        if not self.is_share:
            return self
        return Box(self.x * width, self.y * height, self.width * width, self.height * height, self.kind)


Photos = dict[str, list[Box]]
Row = tuple[str, Box]


def box_of(sides: Iterable[Any], kind: Any, place: str) -> Box:
    """The box with these x, y, width and height; DatasetError where one of them is no number."""
    x, y, width, height = (number_of(side, place) for side in sides)
    return Box(x, y, width, height, text_of(kind))


def number_of(value: Any, place: str) -> float:
    """A number of pixels; DatasetError, which says the place, for what is none or beyond all pictures."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) <= _LARGEST:
        raise DatasetError(f"{place}: a side of a box is '{value}'; give a number of pixels.")
    return number


def name_of(photo: Any, place: str) -> str:
    """The name of a photo with the folders that the file gives it, with `/` between them."""
    path = PurePosixPath(text_of(photo).replace("\\", "/"))
    if not path.name:
        raise DatasetError(f"{place} names no photo but '{photo or ''}'; give the file name of the photo.")
    return path.as_posix()


def text_of(value: Any) -> str:
    """What a file says, as a text that can be printed; empty for nothing."""
    return str("" if value is None else value).strip().encode("utf-8", "backslashreplace").decode()


def gathered(rows: Iterable[Row]) -> Photos:
    """The boxes of each photo."""
    photos: Photos = {}
    for photo, box in rows:
        photos.setdefault(photo, []).append(box)
    return photos


def with_empty(names: Iterable[str], photos: Photos) -> Photos:
    """The boxes with the photos that have none."""
    return {name: photos.get(name, []) for name in names}
